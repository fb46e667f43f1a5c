package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/tokens"
)

// Introduce saves a login of which nobody has told whose it is, as one from an
// auth URL, and refreshes it once to learn that: by the same protocol as every
// refresh, for its refresh token may rotate. Where the ledger has the login
// already, that entry gets the tokens. A login that the endpoint refuses is not
// kept; after any other failure it stays, and its next refresh tells.
//
// A refresh token is introduced once: one that was rotated out since is not sent,
// and the org is returned with AddedKept; neither is one that a saved org has, which
// is AddedUnchanged, nor one that the Salesforce CLI has of a shared org: that is
// taken over, AddedUpdated. Where the org of a rotated one is not here any more the
// error wraps ErrRotatedOut.
//
// Where the refresh tells that an org is shared, it stays so if the CLI has the same
// login, and the CLI gets the new tokens; else the org is orgkeep's alone from then on.
//
// Errors are those of Add, or wrap the *tokens.Failure of the refresh.
func (k *Keeper) Introduce(ctx context.Context, org tokens.Org, secrets tokens.Secrets) (tokens.Org, Added, error) {
	return k.introduce(ctx, org, secrets, false)
}

// IntroduceAnyway is Introduce for a login that is not here, after the user was told
// that its refresh token is known to be spent.
func (k *Keeper) IntroduceAnyway(ctx context.Context, org tokens.Org, secrets tokens.Secrets) (tokens.Org, Added, error) {
	return k.introduce(ctx, org, secrets, true)
}

func (k *Keeper) introduce(ctx context.Context, org tokens.Org, secrets tokens.Secrets, anyway bool) (tokens.Org, Added, error) {
	w, err := k.whose(ctx, org, secrets.RefreshToken)
	if err == nil && w.unread != nil {
		err = fmt.Errorf("looking whether the login is saved already: %w", w.unread)
	}
	if err != nil {
		return org, "", err
	}
	org, given := w.given(org, secrets)
	saved, added, err := k.addNamed(ctx, org, given, anyway)
	if err != nil && !OfMirrorOnly(err) || !toLearn(added, saved) {
		return saved, added, err
	}
	var result Result
	send := k.Refresh
	if anyway {
		send = k.RefreshAnyway
	}
	for e := range send(ctx, []tokens.Org{saved}) {
		if e.Result != nil {
			result = *e.Result
		}
	}
	saved = result.Org
	f := result.Attempt.Failure
	switch {
	case f == nil && saved.UserID == "":
		return saved, added, errors.Join(result.Warning, fmt.Errorf("%s was refreshed and saved; the answer did not tell whose it is", saved.Alias))
	case f == nil:
		settled, how, err := k.Settle(ctx, saved)
		switch added {
		case AddedNew:
			added = how
		case AddedUnchanged:
			added = AddedUpdated
		case AddedUpdated, AddedKept, spentHere:
		}
		if err == nil {
			err = k.ledger.Introduced(context.WithoutCancel(ctx), settled.Key, secrets.RefreshToken)
		}
		return settled, added, errors.Join(err, result.Warning)
	case f.Refused() && added == AddedNew:
		return saved, "", errors.Join(fmt.Errorf("learning whose login it is: %w; it was not kept", f), k.Forget(context.WithoutCancel(ctx), saved))
	}
	return saved, added, errors.Join(fmt.Errorf("%s is saved, and a refresh has still to tell whose it is: %w", saved.Alias, f), result.Warning)
}

// Share says with whom an org's tokens are shared from now on; the zero Shared
// makes them orgkeep's alone. What is still to be written back stays so while the
// place is the same. Errors wrap those of package ledger.
func (k *Keeper) Share(ctx context.Context, org tokens.Org, with tokens.Shared) (tokens.Org, error) {
	unlock, err := k.locks.lock(ctx, org.Key)
	if err != nil {
		return org, err
	}
	defer unlock()
	known, err := k.ledger.Org(ctx, org.Key)
	if err == nil {
		with.Owed = with.Same(known.Shared) && known.Shared.Owed
		if with == known.Shared {
			return known, nil
		}
		known, err = k.ledger.SetShared(ctx, org.Key, with)
	}
	if err != nil {
		return org, fmt.Errorf("sharing %s: %w", org.Alias, err)
	}
	return known, nil
}
