package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// signedAnswer is a token endpoint's answer for the org and user of a test.
func signedAnswer(access, instance string, issued time.Time) string {
	return fmt.Sprintf(`{"access_token":%q,"refresh_token":%q,"instance_url":%q,"id":"https://login.salesforce.com/id/00D41000000F8A1EAK/005410000031xA1AAI",`+
		`"issued_at":"%d","scope":"api refresh_token","signature":"AAAA"}`, access, aRenew, instance, issued.UnixMilli())
}

// importText imports an answer as the org one, and returns what was said of it.
func (d *desk) importText(t *testing.T, answer string, args ...string) string {
	t.Helper()
	var o, e bytes.Buffer
	p := d.program(&o, &e)
	p.In = strings.NewReader(answer)
	if code := p.Run(t.Context(), append([]string{"import", "-", "--alias", "one", "--client-id", "3MVG9.app", "--yes"}, args...)); code != exitWell {
		t.Fatal(code, e.String())
	}
	return o.String() + e.String()
}

// A time that cannot be is no time: both clocks are unknown, and it is said.
func TestATokenIssuedInTheFuture(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	answer := signedAnswer("00D41000000F8A1!AQ.0", "https://acme.my.salesforce.com", time.UnixMilli(1999999999999))
	if said := d.importText(t, answer); !strings.Contains(said, "issued_at lies in the future") || !strings.Contains(said, "age unknown") {
		t.Errorf("import says %s", said)
	}
	out, _ := d.run(t, exitWell, "show", "one")
	for _, line := range []string{
		"wrong:         issued_at lies in the future\n", "access token:  its age is not known, nor is its time left\n",
		"refresh token: not known when it was issued or last used, so nor is its idle limit",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("show does not say %q:\n%s", line, out)
		}
	}
	if out, _ = d.run(t, exitWell, "show", "one", "--json"); !strings.Contains(out, `"doubts":["issued_at lies in the future"]`) {
		t.Errorf("%s", out)
	}
	if out, _ = d.run(t, exitWell, "list", "--json"); !strings.Contains(out, `"age_s":null,"left_s":null,"left_source":"unknown","idle_left_s":null,"health":"unknown"`) {
		t.Errorf("%s", out)
	}
	if out, _ = inspectText(t, exitWell, answer); !strings.Contains(out, "wrong:         issued_at lies in the future\n") {
		t.Errorf("%s", out)
	}
	if out, _ = inspectText(t, exitWell, answer, "--json"); !strings.Contains(out, `"issued_at lies in the future"`) {
		t.Errorf("%s", out)
	}
}

// A signature of the answer that does not match is wrong, and a failure.
func TestAnAnswerOfAnotherSecret(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var o, e bytes.Buffer
	p := d.program(&o, &e)
	p.In = strings.NewReader(aSecret + "\n")
	file := filepath.Join(t.TempDir(), "one.json")
	if err := os.WriteFile(file, []byte(signedAnswer("00D41000000F8A1!AQ.0", "https://acme.my.salesforce.com", time.Now())), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := p.Run(t.Context(), []string{"import", "--client-id", "3MVG9", "--client-secret-stdin", "--alias", "one", file}); code != exitWell {
		t.Fatal(code, e.String())
	}
	const wrong = "the answer's signature does not match: id or issued_at was changed"
	if out, _ := d.run(t, exitFailed, "show", "one"); !strings.Contains(out, "wrong:         "+wrong) {
		t.Errorf("%s", out)
	}
	if out, _ := d.run(t, exitFailed, "show", "one", "--json"); !strings.Contains(out, `"doubts":["`+wrong) {
		t.Errorf("%s", out)
	}
	if out, _ := d.run(t, exitWell, "show", "one", "--no-tokens"); strings.Contains(out, "does not match") {
		t.Errorf("%s", out)
	}
}

// A forged JWT is told the same by show and inspect.
func TestAForgedJWT(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	token := i.jwt(t, `,"sub":"uid:005410000031xA1AAI","scp":"api refresh_token"`)
	token = token[:len(token)-8] + "AAAAAAAA"
	d := newDesk(t)
	d.importText(t, signedAnswer(token, i.URL, time.Now()))
	const wrong = "the access token's signature does not match: the signature is not of the published key 240"
	if out, _ := d.run(t, exitWell, "show", "one"); strings.Contains(out, "does not match") {
		t.Errorf("nobody was asked: %s", out)
	}
	if out, _ := d.run(t, exitFailed, "show", "one", "--online"); !strings.Contains(out, "wrong:         "+wrong) {
		t.Errorf("%s", out)
	}
	if out, _ := d.run(t, exitFailed, "show", "one", "--online", "--json"); !strings.Contains(out, `"doubts":["`+wrong) {
		t.Errorf("%s", out)
	}
	if out, _ := inspectText(t, exitFailed, token, "--online"); !strings.Contains(out, "wrong:         "+wrong) {
		t.Errorf("%s", out)
	}
}

// Keys at another host are not asked for, which is a failure with the request that
// told of them and what it cost.
func TestKeysAtAnotherHost(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/openid-configuration" {
			http.NotFound(w, r)
			return
		}
		writeAnswer(t, w, map[string]string{"jwks_uri": "https://keys.example.com/id/keys"})
	}))
	t.Cleanup(s.Close)
	token := jwtOf(`{"alg":"RS256","kid":"240"}`, fmt.Sprintf(`{"iss":%q,"scp":"api refresh_token"}`, s.URL))
	d := newDesk(t)
	d.importText(t, signedAnswer(token, s.URL, time.Now()))
	out, _ := d.run(t, exitFailed, "show", "one", "--online", "--json")
	var document struct{ Online []finding }
	if err := json.Unmarshal([]byte(out), &document); err != nil || len(document.Online) != 6 {
		t.Fatal(err, out)
	}
	keys := document.Online[5]
	if keys.Part != "keys" || keys.Failure == nil || keys.Skipped != nil || keys.Request == nil || keys.Host == nil || *keys.Host != s.URL {
		t.Errorf("%+v", keys)
	}
	out, _ = d.run(t, exitFailed, "show", "one", "--online")
	const said = "the published keys are at another host"
	if _, lines, _ := strings.Cut(out, "keys:          GET /.well-known/openid-configuration"); !strings.Contains(lines, said) {
		t.Errorf("%s", out)
	}
	if out, _ = inspectText(t, exitFailed, token, "--online"); !strings.Contains(out, said) {
		t.Errorf("%s", out)
	}
}
