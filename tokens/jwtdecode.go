package tokens

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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
	// OrgID is the org that the tenant key (tnk, in the header of Salesforce's access
	// tokens) names, as it stands there. Empty where it names none.
	OrgID string
	// Encrypted says that it is a JWE (RFC 7516): its claims are for the holder of
	// a key, and only the header can be read.
	Encrypted bool
	// Issuer and Subject are iss and sub; ClientID is client_id, else azp, and
	// ClientFrom says which.
	Issuer, Subject      string
	ClientID, ClientFrom string
	Audience             []string
	Scopes               []string // scp, else scope
	// ExpiresAt, IssuedAt and NotBefore are zero where the token does not tell
	// them as it should; Problems says so then.
	ExpiresAt, IssuedAt, NotBefore time.Time
	// Signature is what is known of the token's own signature: without a key of the
	// org it is not checked. Verify checks it.
	Signature Check
	// Problems are what is wrong with the token, in sentences without the full stop.
	Problems []string

	signed    string // what the signature covers
	signature []byte
	unread    bool   // the claims could not be read, or not to their end
	unsound   string // why no signature can be looked for; empty where one can
	critical  bool   // the header has crit
}

// Claim is one member of a header or of claims, cleaned.
type Claim struct {
	Name  string
	Value string    // whole: a string as it is, anything else as JSON
	At    time.Time // of a claim that is a time; zero for the others
}

// Short returns the name and the value for a line of a screen: what is longer than
// a line or two is cut, and says how much is left out.
func (c Claim) Short() (name, value string) {
	return cutAt(c.Name, nameMost), cutAt(c.Value, claimMost)
}

func cutAt(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return fmt.Sprintf("%s… and %d characters more", string(runes[:most]), len(runes)-most)
}

// Limits of what is decoded. Salesforce's JWTs have about 2 KiB.
const (
	partLimit  = 256 << 10 // characters of a header or of claims
	claimsMost = 200
	nameMost   = 60  // characters of a name that are shown in a line
	claimMost  = 160 // characters of a value that are shown in a line
)

// ErrJWT marks a text that cannot be decoded as a JWT.
var ErrJWT = errors.New("it cannot be decoded as a JWT")

// The parts of a token in the compact form.
const (
	partsSigned    = 3 // RFC 7515 section 7.1
	partsEncrypted = 5 // RFC 7516 section 7.1
)

const notWhole = "it has not the parts of a signed JWT"

// ParseJWT decodes a token in the compact form (RFC 7515 section 7.1). It decodes
// what it can: what is odd, as a time that is a string or claims that are cut off,
// is named in Problems. Errors wrap ErrJWT, mean that neither header nor claims
// could be decoded, and quote nothing of the token. It is safe for concurrent use.
func ParseJWT(token Secret) (JWT, error) {
	parts := strings.SplitN(token.Reveal(), ".", partsEncrypted+1)
	j := JWT{Encrypted: len(parts) == partsEncrypted}
	switch {
	case j.Encrypted:
		j.unsound = "it is encrypted, and what is signed in it is for the holder of the key"
	case len(parts) > partsEncrypted:
		j.unsound = notWhole
		j.problem("it has more than 5 parts, where a signed JWT has 3")
	case len(parts) != partsSigned:
		j.unsound = notWhole
		j.problem("it has %s, where a signed JWT has 3: header, claims and signature", partsWord(len(parts)))
	}
	decoded := j.decode(parts[0], "header")
	if !j.Encrypted && len(parts) > 1 {
		decoded = j.decode(parts[1], "claims") || decoded
	}
	j.unread = j.unread || len(parts) == 1
	if !decoded {
		return JWT{}, fmt.Errorf("%w: %s", ErrJWT, strings.Join(j.Problems, "; "))
	}
	if len(parts) == partsSigned {
		j.signed = parts[0] + "." + parts[1]
		j.sign(parts[2])
	}
	j.order()
	j.Signature = j.unchecked()
	return j, nil
}

func partsWord(n int) string {
	if n == 1 {
		return "1 part"
	}
	return fmt.Sprintf("%d parts", n)
}

// decode reads the header or the claims, and reports whether anything was read.
func (j *JWT) decode(text, part string) bool {
	raw, err := j.unbase(text, part)
	if err != nil {
		j.unread = j.unread || part == "claims"
		j.problem("its %s part %s", part, err)
		return false
	}
	members, err := membersOf(raw)
	if err != nil {
		cannot := "cannot be read"
		if len(members) > 0 {
			cannot += " to its end"
		}
		j.problem("its %s part %s: %s", part, cannot, err)
		j.unread = j.unread || part == "claims"
		if len(members) == 0 {
			return false
		}
	}
	if part == "header" {
		j.Header = j.take(members, part, j.header)
		j.algorithm(err == nil)
	} else {
		j.Claims = j.take(members, part, j.claim)
	}
	return true
}

// unbase decodes base64url without padding (RFC 7515 section 2), and what others
// write instead of it.
func (j *JWT) unbase(text, part string) ([]byte, error) {
	switch {
	case text == "":
		return nil, errors.New("is empty")
	case len(text) > partLimit:
		return nil, fmt.Errorf("has %d characters, more than the %d that are looked at", len(text), partLimit)
	}
	plain := strings.TrimRight(text, "=")
	if plain != text {
		j.problem("its %s part has base64 padding, which a JWT has not (RFC 7515 section 2): others may refuse it", part)
	}
	if strings.ContainsAny(plain, "+/") {
		j.problem("its %s part is in base64 with + and /, where a JWT has - and _ (RFC 7515 section 2): others may refuse it", part)
		plain = strings.NewReplacer("+", "-", "/", "_").Replace(plain)
	}
	raw, err := base64.RawURLEncoding.DecodeString(plain)
	if err != nil {
		return nil, errors.New("is not base64url")
	}
	return raw, nil
}

// sign keeps the signature. One that is missing belongs to no algorithm but none.
func (j *JWT) sign(text string) {
	var err error
	switch j.signature, err = base64.RawURLEncoding.DecodeString(text); {
	case err != nil:
		j.problem("its signature is not base64url")
	case text == "" && !strings.EqualFold(j.Algorithm, "none"):
		j.problem("its signature is empty")
	}
}

func (j *JWT) problem(format string, args ...any) {
	j.Problems = append(j.Problems, fmt.Sprintf(format, args...))
}

type member struct {
	name string
	raw  json.RawMessage
}

// membersOf reads a JSON object and keeps the order and the doubles. With an error
// it returns the members that stand before it.
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
			return members, fmt.Errorf("it has more than %d members", claimsMost)
		}
		name, err := decoder.Token()
		if err != nil {
			return members, errors.New(jsonProblem(err))
		}
		text, _ := name.(string) // the decoder gives no other key of an object
		m := member{name: text}
		if err := decoder.Decode(&m.raw); err != nil {
			return members, errors.New(jsonProblem(err))
		}
		members = append(members, m)
	}
	if _, err := decoder.Token(); err != nil {
		return members, errors.New("the JSON ends too early")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return members, errors.New("something stands behind the JSON object")
	}
	return members, nil
}

// take turns members into claims and hands each to know. Of doubles the last
// counts, as with encoding/json; RFC 7519 section 4 allows a reader to choose so.
func (j *JWT) take(members []member, part string, know func(member) time.Time) []Claim {
	var doubles []string
	seen := map[string]bool{}
	claims := make([]Claim, 0, len(members))
	for _, m := range members {
		if seen[m.name] && !slices.Contains(doubles, m.name) {
			doubles = append(doubles, m.name)
			has := map[string]string{"header": "its header has", "claims": "its claims have"}[part]
			j.problem("%s %s more than once; the last one is taken here, another reader may take the first", has, brief(m.name))
		}
		seen[m.name] = true
		text, isText := textOf(m.raw)
		if !isText {
			text = compact(m.raw)
		}
		claims = append(claims, Claim{Name: Clean(m.name), Value: Clean(text), At: know(m)})
	}
	return claims
}

// compact is JSON in one line.
func compact(raw json.RawMessage) string {
	var out bytes.Buffer
	if json.Compact(&out, raw) != nil {
		return string(raw)
	}
	return out.String()
}

func textOf(raw json.RawMessage) (string, bool) {
	var text string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return "", false
	}
	return text, true
}
