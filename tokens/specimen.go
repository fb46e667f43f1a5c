package tokens

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

// Specimen is a text that somebody wants to know about: a token, an auth URL of
// the Salesforce CLI or a token endpoint's answer, as far as it can be read. It is
// looked at and not saved.
type Specimen struct {
	Form    SpecimenForm
	Secrets Secrets
	IDToken Secret
	// ClientID is the app; ClientIDFrom is the claim of a JWT that names it where
	// nothing else does.
	ClientID, ClientIDFrom string
	// OrgID and UserID are what a field beside the answer's own names, or the text
	// itself, 18 characters; IDFrom is that field, or FromInput.
	OrgID, UserID, IDFrom string
	// Other is the text itself where it is a single token of no known kind, or a
	// consumer key.
	Other Secret
	// ExpiresIn is how long the access token lasts from its issue on, where the
	// answer tells (RFC 6749 section 5.1); Salesforce's does not.
	ExpiresIn time.Duration
	Cut       bool     // its end could not be read, so what is missing may be there
	Problems  []string // what could not be read, in sentences without the full stop
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
	FormEncoded      SpecimenForm = "form-encoded answer"
	FormVariables    SpecimenForm = "environment variables"
	FormURL          SpecimenForm = "URL with tokens in it"
	FormIdentityURL  SpecimenForm = "identity URL"
	FormID           SpecimenForm = "Salesforce id"
)

// FromInput is the source of an id that is the whole text.
const FromInput = "input"

// SpecimenLimit is the most that is looked at, in bytes.
const SpecimenLimit = 4 << 20

// ErrSpecimen marks a text that is neither a token, an auth URL nor token JSON.
var ErrSpecimen = errors.New("it is no token, auth URL or token JSON")

// authURLForm is force://<client id>:<client secret>:<refresh token>@<host>, as
// the Salesforce CLI reads it (@salesforce/core, parseSfdxAuthUrl), and the form
// without the client that its writer makes when it knows none.
var authURLForm = regexp.MustCompile(`^force://(?:([a-zA-Z0-9._-]+={0,2}):([a-zA-Z0-9._-]*={0,2}))?:?([a-zA-Z0-9._-]+={0,2})@([a-zA-Z0-9:._-]+)`)

// ParseSpecimen reads a text as whatever it is. It is tolerant: what can be read
// is, and Problems names the rest. Errors wrap ErrSpecimen and quote nothing but
// the words of an endpoint's refusal. It is safe for concurrent use.
func ParseSpecimen(text string) (Specimen, error) {
	if len(text) > SpecimenLimit {
		return Specimen{}, wrapSpecimen("it is longer than 4 MiB")
	}
	text, notes := unwrap(text)
	s, err := readSpecimen(text)
	if err != nil {
		return Specimen{}, err
	}
	s.Problems = append(notes, s.Problems...)
	s.client()
	return s, nil
}

func readSpecimen(text string) (Specimen, error) {
	switch {
	case text == "":
		return Specimen{}, wrapSpecimen("nothing is in it")
	case text[0] == '{':
		return jsonSpecimen(text, true)
	case text[0] == '[':
		return listSpecimen(text)
	case strings.HasPrefix(text, "force://"):
		return authURLSpecimen(text)
	case webURL.MatchString(text):
		return urlSpecimen(text)
	}
	if s, found, err := formSpecimen(text); found {
		return s, err
	}
	if s, found := variablesSpecimen(text); found {
		return s, nil
	}
	if found := headerInside.FindStringSubmatch(text); found != nil {
		s, err := tokenSpecimen(NewSecret(found[1]))
		s.Problems = append(s.Problems, "the text around the Authorization header was passed over")
		return s, err
	}
	switch {
	case strings.ContainsAny(text, "…•") || strings.Contains(text, "***") || strings.Contains(text, "[REDACTED]"):
		return Specimen{}, wrapSpecimen("it is masked, and what is masked cannot be read back")
	case !printableASCII(text):
		return Specimen{}, wrapSpecimen("it has spaces or characters that no token has")
	}
	return tokenSpecimen(NewSecret(text))
}

// client takes the app from a JWT where nothing else names it.
func (s *Specimen) client() {
	for _, token := range []Secret{s.Secrets.AccessToken, s.IDToken} {
		if s.ClientID != "" || !isJOSE(token) {
			continue
		}
		if j, err := ParseJWT(token); err == nil {
			s.ClientID, s.ClientIDFrom = j.ClientID, j.ClientFrom
		}
	}
}

type specimenError struct{ problem string }

func wrapSpecimen(problem string) error { return &specimenError{problem} }

func (e *specimenError) Error() string { return ErrSpecimen.Error() + ": " + e.problem }

func (e *specimenError) Unwrap() error { return ErrSpecimen }

func tokenSpecimen(token Secret) (Specimen, error) {
	text := token.Reveal()
	switch {
	case isJOSE(token) && isIDToken(token):
		return Specimen{Form: FormIDToken, IDToken: token}, nil
	case isJOSE(token), strings.HasPrefix(text, "00D") && strings.Contains(text, "!"):
		return Specimen{Form: FormAccessToken, Secrets: Secrets{AccessToken: token}}, nil
	case strings.HasPrefix(text, "5Aep"):
		return Specimen{Form: FormRefreshToken, Secrets: Secrets{RefreshToken: token}}, nil
	case strings.HasPrefix(text, "3MVG"):
		return Specimen{Form: FormConsumerKey, ClientID: Clean(text), Other: token}, nil
	}
	s := Specimen{Form: FormUnknownToken, Other: token}
	switch id, err := ID18(text); {
	case err == nil && strings.HasPrefix(id, "00D"):
		return Specimen{Form: FormID, OrgID: id, IDFrom: FromInput}, nil
	case err == nil && strings.HasPrefix(id, "005"):
		return Specimen{Form: FormID, UserID: id, IDFrom: FromInput}, nil
	case encryptedForm.MatchString(text):
		s.Problems = []string{encryptedWords}
	case strings.HasPrefix(text, "eyJ"):
		s.Problems = []string{"it begins as a JWT does, and the other two parts of one are missing"}
	case !tokenForm.MatchString(text):
		return Specimen{}, wrapSpecimen("it is a word, and no token has its form")
	}
	return s, nil
}

// tokenForm is what a token of no known kind is written with (RFC 6750 section 2.1,
// and Salesforce's exclamation mark). The shortest are longer than most words.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9._~+/!-]{20,}=*$`)

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

func authURLSpecimen(text string) (Specimen, error) {
	plain := strings.Replace(text, "@https://", "@", 1)
	found := authURLForm.FindStringSubmatch(plain)
	if found == nil {
		return Specimen{}, wrapSpecimen("an auth URL is force://<client id>:<client secret>:<refresh token>@<host>")
	}
	s := Specimen{Form: FormAuthURL, ClientID: found[1], Secrets: Secrets{
		ClientSecret: NewSecret(found[2]), RefreshToken: NewSecret(found[3]),
	}}
	if s.ClientID == "" {
		s.Problems = append(s.Problems, "it names no client id, and the Salesforce CLI does not take it so")
	}
	if plain != text {
		s.Problems = append(s.Problems, "https:// stands before the host, and the Salesforce CLI does not take it so")
	}
	if len(found[0]) != len(plain) {
		s.Problems = append(s.Problems, "something stands behind the host, which the Salesforce CLI passes over")
	}
	s.instance("https://" + found[4])
	if len(found[3]) > 0 && !strings.HasPrefix(found[3], "5Aep") && strings.HasPrefix(found[3], "00D") {
		s.Problems = append(s.Problems, "an access token stands where the refresh token belongs")
	}
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
