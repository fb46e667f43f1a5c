package keeper

import (
	"context"
	"errors"
	"fmt"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/ledger"
)

// Added says what Add did.
type Added string

// What Add can have done.
const (
	// AddedNew is a login that was not known.
	AddedNew Added = "new"
	// AddedUpdated is a known login whose tokens are now the given ones, or that
	// had them and got another alias, login URL, username or client secret.
	AddedUpdated Added = "updated"
	// AddedUnchanged is a known login that has the given tokens already, and
	// nothing else was given that is new: nothing was written.
	AddedUnchanged Added = "unchanged"
	// AddedKept is a known login whose saved tokens are newer than the given
	// ones and were kept: an older refresh token may have been rotated out, and
	// sending it once would end the login.
	AddedKept Added = "kept"
)

// ErrRotatedOut means that a login's refresh token is known to have been rotated
// since the given tokens were issued. Sending it would end the login, which may be
// alive here under another name, or elsewhere.
var ErrRotatedOut = errors.New("these tokens are older than those last saved for this login, whose refresh token has been rotated since")

// Add saves a login: its secrets in the keychain, then its facts in the ledger.
// The same org, user and client id again updates the entry, also one that was
// saved before those were known; a client secret and
// a login URL that are not given again stay. The alias is taken from org, made
// from the host where that is empty and the login is new, and kept otherwise.
// When the ledger refuses, the keychain is put back as it was. Errors wrap the
// sentinels of packages keychain and ledger, and ErrRotatedOut where the login is
// not saved and its refresh token is known to be spent. One that OfMirrorOnly
// reports is of a login that is saved.
func (k *Keeper) Add(ctx context.Context, org tokens.Org, secrets tokens.Secrets) (tokens.Org, Added, error) {
	return k.addNamed(ctx, org, secrets, false)
}

// AddAnyway is Add for a login that is not saved, after the user was told that its
// refresh token is known to be spent. Saved tokens that are newer stay all the same.
func (k *Keeper) AddAnyway(ctx context.Context, org tokens.Org, secrets tokens.Secrets) (tokens.Org, Added, error) {
	return k.addNamed(ctx, org, secrets, true)
}

func (k *Keeper) addNamed(ctx context.Context, org tokens.Org, secrets tokens.Secrets, anyway bool) (saved tokens.Org, added Added, err error) {
	name := org.Alias
	if name == "" {
		name = tokens.AliasFromURL(org.InstanceURL)
	}
	named := org
	named.Alias = name
	defer k.logged("add", named, &err)()
	saved, added, err = k.add(ctx, org, secrets, anyway)
	if OfMirrorOnly(err) {
		return saved, added, err
	}
	if err != nil {
		return org, "", fmt.Errorf("saving %s: %w", name, err)
	}
	return saved, added, nil
}

func (k *Keeper) add(ctx context.Context, org tokens.Org, secrets tokens.Secrets, anyway bool) (tokens.Org, Added, error) {
	var err error
	if org.Key, err = k.ledger.KeyOf(ctx, org); err != nil {
		return org, "", err
	}
	unlock, err := k.locks.lock(ctx, org.Key)
	if err != nil {
		return org, "", err
	}
	defer k.unlockSettled(org.Key, unlock)
	if err := k.unlockJournal(ctx); err != nil {
		return org, "", err
	}
	known, err := k.ledger.Org(ctx, org.Key)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return org, "", err
	}
	if org.LoginURL == "" {
		org.LoginURL = known.LoginURL
	}
	before, err := k.recovered(ctx, org.Key)
	if errors.Is(err, journal.ErrDamaged) {
		before, err = k.read(ctx, org.Key) // nobody can read that entry; the given tokens take its place
	}
	there := !errors.Is(err, keychain.ErrNotFound)
	if there && err != nil {
		return org, "", err
	}
	spent, err := k.ledger.Spent(ctx, secrets.RefreshToken)
	if err != nil {
		return org, "", err
	}
	switch verdict := weigh(known, before, there, secrets, spent); {
	case verdict == spentHere && !anyway:
		return org, "", fmt.Errorf("%w; %s does not have those", ErrRotatedOut, k.store.Name())
	case verdict == spentHere, verdict == AddedNew:
		secrets.Generation = max(1, known.Generation+1)
		saved, err := k.put(ctx, org, secrets, nil)
		if err == nil {
			saved, err = k.followMirror(ctx, saved, secrets, secrets)
		}
		return saved, AddedNew, err
	case verdict == AddedKept, verdict == AddedUnchanged:
		return k.keepTokens(ctx, verdict, org, known, before, secrets.ClientSecret)
	}
	if secrets.ClientSecret.IsZero() {
		secrets.ClientSecret = before.ClientSecret
	}
	secrets.Generation = before.Generation + 1
	saved, err := k.put(ctx, org, secrets, &before)
	if err == nil {
		saved, err = k.followMirror(ctx, saved, before, secrets)
	}
	return saved, AddedUpdated, err
}

// put writes a login's secrets and then its facts, and takes the first back
// when the second is refused; before is nil for a new login.
func (k *Keeper) put(ctx context.Context, org tokens.Org, secrets tokens.Secrets, before *tokens.Secrets) (tokens.Org, error) {
	if err := k.write(ctx, org.Key, secrets); err != nil {
		return org, err
	}
	saved, err := k.ledger.Save(ctx, org.Holding(secrets))
	if err != nil {
		return org, errors.Join(err, k.putBack(context.WithoutCancel(ctx), org.Key, before))
	}
	return saved, k.supersede(org.Key, secrets)
}

// supersede ends what an earlier refresh left in the journal: it was about
// tokens that are gone. Unless they are not: the refresh token whose outcome is
// unknown may have been given once more.
func (k *Keeper) supersede(key tokens.Key, saved tokens.Secrets) error {
	intent, err := k.journal.Intent(key)
	if err != nil {
		return err
	}
	if intent == nil || intent.Fingerprint != saved.RefreshToken.Fingerprint() {
		return k.journal.Done(key)
	}
	intent.Generation = saved.Generation
	if err := k.journal.Begin(key, *intent); err != nil {
		return err
	}
	return k.journal.Arrived(key)
}

// keepTokens brings what else was given (alias, login URL, username, client
// secret) to a login whose saved tokens stay; where nothing of it is new, nothing
// is written.
func (k *Keeper) keepTokens(
	ctx context.Context, verdict Added, org, known tokens.Org, before tokens.Secrets, clientSecret tokens.Secret,
) (tokens.Org, Added, error) {
	next := known
	if org.Alias != "" {
		next.Alias = org.Alias
	}
	next.LoginURL = org.LoginURL
	if org.Username != "" {
		next.Username = org.Username
	}
	newSecret := !clientSecret.IsZero() && !clientSecret.Equal(before.ClientSecret)
	if newSecret {
		before.ClientSecret = clientSecret
		if err := k.write(ctx, org.Key, before); err != nil {
			return org, "", err
		}
	}
	if known.Key != "" && next.Alias == known.Alias && next.LoginURL == known.LoginURL && next.Username == known.Username {
		if newSecret && verdict == AddedUnchanged {
			verdict = AddedUpdated
		}
		return known, verdict, nil
	}
	next.Key = org.Key
	if verdict == AddedUnchanged {
		verdict = AddedUpdated
	}
	saved, err := k.ledger.Edit(ctx, next)
	if errors.Is(err, ledger.ErrNotFound) { // another ledger's login, or one that a damaged ledger has lost
		saved, err = k.ledger.Save(ctx, org.Holding(before))
	}
	return saved, verdict, err
}

// putBack undoes the keychain's part of an Add that the ledger refused: half a
// login must not stay.
func (k *Keeper) putBack(ctx context.Context, key tokens.Key, before *tokens.Secrets) error {
	if before != nil {
		if err := k.write(ctx, key, *before); err != nil {
			return fmt.Errorf("putting the keychain back as it was: %w", err)
		}
		return nil
	}
	if err := k.remove(ctx, key); err != nil {
		return fmt.Errorf("taking the keychain item away again: %w", err)
	}
	return nil
}
