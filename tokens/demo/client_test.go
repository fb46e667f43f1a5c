package demo_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/demo"
)

var nineOClock = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// start runs a demo whose latencies are a hundredth of those a person watches.
func start(t *testing.T, options demo.Options) *demo.Demo {
	t.Helper()
	if options.Clock == nil {
		options.Clock = tokens.StillClock(nineOClock)
	}
	if options.Speed == 0 {
		options.Speed = 100
	}
	d, err := demo.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func named(t *testing.T, d *demo.Demo, alias string) demo.Saved {
	t.Helper()
	for _, saved := range d.Orgs() {
		if saved.Org.Alias == alias {
			return saved
		}
	}
	t.Fatalf("the demo has no org %s", alias)
	return demo.Saved{}
}

// answer is what came back for one request.
type answer struct {
	status int
	kind   string
	body   string
}

func (a answer) grant(t *testing.T) tokens.Grant {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("HTTP %d %s, want tokens", a.status, a.body)
	}
	grant, err := tokens.ParseGrant([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// refusal reads an error as RFC 6749 section 5.2 writes it.
func (a answer) refusal(t *testing.T) string {
	t.Helper()
	var refusal struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.Unmarshal([]byte(a.body), &refusal); err != nil {
		t.Fatalf("HTTP %d %s: %v", a.status, a.body, err)
	}
	return refusal.Code + " " + refusal.Description
}

func do(ctx context.Context, d *demo.Demo, method, target string, header http.Header, body string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header = header
	response, err := (&http.Client{Transport: d.Transport()}).Do(request)
	if err != nil {
		return answer{}, err
	}
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header.Get("Content-Type"), string(text)}, errors.Join(err, response.Body.Close())
}

func refreshForm(saved demo.Saved, refreshToken string) string {
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {saved.Org.ClientID}, "refresh_token": {refreshToken}}
	if secret := saved.Secrets.ClientSecret; !secret.IsZero() {
		form.Set("client_secret", secret.Reveal())
	}
	return form.Encode()
}

var asForm = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}

func refresh(t *testing.T, d *demo.Demo, saved demo.Saved, refreshToken string) answer {
	t.Helper()
	got, err := do(t.Context(), d, http.MethodPost, saved.Org.LoginHost()+"/services/oauth2/token", asForm, refreshForm(saved, refreshToken))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func userinfo(t *testing.T, d *demo.Demo, saved demo.Saved, token tokens.Secret) answer {
	t.Helper()
	got, err := do(t.Context(), d, http.MethodGet, saved.Org.InstanceURL+"/services/oauth2/userinfo", http.Header{"Authorization": {"Bearer " + token.Reveal()}}, "")
	if err != nil {
		t.Fatal(err)
	}
	return got
}
