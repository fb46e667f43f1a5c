package demo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"orgkeep/tokens"
)

// source makes every value of a demo that would be random at Salesforce from
// its seed and a label, so that no value depends on the order of requests.
type source uint64

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

func (s source) bytes(n int, label ...string) []byte {
	out := make([]byte, 0, n+sha256.Size)
	for block := 0; len(out) < n; block++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %d", uint64(s), label, block))
		out = append(out, sum[:]...)
	}
	return out[:n]
}

func (s source) text(n int, label ...string) string {
	text := s.bytes(n, label...)
	for i, b := range text {
		text[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(text)
}

// id makes an id of 18 characters. No instance of Salesforce is called xx.
func (s source) id(prefix, alias string) (string, error) {
	id, err := tokens.ID18(prefix + "xx00000" + s.text(5, "id", prefix, alias))
	if err != nil {
		return "", fmt.Errorf("id of %s: %w", alias, err)
	}
	return id, nil
}

// accessToken makes the n-th opaque access token of an org. It has the outline
// of a real one (org id, exclamation mark, AQ) and says what it is; the tilde,
// which no real one has, keeps secret scanners quiet.
func (s source) accessToken(orgID, alias string, n int) string {
	return orgID[:15] + "!AQ~demo~not~a~token~" + s.text(76, "access", alias, strconv.Itoa(n))
}

// refreshToken makes the n-th refresh token of an org, likewise.
func (s source) refreshToken(alias string, n int) string {
	return "5Aep8.demo.not.a.token." + s.text(64, "refresh", alias, strconv.Itoa(n))
}

// jwt makes an access token in the form of "JWT-based access tokens for named
// users", signed with the key that the demo's orgs publish.
func (s source) jwt(o tokens.Org, issued time.Time, life time.Duration, n int) (string, error) {
	header := map[string]any{
		"alg": "RS256", "typ": "JWT", "kid": keyID, "tty": "sfdc-core-token", "tnk": "core/demo/" + o.OrgID, "ver": "1.0",
	}
	claims := map[string]any{
		"scp": strings.Join(o.Scopes, " "), "aud": []string{o.InstanceURL}, "sub": "uid:" + o.UserID, "iss": o.InstanceURL,
		"client_id": o.ClientID, "mty": "oauth", "roles": []string{}, "hsc": false,
		"sfi": "demo-not-a-token-" + s.text(16, "sfi", o.Alias, strconv.Itoa(n)),
		"iat": issued.Unix(), "nbf": issued.Unix(), "exp": issued.Add(life).Unix(),
	}
	var parts []string
	for _, part := range []any{header, claims} {
		text, err := json.Marshal(part)
		if err != nil {
			return "", fmt.Errorf("writing the JWT of %s: %w", o.Alias, err)
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
	}
	signature, err := signJWT(strings.Join(parts, "."))
	if err != nil {
		return "", fmt.Errorf("writing the JWT of %s: %w", o.Alias, err)
	}
	parts = append(parts, signature)
	return strings.Join(parts, "."), nil
}

// sign returns the signature of an answer: the HMAC-SHA256 of id and issued_at
// under the app's client secret, in Base64.
func sign(clientSecret, id, issuedAt string) string {
	mac := hmac.New(sha256.New, []byte(clientSecret))
	mac.Write([]byte(id + issuedAt))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// latency is between 0.3 and 1.2 seconds. It ends just past a tenth, so that
// the tenths of a second that a still clock tells are the same on every run.
func (s source) latency(alias string) time.Duration {
	b := s.bytes(2, "latency", alias)
	return time.Duration(320+100*(int(b[0])%9)+int(b[1])%10) * time.Millisecond
}
