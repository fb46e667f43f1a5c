package keeper

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

// adopt takes over what another process saved.
func (t *try) adopt(saved tokens.Secrets) Result { return t.adoptOver(saved, saved) }

// adoptOver is adopt where it is known which tokens were the newest before.
func (t *try) adoptOver(before, saved tokens.Secrets) Result {
	t.org = t.org.Holding(saved)
	t.org.Pause = nil
	t.attempt.Fingerprint = saved.AccessToken.Fingerprint()
	if t.attempt.Spent == "" {
		t.attempt.Spent = saved.Replaced // whoever saved them may have ended before its ledger knew
	}
	t.toMirror(context.Background(), before, saved)
	result := t.finish(tokens.OutcomeAdopted, nil)
	if err := t.keeper.arrived(t.org.Key, saved); err != nil {
		result.Warning = errors.Join(result.Warning, err)
	}
	return result
}

func (t *try) failed(f *tokens.Failure) Result { return t.finish(tokens.OutcomeFailed, f) }

// stopped ends a refresh before anything was sent: because the user cancelled,
// or because something refused.
func (t *try) stopped(ctx context.Context, f *tokens.Failure) Result {
	if ctx.Err() != nil {
		return t.cancelled(ctx.Err())
	}
	return t.failed(f)
}

// unsent takes the intent back: the refresh token was not used up, unless by an
// earlier refresh whose outcome is still unknown.
func (t *try) unsent(r Result) Result {
	if t.inDoubt {
		return r
	}
	if err := t.keeper.journal.Done(t.org.Key); err != nil {
		r.Warning = errors.Join(r.Warning, err)
	}
	return r
}

// cancelled is not recorded: nothing was sent and nothing has changed.
func (t *try) cancelled(cause error) Result {
	t.attempt.Outcome = tokens.OutcomeCancelled
	t.attempt.Duration = t.stopwatch()
	t.attempt.Failure = tokens.Failure{
		Kind: tokens.FailedCancelled, Problem: "cancelled before anything was sent",
	}.WithCause(cause)
	return Result{Org: t.org, Attempt: t.attempt}
}

// heldBack is for an org that a longer pause holds back than is waited for. It
// is not recorded: the org was not asked, and nothing has changed.
func (t *try) heldBack(p tokens.Pause) Result {
	until := tokens.FormatUntil(p.Until, t.keeper.clock.Now())
	t.org.Pause = &p
	t.attempt.Outcome = tokens.OutcomeCancelled
	t.attempt.Duration = t.stopwatch()
	t.attempt.Failure = &tokens.Failure{
		Kind: tokens.FailedPaused, Problem: fmt.Sprintf("not sent: %s is paused until %s", p.Scope.Name(), until),
	}
	return Result{Org: t.org, Attempt: t.attempt}
}

// stillUnknown answers for an org whose earlier refresh was sent and never
// answered. It is recorded once.
func (t *try) stillUnknown(f *tokens.Failure) Result {
	if last := t.org.Last; last != nil && last.Outcome == tokens.OutcomeUnknown {
		t.attempt.Outcome, t.attempt.Failure, t.attempt.Duration = tokens.OutcomeUnknown, last.Failure, t.stopwatch()
		return Result{Org: t.org, Attempt: t.attempt}
	}
	return t.finish(tokens.OutcomeUnknown, f)
}

// finish writes the outcome to the ledger and makes the result of it.
func (t *try) finish(outcome tokens.Outcome, f *tokens.Failure) Result {
	return t.record(t.org, outcome, f)
}

// record is finish with another org for the ledger than for the caller.
func (t *try) record(inLedger tokens.Org, outcome tokens.Outcome, f *tokens.Failure) Result {
	t.attempt.Outcome = outcome
	t.attempt.Failure = f
	t.attempt.Duration = t.stopwatch()
	last := t.attempt
	last.Answer = "" // the ledger has it, and a screen of thousands of orgs need not
	t.org.Last = &last
	result := Result{Org: t.org, Attempt: last, Notice: tokens.SkewWarning(t.attempt.Skew, t.org.LoginHost()), Warning: t.warning}
	if err := t.keeper.ledger.Record(context.Background(), inLedger, t.attempt); err != nil {
		result.Warning = errors.Join(t.warning, fmt.Errorf("writing the ledger for %s: %w", t.org.Alias, err))
	}
	return result
}

func asFailure(err error) *tokens.Failure {
	if f, ok := errors.AsType[*tokens.Failure](err); ok {
		return f
	}
	return tokens.Failure{Kind: tokens.FailedTransport, Sent: true, Problem: tokens.Clean(err.Error())}.WithCause(err)
}

// asLookFailure is asFailure for what is no refresh: no refresh token was sent.
func asLookFailure(err error) *tokens.Failure {
	if f, ok := errors.AsType[*tokens.Failure](err); ok {
		return f
	}
	return tokens.Failure{Kind: tokens.FailedTransport, Aside: true, Problem: tokens.Clean(err.Error())}.WithCause(err)
}

func keychainFailure(err error) *tokens.Failure {
	f := tokens.Failure{Kind: tokens.FailedKeychain, Problem: tokens.Clean(strings.TrimSpace(err.Error()))}
	if errors.Is(err, keychain.ErrNotFound) {
		f.Problem = salesforce.ProblemUnsaved
	}
	return f.WithCause(err)
}

func journalFailure(done string, err error) *tokens.Failure {
	return tokens.Failure{
		Kind: tokens.FailedLocal, Problem: "the journal cannot be " + done + ": " + tokens.Clean(err.Error()),
	}.WithCause(err)
}
