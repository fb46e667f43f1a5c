package keeper

import (
	"context"
	"fmt"

	"orgkeep/tokens"
)

// HandOut reads the newest tokens of one login for another program, with the
// client secret and the signature, which Reveal leaves out; the rest is as there.
// It returns the org as it stands with these tokens. Errors name the org and wrap
// a *tokens.Failure and the sentinels of package keychain. It is safe for
// concurrent use.
func (k *Keeper) HandOut(ctx context.Context, org tokens.Org) (_ tokens.Org, _ tokens.Secrets, err error) {
	defer k.logged("hand out tokens", org, &err)()
	newest, err := k.newest(ctx, org.Key)
	if err != nil {
		return org, tokens.Secrets{}, fmt.Errorf("reading the tokens of %s: %w", org.Alias, keychainFailure(err))
	}
	if newest.Generation != org.Generation {
		org = org.Holding(newest) // what the ledger knows of their end is about others
	}
	return org, newest, nil
}
