package keeper

import (
	"context"
	"fmt"

	"orgkeep/tokens"
)

// Version returns a number that changes when another process changes what Orgs
// returns, for Elsewhere. It costs next to nothing.
func (k *Keeper) Version(ctx context.Context) (int64, error) {
	version, err := k.ledger.Version(ctx)
	if err != nil {
		return 0, fmt.Errorf("looking for changes: %w", err)
	}
	return version, nil
}

// Elsewhere returns Orgs where another process has changed something since the
// Version since, and none otherwise; and the Version to ask with next.
func (k *Keeper) Elsewhere(ctx context.Context, since int64) (orgs []tokens.Org, changed bool, version int64, err error) {
	version, err = k.Version(ctx)
	if err != nil || version == since {
		return nil, false, since, err
	}
	if orgs, err = k.Orgs(ctx); err != nil {
		return nil, false, since, err
	}
	return orgs, true, version, nil
}
