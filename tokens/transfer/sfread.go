package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"orgkeep/tokens"
)

// sfAuth is what orgkeep has use for of a login file of the Salesforce CLI
// (@salesforce/core 9.4.0, AuthFields).
type sfAuth struct {
	sfApp
	Username    string           `json:"username"`
	OrgID       string           `json:"orgId"`
	UserID      string           `json:"userId"`
	LoginURL    string           `json:"loginUrl"`
	InstanceURL string           `json:"instanceUrl"`
	PrivateKey  string           `json:"privateKey"`
	ClientApps  map[string]sfApp `json:"clientApps"`
	sfKind
}

// sfApp is one app's part: of the login itself, or under clientApps.
type sfApp struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
}

// sfReading is one reading of a home: it finds the key once.
type sfReading struct {
	home    *SFHome
	ctx     context.Context //nolint:containedctx // of the one call that makes the reading
	keys    []*sfKey        // those to try; the one that fitted is first
	looked  int             // places that were looked into: 1 the file, 2 the keychain too
	problem error           // why a place gave no key
	used    *sfKey          // the key that opened a value
}

// opened decrypts a stored value. An empty one and a redacted one are absent; one
// that is not encrypted is taken as it is, as by the CLI.
func (r *sfReading) opened(stored string) (tokens.Secret, error) {
	switch {
	case stored == "", strings.HasPrefix(stored, Redacted):
		return tokens.Secret{}, nil
	case !sfSealed(stored):
		return tokens.NewSecret(stored), nil
	}
	for tried := 0; ; tried++ {
		if tried == len(r.keys) && !r.look(tried) {
			break
		}
		if plain, err := r.keys[tried].open(stored); err == nil {
			r.used = r.keys[tried]
			return plain, nil
		}
	}
	if r.problem != nil {
		return tokens.Secret{}, fmt.Errorf("%w (%w)", ErrSFKey, r.problem)
	}
	return tokens.Secret{}, ErrSFKey
}

// look brings another key to try: from the file, then from the keychain, which
// may have to ask. It reports whether keys has more than n now.
func (r *sfReading) look(n int) bool {
	for r.looked < 2 && len(r.keys) == n {
		key, err := r.home.key()
		if r.looked == 1 {
			key, err = nil, nil
			if r.home.keyring != nil {
				var text tokens.Secret
				if text, err = r.home.keyring(r.ctx); err == nil && !text.IsZero() {
					key, err = newSFKey(text)
				}
			}
		}
		r.looked++
		if err != nil {
			r.problem = err
		}
		if key != nil {
			r.keys = append(r.keys, key)
		}
	}
	return len(r.keys) > n
}

// parseSF reads the JSON of a login file. Its errors quote nothing.
func parseSF(text []byte) (sfAuth, error) {
	var auth sfAuth
	if err := json.Unmarshal(text, &auth); err != nil {
		return sfAuth{}, errors.New("it is not the JSON of a login")
	}
	return auth, nil
}

// logins are those of one file: the login itself, and each client app that has
// tokens of its own.
func (r *sfReading) logins(username string, aliases []string) []SFLogin {
	first := SFLogin{Username: username}
	if len(aliases) > 0 {
		first.Alias, first.Others = aliases[0], aliases[1:]
	}
	text, err := readSmall(filepath.Join(r.home.folder, username+".json"))
	var auth sfAuth
	if err == nil {
		auth, err = parseSF(text)
	}
	if err != nil {
		first.Skip = tokens.Clean(err.Error())
		return []SFLogin{first}
	}
	first.DevHub, first.Ends = auth.DevHub.yes, auth.ends()
	all := []SFLogin{r.login(first, auth, auth.sfApp)}
	for _, name := range slices.Sorted(maps.Keys(auth.ClientApps)) {
		app := first
		app.App, app.Others = name, nil
		all = append(all, r.login(app, auth, auth.ClientApps[name]))
	}
	return all
}

// login fills in one login, or why it is passed over.
func (r *sfReading) login(l SFLogin, auth sfAuth, app sfApp) SFLogin {
	org, secrets, err := r.org(l, auth, app)
	if err != nil {
		l.Skip = tokens.Clean(err.Error())
		return l
	}
	l.Org, l.Secrets = org, secrets
	return l
}

// Why a login of the Salesforce CLI is passed over.
var (
	errSFJWT    = errors.New("it signs in with a private key (JWT) and has no refresh token")
	errSFAccess = errors.New("it has an access token only, which cannot be refreshed")
	errSFHidden = errors.New("its refresh token is redacted in the file; sf org auth show-sfdx-auth-url prints it")
	errSFNone   = errors.New("it has no refresh token")
)

// lacking says why there is no refresh token.
func lacking(auth sfAuth, app sfApp, access tokens.Secret) error {
	switch {
	case strings.HasPrefix(app.RefreshToken, Redacted):
		return errSFHidden
	case auth.PrivateKey != "":
		return errSFJWT
	case !access.IsZero():
		return errSFAccess
	}
	return errSFNone
}

func (r *sfReading) org(l SFLogin, auth sfAuth, app sfApp) (org tokens.Org, s tokens.Secrets, err error) {
	for _, part := range []struct {
		stored string
		into   *tokens.Secret
		name   string
	}{
		{app.RefreshToken, &s.RefreshToken, "refresh token"},
		{app.AccessToken, &s.AccessToken, "access token"},
		{app.ClientSecret, &s.ClientSecret, "client secret"},
	} {
		if *part.into, err = r.opened(part.stored); err != nil {
			return tokens.Org{}, tokens.Secrets{}, fmt.Errorf("its %s cannot be read: %w", part.name, err)
		}
		if strings.IndexFunc(part.into.Reveal(), func(c rune) bool { return c <= ' ' || c > '~' }) >= 0 {
			return tokens.Org{}, tokens.Secrets{}, fmt.Errorf("its %s has characters that no token has", part.name)
		}
	}
	if s.RefreshToken.IsZero() {
		return tokens.Org{}, tokens.Secrets{}, lacking(auth, app, s.AccessToken)
	}
	if org, err = r.facts(l, auth, app); err != nil {
		return tokens.Org{}, tokens.Secrets{}, err
	}
	s.InstanceURL, s.Rotates = org.InstanceURL, tokens.RotationUnknown
	if org = org.Holding(s); org.Type == tokens.TypeUnknown {
		org.Type = auth.kind()
	}
	return org, s, nil
}

// facts are what is not secret of a login.
func (r *sfReading) facts(l SFLogin, auth sfAuth, app sfApp) (org tokens.Org, err error) {
	if app.ClientID == "" || !tokens.Printable(app.ClientID) {
		return org, errors.New("it has no client id that can be used")
	}
	org.ClientID, org.Username = app.ClientID, auth.Username
	if org.Username == "" {
		org.Username = l.Username
	}
	if !tokens.Printable(org.Username) {
		return org, errors.New("its username has control characters")
	}
	if org.OrgID, err = tokens.ID18(auth.OrgID); err != nil {
		return org, fmt.Errorf("its orgId: %w", err)
	}
	if org.InstanceURL, err = tokens.CheckURL(auth.InstanceURL); err != nil {
		return org, fmt.Errorf("its instanceUrl: %w", err)
	}
	if org.LoginURL, err = ownHost(auth.LoginURL, org.InstanceURL); err != nil {
		return org, fmt.Errorf("its loginUrl: %w", err)
	}
	if auth.UserID == "" {
		org.Key, err = tokens.UnknownKey(org.OrgID, strings.ToLower(org.Username), org.ClientID)
	} else if org.UserID, err = tokens.ID18(auth.UserID); err == nil {
		org.Key, err = tokens.NewKey(org.OrgID, org.UserID, org.ClientID)
	}
	if err != nil {
		return org, fmt.Errorf("its ids: %w", err)
	}
	org.Shared = tokens.Shared{Home: r.home.folder, Username: l.Username, App: l.App}
	return org, nil
}

// ownHost is the login URL to keep: none where it is one of the hosts that all
// orgs share, which many orgs refuse, or the instance itself.
func ownHost(login, instance string) (string, error) {
	if login == "" {
		return "", nil
	}
	host, err := tokens.CheckURL(login)
	switch host {
	case instance, "https://login.salesforce.com", "https://test.salesforce.com":
		return "", nil
	}
	return host, err
}
