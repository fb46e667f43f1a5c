package keeper

import (
	"context"
	"errors"
	"fmt"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

var (
	// ErrNotRevoked means that the host did not confirm that it ended the tokens.
	// The org is left as it was; it wraps a *tokens.Failure.
	ErrNotRevoked = errors.New("the tokens were not revoked and nothing was deleted")
	// ErrNothingToRevoke means that no token is saved that could be revoked.
	ErrNothingToRevoke = errors.New("no token is saved that could be revoked, and nothing was deleted")
)

// Forget deletes an org from the keychain, the journal and the ledger, and its
// history with it. The host is not told: the tokens stay valid for who has a
// copy of them. It waits for a refresh that is under way.
//
// A step that refuses ends it, and the org stays in the ledger, whose Last then
// says that its tokens may be gone; Forget goes on where it ended. Errors name
// the org and wrap those of packages keychain, journal and ledger. ctx can
// cancel until the first deletion.
func (k *Keeper) Forget(ctx context.Context, org tokens.Org) error {
	return k.forgetting(ctx, org, false)
}

// RevokeAndForget is Forget that ends the tokens at the host first: the refresh
// token, and with it all its access tokens (RFC 7009; Salesforce's OAuth 2.0
// token revocation), or the access token where that is all there is. Where the
// host does not confirm, nothing is deleted and the error wraps ErrNotRevoked;
// where there is nothing to revoke, ErrNothingToRevoke.
func (k *Keeper) RevokeAndForget(ctx context.Context, org tokens.Org) error {
	return k.forgetting(ctx, org, true)
}

func (k *Keeper) forgetting(ctx context.Context, org tokens.Org, revoke bool) (err error) {
	what := "forget"
	if revoke {
		what = "revoke and forget"
	}
	defer k.logged(what, org, &err)()
	k.running.Add(1)
	defer k.running.Done()
	unlock, err := k.locks.lock(ctx, org.Key)
	if err != nil {
		return fmt.Errorf("forgetting %s: %w", org.Alias, err)
	}
	defer k.unlockSettled(org.Key, unlock)
	if revoke {
		err = k.revokeAndDelete(ctx, org)
	} else {
		err = k.lookAndDelete(ctx, org)
	}
	if err != nil {
		return fmt.Errorf("forgetting %s: %w", org.Alias, err)
	}
	return nil
}

// lookAndDelete makes sure that the keychain answers before anything is written
// down: while it is locked, an org must not come to look half forgotten.
func (k *Keeper) lookAndDelete(ctx context.Context, org tokens.Org) error {
	if _, err := k.store.Get(ctx, string(org.Key)); err != nil && !errors.Is(err, keychain.ErrNotFound) {
		return err
	}
	if err := k.ledger.Forgetting(ctx, org.Key, k.clock.Now()); err != nil {
		return err
	}
	return k.deleteAll(context.WithoutCancel(ctx), org.Key)
}

// revokeAndDelete revokes the newest tokens, which may still be in the journal.
// From before the request until the host has refused, the ledger says that the
// org is being forgotten: a crash leaves no org that looks whole and is revoked.
func (k *Keeper) revokeAndDelete(ctx context.Context, org tokens.Org) error {
	if err := k.unlockJournal(ctx); err != nil {
		return err
	}
	saved, err := k.recovered(ctx, org.Key)
	if errors.Is(err, keychain.ErrNotFound) {
		return ErrNothingToRevoke
	}
	if err != nil {
		return err
	}
	token := saved.RefreshToken
	if token.IsZero() {
		token = saved.AccessToken
	}
	if token.IsZero() {
		return ErrNothingToRevoke
	}
	if err := k.ledger.Forgetting(ctx, org.Key, k.clock.Now()); err != nil {
		return err
	}
	last := context.WithoutCancel(ctx)
	if err := k.endpoint.Revoke(ctx, org.LoginHost(), token); err != nil {
		return errors.Join(fmt.Errorf("%w: %w", ErrNotRevoked, err), k.ledger.Forgetting(last, org.Key, time.Time{}))
	}
	return k.deleteAll(last, org.Key)
}

// deleteAll deletes a login: its secrets, then what the journal has of it, which
// alone could bring them back, and at last its row. Secrets without a row would
// be found by nobody.
func (k *Keeper) deleteAll(ctx context.Context, key tokens.Key) error {
	if err := newWhole(k).Delete(ctx, string(key)); err != nil {
		return err
	}
	if err := k.journal.Done(key); err != nil {
		return err
	}
	k.held.drop(key)
	return k.ledger.Forget(ctx, key)
}
