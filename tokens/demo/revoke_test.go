package demo_test

import (
	"net/http"
	"net/url"
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/demo"
)

func revoke(t *testing.T, d *demo.Demo, saved demo.Saved, token tokens.Secret) answer {
	t.Helper()
	form := url.Values{"token": {token.Reveal()}}.Encode()
	got, err := do(t.Context(), d, http.MethodPost, saved.Org.LoginHost()+"/services/oauth2/revoke", asForm, form)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A refresh token ends with its access tokens, an access token alone, and what
// is over cannot be ended again.
func TestTokensAreRevoked(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	first, second := named(t, d, "acme-prod"), named(t, d, "acme-uat")

	if got := revoke(t, d, first, first.Secrets.AccessToken); got.status != http.StatusOK || got.body != "" {
		t.Errorf("an access token: HTTP %d %s", got.status, got.body)
	}
	if got := userinfo(t, d, first, first.Secrets.AccessToken); got.status != http.StatusForbidden {
		t.Errorf("it is accepted still: HTTP %d", got.status)
	}
	refresh(t, d, first, first.Secrets.RefreshToken.Reveal()).grant(t)

	if got := revoke(t, d, second, second.Secrets.RefreshToken); got.status != http.StatusOK || got.body != "" {
		t.Errorf("a refresh token: HTTP %d %s", got.status, got.body)
	}
	if got := userinfo(t, d, second, second.Secrets.AccessToken); got.status != http.StatusForbidden {
		t.Errorf("its access token is accepted still: HTTP %d", got.status)
	}
	if got := refresh(t, d, second, second.Secrets.RefreshToken.Reveal()).refusal(t); got != "invalid_grant expired access/refresh token" {
		t.Errorf("its refresh: %s", got)
	}
	for what, token := range map[string]tokens.Secret{
		"a dead access token": first.Secrets.AccessToken, "a dead refresh token": second.Secrets.RefreshToken, "no token": tokens.NewSecret("x"),
	} {
		if got := revoke(t, d, second, token); got.status != http.StatusBadRequest || got.refusal(t) != "invalid_token invalid token" {
			t.Errorf("%s: HTTP %d %s", what, got.status, got.body)
		}
	}
	d.SetOutage(true)
	if got := revoke(t, d, first, first.Secrets.RefreshToken); got.status != http.StatusServiceUnavailable {
		t.Errorf("while it is down: HTTP %d", got.status)
	}
	got, err := do(t.Context(), d, http.MethodGet, first.Org.LoginHost()+"/services/oauth2/revoke", nil, "")
	if err != nil || got.status != http.StatusBadRequest {
		t.Errorf("a GET: HTTP %d %v", got.status, err)
	}
}
