package tokens

import (
	"errors"
	"regexp"
	"strings"
)

// Specimen is a text that somebody wants to know about: a token, an auth URL of
// the Salesforce CLI or a token endpoint's answer in JSON, as far as it can be
// read. It is looked at and not saved.
type Specimen struct {
	Form     SpecimenForm
	Secrets  Secrets
	IDToken  Secret
	ClientID string
	// Other is the text itself where it is a single token of no known kind, or a
	// consumer key.
	Other    Secret
	Problems []string // what could not be read, in sentences without the full stop
}

// SpecimenForm says what a specimen is, in the words of the JSON output.
type SpecimenForm string

// The forms.
const (
	FormAccessToken  SpecimenForm = "access token"
	FormRefreshToken SpecimenForm = "refresh token"
	FormIDToken      SpecimenForm = "id token"
	FormConsumerKey  SpecimenForm = "consumer key"
	FormUnknownToken SpecimenForm = "token of no known kind"
	FormAuthURL      SpecimenForm = "auth URL"
	FormTokenJSON    SpecimenForm = "token JSON"
)

// SpecimenLimit is the most that is looked at, in bytes.
const SpecimenLimit = 4 << 20

// ErrSpecimen marks a text that is neither a token, an auth URL nor token JSON.
var ErrSpecimen = errors.New("it is no token, auth URL or token JSON")

// authURLForm is force://<client id>:<client secret>:<refresh token>@<host>, as
// the Salesforce CLI reads it (@salesforce/core, parseSfdxAuthUrl), and the form
// without the client that its writer makes when it knows none.
var authURLForm = regexp.MustCompile(`^force://(?:([a-zA-Z0-9._-]+={0,2}):([a-zA-Z0-9._-]*={0,2}))?:?([a-zA-Z0-9._-]+={0,2})@([a-zA-Z0-9:._-]+)`)

// ParseSpecimen reads a text as whatever it is. It is tolerant: what can be read
// is, and Problems names the rest. Errors wrap ErrSpecimen and quote nothing. It
// is safe for concurrent use.
func ParseSpecimen(text string) (Specimen, error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\xef\xbb\xbf"))
	text = strings.TrimSpace(strings.TrimPrefix(text, "Authorization:"))
	text = strings.TrimSpace(strings.TrimPrefix(text, "Bearer "))
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
	}
	switch {
	case text == "":
		return Specimen{}, wrapSpecimen("nothing is in it")
	case len(text) > SpecimenLimit:
		return Specimen{}, wrapSpecimen("it is longer than 4 MiB")
	case text[0] == '{':
		return jsonSpecimen(text)
	case strings.HasPrefix(text, "force://"):
		return authURLSpecimen(text)
	case !printableASCII(text):
		return Specimen{}, wrapSpecimen("it has spaces or characters that no token has")
	}
	return tokenSpecimen(NewSecret(text)), nil
}

type specimenError struct{ problem string }

func wrapSpecimen(problem string) error { return &specimenError{problem} }

func (e *specimenError) Error() string { return ErrSpecimen.Error() + ": " + e.problem }

func (e *specimenError) Unwrap() error { return ErrSpecimen }

func tokenSpecimen(token Secret) Specimen {
	text := token.Reveal()
	switch {
	case IsJWT(token) && isIDToken(token):
		return Specimen{Form: FormIDToken, IDToken: token}
	case IsJWT(token), strings.HasPrefix(text, "00D") && strings.Contains(text, "!"):
		return Specimen{Form: FormAccessToken, Secrets: Secrets{AccessToken: token, Scopes: scopesOf(token)}}
	case strings.HasPrefix(text, "5Aep"):
		return Specimen{Form: FormRefreshToken, Secrets: Secrets{RefreshToken: token}}
	case strings.HasPrefix(text, "3MVG"):
		return Specimen{Form: FormConsumerKey, ClientID: Clean(text), Other: token}
	}
	return Specimen{Form: FormUnknownToken, Other: token}
}

// isIDToken tells an id token by claims that OpenID Connect Core section 2 and
// 3.1.3.6 define for it, and by the type that Salesforce's access tokens have.
func isIDToken(token Secret) bool {
	j, err := ParseJWT(token)
	if err != nil {
		return false
	}
	is := false
	for _, h := range j.Header {
		if h.Name == "tty" {
			return false
		}
	}
	for _, c := range j.Claims {
		switch c.Name {
		case "at_hash", "nonce", "auth_time", "c_hash":
			is = true
		case "scp", "scope", "mty":
			return false
		}
	}
	return is
}

// scopesOf reads the scp claim of a JWT-based access token.
func scopesOf(token Secret) []string {
	j, err := ParseJWT(token)
	if err != nil {
		return nil
	}
	for _, c := range j.Claims {
		if c.Name == "scp" && !strings.HasPrefix(c.Value, "[") {
			return strings.Fields(c.Value)
		}
	}
	return nil
}

func authURLSpecimen(text string) (Specimen, error) {
	found := authURLForm.FindStringSubmatch(text)
	if found == nil {
		return Specimen{}, wrapSpecimen("an auth URL is force://<client id>:<client secret>:<refresh token>@<host>")
	}
	s := Specimen{Form: FormAuthURL, ClientID: found[1], Secrets: Secrets{
		ClientSecret: NewSecret(found[2]), RefreshToken: NewSecret(found[3]),
	}}
	if s.ClientID == "" {
		s.Problems = append(s.Problems, "it names no client id, and the Salesforce CLI does not take it so")
	}
	if len(found[0]) != len(text) {
		s.Problems = append(s.Problems, "something stands behind the host, which the Salesforce CLI passes over")
	}
	s.instance("https://" + found[4])
	return s, nil
}

func (s *Specimen) instance(raw string) {
	instance, err := CheckURL(raw)
	if err != nil {
		s.Problems = append(s.Problems, "its host cannot be used: "+err.Error())
		return
	}
	s.Secrets.InstanceURL = instance
}

func jsonSpecimen(text string) (Specimen, error) {
	members, err := membersOf([]byte(text))
	if err != nil {
		return Specimen{}, wrapSpecimen(err.Error())
	}
	s := Specimen{Form: FormTokenJSON}
	known := 0
	for _, m := range members {
		if m.name == "result" && strings.HasPrefix(strings.TrimSpace(string(m.raw)), "{") {
			return jsonSpecimen(string(m.raw)) // the Salesforce CLI's own wrapping
		}
		if m.name == "sfdxAuthUrl" {
			if url, ok := textOf(m.raw); ok {
				return authURLSpecimen(url)
			}
		}
		if s.take(m) {
			known++
		}
	}
	if known == 0 {
		return Specimen{}, wrapSpecimen("the JSON has no field of a token answer")
	}
	if len(s.Secrets.Scopes) == 0 {
		s.Secrets.Scopes = scopesOf(s.Secrets.AccessToken)
	}
	return s, nil
}

// take reads one field of a token answer, or of what the Salesforce CLI prints.
func (s *Specimen) take(m member) bool {
	secrets := map[string]*Secret{
		"access_token": &s.Secrets.AccessToken, "accessToken": &s.Secrets.AccessToken,
		"refresh_token": &s.Secrets.RefreshToken, "refreshToken": &s.Secrets.RefreshToken,
		"client_secret": &s.Secrets.ClientSecret, "clientSecret": &s.Secrets.ClientSecret,
		"signature": &s.Secrets.Signature, "id_token": &s.IDToken,
	}
	text, isText := textOf(m.raw)
	if into := secrets[m.name]; into != nil {
		if !isText {
			s.Problems = append(s.Problems, "its "+m.name+" is no string")
			return true
		}
		*into = NewSecret(text)
		if !printableASCII(text) {
			s.Problems = append(s.Problems, "its "+m.name+" has characters that no token has")
		}
		return true
	}
	switch m.name {
	case "id":
		s.Secrets.ID = text
	case "instance_url", "instanceUrl":
		s.instance(text)
	case "client_id", "clientId":
		s.ClientID = brief(text)
	case "scope":
		s.Secrets.Scopes = strings.Fields(Clean(text))
	case "issued_at":
		at, raw, err := parseIssuedAt(m.raw)
		s.Secrets.IssuedAt, s.Secrets.IssuedAtText = at, raw
		if err != nil {
			s.Problems = append(s.Problems, "its issued_at is no time in seconds or milliseconds")
		}
		isText = true
	default:
		return false
	}
	if !isText {
		s.Problems = append(s.Problems, "its "+m.name+" is no string")
	}
	return true
}
