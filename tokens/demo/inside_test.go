package demo

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// Known values: HMAC-SHA256 under "secret" of the two texts, one after the
// other, in Base64, worked out with openssl.
func TestSign(t *testing.T) {
	t.Parallel()
	if got, want := sign("secret", "https://login.salesforce.com/id/00D/005", "1278448384422"), "aZaaRfzzNRgTRpVZGTvtgY1ORSEqu5OiOGQPcSPceAM="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

// A still clock tells whole tenths: a latency close under one would flicker.
func TestLatenciesEndPastATenth(t *testing.T) {
	t.Parallel()
	for seed := range source(200) {
		for _, r := range mixed {
			latency := r.latency
			if latency == 0 {
				latency = seed.latency(r.alias)
				if latency < 300*time.Millisecond || latency > 1200*time.Millisecond {
					t.Fatalf("seed %d: %s waits %s", seed, r.alias, latency)
				}
			}
			if past := latency % (100 * time.Millisecond); past < 20*time.Millisecond || past > 40*time.Millisecond {
				t.Fatalf("seed %d: %s waits %s, %s past a tenth", seed, r.alias, latency, past)
			}
		}
	}
}

func TestTokensSayThatTheyAreNone(t *testing.T) {
	t.Parallel()
	const orgID = "00Dxx0000000000AAA"
	for _, token := range []string{source(1).accessToken(orgID, "x", 0), source(1).refreshToken("x", 0)} {
		if !strings.Contains(strings.NewReplacer("~", " ", ".", " ").Replace(token), "demo not a token") {
			t.Errorf("%s could be taken for a real one", token)
		}
	}
	if n := len(source(1).accessToken(orgID, "x", 0)); n != 112 {
		t.Errorf("an access token has %d characters, a real one 112", n)
	}
}

// Salesforce refuses a second request with a refresh token while the first is
// being answered.
func TestBeginHoldsTheLogin(t *testing.T) {
	t.Parallel()
	e := newEndpoint(tokens.StillClock(time.Unix(1795424400, 0)), 1)
	orgs, err := e.seedOrgs(Mixed, 1)
	if err != nil {
		t.Fatal(err)
	}
	token, secret := orgs[0].Secrets.RefreshToken.Reveal(), orgs[0].Secrets.ClientSecret.Reveal()
	l, refused := e.begin(token, orgs[0].Org.ClientID, secret)
	if refused != nil {
		t.Fatal(refused.description)
	}
	if _, refused := e.begin(token, orgs[0].Org.ClientID, secret); refused != alreadyProcessed {
		t.Errorf("a second refresh was answered with %v", refused)
	}
	e.end(l)
	if _, refused := e.begin(token, orgs[0].Org.ClientID, secret); refused != nil {
		t.Errorf("the refresh after it was answered with %v", refused)
	}
}

// FuzzTokenRequest sends any body: the answer is always one of the endpoint's
// own, and only the right refresh token brings tokens.
func FuzzTokenRequest(f *testing.F) {
	e := newEndpoint(tokens.StillClock(time.Unix(1795424400, 0)), 1)
	if _, err := e.seedOrgs(Mixed, 1e9); err != nil {
		f.Fatal(err)
	}
	const kind = "application/x-www-form-urlencoded"
	f.Add("POST", kind, "grant_type=refresh_token&client_id=PlatformCLI&refresh_token=x")
	f.Add("POST", kind+"; charset=UTF-8", "grant_type=refresh_token&client_id=%00&refresh_token=%ff;a=b")
	for token, l := range e.byRefresh {
		f.Add("POST", kind, url.Values{
			"grant_type": {"refresh_token"}, "client_id": {l.role.app.id}, "client_secret": {l.clientSecret}, "refresh_token": {token},
		}.Encode())
	}
	f.Add("PUT", "application/json", "{}")
	f.Add("POST", "multipart/form-data; boundary=x", "--x\r\n")
	f.Fuzz(func(t *testing.T, method, kind, body string) {
		if method == "" || strings.ContainsFunc(method, func(r rune) bool { return r < 'A' || r > 'Z' }) {
			return // net/http makes no such request
		}
		request := httptest.NewRequestWithContext(t.Context(), method, "/services/oauth2/token", strings.NewReader(body))
		request.Header.Set("Content-Type", kind)
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, request)
		form, err := url.ParseQuery(body)
		var answer struct {
			Code string `json:"error"`
		}
		switch recorder.Code {
		case http.StatusOK:
			if err != nil || e.byRefresh[form.Get("refresh_token")] == nil {
				t.Fatalf("tokens for %q", body)
			}
		case http.StatusBadRequest:
			if json.Unmarshal(recorder.Body.Bytes(), &answer) != nil || answer.Code == "" {
				t.Fatalf("HTTP 400 %s", recorder.Body)
			}
		case http.StatusServiceUnavailable: // the org under maintenance
		default:
			t.Fatalf("HTTP %d %s", recorder.Code, recorder.Body)
		}
	})
}
