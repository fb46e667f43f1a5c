package keeper

import (
	"context"
	"errors"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
)

// Reveal reads the newest tokens of one login for a person to look at: those of
// the keychain, or those that still wait in the journal or in memory because the
// keychain has refused them. It changes none of the three, and it holds no lock,
// so that looking never waits for a refresh. What nobody looks at, the client
// secret and the signature, is left out. The keychain may ask for its password
// where ctx lets it. Every error is a *tokens.Failure that wraps the sentinels of
// package keychain, so that Explain has words for it. It is safe for concurrent
// use.
func (k *Keeper) Reveal(ctx context.Context, key tokens.Key) (tokens.Secrets, error) {
	newest, err := k.newest(ctx, key)
	if err != nil {
		return tokens.Secrets{}, keychainFailure(err)
	}
	newest.ClientSecret, newest.Signature = tokens.Secret{}, tokens.Secret{}
	return newest, nil
}

func (k *Keeper) newest(ctx context.Context, key tokens.Key) (tokens.Secrets, error) {
	waiting, there, err := k.newestWaiting(key)
	if errors.Is(err, journal.ErrLocked) {
		if err := k.unlockJournal(ctx); err != nil {
			return tokens.Secrets{}, err
		}
		waiting, there, err = k.newestWaiting(key)
	}
	if err != nil {
		return tokens.Secrets{}, err
	}
	saved, err := k.read(ctx, key)
	if err == nil && saved.Parts > 0 && saved.AccessToken.IsZero() {
		saved, err = k.read(ctx, key) // another process may have changed the parts between two reads
	}
	switch {
	case there && (errors.Is(err, keychain.ErrNotFound) || err == nil && !outdates(saved, waiting)):
		return waiting, nil
	case err != nil:
		return tokens.Secrets{}, err
	}
	return saved, nil
}
