package transfer

import (
	"bytes"
	"strings"

	"orgkeep/tokens"
)

// FormatTokenFile writes a login as a token file: the fields of the token
// endpoint's answer that are known, indented, in the clear. ReadTokens reads it.
// The client id and the client secret are no part of it.
func FormatTokenFile(org tokens.Org, s tokens.Secrets) (string, error) {
	var fields object
	fill(&fields, org, s)
	var out bytes.Buffer
	if err := fields.write(&out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// fill gives the fields of an answer the login's values. What is not known is
// left as it is, so that a file does not lose what somebody else knows.
func fill(fields *object, org tokens.Org, s tokens.Secrets) {
	for _, f := range []struct{ name, text string }{
		{"access_token", s.AccessToken.Reveal()},
		{"refresh_token", s.RefreshToken.Reveal()},
		{"signature", s.Signature.Reveal()},
		{"scope", strings.Join(s.Scopes, " ")},
		{"instance_url", org.InstanceURL},
		{"id", s.ID},
		{"token_type", "Bearer"},
		{"issued_at", s.IssuedAtText},
		{"username", org.Username},
	} {
		if f.text != "" {
			fields.set(f.name, f.text)
		}
	}
}
