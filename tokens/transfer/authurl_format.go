package transfer

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"orgkeep/tokens"
)

// ErrAuthURLPart marks a login of which no auth URL can be made.
var ErrAuthURLPart = errors.New("it cannot be an sfdx auth URL")

// The parts of an auth URL as the Salesforce CLI's parser takes them
// (@salesforce/core 9.4.0, AuthInfo.parseSfdxAuthUrl). What does not match would
// be cut off or turned away there.
var (
	authURLToken  = regexp.MustCompile(`^[a-zA-Z0-9._-]+={0,2}$`)
	authURLSecret = regexp.MustCompile(`^[a-zA-Z0-9._-]*={0,2}$`)
	authURLHost   = regexp.MustCompile(`^[a-zA-Z0-9:._-]+$`)
)

// FormatAuthURL writes a login as force://clientId:clientSecret:refreshToken@host,
// which sf org login sfdx-url takes. The host is that of the instance, without
// https://. Errors wrap ErrAuthURLPart, name the part that the CLI would not take
// and quote no secret.
func FormatAuthURL(org tokens.Org, s tokens.Secrets) (tokens.Secret, error) {
	host, isHTTPS := strings.CutPrefix(org.InstanceURL, "https://")
	switch {
	case s.RefreshToken.IsZero():
		return tokens.Secret{}, fmt.Errorf("%w: no refresh token is saved", ErrAuthURLPart)
	case !isHTTPS:
		return tokens.Secret{}, fmt.Errorf("%w: the Salesforce CLI takes https hosts only, and the org's is %s", ErrAuthURLPart, tokens.Clean(org.InstanceURL))
	case !authURLToken.MatchString(org.ClientID):
		return tokens.Secret{}, partError("client id")
	case !authURLSecret.MatchString(s.ClientSecret.Reveal()):
		return tokens.Secret{}, partError("client secret")
	case !authURLToken.MatchString(s.RefreshToken.Reveal()):
		return tokens.Secret{}, partError("refresh token")
	case !authURLHost.MatchString(host):
		return tokens.Secret{}, partError("host")
	}
	return tokens.NewSecret("force://" + org.ClientID + ":" + s.ClientSecret.Reveal() + ":" + s.RefreshToken.Reveal() + "@" + host), nil
}

func partError(part string) error {
	return fmt.Errorf("%w: its %s has characters that the Salesforce CLI does not take there (it takes letters, digits, '.', '_' and '-')", ErrAuthURLPart, part)
}
