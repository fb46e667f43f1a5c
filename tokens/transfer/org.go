package transfer

import (
	"errors"
	"fmt"
	"strings"

	"orgkeep/tokens"
)

// ErrClientID marks a client id that is missing or malformed.
var ErrClientID = errors.New("a client id is needed (the consumer key of the app that the tokens were issued to)")

// Options are what a token file does not tell.
type Options struct {
	// Alias is the one the user gave; empty leaves it to the ledger.
	Alias string
	// ClientID is the consumer key of the app; there is no default.
	ClientID string
	// ClientSecret is absent for apps that refresh without one.
	ClientSecret tokens.Secret
	// LoginURL is where to refresh; empty means the grant's instance URL.
	LoginURL string
}

// NewOrg makes of a grant what is saved: the org for the ledger, the secrets for
// the keychain. It guesses nothing: without issued_at the age stays unknown, and
// an expiry is set only where the access token is a JWT that tells it. A grant
// without id is told by its username and the org id in its access token, as one of
// the Salesforce CLI: its user id comes with the first refresh. A grant without a
// refresh token can be kept and shown, and not refreshed. Generation is left
// to whoever saves.
//
// Errors name no file, the caller does. They wrap ErrClientID,
// tokens.ErrGrant (not told whose it is, or no instance_url), tokens.ErrURL (the login URL) or
// tokens.ErrAlias.
func NewOrg(g tokens.Grant, o Options) (tokens.Org, tokens.Secrets, error) {
	if g.ID == "" {
		g.OrgID = tokens.DissectToken(g.AccessToken).OrgID
	}
	if err := sufficient(g); err != nil {
		return tokens.Org{}, tokens.Secrets{}, err
	}
	if err := o.check(); err != nil {
		return tokens.Org{}, tokens.Secrets{}, err
	}
	key, err := keyOf(g, o.ClientID)
	if err != nil {
		return tokens.Org{}, tokens.Secrets{}, fmt.Errorf("%w: %w", tokens.ErrGrant, err)
	}
	secrets := tokens.Secrets{
		AccessToken: g.AccessToken, RefreshToken: g.RefreshToken, ClientSecret: o.ClientSecret,
		Signature: g.Signature, ID: g.ID, InstanceURL: g.InstanceURL, Scopes: g.Scopes,
		IssuedAt: g.IssuedAt, IssuedAtText: g.IssuedAtText, Rotates: tokens.RotationUnknown,
	}
	if !g.RefreshToken.IsZero() {
		// The answer that brought the refresh token was its latest use, as far as is
		// known. Where its time is unknown, so is that of the use: an import is none.
		secrets.RefreshUsedAt = g.IssuedAt
	}
	org := tokens.Org{
		Key: key, Alias: o.Alias, OrgID: g.OrgID, UserID: g.UserID, Username: g.Username,
		LoginURL: o.LoginURL, ClientID: o.ClientID,
	}
	return org.Holding(secrets), secrets, nil
}

// keyOf names the login, by its username where its user id is not known.
func keyOf(g tokens.Grant, clientID string) (tokens.Key, error) {
	if g.ID == "" {
		return tokens.UnknownKey(g.OrgID, strings.ToLower(g.Username), clientID)
	}
	return tokens.NewKey(g.OrgID, g.UserID, clientID)
}

// sufficient makes sure that the grant tells whose it is and where.
func sufficient(g tokens.Grant) error {
	switch {
	case g.AccessToken.IsZero():
		return fmt.Errorf("%w: it has no access_token", tokens.ErrGrant)
	case g.ID == "" && g.IDProblem != "" && (g.Username == "" || g.OrgID == ""):
		return fmt.Errorf("%w: its id is not valid: %s", tokens.ErrGrant, g.IDProblem)
	case g.ID == "" && (g.Username == "" || g.OrgID == ""):
		return fmt.Errorf("%w: it has no id, which names the org and the user", tokens.ErrGrant)
	case g.InstanceURL == "":
		return fmt.Errorf("%w: it has no instance_url", tokens.ErrGrant)
	}
	return nil
}

// check makes sure of the options, and brings the login URL to its plain form.
func (o *Options) check() error {
	if o.Alias != "" {
		if err := tokens.CheckAlias(o.Alias); err != nil {
			return fmt.Errorf("the alias given: %w", err)
		}
	}
	switch {
	case o.ClientID == "":
		return ErrClientID
	case !tokens.Printable(o.ClientID):
		return fmt.Errorf("%w: %s has characters that do not print", ErrClientID, tokens.Clean(o.ClientID))
	}
	if o.LoginURL == "" {
		return nil
	}
	login, err := tokens.CheckURL(o.LoginURL)
	if err != nil {
		return fmt.Errorf("the login URL given: %w", err)
	}
	o.LoginURL = login
	return nil
}
