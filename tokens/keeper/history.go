package keeper

import (
	"context"
	"fmt"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// History returns the refreshes of one org, the newest first, limit at most.
func (k *Keeper) History(ctx context.Context, key tokens.Key, limit int) ([]tokens.Attempt, error) {
	attempts, err := k.ledger.History(ctx, key, limit)
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	return attempts, nil
}

// HistoryOfAll returns the refreshes of all orgs by time, the newest first, limit
// at most.
func (k *Keeper) HistoryOfAll(ctx context.Context, limit int) ([]ledger.Recorded, error) {
	recorded, err := k.ledger.HistoryOfAll(ctx, limit)
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	return recorded, nil
}
