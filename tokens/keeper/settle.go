package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// errSettling means that an org's tokens are another entry's by now, or will be.
var errSettling = errors.New("its tokens are going to another entry of the same login, which the next start of orgkeep completes; refresh that one")

// Settle makes one entry of two for a login that was saved before its ids were
// known, once a refresh has told them and the ledger has the same login already:
// that one gets the tokens, and the new entry goes. Others stay as they are.
//
// Until it has gone the new entry is not refreshed: both may have one refresh token.
// What an error or a crash has left of this Recover completes; one that OfMirrorOnly
// reports leaves nothing.
func (k *Keeper) Settle(ctx context.Context, org tokens.Org) (tokens.Org, Added, error) {
	orgs, err := k.ledger.Orgs(ctx)
	if err != nil {
		return org, AddedNew, fmt.Errorf("listing the orgs: %w", err)
	}
	for _, known := range orgs {
		if known.Key == org.Key || org.UserID == "" || known.OrgID != org.OrgID || known.UserID != org.UserID || known.ClientID != org.ClientID {
			continue
		}
		if err := k.ledger.Settling(ctx, org.Key, known.Key); err != nil {
			return org, AddedNew, fmt.Errorf("bringing %s and %s together: %w", org.Alias, known.Alias, err)
		}
		saved, added, err := k.settleInto(context.WithoutCancel(ctx), org, known)
		if err != nil && !OfMirrorOnly(err) {
			return org, AddedNew, err
		}
		return saved, added, err
	}
	return org, AddedNew, nil
}

// settleInto gives an org's tokens to another entry and forgets the org. It may be
// done again from any point on: tokens that the other entry has, or has replaced
// since, are not taken.
func (k *Keeper) settleInto(ctx context.Context, org, known tokens.Org) (tokens.Org, Added, error) {
	secrets, err := k.broughtHome(ctx, org.Key)
	added := AddedUpdated
	var behind error
	switch {
	case errors.Is(err, keychain.ErrNotFound): // it was being forgotten
	case err != nil:
		return org, "", fmt.Errorf("reading the tokens of %s: %w", org.Alias, err)
	default:
		target := known
		target.LoginURL, target.Shared = org.LoginURL, k.sharedStill(ctx, org, known, secrets)
		known, added, err = k.add(ctx, target, secrets, false)
		switch {
		case OfMirrorOnly(err):
			behind = err
		case err != nil:
			return org, "", fmt.Errorf("saving %s: %w", target.Alias, err)
		}
		if err := k.ledger.Introduced(ctx, known.Key, secrets.RefreshToken); err != nil {
			return org, "", fmt.Errorf("saving %s: %w", target.Alias, err)
		}
		if known.Shared.Owed { // what cannot be written back now is tried at the next start
			if square, err := k.payBackOne(ctx, known.Key); err == nil {
				known = square
			}
		}
	}
	if err := k.Forget(ctx, org); err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return org, "", err
	}
	return known, added, behind
}

// sharedStill is with whom an entry is shared once it has an org's tokens. A Salesforce
// CLI that has them too, or those that they have replaced, goes on with the same login
// and gets the newer ones; one with another login keeps that, and the sharing ends.
func (k *Keeper) sharedStill(ctx context.Context, org, known tokens.Org, secrets tokens.Secrets) tokens.Shared {
	if known.Shared.Mode == tokens.SharedNot || k.partner == nil {
		return org.Shared
	}
	still := known.Shared
	theirs, old, err := k.readPartner(ctx, still, secrets)
	switch {
	case err == nil && theirs.RefreshToken.Equal(secrets.RefreshToken):
		return still
	case err == nil && old && still.Mode == tokens.SharedLocked:
		still.Owed = true
		return still
	}
	return org.Shared
}

// broughtHome reads a login's newest tokens, which may still be in the journal or in
// memory and are in the keychain then.
func (k *Keeper) broughtHome(ctx context.Context, key tokens.Key) (tokens.Secrets, error) {
	unlock, err := k.locks.lock(ctx, key)
	if err != nil {
		return tokens.Secrets{}, err
	}
	defer k.unlockSettled(key, unlock)
	if err := k.unlockJournal(ctx); err != nil {
		return tokens.Secrets{}, err
	}
	return k.recovered(ctx, key)
}

// settleAll completes what Settle has begun, and returns the entries that stayed.
// What cannot be done now is tried at the next start.
func (k *Keeper) settleAll(ctx context.Context) []tokens.Org {
	orgs, err := k.ledger.Unsettled(ctx)
	if err != nil {
		return nil // whoever lists the orgs is told
	}
	var settled []tokens.Org
	for _, org := range orgs {
		into, err := k.ledger.SettlesInto(ctx, org.Key)
		if err != nil || into == "" {
			continue
		}
		known, err := k.ledger.Org(ctx, into)
		if err != nil {
			continue
		}
		if known, _, err = k.settleInto(ctx, org, known); err == nil || OfMirrorOnly(err) {
			settled = append(settled, known)
		}
	}
	return settled
}

// mayBeSent returns why an org's refresh token must not be sent: another entry has
// it, or has used it up. A ledger that cannot be read says so when it is written.
func (t *try) mayBeSent(ctx context.Context, saved tokens.Secrets) error {
	if into, err := t.keeper.ledger.SettlesInto(ctx, t.org.Key); err == nil && into != "" {
		return errSettling
	}
	if spent, err := t.keeper.ledger.Spent(ctx, saved.RefreshToken); err == nil && spent && !t.anyway {
		return ErrRotatedOut
	}
	return nil
}
