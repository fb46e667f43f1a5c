package tokens

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Grant is a successful answer of the token endpoint (RFC 6749 section 5.1 with
// Salesforce's own fields), from the wire or as a program saved it to a file.
// Fields that orgkeep has no use for are left out; an id_token is never kept.
type Grant struct {
	AccessToken  Secret
	RefreshToken Secret // absent unless the answer brought one
	Signature    Secret
	ID           string // the identity URL, as received: the signature covers it
	IDProblem    string // why an ID that came was left out; "" where none came, or it is kept
	OrgID        string // 18 characters, from ID
	UserID       string // 18 characters, from ID
	Username     string // not of the endpoint; some programs add it to the file
	InstanceURL  string
	Scopes       []string
	IssuedAt     time.Time // zero when the answer had none
	IssuedAtText string    // as received: the signature covers it
}

// ErrGrant marks text that is no usable answer of a token endpoint.
var ErrGrant = errors.New("not a token endpoint's answer")

// ParseGrant reads the JSON of a successful answer. A byte-order mark and any
// line ends are accepted, unknown fields are passed over, issued_at may be a
// string or a number in seconds or milliseconds. Errors wrap ErrGrant, are one
// short line and never quote a token.
func ParseGrant(text []byte) (Grant, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) {
		return Grant{}, fmt.Errorf("%w: not UTF-8 text", ErrGrant)
	}
	var raw struct {
		AccessToken  string          `json:"access_token"`
		RefreshToken string          `json:"refresh_token"`
		Signature    string          `json:"signature"`
		ID           string          `json:"id"`
		Username     string          `json:"username"`
		InstanceURL  string          `json:"instance_url"`
		Scope        string          `json:"scope"`
		IssuedAt     json.RawMessage `json:"issued_at"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return Grant{}, fmt.Errorf("%w: %s", ErrGrant, jsonProblem(err))
	}
	g := Grant{
		AccessToken:  NewSecret(raw.AccessToken),
		RefreshToken: NewSecret(raw.RefreshToken),
		Signature:    NewSecret(raw.Signature),
		ID:           raw.ID,
		Username:     raw.Username,
		InstanceURL:  raw.InstanceURL,
		Scopes:       strings.Fields(raw.Scope),
	}
	var err error
	if g.IssuedAt, g.IssuedAtText, err = parseIssuedAt(raw.IssuedAt); err != nil {
		return Grant{}, err
	}
	return g, g.check()
}

// check makes sure of what every later step rests on, and fills in the ids.
func (g *Grant) check() error {
	if err := checkToken("access_token", g.AccessToken); err != nil {
		return err
	}
	if err := checkToken("refresh_token", g.RefreshToken); err != nil {
		return err
	}
	if g.AccessToken.IsZero() {
		return fmt.Errorf("%w: it has no access_token", ErrGrant)
	}
	if !Printable(g.Username) {
		return fmt.Errorf("%w: its username has control characters: %s", ErrGrant, brief(g.Username))
	}
	for _, scope := range g.Scopes {
		if !printableASCII(scope) {
			return fmt.Errorf("%w: its scope has characters that no scope has: %s", ErrGrant, brief(scope))
		}
	}
	if g.InstanceURL != "" {
		instance, err := CheckURL(g.InstanceURL)
		if err != nil {
			return fmt.Errorf("%w: its instance_url is %w", ErrGrant, err)
		}
		g.InstanceURL = instance
	}
	if g.ID != "" {
		var err error
		if g.OrgID, g.UserID, err = ParseIdentityURL(g.ID); err != nil {
			return fmt.Errorf("%w: its id: %w", ErrGrant, err)
		}
	}
	return nil
}

func checkToken(name string, token Secret) error {
	switch {
	case strings.HasPrefix(token.Reveal(), "[REDACTED]"):
		return fmt.Errorf("%w: its %s was redacted by the program that wrote it", ErrGrant, name)
	case !printableASCII(token.Reveal()):
		return fmt.Errorf("%w: its %s has characters that no token has", ErrGrant, name)
	}
	return nil
}

func printableASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// parseIssuedAt reads 13 digits as milliseconds, as every answer seen has them,
// and 10 as seconds, as the older documentation's words say.
func parseIssuedAt(raw json.RawMessage) (time.Time, string, error) {
	text := strings.Trim(strings.TrimSpace(string(raw)), `"`)
	if text == "" || text == "null" {
		return time.Time{}, "", nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	const yearThreeThousand = 32503680000
	switch {
	case err != nil || n < 0 || n > 1000*yearThreeThousand:
		return time.Time{}, "", fmt.Errorf("%w: its issued_at is no time in seconds or milliseconds", ErrGrant)
	case n > 1e11: // in seconds that would be the year 5138
		return time.UnixMilli(n).UTC(), text, nil
	}
	return time.Unix(n, 0).UTC(), text, nil
}

// jsonProblem words a JSON error without quoting any of the text.
func jsonProblem(err error) string {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax) && strings.Contains(syntax.Error(), "unexpected end"):
		return fmt.Sprintf("the JSON ends too early, after %d bytes", syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends too early"
	case errors.As(err, &syntax) && strings.Contains(syntax.Error(), "max depth"):
		return fmt.Sprintf("it is nested more than 10,000 deep (at byte %d)", syntax.Offset)
	case errors.As(err, &syntax):
		return fmt.Sprintf("not JSON (at byte %d)", syntax.Offset)
	case errors.As(err, &wrongType) && wrongType.Field == "":
		return "the JSON is no object (" + wrongType.Value + ")"
	case errors.As(err, &wrongType):
		return fmt.Sprintf("its %s is of the wrong type (%s)", wrongType.Field, wrongType.Value)
	}
	return "not JSON"
}
