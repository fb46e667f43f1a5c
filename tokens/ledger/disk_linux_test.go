package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"orgkeep/tokens"
)

// TestSmallDisk runs a process that has a disk of its own, which fills up under
// a copy and under the mending of a damaged ledger.
func TestSmallDisk(t *testing.T) {
	t.Parallel()
	c := command("small disk", t.TempDir())
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	if os.Geteuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	}
	said, err := c.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || strings.Contains(string(said), errNoMount.Error()) {
		t.Skip("this machine does not let a test mount a disk")
	}
	if err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

func init() { tasks["small disk"] = childOnSmallDisk }

var errNoMount = errors.New("mounting is not permitted")

func childOnSmallDisk(ctx context.Context, folder string) error {
	if err := unix.Mount("", "/", "", unix.MS_PRIVATE|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("%w: %w", errNoMount, err)
	}
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		return fmt.Errorf("%w: %w", errNoMount, err)
	}
	f := files{main: filepath.Join(folder, "ledger.db")}
	if err := copyOnFullDisk(ctx, f); err != nil {
		return err
	}
	if err := mendOnFullDisk(ctx, f); err != nil {
		return err
	}
	return openOnFullDisk(ctx, f)
}

// copyOnFullDisk ends with a ledger that is ahead of its copy.
func copyOnFullDisk(ctx context.Context, f files) error {
	l, err := Open(ctx, f.main)
	if err != nil {
		return err
	}
	if err := addOrgs(ctx, l, 0, 40); err != nil {
		return err
	}
	if err := l.Backup(ctx); err != nil {
		return err
	}
	before, err := os.ReadFile(f.copy())
	if err != nil {
		return err
	}
	if err := addOrgs(ctx, l, 40, 80); err != nil {
		return err
	}
	free, err := fill(filepath.Dir(f.main))
	if err != nil {
		return err
	}
	if err := isFull(l.Backup(ctx)); err != nil {
		return fmt.Errorf("copying on a full disk: %w", err)
	}
	if after, err := os.ReadFile(f.copy()); err != nil || string(after) != string(before) {
		return fmt.Errorf("the older copy was changed (%w)", err)
	}
	if anyThere(withLog(f.copyTemp())) {
		return errors.New("a part of a copy was left")
	}
	return errors.Join(free(), l.Close()) // with room for the log to be written back
}

func mendOnFullDisk(ctx context.Context, f files) error {
	damaged := []byte(strings.Repeat("damage", 1000))
	if err := os.WriteFile(f.main, damaged, 0o600); err != nil {
		return err
	}
	free, err := fill(filepath.Dir(f.main))
	if err != nil {
		return err
	}
	_, err = Open(ctx, f.main)
	if err := isFull(err); err != nil {
		return fmt.Errorf("mending on a full disk: %w", err)
	}
	if got, err := os.ReadFile(f.main); err != nil || string(got) != string(damaged) {
		return fmt.Errorf("the damaged file was changed (%w)", err)
	}
	if err := free(); err != nil {
		return err
	}
	l, err := Open(ctx, f.main)
	if err != nil {
		return err
	}
	orgs, err := l.Orgs(ctx)
	if err != nil || len(orgs) != 40 || l.Notice() == "" {
		return fmt.Errorf("with room again: %d orgs, notice %q (%w)", len(orgs), l.Notice(), err)
	}
	return l.Close()
}

// openOnFullDisk opens a sound ledger, whose log and index find no room, and a
// new one.
func openOnFullDisk(ctx context.Context, f files) error {
	free, err := fill(filepath.Dir(f.main))
	if err != nil {
		return err
	}
	for _, path := range []string{f.main, filepath.Join(filepath.Dir(f.main), "new.db")} {
		_, err := Open(ctx, path)
		if err := isFull(err); err != nil {
			return fmt.Errorf("opening %s on a full disk: %w", filepath.Base(path), err)
		}
	}
	if err := free(); err != nil {
		return err
	}
	l, err := Open(ctx, f.main)
	if err != nil {
		return err
	}
	return l.Close()
}

func addOrgs(ctx context.Context, l *Ledger, from, to int) error {
	for n := from; n < to; n++ {
		key, err := tokens.NewKey(fmt.Sprintf("00D%012d", n), fmt.Sprintf("005%012d", n), "client")
		if err != nil {
			return err
		}
		if _, err := l.Save(ctx, tokens.Org{Key: key, InstanceURL: fmt.Sprintf("https://acme%d.my.salesforce.com", n)}); err != nil {
			return err
		}
	}
	return nil
}

func isFull(err error) error {
	if !errors.Is(err, ErrUnusable) || errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "the disk is full") {
		return fmt.Errorf("got %w, want ErrUnusable that says the disk is full", err)
	}
	return nil
}

// fill takes all room in a folder and returns the way to give it back.
func fill(folder string) (free func() error, err error) {
	path := filepath.Join(folder, "filler")
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(file, zeros{})
	if !errors.Is(err, syscall.ENOSPC) {
		return nil, fmt.Errorf("filling the disk: %w", err)
	}
	return func() error { return os.Remove(path) }, file.Close()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
