package ledger

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func backup(t testing.TB, l *Ledger) {
	t.Helper()
	if err := l.Backup(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func listed(t testing.TB, l *Ledger) []tokens.Org {
	t.Helper()
	orgs, err := l.Orgs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return orgs
}

// stocked makes a closed ledger of n orgs, each with a history, and its copy.
func stocked(t testing.TB, n int) (path string, orgs []tokens.Org) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "ledger.db")
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer closeLedger(t, l)
	for i := range n {
		o := save(t, l, login(t, i))
		record(t, l, o, tokens.Attempt{At: at(1), Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Code: "invalid_grant"}})
	}
	backup(t, l)
	return path, listed(t, l)
}

// names lists what lies in the ledger's folder.
func names(t testing.TB, path string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestBackupIsAWholeLedgerForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path, orgs := stocked(t, 20)
	f := files{main: path}
	if runtime.GOOS != "windows" {
		for _, name := range []string{f.copy(), f.copyLock(), f.lock()} {
			mode(t, name, 0o600)
		}
	}
	same(t, names(t, path), []string{"ledger-copy.db", "ledger-copying.lock", "ledger.db", "ledger.lock"})
	same(t, listed(t, open(t, f.copy())), orgs)
}

func TestBackupIsMadeOnlyAfterAChange(t *testing.T) {
	t.Parallel()
	path, orgs := stocked(t, 3)
	f := files{main: path}
	identity := func() os.FileInfo {
		t.Helper()
		info, err := os.Stat(f.copy())
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	first := identity()
	for range 2 { // also after the log has gone with the last who had it open
		l, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		listed(t, l)
		backup(t, l)
		closeLedger(t, l)
		if !os.SameFile(first, identity()) {
			t.Error("a ledger that did not change was copied again")
		}
	}
	l := open(t, path)
	org := orgs[0]
	org.Alias = "renamed"
	want, err := l.Edit(t.Context(), org)
	if err != nil {
		t.Fatal(err)
	}
	backup(t, l)
	if os.SameFile(first, identity()) {
		t.Error("a ledger that changed was not copied")
	}
	same(t, read(t, open(t, f.copy()), org.Key), want)
	if err := os.Remove(f.copy()); err != nil {
		t.Fatal(err)
	}
	backup(t, l)
	identity()
}

func TestBackupHoldsUpNobody(t *testing.T) {
	t.Parallel()
	path, _ := stocked(t, 3)
	holder, other := open(t, path), open(t, path)
	want := save(t, holder, login(t, 9))
	tx, err := holder.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	backup(t, other)
	same(t, read(t, open(t, files{main: path}.copy()), want.Key), want)
}

func TestManyBackupsAtOnce(t *testing.T) {
	t.Parallel()
	path, _ := stocked(t, 30)
	ledgers := []*Ledger{open(t, path), open(t, path)}
	together(t, 8, func(i int) error {
		l := ledgers[i%2]
		_, err := l.Save(t.Context(), login(t, 100+i))
		return errors.Join(err, l.Backup(t.Context()))
	})
	if got := listed(t, open(t, files{main: path}.copy())); len(got) != 38 {
		t.Errorf("the copy has %d orgs, want 38", len(got))
	}
}

func TestADamagedLedgerIsNotCopied(t *testing.T) {
	t.Parallel()
	path, orgs := stocked(t, 50)
	l := open(t, path)
	if err := os.Chtimes(path, time.Time{}, time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	// A row that says another version of its alias than the index does.
	foreign(t, path, `PRAGMA writable_schema = 1;
		UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'history_by_org')
		WHERE name = 'sqlite_autoindex_orgs_2'`)
	err := l.Backup(t.Context())
	if !errors.Is(err, ErrDamaged) || !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), "the file is damaged") {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	same(t, listed(t, open(t, files{main: path}.copy())), orgs)
}

func TestBackupOfMemoryAndCancelled(t *testing.T) {
	t.Parallel()
	backup(t, memory(t))
	path, orgs := stocked(t, 3)
	l := open(t, path)
	save(t, l, login(t, 9))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Backup(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnusable) {
		t.Errorf("got %v, want context.Canceled alone", err)
	}
	same(t, listed(t, open(t, files{main: path}.copy())), orgs)
}
