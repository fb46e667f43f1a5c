package keeper

import (
	"context"
	"errors"
	"fmt"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/ledger"
)

func journalIdentity() (tokens.Secret, error) { return journal.NewIdentity() }

// recovered reads a login's secrets, after bringing an answer that waits in the
// journal or in memory to the keychain if it is newer. The caller holds the
// login's lock and has unlocked the journal.
func (k *Keeper) recovered(ctx context.Context, key tokens.Key) (tokens.Secrets, error) {
	saved, err := k.read(ctx, key)
	if err != nil && !errors.Is(err, keychain.ErrNotFound) {
		return tokens.Secrets{}, err
	}
	waiting, there, jerr := k.newestWaiting(key)
	switch {
	case jerr != nil:
		return tokens.Secrets{}, jerr
	case !there:
		return saved, err
	case err == nil && outdates(saved, waiting):
		// It arrived, and only the last stroke of the journal was missing; or newer
		// tokens have come since.
	default:
		waiting.Generation = max(waiting.Generation, saved.Generation+1)
		if err := k.write(ctx, key, waiting); err != nil {
			return tokens.Secrets{}, err
		}
		saved = waiting
	}
	k.held.drop(key)
	if err := k.arrived(key, saved); err != nil {
		return tokens.Secrets{}, err
	}
	return saved, nil
}

// outdates reports whether the saved tokens make the waiting ones unneeded:
// because they are the same, or were issued later. Generations alone do not
// tell: another process may have saved older tokens under a higher one, and the
// waiting refresh token may be the only one that is still valid.
func outdates(saved, waiting tokens.Secrets) bool {
	switch {
	case saved.RefreshToken.Equal(waiting.RefreshToken) && saved.AccessToken.Equal(waiting.AccessToken):
		return true
	case !saved.IssuedAt.IsZero() && !waiting.IssuedAt.IsZero() && !saved.IssuedAt.Equal(waiting.IssuedAt):
		return saved.IssuedAt.After(waiting.IssuedAt)
	}
	return saved.Generation > waiting.Generation
}

// newestWaiting returns the secrets that wait in the journal or in memory. Where
// both have some, another process may have refreshed since this one's were kept.
func (k *Keeper) newestWaiting(key tokens.Key) (tokens.Secrets, bool, error) {
	kept, there, err := k.journal.Kept(key)
	inMemory, held := k.held.get(key)
	if held && (err != nil || !there || inMemory.Generation >= kept.Generation) {
		return inMemory, true, nil
	}
	return kept, there, err
}

// arrived removes what the journal has of a login that the keychain now has
// whole. An intent that is about the saved refresh token stays: nobody knows
// whether that was used up.
func (k *Keeper) arrived(key tokens.Key, saved tokens.Secrets) error {
	doubt, err := k.cutOff(key, saved)
	switch {
	case err != nil:
		return err
	case doubt != nil:
		return k.journal.Arrived(key)
	}
	return k.journal.Done(key)
}

// cutOff returns the failure of an earlier refresh of the same refresh token
// that was about to be sent and was never answered; nil when there was none. An
// org that is known not to rotate loses nothing by another try.
func (k *Keeper) cutOff(key tokens.Key, saved tokens.Secrets) (*tokens.Failure, error) {
	intent, err := k.journal.Intent(key)
	if err != nil || intent == nil || saved.Rotates == tokens.RotationNo {
		return nil, err
	}
	if intent.Fingerprint != "" && intent.Fingerprint != saved.RefreshToken.Fingerprint() {
		return nil, nil
	}
	return crashed(), nil
}

// crashed is what is known of a refresh that its program did not see the end of.
func crashed() *tokens.Failure {
	return &tokens.Failure{
		Kind: tokens.FailedTransport, Phase: "waiting", Sent: true,
		Problem: "orgkeep was ended while the refresh was under way",
	}
}

// withCrashes gives the orgs of refreshes that a crash has cut off their last
// attempt. A refresh that another process is busy with holds its lock, and is
// no crash.
func (k *Keeper) withCrashes(orgs []tokens.Org) []tokens.Org {
	entries, err := k.journal.Entries()
	if err != nil || len(entries) == 0 {
		return orgs
	}
	cut := map[tokens.Key]bool{}
	for _, e := range entries {
		if _, here := k.held.get(e.Key); !e.Answer && !here && k.locks.free(e.Key) {
			cut[e.Key] = true
		}
	}
	for i, org := range orgs {
		if !cut[org.Key] || org.Last != nil && org.Last.Outcome == tokens.OutcomeUnknown {
			continue
		}
		intent, err := k.journal.Intent(org.Key)
		if err != nil || intent == nil || intent.Generation != 0 && intent.Generation < org.Generation || org.Rotates == tokens.RotationNo {
			continue
		}
		orgs[i].Last = &tokens.Attempt{At: intent.Started, Outcome: tokens.OutcomeUnknown, Tries: 1, Failure: crashed()}
	}
	return orgs
}

// Recover brings every answer that waits in the journal or in memory to the
// keychain and the ledger. It returns the orgs it has changed and the logins
// that are still waiting, with the reason; and it writes back to the Salesforce CLI
// what an earlier refresh could not, and completes what Settle has begun. It does not wait for logins that
// another refresh is busy with.
//
// Token files that are behind their orgs are brought up to date as well. One that
// cannot be stays behind, and is tried again.
func (k *Keeper) Recover(ctx context.Context) (changed []tokens.Org, waiting []Waiting, err error) {
	defer k.catchUpMirrors(ctx)
	return k.recoverAll(ctx)
}

func (k *Keeper) recoverAll(ctx context.Context) (changed []tokens.Org, waiting []Waiting, err error) {
	_ = k.journal.Sweep(k.clock.Now()) // what cannot be removed harms nobody, and is met again
	if changed, err = k.payBack(ctx); err != nil {
		return nil, nil, err
	}
	changed = append(changed, k.settleAll(ctx)...)
	keys, err := k.waitingKeys()
	if err != nil || len(keys) == 0 {
		return changed, nil, err
	}
	if err := k.unlockJournal(ctx); err != nil {
		return changed, k.stillWaiting(ctx, keys, err), nil
	}
	for _, key := range keys {
		org, err := k.recoverOne(ctx, key)
		switch {
		case errors.Is(err, errTaken) && !k.held.has(key), errors.Is(err, ledger.ErrNotFound):
			// Whoever has the lock brings it home; the second is at home in the keychain, and a login of another ledger.
		case err != nil:
			waiting = append(waiting, k.stillWaiting(ctx, []tokens.Key{key}, err)...)
		default:
			changed = append(changed, org)
		}
	}
	return changed, waiting, nil
}

// errTaken means that somebody else is busy with the login.
var errTaken = errors.New("another refresh has the lock")

func (k *Keeper) recoverOne(ctx context.Context, key tokens.Key) (tokens.Org, error) {
	short, cancel := context.WithTimeout(ctx, 10*lockPoll)
	defer cancel()
	unlock, err := k.locks.lock(short, key)
	if err != nil {
		return tokens.Org{}, errTaken
	}
	defer k.unlockSettled(key, unlock)
	saved, err := k.recovered(ctx, key)
	if err != nil {
		return tokens.Org{}, err
	}
	org, err := k.ledger.Org(ctx, key)
	if err != nil {
		return tokens.Org{}, err
	}
	if k.square(ctx, org, saved) != nil && !org.Shared.Owed {
		org.Shared.Owed = true
		if _, err := k.ledger.SetShared(ctx, key, org.Shared); err != nil {
			return tokens.Org{}, err
		}
	}
	if org.Generation >= saved.Generation {
		return org, nil
	}
	org = org.Holding(saved)
	a := tokens.Attempt{
		At: k.clock.Now(), Trigger: k.trigger, Outcome: tokens.OutcomeAdopted, Fingerprint: saved.AccessToken.Fingerprint(),
		Spent: saved.Replaced,
	}
	org.Last = &a
	if err := k.ledger.Record(ctx, org, a); err != nil {
		return tokens.Org{}, fmt.Errorf("writing the ledger for %s: %w", org.Alias, err)
	}
	return org, nil
}

// waitingKeys are the logins whose answers have not arrived in the keychain.
func (k *Keeper) waitingKeys() ([]tokens.Key, error) {
	entries, err := k.journal.Entries()
	if err != nil {
		return nil, err
	}
	keys := k.held.keys()
	for _, e := range entries {
		if _, inMemory := k.held.get(e.Key); e.Answer && !inMemory {
			keys = append(keys, e.Key)
		}
	}
	return keys, nil
}

// Waiting is a login whose new tokens are not yet in the keychain.
type Waiting struct {
	Key   tokens.Key
	Alias string
	Held  Held
	Err   error
}

func (k *Keeper) stillWaiting(ctx context.Context, keys []tokens.Key, cause error) []Waiting {
	waiting := make([]Waiting, len(keys))
	for i, key := range keys {
		w := Waiting{Key: key, Alias: string(key), Held: HeldInJournal, Err: cause}
		if org, err := k.ledger.Org(ctx, key); err == nil {
			w.Alias = org.Alias
		}
		if k.held.inMemoryOnly(key) {
			w.Held = HeldInMemory
		}
		waiting[i] = w
	}
	return waiting
}

// RecoverEvery is how long to wait before another Recover while something waits.
const RecoverEvery = 5 * time.Second
