package cli

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// issuer publishes a key and signs JWTs with it.
type issuer struct {
	*httptest.Server
	key   *rsa.PrivateKey
	asked atomic.Int64
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		i.asked.Add(1)
		if len(r.Header["Authorization"]) > 0 || r.URL.RawQuery != "" || r.Method != http.MethodGet {
			t.Errorf("asked with more than the path: %s %s", r.Method, r.URL)
		}
		writeAnswer(t, w, map[string]string{"jwks_uri": "http://" + r.Host + "/id/keys"})
	})
	mux.HandleFunc("/id/keys", func(w http.ResponseWriter, _ *http.Request) {
		writeAnswer(t, w, map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "240", "n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": "AQAB",
		}}})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func writeAnswer(t *testing.T, w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		t.Error(err)
	}
}

// jwt is a JWT of the issuer's with more claims, which begin with a comma.
func (i *issuer) jwt(t *testing.T, claims string) string {
	t.Helper()
	e := base64.RawURLEncoding
	signed := e.EncodeToString([]byte(`{"alg":"RS256","kid":"240"}`)) + "." + e.EncodeToString(fmt.Appendf(nil, `{"iss":%q%s}`, i.URL, claims))
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, i.key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + e.EncodeToString(signature)
}

// verdicts are what inspect --json says of the signatures of the access token and
// the id token.
func verdicts(t *testing.T, code int, text string, args ...string) (access, id string, d inspected) {
	t.Helper()
	out, _ := inspectText(t, code, text, append([]string{"--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	verdict := func(token *tokenJSON) string {
		if token == nil || token.JWT == nil {
			return ""
		}
		return string(token.JWT.Signature.Verdict)
	}
	return verdict(d.Anatomy.AccessToken), verdict(d.IDToken), d
}

func TestInspectOnlineChecksTheSignatures(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	access, id := i.jwt(t, `,"scp":"api"`), i.jwt(t, `,"at_hash":"x"`)
	answer := fmt.Sprintf(`{"access_token":%q,"id_token":%q}`, access, id)

	if a, b, d := verdicts(t, exitWell, answer); a != "unchecked" || b != "unchecked" || d.Online != nil || i.asked.Load() != 0 {
		t.Errorf("offline: %s %s, asked %d times", a, b, i.asked.Load())
	}
	a, b, d := verdicts(t, exitWell, answer, "--online")
	if a != "verified" || b != "verified" || len(d.Online) != 1 || d.Online[0].Host != i.URL || d.Online[0].Keys != 1 || *d.Online[0].FoundAt != "/id/keys" || i.asked.Load() != 1 {
		t.Errorf("online: %s %s %+v, asked %d times", a, b, d.Online, i.asked.Load())
	}
	changed := strings.Replace(answer, id, id[:len(id)-8]+"AAAAAAAA", 1)
	if a, b, _ := verdicts(t, exitFailed, changed, "--online"); a != "verified" || b != "mismatch" {
		t.Errorf("a changed id token: %s %s", a, b)
	}
	out, _ := inspectText(t, exitWell, id, "--online")
	for _, line := range []string{
		"it is:         an id token\n", "signature of the JWT: verified: signed with RS256 by the published key 240 of " + i.URL + "\n",
		"keys:          GET /.well-known/openid-configuration, then its jwks_uri, at " + i.URL + ": ", "published keys 1, found at /id/keys\n",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("inspect --online does not say %q:\n%s", line, out)
		}
	}
	if strings.Contains(out, "asks for those") {
		t.Errorf("it says how to ask what was asked:\n%s", out)
	}
}

func TestInspectOnlineWithoutKeys(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	// Who is no host of Salesforce's, and whom no key could tell anything of, is not asked.
	for _, token := range []string{jwtOf(`{"alg":"RS256"}`, `{"iss":"https://evil.example"}`), jwtOf(`{"alg":"none"}`, `{"iss":"`+i.URL+`"}`), aToken, i.jwt(t, "") + ".x.y"} {
		if a, _, d := verdicts(t, exitWell, token, "--online"); a == "verified" || d.Online != nil {
			t.Errorf("%.20s: %s %+v", token, a, d.Online)
		}
	}
	if i.asked.Load() != 0 {
		t.Error("an issuer was asked in vain")
	}
	gone := i.jwt(t, "")
	i.Close()
	if a, _, d := verdicts(t, exitFailed, gone, "--online"); a != "unchecked" || len(d.Online) != 1 || d.Online[0].Failure == nil {
		t.Errorf("%s %+v", a, d.Online)
	}
}

// show says of a JWT that its own signature is not checked, and checks it when it
// asks the org.
func TestShowChecksTheSignatureOfAJWTOnline(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	d := newDesk(t)
	var o, e bytes.Buffer
	p := d.program(&o, &e)
	p.In = strings.NewReader(fmt.Sprintf(`{"access_token":%q,"refresh_token":%q,"instance_url":%q,"id":"https://login.salesforce.com/id/00D41000000F8A1EAK/005410000031xA1AAZ","issued_at":"%d","scope":"api refresh_token"}`,
		i.jwt(t, `,"sub":"uid:0055g000009QrStAAK","scp":"api web"`), aRenew, i.URL, time.Now().UnixMilli()))
	if code := p.Run(t.Context(), []string{"import", "-", "--alias", "one", "--client-id", "PlatformCLI"}); code != exitWell {
		t.Fatal(code, e.String())
	}
	out, _ := d.run(t, exitWell, "show", "one")
	for _, line := range []string{
		"signature of the JWT: not checked offline: it is signed with RS256, and only the keys that its issuer publishes can tell by whom; orgkeep show ORG --online asks for those\n",
		"wrong:         the user id in the identity URL: 005410000031xA1AAZ has the check characters AAZ", "the access token is of user 0055g000009QrStAAK",
		"the answer's scope has refresh_token", "allows:        api: ", "The access token is a JWT, and those are for REST APIs alone.\n",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("show does not say %q:\n%s", line, out)
		}
	}
	var document struct{ Doubts []string }
	out, _ = d.run(t, exitWell, "show", "one", "--json")
	if err := json.Unmarshal([]byte(out), &document); err != nil || len(document.Doubts) != 4 {
		t.Errorf("%v: %q", err, document.Doubts)
	}
	out, _ = d.run(t, exitFailed, "show", "one", "--online") // the issuer answers for its keys alone
	if !strings.Contains(out, "signature verified: signed with RS256 by the published key 240\n") || !strings.Contains(out, "; what the org's keys tell stands under keys\n") {
		t.Errorf("%s", out)
	}
	out, _ = d.run(t, exitFailed, "show", "one", "--online", "--json")
	if !strings.Contains(out, `"signature":{"verdict":"verified","why":"signed with RS256 by the published key 240"}`) {
		t.Errorf("%s", out)
	}
}

// What is sent to the screen of a hostile JWT is short, and whole in JSON.
func TestInspectOfADeepJWT(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 3000) + "1" + strings.Repeat("}", 3000)
	token := jwtOf(`{"alg":5}`, `{"deep":`+deep+`}`)
	out, _ := inspectText(t, exitWell, token)
	for line := range strings.Lines(out) {
		if len([]rune(line)) > 300 {
			t.Errorf("a line of %d characters: %.100s", len(line), line)
		}
	}
	if !strings.Contains(out, "characters more\n") || strings.Count(out, "wrong: ") != 1 || !strings.Contains(out, "wrong: its alg is a number, not a string\n") {
		t.Errorf("%s", out)
	}
	_, _, d := verdicts(t, exitWell, token)
	if d.Anatomy.AccessToken.JWT.Claims[0].Value != deep || d.Anatomy.AccessToken.JWT.Algorithm != nil {
		t.Error("the JSON has not all of a claim")
	}
}
