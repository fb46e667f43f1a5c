package cli

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

func result(outcome tokens.Outcome, f *tokens.Failure) keeper.Result {
	return keeper.Result{Org: tokens.Org{Alias: string(outcome)}, Attempt: tokens.Attempt{Outcome: outcome, Failure: f}}
}

func TestCodeOfResults(t *testing.T) {
	t.Parallel()
	answer := func(code, description string) *tokens.Failure {
		return &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: http.StatusBadRequest, Code: code, Description: description, Sent: true}
	}
	well := result(tokens.OutcomeRefreshed, nil)
	adopted := result(tokens.OutcomeAdopted, nil)
	over := result(tokens.OutcomeFailed, answer("invalid_grant", "expired access/refresh token"))
	unapproved := result(tokens.OutcomeFailed, answer("invalid_grant", "user hasn't approved this consumer"))
	inactive := result(tokens.OutcomeFailed, answer("invalid_grant", "inactive user"))
	restricted := result(tokens.OutcomeFailed, answer("invalid_grant", "ip restricted"))
	racing := result(tokens.OutcomeFailed, answer("invalid_grant", "token request is already being processed"))
	unheard := result(tokens.OutcomeFailed, answer("invalid_grant", "words that nobody has heard"))
	noAnswer := result(tokens.OutcomeUnknown, &tokens.Failure{Kind: tokens.FailedTransport, Sent: true})
	cancelled := result(tokens.OutcomeCancelled, &tokens.Failure{Kind: tokens.FailedCancelled})
	locked := result(tokens.OutcomeFailed, tokens.Failure{Kind: tokens.FailedKeychain}.WithCause(keychain.ErrLocked))
	gone := result(tokens.OutcomeFailed, tokens.Failure{Kind: tokens.FailedKeychain}.WithCause(keychain.ErrNotFound))
	unwritten := result(tokens.OutcomeRefreshed, nil)
	unwritten.Warning = fmt.Errorf("writing: %w", ledger.ErrUnusable)
	held := result(tokens.OutcomeRefreshed, nil)
	held.Held = keeper.HeldInJournal

	o := newRefreshing(&bytes.Buffer{}, &bytes.Buffer{})
	for _, c := range []struct {
		name    string
		results []keeper.Result
		want    int
	}{
		{"none", nil, 0},
		{"all well", []keeper.Result{well, adopted}, 0},
		{"login over", []keeper.Result{over}, 4},
		{"two logins over among others", []keeper.Result{well, over, unapproved}, 4},
		{"an admin's matter", []keeper.Result{inactive}, 1},
		{"from another network", []keeper.Result{restricted}, 1},
		{"passes by itself", []keeper.Result{racing}, 1},
		{"not known", []keeper.Result{unheard}, 1},
		{"over and no answer", []keeper.Result{over, noAnswer}, 1},
		{"no answer", []keeper.Result{noAnswer}, 1},
		{"cancelled", []keeper.Result{well, cancelled}, 1},
		{"keychain locked", []keeper.Result{locked, locked}, 3},
		{"keychain locked for one", []keeper.Result{locked, over}, 1},
		{"item gone", []keeper.Result{gone}, 1},
		{"tokens in the journal", []keeper.Result{well, held}, 3},
		{"ledger not written", []keeper.Result{well, unwritten}, 3},
	} {
		if got := o.codeOfResults(c.results); got != c.want {
			t.Errorf("%s: exit %d, want %d", c.name, got, c.want)
		}
	}
}

// Told to stop, follow waits for what was sent; once its patience is over it
// lets a signal kill again, and still waits.
func TestFollowStaysUntilAllHaveEnded(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	o := newRefreshing(&out, &errs)
	o.patience = time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	stop()
	events := make(chan keeper.Event)
	freed := make(chan struct{})
	go func() {
		<-freed
		r := result(tokens.OutcomeCancelled, &tokens.Failure{Kind: tokens.FailedCancelled})
		events <- keeper.Event{Step: tokens.StepDone, Result: &r}
		close(events)
	}()
	results := o.follow(ctx, func() { close(freed) }, events)
	if len(results) != 1 || results[0].Attempt.Outcome != tokens.OutcomeCancelled {
		t.Errorf("results: %+v", results)
	}
	lines := strings.Split(errs.String(), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "Stopping.") || !strings.HasPrefix(lines[1], "Still waiting") ||
		lines[2] != "cancelled: cancelled. Nothing was sent." {
		t.Errorf("it said: %q", lines)
	}
}

// An org that was left out is not told as if it had been sent now, nor as if nothing
// had come where an answer did that could not be read.
func TestAnOrgThatWasLeftOutIsToldTruthfully(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]*tokens.Failure{
		"got an answer that could not be read": {Kind: tokens.FailedAnswer, Sent: true, HTTPStatus: http.StatusOK},
		"got no answer":                        {Kind: tokens.FailedTransport, Sent: true},
	} {
		org := tokens.Org{Alias: "one", Last: &tokens.Attempt{Outcome: tokens.OutcomeUnknown, Tries: 1, Failure: f}}
		row := strings.Join(resultRow(leftOut(org)), "|")
		if row != "one|unknown||not sent: its last request "+want {
			t.Errorf("%s", row)
		}
		if line := leftOutLine(org); !strings.Contains(line, "not sent. Its last request "+want+", so its refresh token may have been used up") {
			t.Errorf("%s", line)
		}
		if line := sharedLine(org); !strings.Contains(line, "its last refresh "+want+",") {
			t.Errorf("%s", line)
		}
	}
	sent := result(tokens.OutcomeUnknown, &tokens.Failure{Kind: tokens.FailedTransport, Sent: true})
	sent.Attempt.Tries, sent.Attempt.Duration = 1, time.Second
	if row := resultRow(sent); row[2] == "" || strings.Contains(row[3], "not sent:") {
		t.Errorf("one that was sent: %q", row)
	}
}
