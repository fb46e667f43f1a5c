package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestReadOnlyFolder works for root as well: its thread takes the file rights of
// another user.
func TestReadOnlyFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(folder, "ledger.db")
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	org := save(t, l, full(t))
	closeLedger(t, l)
	asNobody(t, filepath.Dir(filepath.Dir(folder)), folder, path, files{main: path}.lock())
	chmod(t, path, 0o400)
	chmod(t, folder, 0o500)

	l, err = Open(t.Context(), path)
	if err == nil {
		_, err = l.Save(t.Context(), org)
		closeLedger(t, l)
	}
	if !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), "read-only") && !strings.Contains(err.Error(), "not written to") {
		t.Errorf("got %v, want ErrUnusable that speaks of the folder", err)
	}
	if _, err := Open(t.Context(), filepath.Join(folder, "new.db")); !errors.Is(err, ErrUnusable) || !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v, want ErrUnusable and ErrPermission", err)
	}

	chmod(t, folder, 0o700)
	chmod(t, path, 0o600)
	same(t, read(t, open(t, path), org.Key), org)
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// asNobody takes root's rights over files from the test's thread, which ends
// with the test.
func asNobody(t *testing.T, open string, owned ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	chmod(t, open, 0o755)
	chmod(t, filepath.Dir(owned[0]), 0o755)
	for _, path := range owned {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	runtime.LockOSThread()
	if _, err := unix.SetfsuidRetUid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = unix.SetfsuidRetUid(0) })
}

// TestMendAndCopyInAReadOnlyFolder says that both are refused and change
// nothing.
func TestMendAndCopyInAReadOnlyFolder(t *testing.T) {
	path, orgs := stocked(t, 20)
	f := files{main: path}
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	save(t, l, login(t, 99))
	kept := readFile(t, f.copy())
	folder := filepath.Dir(path)
	owned := []string{folder}
	for _, name := range names(t, path) {
		owned = append(owned, filepath.Join(folder, name))
	}
	asNobody(t, filepath.Dir(folder), owned...)
	chmod(t, folder, 0o500)
	refusedHere := func(err error) {
		t.Helper()
		if !errors.Is(err, ErrUnusable) || errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "not written to") {
			t.Errorf("got %v, want ErrUnusable that speaks of the folder", err)
		}
	}
	refusedHere(l.Backup(t.Context()))
	same(t, readFile(t, f.copy()), kept)

	chmod(t, folder, 0o700)
	closeLedger(t, l)
	spoiled := damage(t, path, 0)
	chmod(t, folder, 0o500)
	before := names(t, path)
	_, err = Open(t.Context(), path)
	refusedHere(err)
	same(t, names(t, path), before)
	same(t, readFile(t, path), spoiled)

	chmod(t, folder, 0o700)
	same(t, listed(t, open(t, path)), orgs)
}
