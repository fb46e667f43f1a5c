package keeper

import (
	"context"
	"errors"
	"fmt"
	"time"

	"orgkeep/tokens"
)

// Partner is another program that has the refresh tokens of shared orgs too: the
// Salesforce CLI. Implementations are safe for concurrent use.
type Partner interface {
	// Lock takes the program's own lock on refreshing the login; release gives it
	// back. It waits as long as the program would.
	Lock(ctx context.Context, at tokens.Shared) (release func(), err error)
	// Read returns the refresh token, the access token and the instance URL that
	// the program has now.
	Read(ctx context.Context, at tokens.Shared) (tokens.Secrets, error)
	// Write gives the program the tokens, durably and whole or not at all. It is an
	// error when the program has other tokens than these and those they replaced.
	Write(ctx context.Context, at tokens.Shared, next tokens.Secrets) error
}

const (
	writeBackMost = 10 * time.Second // after a refresh somebody is waiting for
	squareMost    = 2 * time.Second  // on the way
)

// ProblemReadOnly begins the Problem of an org that only the other program
// refreshes.
const ProblemReadOnly = "not refreshed here: it was imported as read-only"

// sharedNow is with whom the org is shared by now: whoever asks for a refresh may
// have seen it before an import shared it.
func (t *try) sharedNow(ctx context.Context) tokens.Shared {
	if known, err := t.keeper.ledger.Org(ctx, t.org.Key); err == nil {
		return known.Shared
	}
	return t.org.Shared
}

// join prepares the refresh of a shared org: it takes the other program's lock
// and brings both to the same tokens. saved becomes what both have. done is the
// result where nothing is to be sent; the lock is free then.
func (t *try) join(ctx context.Context, saved tokens.Secrets) (release func(), done *Result) {
	k, at := t.keeper, t.org.Shared
	release = func() {}
	if k.partner == nil {
		return nil, t.notSent(ctx, errors.New("the Salesforce CLI's files cannot be reached from here"))
	}
	if at.Mode == tokens.SharedLocked {
		var err error
		if release, err = k.partner.Lock(ctx, at); err != nil {
			return nil, t.notSent(ctx, err)
		}
	}
	theirs, old, err := k.readPartner(ctx, at, saved)
	switch {
	case err != nil:
		done = t.notSent(ctx, err)
	case theirs.RefreshToken.Equal(saved.RefreshToken) && at.Mode == tokens.SharedLocked:
	case old && at.Mode == tokens.SharedLocked:
		if err := k.giveBack(ctx, t.org, saved, theirs); err != nil {
			done = t.notSent(ctx, fmt.Errorf("the tokens of the last refresh cannot be written back: %w", err))
		} else {
			t.org.Shared.Owed = false
		}
	case theirs.RefreshToken.Equal(saved.RefreshToken) && theirs.AccessToken.Equal(saved.AccessToken), old:
		done = t.notSent(ctx, errors.New(ProblemReadOnly+"; the Salesforce CLI refreshes it as "+tokens.Clean(at.Username)))
	default:
		done = t.takeOver(ctx, saved, theirs)
	}
	if done != nil {
		release()
		return nil, done
	}
	return release, nil
}

// readPartner reads what the other program has, and whether that is older than the
// saved: a copy of its files that was put back may be older by many refreshes.
func (k *Keeper) readPartner(ctx context.Context, at tokens.Shared, saved tokens.Secrets) (theirs tokens.Secrets, old bool, err error) {
	theirs, err = k.partner.Read(ctx, at)
	if err != nil || theirs.RefreshToken.Equal(saved.RefreshToken) || behind(theirs, saved) {
		return theirs, err == nil && behind(theirs, saved), err
	}
	old, err = k.ledger.Spent(ctx, theirs.RefreshToken)
	return theirs, old, err
}

// behind reports whether the other program still has the refresh token that the
// saved one took the place of. Any other one than the saved is newer.
func behind(theirs, saved tokens.Secrets) bool {
	return saved.Replaced != "" && theirs.RefreshToken.Fingerprint() == saved.Replaced && !theirs.RefreshToken.Equal(saved.RefreshToken)
}

// takenOver are an org's secrets with the tokens that the other program has refreshed
// meanwhile. When that was it does not say: the age becomes unknown, and so does the
// time of the last use.
func takenOver(saved, theirs tokens.Secrets) tokens.Secrets {
	next := saved
	next.RefreshToken, next.AccessToken, next.Replaced = theirs.RefreshToken, theirs.AccessToken, ""
	next.IssuedAt, next.IssuedAtText, next.Signature = time.Time{}, "", tokens.Secret{}
	next.RefreshUsedAt = time.Time{}
	if theirs.InstanceURL != "" {
		next.InstanceURL = theirs.InstanceURL
	}
	return next
}

// takeOver saves what the other program has refreshed meanwhile.
func (t *try) takeOver(ctx context.Context, saved, theirs tokens.Secrets) *Result {
	next := takenOver(saved, theirs)
	next.Generation = max(saved.Generation, t.org.Generation) + 1
	if err := t.keeper.write(context.WithoutCancel(ctx), t.org.Key, next); err != nil {
		r := t.failed(keychainFailure(err))
		return &r
	}
	if saved.Rotates != tokens.RotationNo && !saved.RefreshToken.Equal(theirs.RefreshToken) {
		t.attempt.Spent = saved.RefreshToken.LongFingerprint()
	}
	r := t.adoptOver(saved, next)
	r.Warning = errors.Join(r.Warning, t.owe(ctx, false))
	r.Org.Shared = t.org.Shared
	return &r
}

// notSent is the result of a shared org that was not sent. It is not recorded:
// nothing has changed.
func (t *try) notSent(ctx context.Context, err error) *Result {
	if ctx.Err() != nil {
		r := t.cancelled(ctx.Err())
		return &r
	}
	t.attempt.Outcome, t.attempt.Duration = tokens.OutcomeCancelled, t.stopwatch()
	t.attempt.Failure = tokens.Failure{Kind: tokens.FailedShared, Problem: tokens.Clean(err.Error())}.WithCause(err)
	return &Result{Org: t.org, Attempt: t.attempt}
}

// writeBack gives the other program the tokens that a refresh has brought. That
// it failed is a warning, and remembered where its refresh token is dead by now.
func (t *try) writeBack(ctx context.Context, next tokens.Secrets) error {
	if t.org.Shared.Mode != tokens.SharedLocked {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeBackMost)
	defer cancel()
	err := t.keeper.partner.Write(ctx, t.org.Shared, next)
	if err == nil {
		return t.owe(ctx, false)
	}
	after := "it goes on with its own ones"
	if t.attempt.Rotated {
		after = "it cannot refresh this org until they are there; orgkeep tries again at its next start"
		err = errors.Join(err, t.owe(context.WithoutCancel(ctx), true))
	}
	return fmt.Errorf("the new tokens are saved here, and could not be written back to the Salesforce CLI: %w; %s", err, after)
}

// owe remembers whether the other program still has to get its tokens.
func (t *try) owe(ctx context.Context, owed bool) error {
	if t.org.Shared.Owed == owed {
		return nil
	}
	t.org.Shared.Owed = owed
	_, err := t.keeper.ledger.SetShared(ctx, t.org.Key, t.org.Shared)
	return err
}

// giveBack gives the other program, whose lock the caller has, the saved tokens in
// the place of its older ones.
func (k *Keeper) giveBack(ctx context.Context, org tokens.Org, saved, theirs tokens.Secrets) error {
	saved.Replaced = theirs.RefreshToken.Fingerprint()
	if err := k.partner.Write(ctx, org.Shared, saved); err != nil {
		return err
	}
	if !org.Shared.Owed {
		return nil
	}
	org.Shared.Owed = false
	_, err := k.ledger.SetShared(ctx, org.Key, org.Shared)
	return err
}

// square brings the other program to the saved tokens where it is behind. The
// caller has the login's lock.
func (k *Keeper) square(ctx context.Context, org tokens.Org, saved tokens.Secrets) error {
	if org.Shared.Mode != tokens.SharedLocked || k.partner == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, squareMost)
	defer cancel()
	release, err := k.partner.Lock(ctx, org.Shared)
	if err != nil {
		return err
	}
	defer release()
	theirs, old, err := k.readPartner(ctx, org.Shared, saved)
	switch {
	case err != nil:
		return err
	case old:
		return k.giveBack(ctx, org, saved, theirs)
	case org.Shared.Owed: // it has these, or newer ones that the next refresh takes over
		org.Shared.Owed = false
		_, err = k.ledger.SetShared(ctx, org.Key, org.Shared)
	}
	return err
}

// payBack tries again what writeBack could not do, and returns the orgs that are
// square now. What still cannot be written is tried at the next start, and by the
// org's next refresh, which is not sent before.
func (k *Keeper) payBack(ctx context.Context) ([]tokens.Org, error) {
	if k.partner == nil {
		return nil, nil
	}
	keys, err := k.ledger.Owing(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for tokens to write back: %w", err)
	}
	var paid []tokens.Org
	for _, key := range keys {
		if org, err := k.payBackOne(ctx, key); err == nil && !org.Shared.Owed {
			paid = append(paid, org)
		}
	}
	return paid, nil
}

func (k *Keeper) payBackOne(ctx context.Context, key tokens.Key) (tokens.Org, error) {
	short, cancel := context.WithTimeout(ctx, 10*lockPoll)
	defer cancel()
	unlock, err := k.locks.lock(short, key)
	if err != nil {
		return tokens.Org{}, errTaken
	}
	defer k.unlockSettled(key, unlock)
	saved, err := k.read(ctx, key)
	if err != nil {
		return tokens.Org{}, err
	}
	org, err := k.ledger.Org(ctx, key)
	if err == nil {
		err = k.square(ctx, org, saved)
	}
	if err != nil {
		return tokens.Org{}, err
	}
	return k.ledger.Org(ctx, key)
}
