package keeper

import (
	"context"
	"strings"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

// TestAccess asks the org's userinfo whether it accepts the saved access token,
// and returns the org with the username that the token belongs to, which the
// ledger learns too; where the answer shows that the token has ended, the org and
// the ledger have that. Nothing is taken over from the userinfo of another org or
// user: the failure's OtherLogin is true then. It uses no refresh token. Every error is a *tokens.Failure;
// only one of Kind tokens.FailedAnswer says something of the token.
func (k *Keeper) TestAccess(ctx context.Context, org tokens.Org) (_ tokens.Org, err error) {
	defer k.logged("test access token", org, &err)()
	saved, err := k.read(ctx, org.Key)
	if err != nil {
		return org, keychainFailure(err)
	}
	info, err := k.endpoint.Userinfo(ctx, org.InstanceURL, saved.AccessToken)
	if err != nil {
		failure := asLookFailure(err)
		if salesforce.Ended(failure) {
			known, unkept := k.keepEnd(ctx, org, saved.Generation)
			if unkept != nil {
				k.logLine("keep the end of an access token", true, append(orgAttrs(org), errorAttrs(unkept)...))
			}
			return known, failure
		}
		return org, failure
	}
	if wrong := org.OtherThan("userinfo", info.OrgID, info.UserID); len(wrong) > 0 {
		return org, &tokens.Failure{
			Kind: tokens.FailedAnswer, Aside: true, HTTPStatus: info.HTTPStatus,
			Problem: tokens.ProblemOtherLogin + ": " + strings.Join(wrong, "; "),
		}
	}
	known, err := k.learn(ctx, org, info.Username)
	if err != nil {
		return org, tokens.Failure{Kind: tokens.FailedLedger, Problem: tokens.Clean(err.Error())}.WithCause(err)
	}
	return known, nil
}

// learn writes down the username that an answer told.
func (k *Keeper) learn(ctx context.Context, org tokens.Org, username string) (tokens.Org, error) {
	if username == "" || username == org.Username {
		return org, nil
	}
	known, err := k.ledger.Org(ctx, org.Key)
	if err != nil {
		return org, err
	}
	known.Username = username
	return k.ledger.Edit(ctx, known)
}
