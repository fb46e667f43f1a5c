package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
)

// read gets the secrets of one login. A missing item is an error wrapping
// keychain.ErrNotFound; a missing or torn part only costs the access token.
func (k *Keeper) read(ctx context.Context, key tokens.Key) (tokens.Secrets, error) {
	text, err := k.store.Get(ctx, string(key))
	if err != nil {
		return tokens.Secrets{}, err
	}
	s, err := tokens.ParseSecrets(text)
	if err != nil {
		return tokens.Secrets{}, err
	}
	var parts []string
	for n := range s.Parts {
		part, err := k.store.Get(ctx, partAccount(key, s.Generation, n))
		if errors.Is(err, keychain.ErrNotFound) {
			break
		}
		if err != nil {
			return tokens.Secrets{}, err
		}
		parts = append(parts, part)
	}
	return s.Joined(parts), nil
}

// write saves the secrets of one login. Where they are too long for one item
// the parts of the access token go first, into places that the present primary
// item does not name; then the primary item, which makes them count; then the
// old parts go. Ending at any point leaves a whole login.
func (k *Keeper) write(ctx context.Context, key tokens.Key, s tokens.Secrets) error {
	primary, parts, err := s.Lines(k.store.Limit())
	if err != nil {
		return err
	}
	for n, part := range parts {
		if err := k.store.Set(ctx, partAccount(key, s.Generation, n), part); err != nil {
			return err
		}
	}
	if err := k.store.Set(ctx, string(key), primary); err != nil {
		return err
	}
	if k.store.Limit() > 0 {
		k.sweep(ctx, key, s.Generation-1, 0)
		k.sweep(ctx, key, s.Generation, len(parts))
	}
	return nil
}

// sweep deletes the parts of a generation from part n on. What it cannot delete
// now is overwritten or deleted by a later write.
func (k *Keeper) sweep(ctx context.Context, key tokens.Key, generation int64, n int) {
	for k.store.Delete(ctx, partAccount(key, generation, n)) == nil {
		n++
	}
}

// partAccount names the item of a part. Generations take turns in two places, so
// that a write never touches what the primary item names, and what an
// interrupted one leaves behind is found again.
func partAccount(key tokens.Key, generation int64, n int) string {
	return fmt.Sprintf("%s.a.%d.%d", key, generation&1, n)
}

// remove deletes the secrets of one login, parts too.
func (k *Keeper) remove(ctx context.Context, key tokens.Key) error {
	if err := k.store.Delete(ctx, string(key)); err != nil && !errors.Is(err, keychain.ErrNotFound) {
		return err
	}
	if k.store.Limit() > 0 {
		k.sweep(ctx, key, 0, 0)
		k.sweep(ctx, key, 1, 0)
	}
	return nil
}

// journalLock keeps two processes from making an identity at once.
const journalLock tokens.Key = "journal"

// unlockJournal gives the journal its identity, which it makes at the first
// refresh of all. It needs the keychain; a refresh that cannot have the journal
// is not sent.
func (k *Keeper) unlockJournal(ctx context.Context) error {
	if !k.journal.Locked() {
		return nil
	}
	unlock, err := k.locks.lock(ctx, journalLock)
	if err != nil {
		return err
	}
	defer settleFirst(k.keys, journal.Account, unlock)
	text, err := k.keys.Get(ctx, journal.Account)
	identity := tokens.NewSecret(text)
	if errors.Is(err, keychain.ErrNotFound) {
		if identity, err = journalIdentity(); err != nil {
			return err
		}
		err = k.keys.Set(ctx, journal.Account, identity.Reveal())
	}
	if err != nil {
		return err
	}
	return k.journal.Unlock(identity)
}

// Secrets reads the secrets of one login. Errors wrap the sentinels of package
// keychain.
func (k *Keeper) Secrets(ctx context.Context, key tokens.Key) (tokens.Secrets, error) {
	s, err := k.read(ctx, key)
	if err != nil {
		return tokens.Secrets{}, fmt.Errorf("reading the tokens: %w", err)
	}
	return s, nil
}
