package demo_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"orgkeep/tokens/demo"
)

func TestTokenEndpointRefuses(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	saved := named(t, d, "acme-prod")
	token := saved.Secrets.RefreshToken.Reveal()
	good := refreshForm(saved, token)
	with := func(field, value string) string {
		form, err := url.ParseQuery(good)
		if err != nil {
			t.Fatal(err)
		}
		form.Set(field, value)
		return form.Encode()
	}
	const (
		grantType = "unsupported_grant_type grant type not supported"
		expired   = "invalid_grant expired access/refresh token"
		client    = "invalid_client_id client identifier invalid"
		secret    = "invalid_client invalid client credentials"
		malformed = "invalid_request malformed request"
	)
	for name, c := range map[string]struct{ method, query, kind, body, want string }{
		"GET":                       {method: http.MethodGet, body: good, want: "invalid_request must use HTTP POST"},
		"JSON":                      {kind: "application/json", body: `{"grant_type":"refresh_token"}`, want: grantType},
		"no content type":           {kind: "-", body: good, want: grantType},
		"other grant type":          {body: with("grant_type", "password"), want: grantType},
		"no grant type":             {body: with("grant_type", ""), want: grantType},
		"secrets in the query":      {query: "?" + good, want: grantType},
		"unknown client":            {body: with("client_id", "nobody"), want: client},
		"no client":                 {body: with("client_id", ""), want: client},
		"another app's token":       {body: with("client_id", "PlatformCLI"), want: expired},
		"wrong client secret":       {body: with("client_secret", "guess"), want: secret},
		"no client secret":          {body: with("client_secret", ""), want: secret},
		"unknown refresh token":     {body: with("refresh_token", "5Aep8.unknown"), want: expired},
		"no refresh token":          {body: with("refresh_token", ""), want: malformed},
		"a field twice":             {body: good + "&client_id=" + saved.Org.ClientID, want: malformed},
		"bad escapes":               {body: good + "&x=%zz", want: malformed},
		"a body of more than 64 KB": {body: good + "&x=" + strings.Repeat("x", 64<<10), want: malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{"Content-Type": {c.kind}}
			switch c.kind {
			case "":
				header = asForm
			case "-":
				header = nil
			}
			method := c.method
			if method == "" {
				method = http.MethodPost
			}
			got, err := do(t.Context(), d, method, saved.Org.InstanceURL+"/services/oauth2/token"+c.query, header, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if got.status != http.StatusBadRequest || got.refusal(t) != c.want {
				t.Errorf("HTTP %d %s, want %s", got.status, got.body, c.want)
			}
		})
	}
}

func TestClientMayUseBasicAuth(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	saved := named(t, d, "acme-prod")
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {saved.Secrets.RefreshToken.Reveal()}}
	request := &http.Request{Header: http.Header{}}
	request.SetBasicAuth(saved.Org.ClientID, saved.Secrets.ClientSecret.Reveal())
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	got, err := do(t.Context(), d, http.MethodPost, saved.Org.InstanceURL+"/services/oauth2/token", request.Header, form.Encode())
	if err != nil {
		t.Fatal(err)
	}
	checkGrant(t, saved, got.grant(t))
}

// Of many refreshes at once exactly one brings tokens. The others come while it
// is being answered, or after it with a refresh token that was rotated out.
func TestOneRefreshAtATime(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{Speed: 1})
	saved := named(t, d, "wonka")
	const many = 8
	answers, errs := make([]answer, many), make([]error, many)
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			answers[i], errs[i] = do(t.Context(), d, http.MethodPost, saved.Org.InstanceURL+"/services/oauth2/token", asForm, refreshForm(saved, saved.Secrets.RefreshToken.Reveal()))
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	granted := 0
	for _, got := range answers {
		if got.status == http.StatusOK {
			granted++
			continue
		}
		switch got.refusal(t) {
		case "invalid_grant token request is already being processed", "invalid_grant expired access/refresh token":
		default:
			t.Errorf("HTTP %d %s", got.status, got.body)
		}
	}
	if granted != 1 {
		t.Errorf("%d of %d refreshes brought tokens, want 1", granted, many)
	}
}
