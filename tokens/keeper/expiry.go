package keeper

import (
	"context"
	"time"

	"orgkeep/tokens"
)

// keepExpiry writes down when the access token of a generation ends, and returns
// the org with that. Nothing is written where the ledger is of another generation:
// tokens that wait in the journal are newer than it.
func (k *Keeper) keepExpiry(ctx context.Context, org tokens.Org, generation int64, ends time.Time, source tokens.LeftSource) (tokens.Org, error) {
	asked := org
	asked.Generation = generation
	known, err := k.ledger.SetExpiry(ctx, asked, ends, source)
	if err != nil {
		return org, err
	}
	org.ExpiresAt, org.ExpirySource = known.ExpiresAt, known.ExpirySource
	return org, nil
}

// keepEnd writes down that an answer has just shown the end of the access token, so
// that nobody takes it for a good one. An end that has passed already stays. It is
// written though ctx is over: the answer was had.
func (k *Keeper) keepEnd(ctx context.Context, org tokens.Org, generation int64) (tokens.Org, error) {
	now := k.clock.Now()
	if !org.ExpiresAt.IsZero() && !org.ExpiresAt.After(now) {
		return org, nil
	}
	return k.keepExpiry(context.WithoutCancel(ctx), org, generation, now, tokens.LeftFromAnswer)
}
