package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/tokens"
)

// TestAccess asks the org's userinfo whether it accepts the saved access token,
// and returns the username that it belongs to. It uses no refresh token. A
// refusal is a *tokens.Failure.
func (k *Keeper) TestAccess(ctx context.Context, org tokens.Org) (username string, err error) {
	saved, err := k.read(ctx, org.Key)
	if err != nil {
		return "", keychainFailure(err)
	}
	info, err := k.endpoint.Userinfo(ctx, org.InstanceURL, saved.AccessToken)
	if err != nil {
		if _, ok := errors.AsType[*tokens.Failure](err); ok {
			return "", err
		}
		return "", fmt.Errorf("testing the access token of %s: %w", org.Alias, err)
	}
	return info.Username, nil
}
