package ledger

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"orgkeep/tokens"
)

// login makes the n-th of as many orgs as a test wants.
func login(t testing.TB, n int) tokens.Org {
	t.Helper()
	key, err := tokens.NewKey(fmt.Sprintf("00D%012d", n), fmt.Sprintf("005%012d", n), "client")
	if err != nil {
		t.Fatal(err)
	}
	return tokens.Org{
		Key: key, OrgID: string(key[:18]), UserID: string(key[19:37]),
		Type: tokens.Production, InstanceURL: fmt.Sprintf("https://acme%d.my.salesforce.com", n),
		ClientID: "client", Scopes: []string{"api", "refresh_token"},
		IssuedAt: at(1738348388166), RefreshUsedAt: at(1738348388166),
		HasRefreshToken: true, Rotates: tokens.RotationUnknown, Generation: 1,
	}
}

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// full is an org that has something in every field.
func full(t testing.TB) tokens.Org {
	o := login(t, 7)
	o.Alias, o.Username, o.Type = "acme", "ana@acme.example", tokens.Sandbox
	o.LoginURL, o.Tags = "https://login.acme.example", []string{"eu", "two words", `"q"`}
	o.ExpiresAt, o.ExpirySource = at(1738355588166), tokens.LeftFromJWT
	o.Rotates, o.Generation = tokens.RotationYes, 41
	o.Shared = tokens.Shared{Mode: tokens.SharedLocked, Home: "/home/ana/.sfdx", Username: "ana@acme.example", App: "app", Owed: true}
	return o
}

func memory(t testing.TB) *Ledger {
	t.Helper()
	l, err := Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeLedger(t, l) })
	return l
}

func open(t testing.TB, path string) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeLedger(t, l) })
	return l
}

func closeLedger(t testing.TB, l *Ledger) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func save(t testing.TB, l *Ledger, o tokens.Org) tokens.Org {
	t.Helper()
	saved, err := l.Save(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func record(t testing.TB, l *Ledger, o tokens.Org, a tokens.Attempt) {
	t.Helper()
	if err := l.Record(t.Context(), o, a); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, l *Ledger, key tokens.Key) tokens.Org {
	t.Helper()
	o, err := l.Org(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestEveryFieldComesBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "odd ?%#& name", "ledger.db")
	l := open(t, path)
	org := full(t)
	same(t, save(t, l, org), org)
	plain := save(t, l, login(t, 8))

	failure := tokens.Failure{
		Kind: tokens.FailedAnswer, Phase: "waiting", Sent: true, Host: "login.acme.example", HTTPStatus: 400,
		Code: "invalid_grant", Description: "expired access/refresh token", ContentType: "application/json",
		Body: "{\n}", BodyCut: true, RetryAfter: 30 * time.Second, RequestID: "r1", Problem: "p",
	}
	attempt := tokens.Attempt{
		At: at(1738349000001), Trigger: "command", Outcome: tokens.OutcomeFailed, Duration: 1234 * time.Millisecond,
		Tries: 2, Rotated: true, Fingerprint: "0123abcd", Failure: &failure,
	}
	record(t, l, org, attempt)
	org.Last = &attempt

	again := open(t, path)
	orgs, err := again.Orgs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, orgs, []tokens.Org{org, plain})
	same(t, *orgs[0].Last, attempt)
	same(t, read(t, again, org.Key), org)
	found, err := again.Find(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	same(t, found, org)
	history, err := again.History(t.Context(), org.Key, 10)
	if err != nil {
		t.Fatal(err)
	}
	same(t, history, []tokens.Attempt{attempt})
}

func TestZeroFieldsStayZero(t *testing.T) {
	t.Parallel()
	l := memory(t)
	bare := tokens.Org{Key: login(t, 1).Key, Alias: "bare"}
	same(t, save(t, l, bare), bare)
	record(t, l, bare, tokens.Attempt{Outcome: tokens.OutcomeCancelled})
	same(t, *read(t, l, bare.Key).Last, tokens.Attempt{Outcome: tokens.OutcomeCancelled})
}

func TestOrgsAreInTheOrderOfTheirAliases(t *testing.T) {
	t.Parallel()
	l := memory(t)
	for n, alias := range []string{"b", "a-2", "Z", "a", "é"} {
		o := login(t, n)
		o.Alias = alias
		save(t, l, o)
	}
	orgs, err := l.Orgs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range orgs {
		got = append(got, o.Alias)
	}
	same(t, got, []string{"Z", "a", "a-2", "b", "é"})
}

func TestProposedAliasesAreNumbered(t *testing.T) {
	t.Parallel()
	l := memory(t)
	for n, want := range []string{"acme-uat", "acme-uat-2", "acme-uat-3", "acme-uat-4"} {
		o := login(t, n)
		o.InstanceURL = "https://acme--uat.sandbox.my.salesforce.com"
		if got := save(t, l, o).Alias; got != want {
			t.Errorf("alias %d is %q, want %q", n, got, want)
		}
	}
	if err := l.Forget(t.Context(), login(t, 1).Key); err != nil {
		t.Fatal(err)
	}
	o := login(t, 9)
	o.InstanceURL = "https://acme--uat.sandbox.my.salesforce.com"
	if got := save(t, l, o).Alias; got != "acme-uat-2" {
		t.Errorf("the gap is filled by %q, want acme-uat-2", got)
	}
	o = login(t, 10)
	o.InstanceURL = ""
	if got := save(t, l, o).Alias; got != "org" {
		t.Errorf("an org without a host is %q, want org", got)
	}
	o = login(t, 11)
	o.InstanceURL = fmt.Sprintf("https://%0100d.example", 1)
	if got := save(t, l, o).Alias; got != "org-2" {
		t.Errorf("an org with an endless host is %q, want org-2", got)
	}
}

func TestSavingAgain(t *testing.T) {
	t.Parallel()
	l := memory(t)
	first := save(t, l, full(t))
	record(t, l, first, tokens.Attempt{At: at(1), Outcome: tokens.OutcomeFailed})

	// What a token file does not tell is kept; what it tells is written.
	again := login(t, 7)
	again.Generation, again.LoginURL, again.Scopes = 42, "https://other.example", []string{"web"}
	saved := save(t, l, again)
	want := again
	want.Alias, want.Username, want.Tags = first.Alias, first.Username, first.Tags
	same(t, saved, want)
	history, err := l.History(t.Context(), again.Key, 10)
	if err != nil || len(history) != 1 {
		t.Errorf("saving again left %d history rows (%v), want 1", len(history), err)
	}

	saved.Tags, saved.Alias = []string{}, "renamed"
	saved = save(t, l, saved)
	if saved.Alias != "renamed" || saved.Tags != nil {
		t.Errorf("alias %q and tags %q, want renamed and none", saved.Alias, saved.Tags)
	}
	same(t, save(t, l, saved), saved)
}

func TestGivenAliasIsNotNumbered(t *testing.T) {
	t.Parallel()
	l := memory(t)
	acme := login(t, 1)
	acme.Alias = "acme"
	save(t, l, acme)
	other := save(t, l, login(t, 2))

	for _, o := range []tokens.Org{login(t, 2), login(t, 3)} {
		o.Alias, o.Username = "acme", "changed"
		if _, err := l.Save(t.Context(), o); !errors.Is(err, ErrAliasTaken) {
			t.Errorf("Save with a taken alias returned %v, want ErrAliasTaken", err)
		}
	}
	same(t, read(t, l, other.Key), other)
	if _, err := l.Org(t.Context(), login(t, 3).Key); !errors.Is(err, ErrNotFound) {
		t.Errorf("a refused org was saved: %v", err)
	}
	other.Alias = "Acme" // aliases tell case apart
	same(t, save(t, l, other), other)
}

func TestSaveRefusesBadInput(t *testing.T) {
	t.Parallel()
	l := memory(t)
	spaced := login(t, 1)
	spaced.Alias = "two words"
	if _, err := l.Save(t.Context(), spaced); !errors.Is(err, tokens.ErrAlias) {
		t.Errorf("an alias with a space: %v, want ErrAlias", err)
	}
	for _, key := range []tokens.Key{"", "acme", "00D'; DROP TABLE orgs"} {
		if _, err := l.Save(t.Context(), tokens.Org{Key: key, Alias: "a"}); !errors.Is(err, tokens.ErrID) {
			t.Errorf("key %q: %v, want ErrID", key, err)
		}
	}
}

func TestRecordWritesWhatChangedAndNothingElse(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, full(t))

	seen := org
	seen.Alias, seen.Tags, seen.LoginURL, seen.ClientID = "ignored", nil, "https://ignored.example", "ignored"
	seen.Username = ""
	seen.IssuedAt, seen.ExpiresAt, seen.ExpirySource = at(5000), at(6000), tokens.LeftFromIntrospection
	seen.InstanceURL, seen.Type = "https://moved.my.salesforce.com", tokens.Production
	seen.Scopes, seen.Generation = []string{"full"}, org.Generation+1
	seen.Rotates, seen.RefreshUsedAt = tokens.RotationNo, at(5001)
	attempt := tokens.Attempt{At: at(5002), Trigger: "screen", Outcome: tokens.OutcomeRefreshed, Tries: 1}
	record(t, l, seen, attempt)

	want := seen
	want.Alias, want.Tags, want.LoginURL, want.ClientID = org.Alias, org.Tags, org.LoginURL, org.ClientID
	want.Username, want.Last = org.Username, &attempt
	same(t, read(t, l, org.Key), want)

	seen.Username = "new@acme.example"
	record(t, l, seen, attempt)
	if got := read(t, l, org.Key).Username; got != seen.Username {
		t.Errorf("username %q, want %q", got, seen.Username)
	}
}

func TestRecordOfAnOlderGenerationChangesNoFact(t *testing.T) {
	t.Parallel()
	l := memory(t)
	old := save(t, l, full(t))
	newer := old
	newer.Generation++
	newer.IssuedAt = at(9000)
	good := tokens.Attempt{At: at(9001), Outcome: tokens.OutcomeRefreshed}
	record(t, l, newer, good)
	late := tokens.Attempt{At: at(9002), Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Code: "invalid_grant"}}
	record(t, l, old, late)

	newer.Last = &good
	same(t, read(t, l, old.Key), newer)
	history, err := l.History(t.Context(), old.Key, 10)
	if err != nil {
		t.Fatal(err)
	}
	same(t, history, []tokens.Attempt{late, good})
}

func TestHistoryIsNewestFirstAndLimited(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org, other := save(t, l, login(t, 1)), save(t, l, login(t, 2))
	for n := range 5 {
		record(t, l, org, tokens.Attempt{At: at(int64(100 - n)), Tries: n, Outcome: tokens.OutcomeRefreshed})
		record(t, l, other, tokens.Attempt{At: at(1), Tries: 77, Outcome: tokens.OutcomeRefreshed})
	}
	for limit, want := range map[int][]int{0: nil, -1: nil, 2: {4, 3}, 9: {4, 3, 2, 1, 0}} {
		history, err := l.History(t.Context(), org.Key, limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, a := range history {
			got = append(got, a.Tries)
		}
		same(t, got, want)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, full(t))
	record(t, l, org, tokens.Attempt{Outcome: tokens.OutcomeRefreshed})
	if err := l.Forget(t.Context(), org.Key); err != nil {
		t.Fatal(err)
	}
	if err := l.Forget(t.Context(), org.Key); !errors.Is(err, ErrNotFound) {
		t.Errorf("forgetting twice: %v, want ErrNotFound", err)
	}
	if _, err := l.Find(t.Context(), org.Alias); !errors.Is(err, ErrNotFound) {
		t.Errorf("finding a forgotten org: %v, want ErrNotFound", err)
	}
	if err := l.Record(t.Context(), org, tokens.Attempt{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("recording for a forgotten org: %v, want ErrNotFound", err)
	}
	save(t, l, org)
	history, err := l.History(t.Context(), org.Key, 10)
	if err != nil || len(history) != 0 {
		t.Errorf("an org that came back has %d history rows (%v), want none", len(history), err)
	}
}

func TestDamagedFailureDoesNotCloseTheList(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, full(t))
	record(t, l, org, tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Code: "x"}})
	if _, err := l.db.ExecContext(t.Context(), `UPDATE history SET failure = '{"kind'`); err != nil {
		t.Fatal(err)
	}
	last := read(t, l, org.Key).Last
	if last == nil || last.Outcome != tokens.OutcomeFailed || last.Failure == nil || last.Failure.Problem == "" {
		t.Errorf("got %+v, want a failure that says it is damaged", last)
	}
}
