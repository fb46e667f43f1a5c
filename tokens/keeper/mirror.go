package keeper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"orgkeep/keychain/durable"
	"orgkeep/tokens"
	"orgkeep/tokens/transfer"
)

// ErrMirror marks a token file that is not in step with its org. The org's own
// tokens are not touched by that.
var ErrMirror = errors.New("its token file is not in step")

var (
	errOtherLogin = errors.New("the file is of another org or user, or does not tell whose it is")
	errChanged    = errors.New("another program has changed the file, and it was left as it is; the next refresh takes newer tokens over, and a file that is deleted is made anew")
)

// SetMirror makes a token file the mirror of an org: from now on it is rewritten
// after each refresh, and newer tokens that another program writes to it are taken
// over before one. An empty path ends that, and leaves the file. A file that is
// there has to be of the same org and user; one that is not is made. It returns the
// org as it now stands. Errors name the org; those that wrap ErrMirror leave the
// mirror set, and it is tried again.
func (k *Keeper) SetMirror(ctx context.Context, org tokens.Org, path string) (tokens.Org, error) {
	unlock, err := k.locks.lock(ctx, org.Key)
	if err != nil {
		return org, fmt.Errorf("the mirror of %s: %w", org.Alias, err)
	}
	defer k.unlockSettled(org.Key, unlock)
	set, err := k.setMirror(ctx, org, path)
	if err != nil {
		return set, fmt.Errorf("the mirror of %s: %w", org.Alias, err)
	}
	return set, nil
}

func (k *Keeper) setMirror(ctx context.Context, org tokens.Org, path string) (tokens.Org, error) {
	if path == "" {
		return k.ledger.SetMirror(ctx, org.Key, "")
	}
	path, err := transfer.MirrorPath(path)
	if err != nil {
		return org, err
	}
	if err := k.unlockJournal(ctx); err != nil {
		return org, err
	}
	saved, err := k.recovered(ctx, org.Key)
	if err != nil {
		return org, err
	}
	m, err := transfer.ReadMirror(path)
	if err == nil && !m.Missing && !sameLogin(m, org, saved) {
		err = errOtherLogin
	}
	if err != nil {
		return org, err
	}
	if org, err = k.ledger.SetMirror(ctx, org.Key, path); err != nil {
		return org, err
	}
	return k.writeMirror(ctx, org, saved, saved)
}

// sameLogin reports whether a file is of the org and user: by its id, and where
// the file or the org does not tell the user id by the org's tokens in it, or by
// the org id in its access token and its username.
func sameLogin(m transfer.Mirror, org tokens.Org, s tokens.Secrets) bool {
	switch {
	case m.ID != "" && org.UserID != "":
		return m.OrgID == org.OrgID && m.UserID == org.UserID
	case holds(m, s):
		return true
	}
	orgID := cmp.Or(m.OrgID, tokens.DissectToken(m.AccessToken).OrgID)
	return orgID != "" && orgID == org.OrgID && m.Username != "" && strings.EqualFold(m.Username, org.Username)
}

// writeMirror brings an org's token file up to date, unless another program has
// changed it to what is newer, or not known to be older. before are the secrets
// that were the newest until now. The caller holds the login's lock.
func (k *Keeper) writeMirror(ctx context.Context, org tokens.Org, before, s tokens.Secrets) (tokens.Org, error) {
	m, err := transfer.ReadMirror(org.Mirror)
	switch {
	case err != nil:
	case m.Missing, holds(m, s):
	case !sameLogin(m, org, before):
		err = errOtherLogin
	case holds(m, before), k.rotatedOut(ctx, m, s): // nobody has changed it, or to what is older
	case m.IssuedAt.After(s.IssuedAt), m.IssuedAt.IsZero(), s.IssuedAt.IsZero():
		err = errChanged
	}
	if err == nil && !holds(m, s) {
		var text string
		if text, err = m.Text(org, s); err == nil {
			err = durable.Write(org.Mirror, []byte(text))
		}
	}
	if err != nil {
		return org, fmt.Errorf("%w: %s: %w", ErrMirror, tokens.Clean(org.Mirror), err)
	}
	written, err := k.ledger.Mirrored(ctx, org.Key, s.Generation)
	if err != nil {
		return org, err
	}
	org.Mirrored = written.Mirrored
	return org, nil
}

// rotatedOut reports whether a file's refresh token is known to be older than the
// saved one.
func (k *Keeper) rotatedOut(ctx context.Context, m transfer.Mirror, s tokens.Secrets) bool {
	spent, err := k.ledger.Spent(ctx, m.RefreshToken)
	return err == nil && spent && !m.RefreshToken.Equal(s.RefreshToken)
}

// holds reports whether a file has these tokens.
func holds(m transfer.Mirror, s tokens.Secrets) bool {
	return m.AccessToken.Equal(s.AccessToken) && m.RefreshToken.Equal(s.RefreshToken)
}

// fromMirror takes over what another program has written to the org's token file,
// where that is newer than what is saved: its refresh token is then the one that
// is valid. A file that cannot be used is a warning.
func (t *try) fromMirror(ctx context.Context, saved tokens.Secrets) (tokens.Secrets, error) {
	k, key := t.keeper, t.org.Key
	known, err := k.ledger.Org(ctx, key) // another process may have set it since the caller looked
	if err != nil || known.Mirror == "" {
		t.org.Mirror = ""
		return saved, nil //nolint:nilerr // a ledger that cannot be read says so when it is written
	}
	t.org.Mirror, t.org.Mirrored, t.mirror = known.Mirror, known.Mirrored, known.Mirror
	m, err := transfer.ReadMirror(known.Mirror)
	if err == nil && !m.Missing && !sameLogin(m, t.org, saved) {
		err = errOtherLogin
	}
	if err != nil {
		t.mirror = "" // nothing is to be written over what is not understood
		t.warn(fmt.Errorf("%s: %w: %s: %w", t.org.Alias, ErrMirror, tokens.Clean(known.Mirror), err))
		return saved, nil
	}
	if m.Missing || saved.IssuedAt.IsZero() || !m.IssuedAt.After(saved.IssuedAt) || m.RefreshToken.IsZero() || holds(m, saved) {
		return saved, nil
	}
	if spent, err := k.ledger.Spent(ctx, m.RefreshToken); err != nil || spent && !m.RefreshToken.Equal(saved.RefreshToken) {
		t.mirror = "" // it is the file's time that is wrong
		t.warn(fmt.Errorf("%s: %w: %s: %w", t.org.Alias, ErrMirror, tokens.Clean(known.Mirror), errors.Join(err, ErrRotatedOut)))
		return saved, nil
	}
	g := m.Grant
	if g.RefreshToken.Equal(saved.RefreshToken) {
		g.RefreshToken = tokens.Secret{} // it was not rotated
	}
	next := saved.Next(g, g.IssuedAt)
	next.Generation = max(saved.Generation, t.org.Generation) + 1
	if err := k.write(ctx, key, next); err != nil {
		return saved, err
	}
	return next, nil
}

// toMirror writes the org's token file. That it cannot be written is a warning,
// and is tried again.
func (t *try) toMirror(ctx context.Context, before, s tokens.Secrets) {
	if t.mirror == "" {
		return
	}
	org, err := t.keeper.writeMirror(ctx, t.org, before, s)
	t.org = org
	if err != nil {
		t.warn(fmt.Errorf("%s: %w", org.Alias, err))
	}
}

func (t *try) warn(err error) { t.warning = errors.Join(t.warning, err) }

// catchUpMirrors tries the token files once more that are behind their orgs.
func (k *Keeper) catchUpMirrors(ctx context.Context) {
	orgs, err := k.ledger.Behind(ctx)
	if err != nil {
		return // whoever lists the orgs is told
	}
	for _, org := range orgs {
		k.catchUpMirror(ctx, org)
	}
}

// catchUpMirror does not wait for a login that a refresh is busy with, which
// writes the file itself.
func (k *Keeper) catchUpMirror(ctx context.Context, org tokens.Org) {
	short, cancel := context.WithTimeout(ctx, 10*lockPoll)
	defer cancel()
	unlock, err := k.locks.lock(short, org.Key)
	if err != nil {
		return
	}
	defer k.unlockSettled(org.Key, unlock)
	if saved, err := k.read(ctx, org.Key); err == nil {
		_, _ = k.writeMirror(ctx, org, saved, saved) // the ledger says that it is still behind
	}
}
