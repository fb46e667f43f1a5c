package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"orgkeep/tokens"
)

// ErrTokenFilePart marks a login of which no token file can be made that import
// would take.
var ErrTokenFilePart = errors.New("it cannot be a token file")

// FormatTokenFile writes a login as a token file: the fields of the token
// endpoint's answer that are known, indented, in the clear, and beside them the
// client id and the login URL, which an import needs too. Read reads it. The
// client secret is no part of it. Errors wrap ErrTokenFilePart.
func FormatTokenFile(org tokens.Org, s tokens.Secrets) (string, error) {
	switch {
	case s.AccessToken.IsZero():
		return "", fmt.Errorf("%w: no access token is saved; a refresh brings one", ErrTokenFilePart)
	case s.RefreshToken.IsZero():
		return "", fmt.Errorf("%w: no refresh token is saved", ErrTokenFilePart)
	}
	var fields object
	fill(&fields, org, s)
	for _, f := range []struct{ name, text string }{{"client_id", org.ClientID}, {"login_url", org.LoginURL}} {
		if f.text != "" {
			fields.set(f.name, f.text)
		}
	}
	var out bytes.Buffer
	if err := fields.write(&out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// fill gives the fields of an answer the login's values. What is not known is
// left as it is, so that a file does not lose what somebody else knows, unless it
// was about another access token.
func fill(fields *object, org tokens.Org, s tokens.Secrets) {
	token, err := marshalText(s.AccessToken.Reveal())
	another := err != nil || !slices.ContainsFunc(*fields, func(f field) bool { return f.name == "access_token" && bytes.Equal(f.value, token) })
	id := s.ID
	if id == "" && !fields.has("id") {
		id = identityURL(org)
	}
	for _, f := range []struct{ name, text string }{
		{"access_token", s.AccessToken.Reveal()},
		{"refresh_token", s.RefreshToken.Reveal()},
		{"signature", s.Signature.Reveal()},
		{"scope", strings.Join(s.Scopes, " ")},
		{"instance_url", org.InstanceURL},
		{"id", id},
		{"token_type", "Bearer"},
		{"issued_at", s.IssuedAtText},
		{"username", org.Username},
	} {
		switch {
		case f.text != "":
			fields.set(f.name, f.text)
		case another && (f.name == "issued_at" || f.name == "signature"):
			*fields = slices.DeleteFunc(*fields, func(old field) bool { return old.name == f.name })
		}
	}
}

// identityURL is that of a login whose ids came otherwise than with an answer, as
// those of the Salesforce CLI: /id/<org>/<user> of its host (help article
// remoteaccess_using_openid). Empty while the user id is not known.
func identityURL(org tokens.Org) string {
	if org.OrgID == "" || org.UserID == "" {
		return ""
	}
	return org.InstanceURL + "/id/" + org.OrgID + "/" + org.UserID
}
