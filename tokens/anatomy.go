package tokens

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Anatomy is all that the tokens of a login tell without anybody being asked. It
// holds no secret. Texts are cleaned.
type Anatomy struct {
	Access, Refresh, ID Token
	Identity            Identity
	Host                HostReading
	Scopes              []Scope
	Missing             []Lack
	// Signature is that of the token endpoint's answer, an HMAC; a JWT has another
	// one of its own.
	Signature Check
	// HasClientSecret says whether the app's client secret is there.
	HasClientSecret bool
	// Note is what the form of the access token means for its scopes; empty where it
	// means nothing.
	Note string
	// Doubts are what does not hold together, in sentences without the full stop.
	Doubts []string
}

// TokenKind is the form of a token.
type TokenKind string

// The forms. Opaque tokens mean something to the org alone.
const (
	KindOpaque TokenKind = "opaque"
	KindJWT    TokenKind = "jwt"
	KindJWE    TokenKind = "jwe" // an encrypted JWT
)

// Token is the anatomy of one token; the zero Token is absent.
type Token struct {
	Mask     string
	Kind     TokenKind
	Length   int    // bytes
	Alphabet string // what it is written with
	SHA256   string // 64 hex digits
	// OrgID is the org that the prefix of an opaque access token names, or the tenant
	// key of a JWT, in its 18-character form; Prefix is that as it stands there, and
	// OrgFrom says where: FromPrefix or FromTenant. Empty without one.
	OrgID, Prefix, OrgFrom string
	JWT                    *JWT // nil unless it could be decoded
	Problem                string
}

// Where a token names its org: before the exclamation mark, or in the header of a
// JWT (Salesforce help, JWT-Based Access Tokens).
const (
	FromPrefix = "prefix"
	FromTenant = "tnk"
)

// Present reports whether there is a token.
func (t Token) Present() bool { return t.Length > 0 }

// Identity is who the login belongs to, as the identity URL tells it, else the
// subject of a JWT.
type Identity struct {
	URL           string
	OrgID, UserID string // 18 characters; one of them may not be told
	From          string // the field or claim that tells it: id, sub or another
	OrgFrom       string // what tells the org, where that is something else
	Problem       string // why it tells nothing
}

// IDs names the org and the user, as far as they are told, and what tells them where
// that is not the identity URL or the input itself.
func (i Identity) IDs() string {
	by := func(from string) string {
		if i.URL != "" || from == "" || from == FromInput {
			return ""
		}
		return " (named by " + from + ")"
	}
	org, user := "org "+i.OrgID, "user "+i.UserID+by(i.From)
	switch {
	case i.OrgID == "" && i.UserID == "":
		return ""
	case i.OrgID == "":
		return user
	case i.UserID == "":
		return org + by(i.From)
	}
	return org + by(i.OrgFrom) + ", " + user
}

// HostReading is what the name of the host tells.
type HostReading struct {
	Host string
	Type Type
	How  string // which part of the name tells the type
	From string // the field or claim that names the host: instance_url, iss or aud
}

// Scope is a scope and what it allows; Meaning is empty for one that orgkeep
// does not know.
type Scope struct{ Name, Meaning string }

// Dissect reads the anatomy of a login's tokens. It is safe for concurrent use.
func Dissect(s Secrets) Anatomy { return DissectSpecimen(Specimen{Form: FormTokenJSON, Secrets: s}) }

// DissectSpecimen reads the anatomy of a specimen. What no field tells is read off
// the JWTs in it. It is safe for concurrent use.
func DissectSpecimen(s Specimen) Anatomy {
	a := Anatomy{
		Access: DissectToken(s.Secrets.AccessToken), Refresh: DissectToken(s.Secrets.RefreshToken), ID: DissectToken(s.IDToken),
		Identity: identityOf(s.Secrets.ID), Host: ReadHost(s.Secrets.InstanceURL),
		Signature: CheckSignature(s.Secrets), HasClientSecret: !s.Secrets.ClientSecret.IsZero(),
	}
	if !s.Answer() && s.Secrets.ID == "" {
		a.Identity.Problem = "nothing in it names a user"
	}
	if s.Cut && s.Secrets.ID == "" {
		a.Identity.Problem = "not known: the end cannot be read"
	}
	if s.Cut && s.Secrets.Signature.IsZero() {
		a.Signature.Why = "the end cannot be read, so it is not known whether there is one"
	}
	for _, j := range []*JWT{a.Access.JWT, a.ID.JWT} {
		if j != nil {
			a.told(j)
		}
	}
	if a.Identity.OrgID == "" && s.OrgID+s.UserID != "" {
		a.Identity = Identity{OrgID: s.OrgID, UserID: cmp.Or(s.UserID, a.Identity.UserID), From: s.IDFrom}
	}
	a.tenant()
	scopes := slices.Clone(s.Secrets.Scopes)
	if a.Access.JWT != nil { // what either of the two names is not missing
		scopes = append(scopes, a.Access.JWT.Scopes...)
	}
	for i, name := range scopes {
		if !slices.Contains(scopes[:i], name) {
			a.Scopes = append(a.Scopes, Scope{Clean(name), ScopeMeaning(name)})
		}
	}
	if a.Access.Kind == KindJWT && len(a.Scopes) > 0 {
		// Salesforce help, JWT-Based Access Tokens.
		a.Note = "The access token is a JWT, and those are for REST APIs alone."
	}
	a.Missing = MissingScopes(scopes, a.Refresh.Present())
	a.Doubts = a.doubts(s)
	return a
}

// told takes from a JWT what nothing else has told: the host of the org from iss,
// else aud, and the user from sub.
func (a *Anatomy) told(j *JWT) {
	if a.Host.Host == "" {
		a.Host = j.host()
	}
	if org, user := j.subject(); a.Identity.URL == "" && a.Identity.UserID == "" && user != "" {
		a.Identity = Identity{OrgID: org, UserID: user, From: "sub"}
	}
}

// tenant takes the org from the tenant key of the access token, where nothing else
// tells it.
func (a *Anatomy) tenant() {
	i := &a.Identity
	if a.Access.OrgFrom != FromTenant || i.OrgID != "" || i.URL != "" {
		return
	}
	i.OrgID, i.OrgFrom = a.Access.OrgID, FromTenant
	if i.UserID == "" {
		*i = Identity{OrgID: a.Access.OrgID, From: FromTenant}
	}
}

// DissectToken reads the anatomy of one token; of the absent Secret it is zero.
func DissectToken(s Secret) Token {
	if s.IsZero() {
		return Token{}
	}
	text := s.Reveal()
	sum := sha256.Sum256([]byte(text))
	t := Token{Mask: Clean(s.Mask()), Kind: KindOpaque, Length: len(text), Alphabet: alphabetOf(text), SHA256: hex.EncodeToString(sum[:])}
	if isJOSE(s) {
		t.Kind = KindJWT
		if strings.Count(text, ".") == partsEncrypted-1 {
			t.Kind = KindJWE
		}
		j, err := ParseJWT(s)
		if err != nil {
			t.Problem = err.Error()
			return t
		}
		t.JWT = &j
		if id, err := ID18(j.OrgID); err == nil {
			t.OrgID, t.Prefix, t.OrgFrom = id, j.OrgID, FromTenant
		}
		return t
	}
	// The org id stands before the exclamation mark of an access token.
	prefix, _, opaque := strings.Cut(text, "!")
	if !opaque || !strings.HasPrefix(prefix, "00D") {
		return t
	}
	id, err := ID18(prefix)
	if err != nil {
		t.Problem = "the part before the exclamation mark is no org id of 15 or 18 characters"
		return t
	}
	t.Prefix, t.OrgID, t.OrgFrom = prefix, id, FromPrefix
	return t
}

// alphabetOf says what a token is written with: its marks in the order of ASCII and
// each in quotes, since some of them end a sentence elsewhere.
func alphabetOf(text string) string {
	var letters, digits, odd bool
	var marks []string
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits = true
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			letters = true
		case r > ' ' && r <= '~':
			if mark := "'" + string(r) + "'"; !slices.Contains(marks, mark) {
				marks = append(marks, mark)
			}
		default:
			odd = true
		}
	}
	slices.Sort(marks)
	var parts []string
	for _, part := range []struct {
		there bool
		word  string
	}{{letters, "letters"}, {digits, "digits"}, {len(marks) > 0, strings.Join(marks, " ")}, {odd, "characters that no token has"}} {
		if part.there {
			parts = append(parts, part.word)
		}
	}
	return strings.Join(parts, ", ")
}

func identityOf(raw string) Identity {
	if raw == "" {
		return Identity{Problem: "there is no identity URL"}
	}
	org, user, err := ParseIdentityURL(raw)
	if err != nil {
		return Identity{URL: brief(raw), From: "id", Problem: Clean(err.Error())}
	}
	return Identity{URL: Clean(raw), OrgID: org, UserID: user, From: "id"}
}
