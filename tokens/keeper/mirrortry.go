package keeper

import (
	"context"
	"errors"
	"fmt"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/transfer"
)

// fromMirror takes over what another program has written to the org's token file,
// where that is newer than what is saved: its refresh token is then the one that
// is valid. A file that cannot be used is a warning; one that may be newer keeps the
// saved refresh token from being sent.
func (t *try) fromMirror(ctx context.Context, saved tokens.Secrets) (tokens.Secrets, error) {
	k, key := t.keeper, t.org.Key
	known, err := k.ledger.Org(ctx, key) // another process may have set it since the caller looked
	if err != nil || known.Mirror == "" {
		t.org.Mirror = ""
		return saved, nil //nolint:nilerr // a ledger that cannot be read says so when it is written
	}
	t.org.Mirror, t.org.Mirrored, t.mirror = known.Mirror, known.Mirrored, known.Mirror
	m, err := transfer.ReadMirror(known.Mirror)
	if err != nil {
		t.leaveMirror(err)
		return saved, nil
	}
	how, err := k.stand(ctx, m, t.org, saved)
	switch {
	case how == standsOther:
		t.leaveMirror(errOtherLogin)
	case how == standsUnsure:
		t.unsure = errors.Join(ErrMirrorUnsure, err)
	case how == standsNewer && !m.RefreshToken.IsZero():
		next := taken(saved, m)
		next.Generation = max(saved.Generation, t.org.Generation) + 1
		if err := k.write(ctx, key, next); err != nil {
			return saved, err
		}
		return next, nil
	}
	return saved, nil
}

// taken is what a login's secrets are with the tokens of a newer file. A time in it
// that is not later than that of the saved tokens is theirs, and not the new ones':
// their age, and when the refresh token was last used, become unknown.
func taken(saved tokens.Secrets, m transfer.Mirror) tokens.Secrets {
	g := m.Grant
	if g.RefreshToken.Equal(saved.RefreshToken) {
		g.RefreshToken = tokens.Secret{} // it was not rotated
	}
	next := saved.Next(g, g.IssuedAt)
	if !saved.IssuedAt.IsZero() && g.IssuedAt.After(saved.IssuedAt) {
		return next
	}
	next.RefreshUsedAt, next.IssuedAt, next.IssuedAtText, next.Signature = time.Time{}, time.Time{}, "", tokens.Secret{}
	if g.AccessToken.Equal(saved.AccessToken) {
		next.IssuedAt, next.IssuedAtText, next.Signature = saved.IssuedAt, saved.IssuedAtText, saved.Signature
	}
	return next
}

// leaveMirror makes sure that nothing is written over a file that is not understood.
func (t *try) leaveMirror(err error) {
	t.mirror = ""
	t.warn(fmt.Errorf("%s: %w", t.org.Alias, aboutMirror(t.org.Mirror+" is not in step", err)))
}

// toMirror writes the org's token file. That it cannot be written is a warning,
// and is tried again.
func (t *try) toMirror(ctx context.Context, before, s tokens.Secrets) {
	if t.mirror == "" {
		return
	}
	org, err := t.keeper.writeMirror(ctx, t.org, before, s, false)
	t.org = org
	if err != nil {
		t.warn(fmt.Errorf("%s: %w", org.Alias, err))
	}
}

func (t *try) warn(err error) { t.warning = errors.Join(t.warning, err) }
