package tokens

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// JWT is what a JSON Web Token says of itself (RFC 7519). Nothing in it is
// verified: Verify tells whether the org signed it. The signature is not a part
// of it, so that it cannot be used as a token.
type JWT struct {
	Header, Claims []Claim // in the order of the token
	Algorithm      string  // alg
	KeyID          string  // kid
	Audience       []string
	// ExpiresAt, IssuedAt and NotBefore are zero where the token does not tell
	// them as it should; Problems says so then.
	ExpiresAt, IssuedAt, NotBefore time.Time
	// Problems are what is wrong with the token, in sentences without the full stop.
	Problems []string

	signed    string // what the signature covers
	signature []byte
}

// Claim is one member of a header or of claims, cleaned.
type Claim struct {
	Name  string
	Value string    // a string as it is, anything else as JSON; a long one is cut
	At    time.Time // of a claim that is a time; zero for the others
}

// Limits of what is decoded. Salesforce's JWTs have about 2 KiB.
const (
	jwtLimit   = 256 << 10 // bytes of the whole token
	claimsMost = 200
	claimMost  = 600 // characters of a value
)

// ErrJWT marks a text that cannot be decoded as a JWT.
var ErrJWT = errors.New("it cannot be decoded as a JWT")

// ParseJWT decodes a token in the compact form (RFC 7515 section 7.1). A member
// that is odd, as a time that is a string, is kept and named in Problems. Errors
// wrap ErrJWT and quote nothing of the token. It is safe for concurrent use.
func ParseJWT(token Secret) (JWT, error) {
	text := token.Reveal()
	if len(text) > jwtLimit {
		return JWT{}, fmt.Errorf("%w: it has %d bytes, more than the %d that are looked at", ErrJWT, len(text), jwtLimit)
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return JWT{}, fmt.Errorf("%w: it has %d parts, not 3", ErrJWT, len(parts))
	}
	j := JWT{signed: parts[0] + "." + parts[1]}
	for i, part := range []string{"header", "claims"} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return JWT{}, fmt.Errorf("%w: its %s is not base64url", ErrJWT, part)
		}
		members, err := membersOf(raw)
		if err != nil {
			return JWT{}, fmt.Errorf("%w: its %s: %w", ErrJWT, part, err)
		}
		if i == 0 {
			j.Header = j.take(members, part, j.header)
		} else {
			j.Claims = j.take(members, part, j.claim)
		}
	}
	var err error
	if j.signature, err = base64.RawURLEncoding.DecodeString(parts[2]); err != nil {
		j.problem("its signature is not base64url")
	}
	j.algorithm()
	return j, nil
}

func (j *JWT) problem(format string, args ...any) {
	j.Problems = append(j.Problems, fmt.Sprintf(format, args...))
}

// algorithm says what is wrong with alg. Salesforce signs with RS256 alone.
func (j *JWT) algorithm() {
	switch {
	case j.Algorithm == "":
		j.problem("its header names no alg")
	case strings.EqualFold(j.Algorithm, "none"):
		j.problem("its alg is none: nobody signed it, and anybody can have written it")
	case j.Algorithm != "RS256":
		j.problem("its alg is %s; Salesforce signs with RS256 alone", brief(j.Algorithm))
	}
}

type member struct {
	name string
	raw  json.RawMessage
}

// membersOf reads a JSON object and keeps the order and the doubles.
func membersOf(raw []byte) ([]member, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not UTF-8 text")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return nil, errors.New("it is no JSON object")
	}
	var members []member
	for decoder.More() {
		if len(members) == claimsMost {
			return nil, fmt.Errorf("it has more than %d members", claimsMost)
		}
		name, err := decoder.Token()
		if err != nil {
			return nil, errors.New(jsonProblem(err))
		}
		text, _ := name.(string) // the decoder gives no other key of an object
		m := member{name: text}
		if err := decoder.Decode(&m.raw); err != nil {
			return nil, errors.New(jsonProblem(err))
		}
		members = append(members, m)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errors.New("the JSON ends too early")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands behind the JSON object")
	}
	return members, nil
}

// take turns members into claims and hands each to know. Of doubles the last
// counts, as with encoding/json; RFC 7519 section 4 allows a reader to choose so.
func (j *JWT) take(members []member, part string, know func(name, text string, raw json.RawMessage) time.Time) []Claim {
	seen := map[string]bool{}
	claims := make([]Claim, 0, len(members))
	for _, m := range members {
		if seen[m.name] {
			j.problem("its %s has %s more than once; the last one is taken here, another reader may take the first", part, brief(m.name))
		}
		seen[m.name] = true
		text, isText := textOf(m.raw)
		if !isText {
			text = ""
		}
		at := know(m.name, text, m.raw)
		if !isText {
			text = string(m.raw)
		}
		claims = append(claims, Claim{Name: brief(m.name), Value: cutAt(Clean(text), claimMost), At: at})
	}
	return claims
}

func textOf(raw json.RawMessage) (string, bool) {
	var text string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return "", false
	}
	return text, true
}

func cutAt(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func (j *JWT) header(name, text string, _ json.RawMessage) time.Time {
	switch name {
	case "alg":
		j.Algorithm = text
		if text == "" {
			j.problem("its alg is no string")
		}
	case "kid":
		j.KeyID = text
		if text == "" {
			j.problem("its kid is no string")
		}
	case "crit":
		j.problem("its header has crit: extensions that a reader must understand (RFC 7515 section 4.1.11)")
	}
	return time.Time{}
}

func (j *JWT) claim(name, _ string, raw json.RawMessage) time.Time {
	switch name {
	case "exp":
		j.ExpiresAt = j.time(name, raw)
		return j.ExpiresAt
	case "iat":
		j.IssuedAt = j.time(name, raw)
		return j.IssuedAt
	case "nbf":
		j.NotBefore = j.time(name, raw)
		return j.NotBefore
	case "auth_time", "updated_at":
		return j.time(name, raw)
	case "aud":
		j.Audience = j.audience(raw)
	}
	return time.Time{}
}

// time reads a NumericDate: seconds since 1970 (RFC 7519 section 2).
func (j *JWT) time(name string, raw json.RawMessage) time.Time {
	const yearThreeThousand = 32503680000
	n, err := strconv.ParseFloat(string(raw), 64)
	switch {
	case len(raw) > 0 && raw[0] == '"':
		j.problem("its %s is a string, not a number of seconds", name)
	case err != nil && !errors.Is(err, strconv.ErrRange):
		j.problem("its %s is no number", name)
	case !(n >= 0 && n < yearThreeThousand):
		j.problem("its %s is no time between 1970 and the year 3000", name)
	default:
		return time.Unix(int64(n), 0).UTC()
	}
	return time.Time{}
}

// audience reads a string or an array of them (RFC 7519 section 4.1.3).
func (j *JWT) audience(raw json.RawMessage) []string {
	if text, ok := textOf(raw); ok {
		return []string{brief(text)}
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil || list == nil {
		j.problem("its aud is neither a string nor an array of strings")
		return nil
	}
	for i := range list {
		list[i] = brief(list[i])
	}
	return list
}
