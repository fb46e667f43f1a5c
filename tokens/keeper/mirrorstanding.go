package keeper

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"orgkeep/tokens"
	"orgkeep/tokens/transfer"
)

// standing is what a token file is beside the tokens of its org.
type standing int

const (
	standsUnsure standing = iota // it has another refresh token, and nothing tells which is newer
	standsSame                   // the org's refresh token or none, and nothing newer
	standsSpent                  // a refresh token that is known to have been replaced
	standsOlder                  // an unknown refresh token, older by its time
	standsNewer
	standsOther // another login
)

// stand compares a token file with an org's tokens: by the refresh tokens first, then
// by when they were issued. A file that had these tokens and has others now was
// changed since, whatever time it tells: many programs write new tokens beside the
// old issued_at, or leave that out.
func (k *Keeper) stand(ctx context.Context, m transfer.Mirror, org tokens.Org, s tokens.Secrets) (standing, error) {
	dated := !m.IssuedAt.IsZero() && !s.IssuedAt.IsZero()
	switch {
	case m.Missing || holds(m, s):
		return standsSame, nil
	case !sameLogin(m, org, s) && tellsAnother(m, org):
		return standsOther, nil
	case m.RefreshToken.IsZero() || m.RefreshToken.Equal(s.RefreshToken):
		if dated && m.IssuedAt.After(s.IssuedAt) {
			return standsNewer, nil
		}
		return standsSame, nil
	}
	spent, err := k.ledger.Spent(ctx, m.RefreshToken)
	switch {
	case err != nil:
		return standsUnsure, err
	case spent || s.Replaced != "" && s.Replaced == m.RefreshToken.Fingerprint():
		return standsSpent, nil
	case !sameLogin(m, org, s):
		return standsUnsure, nil
	case dated && m.IssuedAt.After(s.IssuedAt):
		return standsNewer, nil
	case dated && m.IssuedAt.Before(s.IssuedAt):
		return standsOlder, nil
	case org.Mirrored > 0 && org.Mirrored >= s.Generation:
		return standsNewer, nil
	}
	return standsUnsure, nil
}

// mayReplace tells whether a token file that has not the tokens s may get them:
// refused is why not, said what the user has to know of it. before are the tokens
// that were the newest until now.
func (k *Keeper) mayReplace(ctx context.Context, m transfer.Mirror, org tokens.Org, before, s tokens.Secrets) (said, refused error) {
	if !sameLogin(m, org, before) && !sameLogin(m, org, s) {
		return nil, errOtherLogin
	}
	switch {
	case holds(m, before):
		return nil, nil
	case m.RefreshToken.IsZero(), m.RefreshToken.Equal(before.RefreshToken), m.RefreshToken.Equal(s.RefreshToken):
		m.RefreshToken, before = s.RefreshToken, s // what is lost is an access token, older than the org's
	}
	how, err := k.stand(ctx, m, org, before)
	switch how {
	case standsSame:
		return nil, nil
	case standsSpent:
		if m.IssuedAt.After(s.IssuedAt) {
			return ErrRotatedOut, nil
		}
		return nil, nil
	case standsOlder:
		return errReplaced, nil
	case standsOther:
		return nil, errOtherLogin
	case standsNewer, standsUnsure:
	}
	return nil, errors.Join(errChanged, err)
}

// sameLogin reports whether a file is of the org and user: by its id, and where
// the file or the org does not tell the user id by the org's refresh token in it, or
// by the org id in its access token and its username.
func sameLogin(m transfer.Mirror, org tokens.Org, s tokens.Secrets) bool {
	switch {
	case m.ID != "" && org.UserID != "":
		return m.OrgID == org.OrgID && m.UserID == org.UserID
	case holds(m, s), !m.RefreshToken.IsZero() && m.RefreshToken.Equal(s.RefreshToken):
		return true
	}
	orgID := orgIDOf(m)
	return orgID != "" && orgID == org.OrgID && m.Username != "" && strings.EqualFold(m.Username, org.Username)
}

// tellsAnother reports whether a file that is not known to be of the org's login
// tells that it is of another, and does not merely leave open whose it is.
func tellsAnother(m transfer.Mirror, org tokens.Org) bool {
	orgID := orgIDOf(m)
	return m.ID != "" && org.UserID != "" ||
		orgID != "" && org.OrgID != "" && orgID != org.OrgID ||
		m.Username != "" && org.Username != "" && !strings.EqualFold(m.Username, org.Username)
}

func orgIDOf(m transfer.Mirror) string {
	return cmp.Or(m.OrgID, tokens.DissectToken(m.AccessToken).OrgID)
}

// holds reports whether a file has these tokens.
func holds(m transfer.Mirror, s tokens.Secrets) bool {
	return m.AccessToken.Equal(s.AccessToken) && m.RefreshToken.Equal(s.RefreshToken)
}
