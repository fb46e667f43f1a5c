package ledger

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// measured is a request whose phases all happened.
var measured = tokens.Phases{
	Resolve: 812 * time.Microsecond, Connect: 20417 * time.Microsecond, TLS: 41003 * time.Microsecond,
	Send: 95 * time.Microsecond, Wait: 12 * time.Second, Read: time.Microsecond,
}

func TestPhasesComeBack(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, full(t))
	var want []tokens.Attempt
	for _, phases := range []tokens.Phases{{}, measured, {Send: time.Millisecond, Wait: time.Minute}} {
		attempt := tokens.Attempt{
			At: at(5), Outcome: tokens.OutcomeFailed, Tries: 1, Phases: phases,
			Failure: &tokens.Failure{Kind: tokens.FailedAnswer, Body: strings.Repeat("x", 64<<10)},
		}
		record(t, l, org, attempt)
		want = append([]tokens.Attempt{attempt}, want...)

		same(t, *read(t, l, org.Key).Last, attempt)
		found, err := l.Find(t.Context(), org.Alias)
		if err != nil {
			t.Fatal(err)
		}
		same(t, *found.Last, attempt)
		same(t, listed(t, l)[0].Last.Phases, tokens.Phases{})
	}
	history, err := l.History(t.Context(), org.Key, 9)
	if err != nil {
		t.Fatal(err)
	}
	same(t, history, want)
}

// TestMigrationFromTheSecondSchema reads and goes on with what the second schema
// wrote: a file with its log, and a copy that is taken when the file is damaged.
func TestMigrationFromTheSecondSchema(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/ledger.db"
	key := login(t, 1).Key
	foreign(t, path, schema1+schema2+fmt.Sprintf(`;PRAGMA journal_mode = WAL;
		INSERT INTO orgs VALUES ('%s', 'acme', '', '', '', '', '', '', '', '', '', 0, 0, '', 0, 1, '', 1, 1);
		INSERT INTO history VALUES (NULL, '%[1]s', 5, 'command', 'failed', 412, 1, 0, '', '{"kind":"answer"}', 'page')`, key))
	older := readFile(t, path)
	old := tokens.Attempt{
		At: at(5), Trigger: "command", Outcome: tokens.OutcomeFailed, Duration: 412 * time.Millisecond, Tries: 1,
		Failure: &tokens.Failure{Kind: tokens.FailedAnswer, Body: "page"},
	}

	goesOn := func(l *Ledger) {
		t.Helper()
		s, err := readState(t.Context(), l.db)
		if err != nil || s.version != len(migrations) {
			t.Errorf("the ledger is at version %d (%v), want %d", s.version, err, len(migrations))
		}
		org := read(t, l, key)
		same(t, *org.Last, old)
		next := tokens.Attempt{At: at(6), Outcome: tokens.OutcomeRefreshed, Phases: measured, Date: at(7), Skew: -time.Minute}
		record(t, l, org, next)
		history, err := l.History(t.Context(), key, 9)
		if err != nil {
			t.Fatal(err)
		}
		same(t, history, []tokens.Attempt{next, old})
		backup(t, l)
		closeLedger(t, l)
	}
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	goesOn(l)

	writeFile(t, files{main: path}.copy(), older)
	damage(t, path, 0)
	if l, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(l.Notice(), "The copy of") {
		t.Errorf("notice %q, want the copy to be taken", l.Notice())
	}
	goesOn(l)
}

func TestUnreadablePhasesDoNotCloseTheHistory(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"x", "1 2 3 4 5", "1 2 3 4 5 6 7", "1 2 3 4 5 -6", "1 2 3 4 5 6.5", "1 2 3 4 5 86400000001",
		"1 2 3 4 5 99999999999999999999", "1 2 3 4 5" + strings.Repeat(" ", phasesLongest) + "6",
	} {
		same(t, parsePhases(text), tokens.Phases{})
	}
	l := memory(t)
	org := save(t, l, login(t, 1))
	record(t, l, org, tokens.Attempt{Tries: 3, Outcome: tokens.OutcomeRefreshed, Phases: measured})
	if _, err := l.db.ExecContext(t.Context(), `UPDATE history SET phases = '1 2'`); err != nil {
		t.Fatal(err)
	}
	history, err := l.History(t.Context(), org.Key, 9)
	if err != nil {
		t.Fatal(err)
	}
	same(t, history, []tokens.Attempt{{Tries: 3, Outcome: tokens.OutcomeRefreshed}})
}

func FuzzPhases(f *testing.F) {
	f.Add(phasesText(measured))
	f.Add("0 0 0 0 0 0")
	f.Add("1 2 3 4 5 -6")
	f.Add("+1\t2 3 4 5 9223372036854775807")
	f.Fuzz(func(t *testing.T, text string) {
		p := parsePhases(text)
		for _, span := range phaseFields(&p) {
			if *span < 0 || *span > phaseLongest {
				t.Errorf("%q became %+v", text, p)
			}
		}
		if got := parsePhases(phasesText(p)); got != p {
			t.Errorf("%q: %+v came back as %+v", text, p, got)
		}
	})
}
