package demo_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/demo"
)

// fetched asks a host of the demo for a document.
func fetched(t *testing.T, d *demo.Demo, address string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := d.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: HTTP %d, %v", address, res.StatusCode, err)
	}
	return text
}

// published are the keys that the discovery document of a host leads to.
func published(t *testing.T, d *demo.Demo, host string) tokens.Keys {
	t.Helper()
	var discovered struct {
		Keys string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(fetched(t, d, host+"/.well-known/openid-configuration"), &discovered); err != nil || discovered.Keys != host+"/id/keys" {
		t.Fatalf("%s leads to %s, %v", host, discovered.Keys, err)
	}
	keys, err := tokens.ParseKeys(fetched(t, d, discovered.Keys))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// The JWTs of the demo are signed by the key that its hosts publish; a changed one
// is not.
func TestTheJWTsHoldAgainstThePublishedKeys(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	n := 0
	for _, saved := range d.Orgs() {
		if !tokens.IsJWT(saved.Secrets.AccessToken) {
			continue
		}
		n++
		keys := published(t, d, saved.Org.InstanceURL)
		j, err := tokens.ParseJWT(saved.Secrets.AccessToken)
		if err != nil {
			t.Fatal(err)
		}
		if c := j.Verify(keys); c.Verdict != tokens.CheckVerified {
			t.Errorf("%s: %s", saved.Org.Alias, c.Text())
		}
		text := []byte(saved.Secrets.AccessToken.Reveal())
		if text[len(text)-10]++; text[len(text)-10] > 'y' {
			text[len(text)-10] = 'A'
		}
		if j, err = tokens.ParseJWT(tokens.NewSecret(string(text))); err != nil {
			t.Fatal(err)
		}
		if c := j.Verify(keys); c.Verdict != tokens.CheckMismatch {
			t.Errorf("%s, changed: %s", saved.Org.Alias, c.Text())
		}
	}
	if n == 0 {
		t.Error("the demo has no JWT")
	}
}
