package demo

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestTheSigningKeyIsAKey(t *testing.T) {
	t.Parallel()
	key := signingKey()
	if err := key.Validate(); err != nil || key.N.BitLen() != 2048 {
		t.Errorf("%d bits, %v", key.N.BitLen(), err)
	}
	for _, prime := range key.Primes {
		if !prime.ProbablyPrime(30) {
			t.Error("a factor is no prime")
		}
	}
}

// The orgs of the demo with JWTs publish the key that these are signed with.
func TestTheDemoPublishesItsKeys(t *testing.T) {
	t.Parallel()
	d, err := Start(Options{Scenario: Mixed, Clock: tokens.StillClock(time.Unix(1795422200, 0))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	checked := 0
	for _, saved := range d.Orgs() {
		token := tokens.DissectToken(saved.Secrets.AccessToken)
		if token.JWT == nil {
			continue
		}
		var document struct {
			Keys string `json:"jwks_uri"`
		}
		if err := json.Unmarshal(fetch(t, d, saved.Org.InstanceURL+"/.well-known/openid-configuration"), &document); err != nil || !strings.HasPrefix(document.Keys, saved.Org.InstanceURL) {
			t.Fatal(document, err)
		}
		keys, err := tokens.ParseKeys(fetch(t, d, document.Keys))
		if err != nil {
			t.Fatal(err)
		}
		if c := token.JWT.Verify(keys); c.Verdict != tokens.CheckVerified || !strings.Contains(c.Why, keyID) {
			t.Errorf("%s: %s", saved.Org.Alias, c.Text())
		}
		if a := tokens.Dissect(saved.Secrets); len(a.Doubts) != 0 || len(a.Against(saved.Org)) != 0 {
			t.Errorf("%s: %q %q", saved.Org.Alias, a.Doubts, a.Against(saved.Org))
		}
		checked++
	}
	if checked == 0 {
		t.Error("no org of the demo has a JWT")
	}
}

func fetch(t *testing.T, d *Demo, url string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Transport: d.Transport()}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // read to its end
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response.Status, err)
	}
	return body
}
