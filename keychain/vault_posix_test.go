//go:build !windows

package keychain

import (
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestVaultModes(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "1")
	set(t, v, account, "2")
	err := filepath.WalkDir(v.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for path, mode := range map[string]fs.FileMode{
		v.identityPath():                     0o640,
		v.folder:                             0o750,
		filepath.Join(v.folder, entriesName): 0o701,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		err := Vault(v.folder, says(correct), cheap).Unlock(t.Context())
		wantVault(t, err, ErrUnavailable)
		if !strings.Contains(err.Error(), "open to other users") || !strings.Contains(err.Error(), "chmod") {
			t.Error(err)
		}
		if err := os.Chmod(path, mode&0o700); err != nil {
			t.Fatal(err)
		}
		again(t, v)
	}
}

func TestVaultFollowsNoLink(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "1")
	for _, path := range []string{v.entry(account), v.identityPath(), filepath.Join(v.folder, entriesName), v.folder} {
		if err := os.Rename(path, path+".real"); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path+".real", path); err != nil {
			t.Fatal(err)
		}
		other := Vault(v.folder, says(correct), cheap)
		_, err := other.Get(Interactive(t.Context()), account)
		wantVault(t, err, ErrUnavailable)
		wantVault(t, other.Set(Interactive(t.Context()), account, "2"), ErrUnavailable)
		if err := errors.Join(os.Remove(path), os.Rename(path+".real", path)); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, v, account, "1")

	// The lock, too.
	aim := filepath.Join(t.TempDir(), "aim")
	lock := filepath.Join(v.folder, lockName)
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(aim, lock); err != nil {
		t.Fatal(err)
	}
	wantVault(t, v.Set(t.Context(), account, "2"), ErrUnavailable)
	if exists(aim) {
		t.Error("the lock was made where the link pointed")
	}

	// And a pipe is not waited at.
	if err := os.Remove(v.entry(account)); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(v.entry(account), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := v.Get(t.Context(), account)
	wantVault(t, err, ErrUnavailable)
}

// TestVaultDiskFull lets the system refuse to write more than some bytes of a
// file, in a process of its own.
func TestVaultDiskFull(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "1")
	set(t, v, account, "2")
	out, err := child(t, v, "full").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "refused as it should be") {
		t.Errorf("%v: %s", err, out)
	}
	holds(t, v, account, "2")
	if kept, err := v.Kept(t.Context(), account); err != nil || kept != "1" {
		t.Errorf("kept %q, %v", kept, err)
	}
	if files, err := os.ReadDir(filepath.Join(v.folder, entriesName)); err != nil || len(files) != 2 {
		t.Errorf("the entries are %v, %v", files, err)
	}
}

func init() {
	childJobs["full"] = func(t *testing.T, v *VaultStore) {
		signal.Ignore(syscall.SIGXFSZ)
		const bytes = 100
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
			t.Fatal(err)
		}
		wantVault(t, v.Set(t.Context(), account, "3"), ErrUnavailable)
		wantVault(t, v.Set(t.Context(), "another", "3"), ErrUnavailable)
		holds(t, v, account, "2")
		t.Log("refused as it should be")
	}
}
