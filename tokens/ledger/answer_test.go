package ledger

import (
	"testing"

	"orgkeep/tokens"
)

// The answer that brought the saved tokens comes back with its org, and with nothing else.
func TestTheAnswerThatBroughtTheTokensIsKept(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, login(t, 1))
	wants := func(when, want string) {
		t.Helper()
		if got := read(t, l, org.Key).Last.Answer; got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	good := tokens.Attempt{Outcome: tokens.OutcomeRefreshed, Fingerprint: "11111111", Answer: "HTTP 200\n\none\n"}
	record(t, l, org, good)
	wants("a refresh", good.Answer)
	if listed(t, l)[0].Last.Answer != "" {
		t.Error("a list has read an answer")
	}

	record(t, l, org, tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Body: "no"}})
	wants("a refusal", "")
	record(t, l, org, tokens.Attempt{Outcome: tokens.OutcomeAdopted, Fingerprint: "11111111"})
	wants("the same tokens, from another process", good.Answer)
	record(t, l, org, tokens.Attempt{Outcome: tokens.OutcomeAdopted, Fingerprint: "22222222"})
	wants("tokens of another program", "")

	newer := org
	newer.Generation++
	record(t, l, newer, tokens.Attempt{Outcome: tokens.OutcomeRefreshed, Fingerprint: "33333333", Answer: "HTTP 200\n\nthree\n"})
	record(t, l, org, good) // it comes late: the tokens of the newer one are saved
	wants("an older refresh", "HTTP 200\n\nthree\n")

	history, err := l.History(t.Context(), org.Key, 9)
	if err != nil || len(history) != 6 {
		t.Fatalf("%d attempts, %v", len(history), err)
	}
	for _, a := range history {
		if a.Answer != "" {
			t.Errorf("the history has read an answer: %+v", a)
		}
	}
	if err := l.Forget(t.Context(), org.Key); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := l.db.QueryRowContext(t.Context(), `SELECT count(*) FROM answers`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d answers of an org that is forgotten, %v", left, err)
	}
}
