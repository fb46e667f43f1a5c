package keeper

import (
	"context"
	"fmt"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// ErrAliasTaken marks an alias that another org has: it is the ledger's, for those
// who know the keeper alone.
var ErrAliasTaken = ledger.ErrAliasTaken

// Rename gives an org another alias and returns the org as it now stands. Its
// tokens and its history stay. Errors wrap those of package ledger, as
// ErrAliasTaken, and tokens.ErrAlias.
func (k *Keeper) Rename(ctx context.Context, org tokens.Org, alias string) (_ tokens.Org, err error) {
	defer k.logged("rename", org, &err)()
	renamed, err := k.ledger.Rename(ctx, org.Key, alias)
	if err != nil {
		return org, fmt.Errorf("renaming %s: %w", org.Alias, err)
	}
	return renamed, nil
}

// Retag changes the tags of orgs, of all or of none, and returns the orgs as
// they now stand. Errors wrap those of package ledger.
func (k *Keeper) Retag(ctx context.Context, orgs []tokens.Org, change tokens.TagChange) ([]tokens.Org, error) {
	changed, err := k.ledger.Retag(ctx, keysOf(orgs), change)
	if err != nil {
		return nil, fmt.Errorf("tagging: %w", err)
	}
	return changed, nil
}

// SetFavourite makes orgs favourites or takes that back, of all or of none, and
// returns the orgs as they now stand. Errors wrap those of package ledger.
func (k *Keeper) SetFavourite(ctx context.Context, orgs []tokens.Org, favourite bool) ([]tokens.Org, error) {
	changed, err := k.ledger.SetFavourite(ctx, keysOf(orgs), favourite)
	if err != nil {
		return nil, fmt.Errorf("writing down favourites: %w", err)
	}
	return changed, nil
}

// SetWatched writes down whether orgs are kept fresh without asking, of all or of
// none, and returns the orgs as they now stand; a Watch keeps them so. Errors
// wrap those of package ledger.
func (k *Keeper) SetWatched(ctx context.Context, orgs []tokens.Org, watched bool) ([]tokens.Org, error) {
	changed, err := k.ledger.SetWatched(ctx, keysOf(orgs), watched)
	if err != nil {
		return nil, fmt.Errorf("writing down what is watched: %w", err)
	}
	return changed, nil
}

func keysOf(orgs []tokens.Org) []tokens.Key {
	keys := make([]tokens.Key, len(orgs))
	for i, org := range orgs {
		keys[i] = org.Key
	}
	return keys
}
