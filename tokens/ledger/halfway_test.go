package ledger

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAMendingThatWasCutOff goes on from every state that a killed mending can
// leave.
func TestAMendingThatWasCutOff(t *testing.T) {
	t.Parallel()
	aside := func(f files) string { return f.stem() + "-damaged-20260101T000000Z.db" }
	rename := func(t *testing.T, from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	for name, leave := range map[string]func(t *testing.T, f files){
		"a part of the copy": func(t *testing.T, f files) {
			writeFile(t, f.restored(), readFile(t, f.copy())[:5000])
			writeFile(t, f.restored()+"-wal", []byte("part"))
		},
		"the log is still there": func(t *testing.T, f files) {
			rename(t, f.main, aside(f))
			writeFile(t, f.main+"-wal", []byte("log"))
			writeFile(t, f.main+"-shm", []byte("index"))
		},
		"all is aside": func(t *testing.T, f files) {
			writeFile(t, f.restored(), readFile(t, f.copy()))
			rename(t, f.main, aside(f))
		},
		"the mark is still there": func(t *testing.T, f files) {
			rename(t, f.main, aside(f))
			writeFile(t, f.main, readFile(t, f.copy()))
			writeFile(t, f.suspect(), nil)
		},
	} {
		path, orgs := stocked(t, 20)
		f := files{main: path}
		spoiled := damage(t, path, 0)
		leave(t, f)
		same(t, listed(t, open(t, path)), orgs)
		kept := false
		for _, file := range asides(t, path) {
			kept = kept || bytes.Equal(readFile(t, file), spoiled)
		}
		if !kept || anyThere(withLog(f.restored())) || anyThere([]string{f.suspect()}) {
			t.Errorf("%s: the folder holds %q", name, names(t, path))
		}
	}
}

// TestDamagedLog spoils the log of a ledger that was not closed: what it held
// may be lost, what was copied is not.
func TestDamagedLog(t *testing.T) {
	t.Parallel()
	source, orgs := stocked(t, 30)
	l := open(t, source)
	for n := range 30 {
		save(t, l, login(t, 100+n))
	}
	main, log, kept := readFile(t, source), readFile(t, source+"-wal"), readFile(t, files{main: source}.copy())
	for seed := range uint64(30) {
		path := filepath.Join(t.TempDir(), "ledger.db")
		writeFile(t, path, main)
		how, spoiled := spoil(rand.New(rand.NewPCG(seed, 5)), bytes.Clone(log))
		writeFile(t, path+"-wal", spoiled)
		writeFile(t, files{main: path}.copy(), kept)
		again := open(t, path)
		if got := listed(t, again); len(got) < len(orgs) || again.Notice() != "" {
			t.Errorf("seed %d (%s): %d orgs, notice %q", seed, how, len(got), again.Notice())
		}
		backup(t, again)
	}
}

// TestALogWithoutItsLedger is what is left when the file alone is lost before
// there was a copy.
func TestALogWithoutItsLedger(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	log := []byte(strings.Repeat("log", 100))
	writeFile(t, path+"-wal", log)
	l := open(t, path)
	same(t, len(listed(t, l)), 0)
	found, err := filepath.Glob(files{main: path}.stem() + "-damaged-*.db-wal")
	if err != nil || len(found) != 1 || !bytes.Equal(readFile(t, found[0]), log) {
		t.Errorf("set aside: %q (%v), want the log", found, err)
	}
	if !strings.Contains(l.Notice(), "the list is empty") {
		t.Errorf("notice %q", l.Notice())
	}
}
