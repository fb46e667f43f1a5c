package keeper

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/salesforce"
)

// try is one refresh of one org on its way through the protocol: lock, read the
// keychain inside the lock, intent, send, journal, keychain, ledger, unlock. It
// belongs to one goroutine.
type try struct {
	keeper    *Keeper
	org       tokens.Org
	anyway    bool // send although an earlier outcome is unknown
	inDoubt   bool // the earlier outcome of this very refresh token is unknown
	attempt   tokens.Attempt
	tell      func(Event)
	stopwatch func() time.Duration
}

func (t *try) step(s tokens.Step) { t.tell(Event{Step: s}) }

func (t *try) run(ctx context.Context) Result {
	k, key := t.keeper, t.org.Key
	t.step(tokens.StepLocking)
	unlock, err := k.locks.lock(ctx, key)
	if err != nil {
		return t.stopped(ctx, tokens.Failure{Kind: tokens.FailedLocal, Problem: tokens.Clean(err.Error())}.WithCause(err))
	}
	defer k.unlockSettled(key, unlock)

	t.step(tokens.StepReading)
	if err := k.unlockJournal(ctx); err != nil {
		return t.stopped(ctx, keychainFailure(err))
	}
	saved, err := k.recovered(ctx, key)
	if err != nil {
		return t.stopped(ctx, keychainFailure(err))
	}
	doubt, err := k.cutOff(key, saved)
	if err != nil {
		return t.failed(journalFailure("read", err))
	}
	t.inDoubt = doubt != nil
	switch {
	case t.inDoubt && !t.anyway:
		t.org = t.org.Holding(saved)
		return t.stillUnknown(doubt)
	case saved.Generation > t.org.Generation:
		return t.adopt(saved)
	case saved.RefreshToken.IsZero():
		return t.failed(&tokens.Failure{Kind: tokens.FailedLocal, Problem: "no refresh token is saved for this org"})
	case saved.Generation < t.org.Generation && saved.Rotates != tokens.RotationNo && !t.anyway:
		return t.failed(&tokens.Failure{Kind: tokens.FailedKeychain, Problem: problemOlder})
	}
	return t.begin(ctx, saved)
}

// problemOlder is said of a keychain that was put back to an earlier state, or
// lost its last write in a power cut.
const problemOlder = "the keychain has older tokens than the last refresh brought; its refresh token may have been used up, so nothing was sent"

// begin writes the intent and sends. An intent that is there already, of an
// outcome that is unknown, is replaced: it was about the same refresh token.
func (t *try) begin(ctx context.Context, saved tokens.Secrets) Result {
	k, key := t.keeper, t.org.Key
	intent := journal.Intent{Generation: saved.Generation, Fingerprint: saved.RefreshToken.Fingerprint(), Started: k.clock.Now()}
	if err := k.journal.Begin(key, intent); err != nil {
		return t.failed(journalFailure("written", err))
	}
	return t.exchange(ctx, saved)
}

// exchange sends the refresh until it is answered for good. Only what cannot
// have used up the refresh token is sent again.
func (t *try) exchange(ctx context.Context, saved tokens.Secrets) Result {
	for n := 1; ; n++ {
		answer, err := t.send(ctx, saved)
		if err == nil {
			return t.save(ctx, saved, answer)
		}
		f := asFailure(err)
		if f.Kind == tokens.FailedCancelled {
			t.attempt.Tries--
			return t.unsent(t.cancelled(f))
		}
		if f.Code == "invalid_grant" {
			// Somebody without our lock may have been faster (an import, a restored keychain).
			now, err := t.keeper.read(context.WithoutCancel(ctx), t.org.Key)
			if err == nil && now.Generation > saved.Generation {
				return t.adopt(now)
			}
			t.inDoubt = t.inDoubt && salesforce.Transient(f) // else the refresh token is known to be dead
		}
		if wait := patience(f, t.keeper.pause(n+1)); wait > 0 {
			t.keeper.hosts.pause(t.org.LoginHost(), wait, t.keeper.clock.Stopwatch(), f)
		}
		undecided := salesforce.Undecided(f)
		again := salesforce.Transient(f) || undecided && saved.Rotates == tokens.RotationNo
		if again && n < triesMost && t.waited(ctx, f, n+1) {
			continue
		}
		if undecided {
			return t.finish(tokens.OutcomeUnknown, f) // the intent stays
		}
		return t.unsent(t.failed(f))
	}
}

// send posts the refresh. It gives way to ctx until the refresh token begins to
// leave, and never after.
func (t *try) send(ctx context.Context, saved tokens.Secrets) (salesforce.Answer, error) {
	t.attempt.Tries++
	return t.keeper.endpoint.Refresh(ctx, salesforce.RefreshRequest{
		Host:         t.org.LoginHost(),
		ClientID:     t.org.ClientID,
		ClientSecret: saved.ClientSecret,
		RefreshToken: saved.RefreshToken,
		Known:        []string{t.org.InstanceURL, saved.ID},
	}, t.step)
}

// waited pauses before try n, as long as the endpoint asked for or the backoff
// says, and gives its place in the pool to another org meanwhile. It reports
// false when that is too long, or when ctx ends.
func (t *try) waited(ctx context.Context, f *tokens.Failure, n int) bool {
	wait := max(t.keeper.pause(n), f.RetryAfter, patience(f, 0))
	if wait > retryMost {
		return false
	}
	t.exit()
	whole := t.pause(ctx, wait)
	t.keeper.pool <- struct{}{} // the caller gives it back
	return whole
}

// pause waits; it reports whether ctx has let it.
func (t *try) pause(ctx context.Context, wait time.Duration) bool {
	t.tell(Event{Step: tokens.StepPausing, Wait: wait})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// save brings the answer to the journal, the keychain and the ledger, in this
// order. The caller can no longer cancel: the old refresh token may be dead.
func (t *try) save(ctx context.Context, saved tokens.Secrets, answer salesforce.Answer) Result {
	t.step(tokens.StepSaving)
	k, key := t.keeper, t.org.Key
	grant, foreign := own(answer.Grant, t.org)
	next, before := saved.Next(grant, k.clock.Now()), t.org
	t.attempt.Rotated = !answer.Grant.RefreshToken.IsZero()
	t.attempt.Fingerprint = next.AccessToken.Fingerprint()
	t.org = t.org.Holding(next)
	inJournal := k.journal.Keep(key, next)
	err := k.writeTrying(context.WithoutCancel(ctx), key, next)
	if err == nil {
		result := t.saved(answer, foreign)
		if err := k.journal.Done(key); err != nil {
			result.Warning = errors.Join(result.Warning, err)
		}
		return result
	}
	where, inLedger := k.held.keep(t.org, next, inJournal), t.org
	if where == HeldInMemory {
		inLedger = before // tokens that may end with this process are not the org's yet
	}
	result := t.record(inLedger, tokens.OutcomeRefreshed, nil)
	result.Held = where
	result.Warning = errors.Join(result.Warning, inJournal, fmt.Errorf("saving %s in the keychain: %w", t.org.Alias, err))
	return result
}

// saved is the result of tokens that the keychain has taken.
func (t *try) saved(answer salesforce.Answer, foreign *tokens.Failure) Result {
	outcome := tokens.OutcomeRefreshed
	if foreign != nil {
		outcome = tokens.OutcomeFailed
	}
	result := t.finish(outcome, foreign)
	result.Notice = salesforce.SkewWarning(answer.Skew(t.keeper.clock.Now()))
	if answer.Distrusted != "" {
		result.Warning = errors.Join(result.Warning, fmt.Errorf(
			"%s: the answer named %s, which is no host of Salesforce's or of this org; it was left out, the new tokens are saved", t.org.Alias, answer.Distrusted))
	}
	return result
}

// own checks that a grant is for the org's own login. The tokens of another one
// are kept, since the old refresh token is spent, but nothing else of the answer
// is believed, and the failure says so.
func own(g tokens.Grant, org tokens.Org) (tokens.Grant, *tokens.Failure) {
	if g.OrgID == "" || g.OrgID == org.OrgID && g.UserID == org.UserID {
		return g, nil
	}
	f := &tokens.Failure{
		Kind: tokens.FailedAnswer, Sent: true, HTTPStatus: 200, Host: strings.TrimPrefix(org.LoginHost(), "https://"),
		Problem: fmt.Sprintf("%s: org %s, user %s", salesforce.ProblemOtherLogin, g.OrgID, g.UserID),
	}
	g.ID, g.InstanceURL, g.Scopes = "", "", nil
	return g, f
}

// writeTrying writes to the keychain, and tries again after 0.2 s and 1 s. A
// keychain that hangs has had its time by then, and gets no more of it.
func (k *Keeper) writeTrying(ctx context.Context, key tokens.Key, s tokens.Secrets) error {
	err := k.write(ctx, key, s)
	for _, pause := range []time.Duration{200 * time.Millisecond, time.Second} {
		if err == nil || errors.Is(err, keychain.ErrTimeout) {
			return err
		}
		time.Sleep(pause)
		err = k.write(ctx, key, s)
	}
	return err
}

// adopt takes over what another process saved.
func (t *try) adopt(saved tokens.Secrets) Result {
	t.org = t.org.Holding(saved)
	t.attempt.Fingerprint = saved.AccessToken.Fingerprint()
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
	t.org.Last = &last
	result := Result{Org: t.org, Attempt: t.attempt}
	if err := t.keeper.ledger.Record(context.Background(), inLedger, t.attempt); err != nil {
		result.Warning = fmt.Errorf("writing the ledger for %s: %w", t.org.Alias, err)
	}
	return result
}

func asFailure(err error) *tokens.Failure {
	if f, ok := errors.AsType[*tokens.Failure](err); ok {
		return f
	}
	return tokens.Failure{Kind: tokens.FailedTransport, Sent: true, Problem: tokens.Clean(err.Error())}.WithCause(err)
}

func keychainFailure(err error) *tokens.Failure {
	f := tokens.Failure{Kind: tokens.FailedKeychain, Problem: tokens.Clean(strings.TrimSpace(err.Error()))}
	if errors.Is(err, keychain.ErrNotFound) {
		f.Problem = "the keychain has no tokens for this org"
	}
	return f.WithCause(err)
}

func journalFailure(done string, err error) *tokens.Failure {
	return tokens.Failure{
		Kind: tokens.FailedLocal, Problem: "the journal cannot be " + done + ": " + tokens.Clean(err.Error()),
	}.WithCause(err)
}

// unlockSettled gives the login's lock back; see settleFirst.
func (k *Keeper) unlockSettled(key tokens.Key, unlock func()) {
	settleFirst(k.store, string(key), unlock)
}

// settleFirst gives a lock back once no keychain call for the account is under
// way: one that ran into its time limit may still write, and whoever holds the
// lock next must read what it wrote. The caller does not wait for that.
func settleFirst(store keychain.Store, account string, unlock func()) {
	at, cancel := context.WithCancel(context.Background())
	cancel()
	if store.Settled(at, account) == nil {
		unlock()
		return
	}
	go func() {
		_ = store.Settled(context.Background(), account)
		unlock()
	}()
}
