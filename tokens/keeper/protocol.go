package keeper

import (
	"context"
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
	hasty     bool // send although a pause holds the org back
	inDoubt   bool // the earlier outcome of this very refresh token is unknown
	attempt   tokens.Attempt
	tell      func(Event)
	stopwatch func() time.Duration
	placed    bool  // has a place in the pool
	warning   error // a pause or a mirror that could not be written down
	mirror    string
	unsure    error // why the token file may have a newer refresh token than the saved one
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
	if saved, err = t.fromMirror(ctx, saved); err != nil {
		return t.stopped(ctx, keychainFailure(err))
	}
	if t.org.Shared = t.sharedNow(ctx); t.org.Shared.Mode != tokens.SharedNot {
		release, done := t.join(ctx, saved)
		if done != nil {
			return *done
		}
		defer release()
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
		return t.failed(&tokens.Failure{Kind: tokens.FailedKeychain, Problem: salesforce.ProblemOlder + "; nothing was sent"})
	}
	if t.unsure != nil && saved.Rotates != tokens.RotationNo && !t.anyway {
		return t.failed(tokens.Failure{Kind: tokens.FailedLocal, Problem: salesforce.ProblemMirror + ": " + t.unsure.Error()}.WithCause(t.unsure))
	}
	if err := t.mayBeSent(ctx, saved); err != nil {
		return t.failed(tokens.Failure{Kind: tokens.FailedLocal, Problem: salesforce.ProblemSpent + ": " + err.Error()}.WithCause(err))
	}
	return t.begin(ctx, saved)
}

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
			t.org.Pause = nil
			return t.save(ctx, saved, answer)
		}
		f := asFailure(err)
		if f.Kind == tokens.FailedCancelled {
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
		t.askedToWait(f, t.keeper.pause(n+1))
		undecided := salesforce.Undecided(f)
		again := salesforce.Transient(f) || (undecided || salesforce.Faulty(f)) && saved.Rotates == tokens.RotationNo
		if again && n < triesMost && t.waited(ctx, f, n+1) {
			// A writer without our lock may have come in the pause.
			now, err := t.keeper.read(context.WithoutCancel(ctx), t.org.Key)
			if err == nil && now.Generation > saved.Generation {
				return t.adopt(now)
			}
			if err == nil {
				continue
			}
		}
		if undecided {
			return t.finish(tokens.OutcomeUnknown, f) // the intent stays
		}
		return t.unsent(t.failed(f))
	}
}

// send posts the refresh. It gives way to ctx until the refresh token begins to
// leave, and never after. One that gave way is no try.
func (t *try) send(ctx context.Context, saved tokens.Secrets) (salesforce.Answer, error) {
	answer, err := t.keeper.endpoint.Refresh(ctx, salesforce.RefreshRequest{
		Host:         t.org.LoginHost(),
		ClientID:     t.org.ClientID,
		ClientSecret: saved.ClientSecret,
		RefreshToken: saved.RefreshToken,
		Known:        []string{t.org.InstanceURL, saved.ID},
		Mask:         []tokens.Secret{saved.AccessToken, saved.Signature},
	}, t.step)
	if err == nil || asFailure(err).Kind != tokens.FailedCancelled {
		t.attempt.Tries++
		t.attempt.Date = answer.Date
		t.attempt.Skew = answer.Skew(t.keeper.clock.Now()).Round(time.Millisecond)
		l := answer.Latency
		t.attempt.Phases = tokens.Phases{Resolve: l.Resolve, Connect: l.Connect, TLS: l.TLS, Send: l.Send, Wait: l.Wait, Read: l.Read}
	}
	return answer, err //nolint:wrapcheck // a *tokens.Failure, worded already
}

// waited pauses before try n, as long as the endpoint asked for or the backoff
// says, and gives its place in the pool to another org meanwhile. It reports
// false when that is too long, or when ctx ends.
func (t *try) waited(ctx context.Context, f *tokens.Failure, n int) bool {
	_, asked := patience(t.org, f, 0)
	wait := max(t.keeper.pause(n), f.RetryAfter, asked)
	if wait > retryMost {
		return false
	}
	t.exit()
	whole := t.pause(ctx, Event{Wait: wait, Failure: f, Pause: t.org.Pause})
	t.keeper.pool <- struct{}{}
	t.placed = true
	return whole
}

// pause waits; it reports whether ctx has let it.
func (t *try) pause(ctx context.Context, e Event) bool {
	e.Step = tokens.StepPausing
	t.tell(e)
	timer := time.NewTimer(e.Wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
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
