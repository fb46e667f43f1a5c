package tokens

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// header takes a member of the header.
func (j *JWT) header(m member) time.Time {
	switch m.name {
	case "alg":
		j.Algorithm = j.text(m)
	case "kid":
		j.KeyID = j.text(m)
	case "tnk":
		j.OrgID = orgOfTenant(j.text(m))
	case "crit":
		j.critical = true
		j.problem("its header has crit: extensions that a reader must understand (RFC 7515 section 4.1.11)")
	}
	return time.Time{}
}

// orgOfTenant is the org id in a tenant key, as it stands there; empty where none of
// its parts is one.
func orgOfTenant(key string) string {
	for part := range strings.SplitSeq(key, "/") {
		if _, err := ID18(part); err == nil && strings.HasPrefix(part, "00D") {
			return part
		}
	}
	return ""
}

// text is the value of a member that has to be a string.
func (j *JWT) text(m member) string {
	text, isText := textOf(m.raw)
	switch {
	case !isText:
		j.problem("its %s is %s, not a string", m.name, kindOf(m.raw))
	case text == "":
		j.problem("its %s is empty", m.name)
	}
	return text
}

// kindOf names what a JSON value is.
func kindOf(raw json.RawMessage) string {
	switch {
	case len(raw) == 0, raw[0] == 'n':
		return "null"
	case raw[0] == '"':
		return "a string"
	case raw[0] == '{':
		return "an object"
	case raw[0] == '[':
		return "an array"
	case raw[0] == 't', raw[0] == 'f':
		return "true or false"
	}
	return "a number"
}

// algorithm says what is wrong with alg, once. Salesforce signs with RS256 alone.
// Whole says that the header was read to its end.
func (j *JWT) algorithm(whole bool) {
	named := false
	for _, c := range j.Header {
		named = named || c.Name == "alg"
	}
	switch {
	case j.Encrypted: // its alg is of the key, and its claims may be signed inside
	case !named && whole:
		j.problem("its header names no alg")
	case j.Algorithm == "": // text has said what it is
	case strings.EqualFold(j.Algorithm, "none"):
		j.problem("its alg is %s: nobody signed it, and anybody can have written it", j.Algorithm)
	case j.Algorithm != "RS256":
		j.problem("its alg is %s; Salesforce signs with RS256 alone", brief(j.Algorithm))
	}
}

// claim takes one of the claims. What is not of the type that it has to be of is
// named as a problem.
func (j *JWT) claim(m member) time.Time {
	switch m.name {
	case "exp":
		j.ExpiresAt = j.time(m)
		return j.ExpiresAt
	case "iat":
		j.IssuedAt = j.time(m)
		return j.IssuedAt
	case "nbf":
		j.NotBefore = j.time(m)
		return j.NotBefore
	case "auth_time", "updated_at":
		return j.time(m)
	case "aud":
		j.Audience = j.list(m)
	case "iss":
		j.Issuer = j.text(m)
	case "sub":
		j.Subject = j.text(m)
	case "client_id":
		if id := Clean(j.text(m)); id != "" {
			j.ClientID, j.ClientFrom = id, m.name
		}
	case "azp": // OpenID Connect Core section 2: the client that the token is for
		if azp := Clean(j.text(m)); azp != "" && j.ClientFrom != "client_id" {
			j.ClientID, j.ClientFrom = azp, m.name
		}
	case "scp":
		j.Scopes = j.scopes(m)
	case "scope":
		if len(j.Scopes) == 0 {
			j.Scopes = j.scopes(m)
		}
	}
	return time.Time{}
}

// scopes are the words of a string, or of an array of them.
func (j *JWT) scopes(m member) []string {
	if text, ok := textOf(m.raw); ok {
		return strings.Fields(Clean(text))
	}
	return j.list(m)
}

// list reads a string or an array of them (RFC 7519 section 4.1.3).
func (j *JWT) list(m member) []string {
	if text, ok := textOf(m.raw); ok {
		return []string{Clean(text)}
	}
	var list []string
	if json.Unmarshal(m.raw, &list) != nil || list == nil {
		j.problem("its %s is neither a string nor an array of strings", m.name)
		return nil
	}
	for i := range list {
		list[i] = Clean(list[i])
	}
	return list
}

// time reads a NumericDate: seconds since 1970 (RFC 7519 section 2).
func (j *JWT) time(m member) time.Time {
	const yearTwoThousand, yearThreeThousand = 946684800, 32503680000
	kind := kindOf(m.raw)
	if kind != "a number" {
		j.problem("its %s is %s, not a number of seconds", m.name, kind)
		return time.Time{}
	}
	n, err := strconv.ParseFloat(string(m.raw), 64)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		j.problem("its %s is no number", m.name)
	case n >= yearTwoThousand*1000 && n < yearThreeThousand*1000:
		j.problem("its %s is past the year 3000 in seconds, which a JWT counts in; in milliseconds it would be %s", m.name,
			time.UnixMilli(int64(n)).UTC().Format(time.RFC3339))
	case !(n >= 0 && n < yearThreeThousand):
		j.problem("its %s is no time between 1970 and the year 3000", m.name)
	default:
		return time.Unix(int64(n), 0).UTC()
	}
	return time.Time{}
}

// order says which times contradict each other.
func (j *JWT) order() {
	for _, first := range []struct {
		name string
		at   time.Time
	}{{"iat", j.IssuedAt}, {"nbf", j.NotBefore}} {
		if !first.at.IsZero() && !j.ExpiresAt.IsZero() && !first.at.Before(j.ExpiresAt) {
			j.problem("its exp is not after its %s: it is valid at no time", first.name)
		}
	}
}

// Timed reports whether Standing goes by a time that the token tells.
func (j JWT) Timed(now time.Time) bool { return !j.ExpiresAt.IsZero() || now.Before(j.NotBefore) }

// Standing says in a line how the token stands at now by its own times. It is safe
// for concurrent use.
func (j JWT) Standing(now time.Time) string {
	switch {
	case j.Encrypted:
		return "its claims are encrypted, so when it ends is not known"
	case !j.ExpiresAt.IsZero() && !now.Before(j.ExpiresAt):
		return "it ended " + Ago(now.Sub(j.ExpiresAt))
	case now.Before(j.NotBefore):
		return "it is not valid yet: it begins in " + FormatSpan(j.NotBefore.Sub(now))
	case j.ExpiresAt.IsZero() && slices.ContainsFunc(j.Claims, func(c Claim) bool { return c.Name == "exp" }):
		return "its exp cannot be read, so when it ends is not known"
	case j.ExpiresAt.IsZero() && j.unread:
		return "its claims cannot be read, so when it ends is not known"
	case j.ExpiresAt.IsZero():
		return "it does not tell when it ends"
	}
	return "it ends in " + FormatSpan(j.ExpiresAt.Sub(now))
}

// unchecked is what can be said of the signature where no key of the org is at
// hand.
func (j *JWT) unchecked() Check {
	if why := j.uncheckable(); why != "" {
		return Check{CheckNone, why}
	}
	return Check{CheckNone, "it is signed with RS256, and only the keys that its issuer publishes can tell by whom"}
}

// Checkable reports whether a published key can tell anything of the signature. It
// is safe for concurrent use.
func (j JWT) Checkable() bool { return j.uncheckable() == "" }

// uncheckable is why no key can tell anything of the signature.
func (j *JWT) uncheckable() string {
	switch {
	case j.unsound != "":
		return j.unsound
	case strings.EqualFold(j.Algorithm, "none"):
		return "its alg is " + j.Algorithm + ": nobody signed it"
	case j.Algorithm == "":
		return "no alg that can be read is in its header, and RS256 alone is accepted"
	case j.Algorithm != "RS256":
		return "its algorithm is " + brief(j.Algorithm) + ", and RS256 alone is accepted"
	case len(j.signature) == 0:
		return "its alg is RS256, and it has no signature that can be read"
	case j.critical:
		return "its header has crit, and who does not understand the extensions that it names must not accept it (RFC 7515 section 4.1.11)"
	}
	return ""
}
