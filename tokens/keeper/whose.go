package keeper

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// whose is what is known of the refresh token of an auth URL before it is sent.
type whose struct {
	// known is the saved org that has the token, has rotated it out, or is shared
	// with a Salesforce CLI that has it; the zero Org where none is.
	known tokens.Org
	// takenOver are the tokens of known where only the CLI has this one: it has
	// refreshed since. Nil otherwise.
	takenOver *tokens.Secrets
	// may are the saved orgs that it may be another login of.
	may []tokens.Org
	// unread is why the saved tokens could not be compared.
	unread error
}

// whose finds the saved org that a refresh token is of. One of another host may have
// it too, so that all of the same app are read, those of the host first. A refresh
// token that rotates must not be sent past the org that has it: that org's copy, and
// the Salesforce CLI's, would be dead.
func (k *Keeper) whose(ctx context.Context, org tokens.Org, refresh tokens.Secret) (whose, error) {
	as, replaced, err := k.ledger.IntroducedAs(ctx, refresh)
	if err != nil {
		return whose{}, err
	}
	orgs, err := k.ledger.Orgs(ctx)
	if err != nil {
		return whose{}, err
	}
	var w whose
	var app []tokens.Org
	for _, known := range orgs {
		switch {
		case known.Key == as && replaced, known.Key == org.Key:
			if _, err := k.read(ctx, known.Key); err == nil || known.Key == org.Key {
				return whose{known: known}, nil // what the keychain refuses here, it refuses to Add too
			}
		case known.ClientID == org.ClientID:
			app = append(app, known)
			if mayBeAt(org.InstanceURL, known) {
				w.may = append(w.may, known)
			}
		}
	}
	slices.SortStableFunc(app, func(a, b tokens.Org) int { return farther(a, org) - farther(b, org) })
	for _, known := range app {
		has, err := k.hasToken(ctx, known.Key, refresh)
		switch {
		case err != nil:
			w.unread = err
			return w, nil
		case has:
			return whose{known: known}, nil
		}
	}
	return k.theirs(ctx, app, refresh, w), nil
}

// hasToken reports whether an org's refresh token is this one, in the keychain or
// among those that wait for it.
func (k *Keeper) hasToken(ctx context.Context, key tokens.Key, refresh tokens.Secret) (bool, error) {
	if waiting, there, err := k.newestWaiting(key); there && err == nil && waiting.RefreshToken.Equal(refresh) {
		return true, nil
	}
	saved, err := k.read(ctx, key)
	if errors.Is(err, keychain.ErrNotFound) || errors.Is(err, tokens.ErrSecrets) {
		return false, nil
	}
	return err == nil && saved.RefreshToken.Equal(refresh), err
}

// theirs looks for a refresh token in the files of the Salesforce CLI that orgs are
// shared with: where the CLI has refreshed since, it is newer than the saved one.
// Files that cannot be read tell nothing.
func (k *Keeper) theirs(ctx context.Context, orgs []tokens.Org, refresh tokens.Secret, w whose) whose {
	for _, known := range orgs {
		if known.Shared.Mode == tokens.SharedNot || k.partner == nil {
			continue
		}
		theirs, err := k.partner.Read(ctx, known.Shared)
		if err != nil || !theirs.RefreshToken.Equal(refresh) {
			continue
		}
		if saved, err := k.read(ctx, known.Key); err == nil {
			next := takenOver(saved, theirs)
			return whose{known: known, takenOver: &next}
		}
	}
	return w
}

// given is what to save for an auth URL: of a saved org with all that is known of it.
func (w whose) given(org tokens.Org, secrets tokens.Secrets) (tokens.Org, tokens.Secrets) {
	if w.known.Key == "" {
		return org, secrets
	}
	next := w.known
	if org.Alias != "" {
		next.Alias = org.Alias
	}
	if org.LoginURL != "" {
		next.LoginURL = org.LoginURL
	}
	if w.takenOver == nil {
		return next, secrets
	}
	taken := *w.takenOver
	if !secrets.ClientSecret.IsZero() {
		taken.ClientSecret = secrets.ClientSecret
	}
	return next, taken
}

// toLearn reports whether an auth URL's login has still to tell whose it is.
func toLearn(added Added, known tokens.Org) bool {
	return added == AddedNew || added != AddedKept && known.OrgID == ""
}

// mayBeAt reports whether an auth URL's host can be that of a saved org. The hosts
// that all orgs share tell none.
func mayBeAt(host string, known tokens.Org) bool {
	if u, err := url.Parse(host); err == nil && (u.Hostname() == "login.salesforce.com" || u.Hostname() == "test.salesforce.com") {
		return true
	}
	return host == known.InstanceURL || host == known.LoginHost()
}

// farther orders orgs by how likely they are at an auth URL's host.
func farther(known, org tokens.Org) int {
	if mayBeAt(org.InstanceURL, known) {
		return 0
	}
	return 1
}
