package tokens

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
)

// Anatomy is all that the tokens of a login tell without anybody being asked. It
// holds no secret. Texts are cleaned.
type Anatomy struct {
	Access, Refresh Token
	Identity        Identity
	Host            HostReading
	Scopes          []Scope
	Missing         []Lack
	Signature       Check
	// HasClientSecret says whether the app's client secret is there.
	HasClientSecret bool
}

// TokenKind is the form of a token.
type TokenKind string

// The forms. Opaque tokens mean something to the org alone.
const (
	KindOpaque TokenKind = "opaque"
	KindJWT    TokenKind = "jwt"
)

// Token is the anatomy of one token; the zero Token is absent.
type Token struct {
	Mask     string
	Kind     TokenKind
	Length   int    // bytes
	Alphabet string // what it is written with
	SHA256   string // 64 hex digits
	// OrgID is the org that the prefix of an opaque access token names, in its
	// 18-character form; Prefix is that as it stands there. Empty without one.
	OrgID, Prefix string
	JWT           *JWT // nil unless it could be decoded
	Problem       string
}

// Present reports whether there is a token.
func (t Token) Present() bool { return t.Length > 0 }

// Identity is what the identity URL tells.
type Identity struct {
	URL           string
	OrgID, UserID string // 18 characters
	Problem       string // why it tells nothing
}

// HostReading is what the name of the host tells.
type HostReading struct {
	Host string
	Type Type
	How  string // which part of the name tells the type
}

// Scope is a scope and what it allows; Meaning is empty for one that orgkeep
// does not know.
type Scope struct{ Name, Meaning string }

// Dissect reads the anatomy of a login's tokens. It is safe for concurrent use.
func Dissect(s Secrets) Anatomy {
	a := Anatomy{
		Access: DissectToken(s.AccessToken), Refresh: DissectToken(s.RefreshToken),
		Identity: identityOf(s.ID), Host: ReadHost(s.InstanceURL),
		Missing: MissingScopes(s.Scopes), Signature: CheckSignature(s),
		HasClientSecret: !s.ClientSecret.IsZero(),
	}
	for _, name := range s.Scopes {
		a.Scopes = append(a.Scopes, Scope{Clean(name), ScopeMeaning(name)})
	}
	return a
}

// DissectToken reads the anatomy of one token; of the absent Secret it is zero.
func DissectToken(s Secret) Token {
	if s.IsZero() {
		return Token{}
	}
	text := s.Reveal()
	sum := sha256.Sum256([]byte(text))
	t := Token{Mask: Clean(s.Mask()), Kind: KindOpaque, Length: len(text), Alphabet: alphabetOf(text), SHA256: hex.EncodeToString(sum[:])}
	if IsJWT(s) {
		t.Kind = KindJWT
		j, err := ParseJWT(s)
		if err != nil {
			t.Problem = err.Error()
			return t
		}
		t.JWT = &j
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
	t.Prefix, t.OrgID = prefix, id
	return t
}

// alphabetOf says what a token is written with.
func alphabetOf(text string) string {
	var letters, digits, odd bool
	marks := ""
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits = true
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			letters = true
		case r > ' ' && r <= '~':
			if !strings.ContainsRune(marks, r) {
				marks += string(r)
			}
		default:
			odd = true
		}
	}
	var parts []string
	for _, part := range []struct {
		there bool
		word  string
	}{{letters, "letters"}, {digits, "digits"}, {marks != "", marks}, {odd, "characters that no token has"}} {
		if part.there {
			parts = append(parts, part.word)
		}
	}
	return strings.Join(parts, ", ")
}

func identityOf(raw string) Identity {
	if raw == "" {
		return Identity{Problem: "the answer had no identity URL"}
	}
	org, user, err := ParseIdentityURL(raw)
	if err != nil {
		return Identity{URL: brief(raw), Problem: Clean(err.Error())}
	}
	return Identity{URL: Clean(raw), OrgID: org, UserID: user}
}

// ReadHost tells the type of an org by the name of its host, and how.
func ReadHost(instanceURL string) HostReading {
	r := HostReading{Type: TypeOf(instanceURL)}
	u, err := url.Parse(instanceURL)
	if err != nil || u.Hostname() == "" {
		r.How = "no host is known"
		return r
	}
	r.Host = Clean(strings.ToLower(u.Host))
	r.How = howOf(strings.ToLower(u.Hostname()), r.Type)
	return r
}

func howOf(host string, kind Type) string {
	name, mine := strings.CutSuffix(host, ".my.salesforce.com")
	_, partition, partitioned := strings.Cut(name, ".")
	switch {
	case kind == TypeUnknown:
		return "the name has none of the forms of Salesforce's"
	case kind == Government || kind == China:
		return "the domain is that of the " + string(kind) + " cloud, which does not tell sandboxes apart"
	case !mine:
		return "it is the login host that such orgs share"
	case partitioned && partitions[partition] != "":
		return "the label " + partition + " before my.salesforce.com"
	case partitioned:
		return "an instance of sandboxes, in the form from before partitions"
	case kind == Sandbox:
		return "the double hyphen, in the form from before partitions"
	case kind == Developer:
		return "the ending -dev-ed, in the form from before partitions"
	}
	return "a name of the org's own with no label before my.salesforce.com"
}
