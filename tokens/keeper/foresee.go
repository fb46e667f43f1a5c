package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// spentHere is the verdict on a login that is not saved and whose refresh token is
// known to have been rotated out.
const spentHere Added = "spent"

// weigh says what becomes of given tokens beside what is saved; there is whether
// the keychain has the login, spent whether the given refresh token is known to
// have been replaced.
func weigh(known tokens.Org, saved tokens.Secrets, there bool, given tokens.Secrets, spent bool) Added {
	olderThanLost := known.IssuedAt.After(given.IssuedAt) && !given.IssuedAt.IsZero() && known.Rotates == tokens.RotationYes
	switch {
	case !there && (spent || olderThanLost):
		return spentHere
	case !there:
		return AddedNew
	case spent && !given.RefreshToken.Equal(saved.RefreshToken) || newer(saved, given):
		return AddedKept
	case given.RefreshToken.IsZero() && !saved.RefreshToken.IsZero():
		return AddedKept // else the login could not be refreshed any more
	case same(saved, given):
		return AddedUnchanged
	}
	return AddedUpdated
}

// same reports whether the given tokens are the saved ones, and nothing is told of
// them that is not saved. An auth URL has no access token.
func same(saved, given tokens.Secrets) bool {
	return given.RefreshToken.Equal(saved.RefreshToken) &&
		(given.AccessToken.IsZero() || given.AccessToken.Equal(saved.AccessToken)) &&
		(given.IssuedAt.IsZero() || given.IssuedAt.Equal(saved.IssuedAt)) &&
		(given.ID == "" || given.ID == saved.ID) &&
		(given.AccessToken.IsZero() || given.InstanceURL == "" || given.InstanceURL == saved.InstanceURL)
}

// newer reports whether the saved tokens are known to be newer than the given
// ones. Where either age is unknown the given ones win, because somebody asked
// for them.
func newer(saved, given tokens.Secrets) bool {
	if saved.Replaced != "" && saved.Replaced == given.RefreshToken.Fingerprint() && !given.RefreshToken.Equal(saved.RefreshToken) {
		return true // the given one was rotated out
	}
	return saved.IssuedAt.After(given.IssuedAt) && !given.IssuedAt.IsZero()
}

// Follows says what an Add is going to do with a login that another Add has given
// the earlier tokens just before.
func Follows(earlier, given tokens.Secrets) Added {
	return weigh(tokens.Org{}, earlier, true, given, false)
}

// Foreseen is what is to be expected of an Add or an Introduce.
type Foreseen struct {
	// Added is what it is going to return. Before an Introduce AddedNew may still
	// become AddedUpdated, where there are orgs that it may be: only its refresh tells
	// whose login it is.
	Added Added
	// MayBe are the saved orgs of the same host and app that an auth URL may be
	// another login of.
	MayBe []tokens.Org
	// Sends says that an auth URL's refresh token is going to be sent.
	Sends bool
	// FromCLI says that the refresh token is the one that the Salesforce CLI has of
	// Known by now: it takes the place of the saved one, and is not sent.
	FromCLI bool
	// Known is the entry that has the login already; without a Key where none has.
	Known tokens.Org
	// Same says that the given tokens are the saved ones, also where something
	// else of the login changes.
	Same bool
	// Unread is why the saved tokens could not be compared with the given ones;
	// Added is AddedUpdated then, and may turn out to be AddedKept or
	// AddedUnchanged.
	Unread error
}

// Foresee says what Add, or Introduce where isURL says so, would do with a login,
// and changes nothing: for a plan that a person agrees to. Another process may
// come between. It opens no store that is locked. Errors wrap ErrRotatedOut,
// ledger.ErrAliasTaken, tokens.ErrAlias or those of package ledger: the login
// would not be saved. It is safe for concurrent use.
func (k *Keeper) Foresee(ctx context.Context, org tokens.Org, secrets tokens.Secrets, isURL bool) (Foreseen, error) {
	var f Foreseen
	var err error
	var w whose
	if isURL {
		w, err = k.whose(ctx, org, secrets.RefreshToken)
		org, secrets = w.given(org, secrets)
		f.MayBe, f.FromCLI = w.may, w.takenOver != nil
	} else {
		org.Key, err = k.ledger.KeyOf(ctx, org)
	}
	if err != nil {
		return f, err
	}
	f.Known, err = k.ledger.Org(ctx, org.Key)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return f, err
	}
	if org.Alias != "" && org.Alias != f.Known.Alias {
		if other, err := k.ledger.Find(ctx, org.Alias); err == nil && other.Key != org.Key {
			return f, fmt.Errorf("%w: %s", ledger.ErrAliasTaken, org.Alias)
		}
	}
	saved, readErr := k.read(ctx, org.Key)
	if w.unread != nil {
		readErr = w.unread
	}
	spent, err := k.ledger.Spent(ctx, secrets.RefreshToken)
	if err != nil {
		return f, err
	}
	if readErr != nil && !errors.Is(readErr, keychain.ErrNotFound) {
		f.Unread, f.Added = readErr, AddedUpdated
		if f.Known.Key == "" {
			f.Added = AddedNew
		}
		f.Sends = isURL && toLearn(f.Added, f.Known)
		return f, nil
	}
	f.Added = weigh(f.Known, saved, readErr == nil, secrets, spent)
	if f.Added == spentHere {
		return f, fmt.Errorf("%w; %s does not have those", ErrRotatedOut, k.store.Name())
	}
	f.Same = f.Added == AddedUnchanged
	if f.Same && (f.Known.Key == "" || more(org, f.Known, secrets, saved)) {
		f.Added = AddedUpdated
	}
	if f.Sends = isURL && toLearn(f.Added, f.Known); f.Sends && f.Added == AddedUnchanged {
		f.Added = AddedUpdated
	}
	return f, nil
}

// more reports whether a login whose tokens stay is given anything else that is
// new; see keepTokens.
func more(org, known tokens.Org, given, saved tokens.Secrets) bool {
	return org.Alias != "" && org.Alias != known.Alias || org.LoginURL != "" && org.LoginURL != known.LoginURL ||
		org.Username != "" && org.Username != known.Username ||
		!given.ClientSecret.IsZero() && !given.ClientSecret.Equal(saved.ClientSecret)
}
