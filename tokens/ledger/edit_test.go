package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestEditChangesWhatAPersonGivesAndNothingElse(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, full(t))
	attempt := tokens.Attempt{At: at(5), Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Code: "x"}}
	record(t, l, org, attempt)

	given := login(t, 7) // other facts of the tokens, which must not be taken
	given.Generation, given.Scopes, given.InstanceURL = 1, nil, "https://ignored.example"
	given.Alias, given.Tags, given.LoginURL, given.Username = "new", []string{"us"}, "https://login.new.example", "new@acme.example"
	want := org
	want.Alias, want.Tags, want.LoginURL, want.Username = given.Alias, given.Tags, given.LoginURL, given.Username
	want.Last = &attempt
	edited, err := l.Edit(t.Context(), given)
	if err != nil {
		t.Fatal(err)
	}
	same(t, edited, want)
	same(t, read(t, l, org.Key), want)
	if history, err := l.History(t.Context(), org.Key, 9); err != nil || len(history) != 1 {
		t.Errorf("%d history rows (%v), want 1", len(history), err)
	}

	edited, err = l.Edit(t.Context(), tokens.Org{Key: org.Key, Tags: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	want.Tags, want.LoginURL = nil, ""
	same(t, edited, want)
}

func TestEditRefusals(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org, other := save(t, l, full(t)), save(t, l, login(t, 1))
	for name, c := range map[string]struct {
		edit tokens.Org
		want error
	}{
		"unknown":  {tokens.Org{Key: login(t, 2).Key, Alias: "new"}, ErrNotFound},
		"no key":   {tokens.Org{Alias: "new"}, ErrNotFound},
		"taken":    {tokens.Org{Key: org.Key, Alias: other.Alias, Username: "u"}, ErrAliasTaken},
		"bad name": {tokens.Org{Key: org.Key, Alias: "two words"}, tokens.ErrAlias},
	} {
		if _, err := l.Edit(t.Context(), c.edit); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	same(t, read(t, l, org.Key), org)
	same(t, len(listed(t, l)), 2)
}

func TestLongBodiesAreReadOnDemand(t *testing.T) {
	t.Parallel()
	l := memory(t)
	for n, c := range []struct {
		length int
		listed bool
	}{{0, true}, {1, true}, {1 << 10, true}, {1<<10 + 1, false}, {64 << 10, false}} {
		org := save(t, l, login(t, n))
		attempt := tokens.Attempt{At: at(5), Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{
			Kind: tokens.FailedAnswer, HTTPStatus: 502, Body: strings.Repeat("é\"", c.length/3) + strings.Repeat("x", c.length%3), BodyCut: true,
		}}
		record(t, l, org, attempt)
		want := org
		want.Last = &attempt
		same(t, read(t, l, org.Key), want)
		found, err := l.Find(t.Context(), org.Alias)
		if err != nil {
			t.Fatal(err)
		}
		same(t, found, want)
		history, err := l.History(t.Context(), org.Key, 9)
		if err != nil {
			t.Fatal(err)
		}
		same(t, history, []tokens.Attempt{attempt})

		if !c.listed {
			short := *attempt.Failure
			short.Body = ""
			cut := attempt
			cut.Failure = &short
			want.Last = &cut
		}
		orgs := listed(t, l)
		same(t, orgs[len(orgs)-1], want)
	}
}

// TestMigrationFromTheFirstSchema reads what the first schema wrote.
func TestMigrationFromTheFirstSchema(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü<\\n", 1000)
	f := files{main: t.TempDir() + "/ledger.db"}
	var statements strings.Builder
	statements.WriteString(schema1)
	texts := []string{
		`{"kind":"answer","body":"short","http_status":400}`,
		`{"kind":"answer","body":"` + long + `","http_status":502}`,
		`{"kind":"transport","problem":"` + strings.Repeat("p", 3000) + `"}`,
		strings.Repeat("no JSON", 1000), "",
	}
	for i, text := range texts {
		key := login(t, i).Key
		fmt.Fprintf(&statements, `;INSERT INTO orgs VALUES ('%s', 'a%d', '', '', '', '', '', '', '', '', '', 0, 0, '', 0, 1, '', 1, %d);
			INSERT INTO history VALUES (NULL, '%s', 5, 'command', 'failed', 0, 1, 0, '', '%s')`, key, i, i+1, key, text)
	}
	foreign(t, f.main, statements.String())

	l := open(t, f.main)
	orgs := listed(t, l)
	same(t, orgs[0].Last.Failure, &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 400, Body: "short"})
	same(t, orgs[1].Last.Failure, &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 502})
	same(t, read(t, l, orgs[1].Key).Last.Failure.Body, strings.ReplaceAll(long, `\n`, "\n"))
	same(t, len(orgs[2].Last.Failure.Problem), 3000)
	same(t, orgs[3].Last.Failure.Kind, tokens.FailedLedger)
	if orgs[4].Last.Failure != nil || orgs[4].Last.At != time.UnixMilli(5).UTC() {
		t.Errorf("an attempt without a failure became %+v", orgs[4].Last)
	}
	backup(t, l)
}
