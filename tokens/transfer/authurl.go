package transfer

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"orgkeep/tokens"
)

// AuthURL is what the Salesforce CLI calls an sfdx auth URL: all that is needed
// to refresh a login, and nothing of whose login it is.
type AuthURL struct {
	ClientID     string
	ClientSecret tokens.Secret // absent for apps without one
	RefreshToken tokens.Secret
	InstanceURL  string // https://host or https://host:port; http:// where the URL says so of a loopback address
}

// AuthURLScheme begins every auth URL.
const AuthURLScheme = "force://"

// ErrAuthURL marks text that is no sfdx auth URL.
var ErrAuthURL = errors.New("not an sfdx auth URL (force://<clientId>:<clientSecret>:<refreshToken>@<host>)")

// authURLForm is that of the Salesforce CLI (@salesforce/core 9.4.0,
// AuthInfo.parseSfdxAuthUrl). Like there, what follows the host is passed over.
// Before the host a scheme may stand, which people write there by mistake.
var authURLForm = regexp.MustCompile(`^force://([a-zA-Z0-9._-]+={0,2}):([a-zA-Z0-9._-]*={0,2}):([a-zA-Z0-9._-]+={0,2})@((?i:https?)://)?([a-zA-Z0-9:._-]+)`)

// ParseAuthURL reads an auth URL. White space around it is passed over. Errors
// wrap ErrAuthURL, and ErrRedacted where that is why, and quote nothing of it but its host.
func ParseAuthURL(text string) (AuthURL, error) {
	text = strings.TrimSpace(text)
	parts := authURLForm.FindStringSubmatch(text)
	switch {
	case parts != nil:
	case strings.Contains(text, Redacted):
		return AuthURL{}, fmt.Errorf("%w: %w", ErrAuthURL, ErrRedacted)
	case strings.HasPrefix(text, AuthURLScheme+":"):
		return AuthURL{}, fmt.Errorf("%w: it has no client id", ErrAuthURL)
	default:
		return AuthURL{}, ErrAuthURL
	}
	scheme, host := cmp.Or(strings.ToLower(parts[4]), "https://"), parts[5]
	if strings.HasSuffix(host, ":") { // of another scheme, whose slashes were passed over
		return AuthURL{}, fmt.Errorf("%w: its host: %w: it wants https://host", ErrAuthURL, tokens.ErrURL)
	}
	instance, err := tokens.CheckURL(scheme + host)
	if err != nil {
		return AuthURL{}, fmt.Errorf("%w: its host: %w", ErrAuthURL, err)
	}
	return AuthURL{
		ClientID: parts[1], ClientSecret: tokens.NewSecret(parts[2]),
		RefreshToken: tokens.NewSecret(parts[3]), InstanceURL: instance,
	}, nil
}

// Redacted begins what the Salesforce CLI prints in a secret's place.
const Redacted = "[REDACTED]"

// NewOrg makes of an auth URL what is saved. Whose login it is only a refresh
// tells: until then the org has no ids, and a Key that tokens.UnknownKey made of
// the host and the refresh token's fingerprint. Of o the client id and secret are
// not used. Errors wrap tokens.ErrURL or tokens.ErrAlias.
func (u AuthURL) NewOrg(o Options) (tokens.Org, tokens.Secrets, error) {
	o.ClientID, o.ClientSecret = u.ClientID, u.ClientSecret
	if err := o.check(); err != nil {
		return tokens.Org{}, tokens.Secrets{}, err
	}
	key, err := tokens.UnknownKey("", u.InstanceURL+" "+u.RefreshToken.Fingerprint(), u.ClientID)
	if err != nil {
		return tokens.Org{}, tokens.Secrets{}, err
	}
	secrets := tokens.Secrets{
		RefreshToken: u.RefreshToken, ClientSecret: u.ClientSecret, InstanceURL: u.InstanceURL,
		Rotates: tokens.RotationUnknown,
	}
	org := tokens.Org{Key: key, Alias: o.Alias, LoginURL: o.LoginURL, ClientID: u.ClientID}
	return org.Holding(secrets), secrets, nil
}
