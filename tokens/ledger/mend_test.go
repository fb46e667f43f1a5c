package ledger

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func writeFile(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// page is SQLite's usual page size.
const page = 4096

// damage leaves the first pages of a database and overwrites all others.
func damage(t testing.TB, path string, pages int) []byte {
	t.Helper()
	text := readFile(t, path)
	for i := min(len(text), pages*page); i < len(text); i++ {
		text[i] = 0xa5
	}
	writeFile(t, path, text)
	return text
}

func asides(t testing.TB, path string) []string {
	t.Helper()
	found, err := filepath.Glob(files{main: path}.stem() + "-damaged-*.db")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestADamagedLedgerIsSetAsideAndItsCopyTaken(t *testing.T) {
	t.Parallel()
	path, orgs := stocked(t, 50)
	f := files{main: path}
	stamp := time.Date(2026, 11, 22, 18, 4, 0, 0, time.Local)
	if err := os.Chtimes(f.copy(), stamp, stamp); err != nil {
		t.Fatal(err)
	}
	kept := readFile(t, f.copy())
	spoiled := damage(t, path, 0)

	l := open(t, path)
	aside := asides(t, path)
	if len(aside) != 1 {
		t.Fatalf("set aside: %q, want one file", aside)
	}
	form := regexp.MustCompile(`^ledger-damaged-\d{8}T\d{6}Z\.db$`)
	if name := filepath.Base(aside[0]); !form.MatchString(name) {
		t.Errorf("it was set aside as %s", name)
	}
	same(t, l.Notice(), "The ledger was damaged. It was set aside as "+filepath.Base(aside[0])+
		". The copy of 2026-11-22 18:04 was taken. The tokens are in the keychain as before.")
	same(t, listed(t, l), orgs)
	if !bytes.Equal(readFile(t, aside[0]), spoiled) || !bytes.Equal(readFile(t, f.copy()), kept) {
		t.Error("the damaged file or the copy was changed")
	}
	if runtime.GOOS != "windows" {
		mode(t, path, 0o600)
		mode(t, aside[0], 0o600)
	}
	save(t, l, login(t, 99))
	var journal string
	if err := l.db.QueryRowContext(t.Context(), `PRAGMA journal_mode`).Scan(&journal); err != nil || journal != "wal" {
		t.Errorf("the copy is in mode %s (%v), want wal", journal, err)
	}
	if again := open(t, path); again.Notice() != "" || len(listed(t, again)) != 51 {
		t.Errorf("the second start: %q", again.Notice())
	}
}

func TestDamageMetByAReadIsMendedByTheNextOpen(t *testing.T) {
	t.Parallel()
	path, orgs := stocked(t, 50)
	damage(t, path, 1)
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Orgs(t.Context())
	if !errors.Is(err, ErrDamaged) || !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), "the file is damaged") {
		t.Errorf("got %v, want ErrDamaged that says the file is damaged", err)
	}
	if _, err := l.Save(t.Context(), orgs[0]); !errors.Is(err, ErrDamaged) {
		t.Errorf("a write to a damaged file: %v, want ErrDamaged", err)
	}
	closeLedger(t, l)
	l = open(t, path)
	same(t, listed(t, l), orgs)
	if !strings.Contains(l.Notice(), "was damaged") {
		t.Errorf("notice %q", l.Notice())
	}
	same(t, names(t, path), []string{
		"ledger-copy.db", "ledger-copying.lock", filepath.Base(asides(t, path)[0]),
		"ledger.db", "ledger.db-shm", "ledger.db-wal", "ledger.lock",
	})
}

func TestALostLedgerIsTakenFromItsCopy(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(path string) error{
		"missing": os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"short":   func(path string) error { return os.Truncate(path, 100) },
		"new": func(path string) error {
			return os.WriteFile(path, emptyDatabase(t), 0o600)
		},
	} {
		path, orgs := stocked(t, 20)
		if err := lose(path); err != nil {
			t.Fatal(err)
		}
		l := open(t, path)
		same(t, listed(t, l), orgs)
		if !strings.Contains(l.Notice(), "The copy of ") {
			t.Errorf("%s: notice %q", name, l.Notice())
		}
	}
}

// emptyDatabase is the one page that a new ledger has before its schema.
func emptyDatabase(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "empty.db")
	foreign(t, path, `PRAGMA journal_mode = WAL`)
	return readFile(t, path)
}

func TestADamagedLedgerWithoutAGoodCopy(t *testing.T) {
	t.Parallel()
	path, _ := stocked(t, 20)
	f := files{main: path}
	damage(t, f.copy(), 1)
	damage(t, path, 1)
	bad := readFile(t, f.copy())
	writeFile(t, f.suspect(), nil)
	l := open(t, path)
	same(t, len(listed(t, l)), 0)
	aside := asides(t, path)
	if len(aside) != 2 || !bytes.Equal(readFile(t, aside[0]), bad) || !strings.HasSuffix(aside[0], "-copy.db") {
		t.Errorf("set aside: %q, want the copy and the ledger", aside)
	}
	if !strings.Contains(l.Notice(), "Its copy was damaged too and was set aside as "+filepath.Base(aside[0])) {
		t.Errorf("notice %q", l.Notice())
	}

	// Without any copy, a header that is a ledger's is enough.
	path = filepath.Join(t.TempDir(), "ledger.db")
	bare, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	save(t, bare, login(t, 1))
	closeLedger(t, bare)
	spoiled := damage(t, path, 0)
	copy(spoiled[68:], "orkp")
	writeFile(t, path, spoiled)
	bare = open(t, path)
	same(t, len(listed(t, bare)), 0)
	if !strings.Contains(bare.Notice(), "There was no copy of it, so the list is empty.") || len(asides(t, path)) != 1 {
		t.Errorf("notice %q", bare.Notice())
	}
}

func TestWhatIsNotOursStaysWhereItIs(t *testing.T) {
	t.Parallel()
	for statements, want := range map[string]error{
		`PRAGMA user_version = 99`: ErrNewer,
		`PRAGMA application_id = 7; PRAGMA user_version = 1; CREATE TABLE t (x)`: ErrUnusable,
	} {
		path, _ := stocked(t, 2)
		if errors.Is(want, ErrUnusable) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
		foreign(t, path, statements)
		before := readFile(t, path)
		if _, err := Open(t.Context(), path); !errors.Is(err, want) || errors.Is(err, ErrDamaged) {
			t.Errorf("got %v, want %v", err, want)
		}
		if len(asides(t, path)) != 0 || !bytes.Equal(before, readFile(t, path)) {
			t.Error("the file was moved or changed")
		}
	}
}

func TestAnOldMarkOnASoundLedgerGoes(t *testing.T) {
	t.Parallel()
	path, orgs := stocked(t, 5)
	f := files{main: path}
	other := open(t, path)
	writeFile(t, f.suspect(), nil)
	l := open(t, path)
	same(t, listed(t, l), orgs)
	if l.Notice() != "" || anyThere([]string{f.suspect()}) {
		t.Errorf("notice %q, or the mark is still there", l.Notice())
	}
	same(t, listed(t, other), orgs)
}

func TestRowsThatMakeNoSenseAreDamage(t *testing.T) {
	t.Parallel()
	for _, change := range []string{
		`UPDATE orgs SET tags = '["half'`,
		`UPDATE orgs SET key = 'x'`,
		`UPDATE orgs SET alias = ''`,
	} {
		path, orgs := stocked(t, 1)
		foreign(t, path, change)
		writeFile(t, files{main: path}.suspect(), nil)
		l := open(t, path)
		same(t, listed(t, l), orgs)
		if l.Notice() == "" {
			t.Errorf("%s went unseen", change)
		}
	}
}

func TestAnOpenLedgerIsNotReplaced(t *testing.T) {
	t.Parallel()
	path, _ := stocked(t, 50)
	f := files{main: path}
	holder := open(t, path)
	writeFile(t, f.suspect(), nil)
	damaged := damage(t, path, 1)
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "close that one") {
		t.Errorf("got %v, want ErrDamaged that tells of the other", err)
	}
	if len(asides(t, path)) != 0 || !bytes.Equal(readFile(t, path), damaged) {
		t.Error("a ledger was replaced that another has open")
	}
	if err := holder.db.Close(); err != nil {
		t.Fatal(err)
	}
}
