package ledger

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"orgkeep/tokens"
)

func TestOnlyTheOwnerCanRead(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	folder := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(folder, "ledger.db")
	l := open(t, path)
	save(t, l, login(t, 1))
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		mode(t, name, 0o600)
	}
	mode(t, folder, 0o700)
	mode(t, filepath.Dir(folder), 0o700)

	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	mode(t, path, 0o600)
}

func mode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s has mode %o, want %o", filepath.Base(path), got, want)
	}
}

func TestOpenUsesTheWriteAheadLog(t *testing.T) {
	t.Parallel()
	l := open(t, filepath.Join(t.TempDir(), "ledger.db"))
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "busy_timeout": "5000", "foreign_keys": "1", "synchronous": "2",
	} {
		var got string
		if err := l.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
		}
	}
}

// refused says that Open returned an error wrapping ErrUnusable that names the
// file and holds the words.
func refused(t *testing.T, path, words string) {
	t.Helper()
	l, err := Open(t.Context(), path)
	if err == nil {
		closeLedger(t, l)
		t.Fatalf("%s was opened", path)
	}
	if !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), filepath.Base(path)) ||
		!strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %q, want one line wrapping ErrUnusable with %q", err, words)
	}
}

func TestOpenRefusesWhatIsNoLedger(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	refused(t, folder, "it is a folder")
	refused(t, filepath.Join(file("plain", "x"), "ledger.db"), "")
	for name, text := range map[string]string{
		"text":  strings.Repeat("no database at all\n", 100),
		"short": "x",
	} {
		refused(t, file(name, text), "the file is no database")
		refused(t, filepath.Join(folder, name), "; move it away, or name another folder with --data")
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(got) != text {
			t.Errorf("%s was changed (%v)", name, err)
		}
	}
}

func TestOpenRefusesOtherDatabases(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string]string{
		"tables":      `CREATE TABLE t (x)`,
		"version":     `PRAGMA user_version = 1`,
		"application": `PRAGMA application_id = 7; CREATE TABLE t (x)`,
	} {
		path := filepath.Join(t.TempDir(), name)
		foreign(t, path, statements)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, path, "the database of another program")
		if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
			t.Errorf("%s was changed (%v)", name, err)
		}
	}
}

// foreign runs statements on a database without the ledger's ways.
func foreign(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesANewerLedger(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	closeLedger(t, l)
	foreign(t, path, `PRAGMA user_version = 99`)
	refused(t, path, "update orgkeep")
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
}

func TestMigrationsSetTheirVersion(t *testing.T) {
	t.Parallel()
	l := memory(t)
	s, err := readState(t.Context(), l.db)
	if err != nil || s.version != len(migrations) || s.application != applicationID {
		t.Errorf("after all migrations the ledger says %+v (%v)", s, err)
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := open(t, path)
	org := save(t, l, full(t))
	// SQLite answers the end of its page allowance as it does the end of the disk.
	if _, err := l.db.ExecContext(t.Context(), `PRAGMA max_page_count = 1`); err != nil {
		t.Fatal(err)
	}
	failure := &tokens.Failure{Kind: tokens.FailedAnswer, Body: strings.Repeat("x", 64<<10)}
	err := l.Record(t.Context(), org, tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: failure})
	if !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("got %v, want ErrUnusable that says the disk is full", err)
	}
	same(t, read(t, l, org.Key), org)
	if history, err := l.History(t.Context(), org.Key, 9); err != nil || len(history) != 0 {
		t.Errorf("a refused attempt left %d rows (%v)", len(history), err)
	}
	record(t, l, org, tokens.Attempt{Outcome: tokens.OutcomeRefreshed})
}

func TestCancelledCallsChangeNothing(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, full(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	renamed := org
	renamed.Alias = "other"
	if _, err := l.Save(ctx, renamed); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnusable) {
		t.Errorf("got %v, want context.Canceled alone", err)
	}
	if _, err := l.Orgs(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	same(t, read(t, l, org.Key), org)
}

func TestClosedLedger(t *testing.T) {
	t.Parallel()
	l, err := Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closeLedger(t, l)
	if _, err := l.Orgs(t.Context()); err == nil {
		t.Error("a closed ledger lists orgs")
	}
}
