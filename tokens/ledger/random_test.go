package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"orgkeep/tokens"
)

// TestRandomDamage spoils ledgers in many ways. Whatever happens, nobody
// panics, and the list is never empty: it is that of the file, with what was
// written after the copy, or that of the copy with a notice, or the file is
// refused and stays.
func TestRandomDamage(t *testing.T) {
	t.Parallel()
	source, orgs := stocked(t, 60)
	sound, kept := readFile(t, source), readFile(t, files{main: source}.copy())
	ends := map[string]int{}
	for seed := range uint64(120) {
		path := filepath.Join(t.TempDir(), "ledger.db")
		writeFile(t, files{main: path}.copy(), kept)
		how, text := spoil(rand.New(rand.NewPCG(seed, 1)), bytes.Clone(sound))
		writeFile(t, path, text)
		end := afterDamage(t, path, orgs)
		if strings.HasPrefix(end, "bad") {
			t.Errorf("seed %d (%s): %s", seed, how, end)
		}
		ends[how+": "+strings.SplitN(end, ":", 2)[0]]++
	}
	t.Log(ends)
}

func spoil(r *rand.Rand, text []byte) (how string, _ []byte) {
	pages := len(text) / page
	at := r.IntN(pages) * page
	switch r.IntN(5) {
	case 0:
		for range 1 + r.IntN(8) {
			text[r.IntN(len(text))] ^= byte(1 + r.IntN(255))
		}
		return "bytes", text
	case 1: // where it hurts most: the header of a page
		for range 1 + r.IntN(3) {
			text[at+r.IntN(100)] ^= byte(1 + r.IntN(255))
		}
		return "page header", text
	case 2:
		return "cut", text[:r.IntN(len(text))]
	case 3:
		clear(text[at : at+page])
		return "zero page", text
	}
	copy(text[at:at+page], text[r.IntN(pages)*page:][:page])
	return "wrong page", text
}

// afterDamage does what a program does with a ledger, and says how it ended.
func afterDamage(t *testing.T, path string, orgs []tokens.Org) string {
	t.Helper()
	notice := ""
	for range 2 {
		l, err := Open(t.Context(), path)
		if err != nil {
			if errors.Is(err, ErrUnusable) && !errors.Is(err, ErrDamaged) && len(asides(t, path)) == 0 {
				return "refused: " + err.Error()
			}
			return "bad: " + err.Error()
		}
		notice += l.Notice()
		got, err := l.Orgs(t.Context())
		if err == nil && len(got) == 0 {
			return "bad: the list is empty"
		}
		if err == nil {
			err = l.Backup(t.Context())
		}
		closeLedger(t, l)
		switch {
		case errors.Is(err, ErrDamaged):
			continue // the next start mends it
		case err != nil:
			return "bad: " + err.Error()
		case len(got) == len(orgs) && notice != "":
			return "mended"
		case len(got) == len(orgs):
			return "works"
		}
		return fmt.Sprintf("bad: %d orgs", len(got))
	}
	return "bad: it stays damaged"
}

// TestDamageThatLooksLikeAnEmptyList sets the number of rows on the pages of a
// small ledger to none, which SQLite reads without complaint
// (sqlite.org/fileformat.html section 1.6: it is at offset 3 of a page).
func TestDamageThatLooksLikeAnEmptyList(t *testing.T) {
	t.Parallel()
	path, orgs := stocked(t, 2)
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var roots []int
	for _, name := range []string{"orgs", "sqlite_autoindex_orgs_1", "sqlite_autoindex_orgs_2"} {
		var root int
		if err := l.db.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_schema WHERE name = ?`, name).Scan(&root); err != nil {
			t.Fatal(err)
		}
		roots = append(roots, root)
	}
	closeLedger(t, l)
	text := readFile(t, path)
	for _, root := range roots {
		clear(text[(root-1)*page+3:][:2])
	}
	writeFile(t, path, text)

	if l, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if got, err := l.Orgs(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("%d orgs (%v), want ErrDamaged", len(got), err)
	}
	closeLedger(t, l)
	same(t, listed(t, open(t, path)), orgs)
}
