package keeper_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// oracle answers an online look.
type oracle struct {
	*httptest.Server
	answers map[string]string // by path
	status  map[string]int
}

func newOracle(t *testing.T) *oracle {
	t.Helper()
	o := &oracle{status: map[string]int{}, answers: map[string]string{
		"/services/oauth2/introspect": fmt.Sprintf(`{"active":true,"scope":"api web","exp":%d,"iat":%d,"username":"ada@acme.example"}`, now.Add(time.Hour).Unix(), now.Unix()),
		"/services/oauth2/userinfo":   `{"user_id":"005410000031xAAAAY","organization_id":"00D41000000F8A0EAK","preferred_username":"ada@acme.example"}`,
		"/services/data/":             `[{"version":"65.0"}]`,
		"/services/data/v65.0/query":  `{"records":[{"Name":"Acme","InstanceName":"EU42","IsSandbox":false,"OrganizationType":"Enterprise Edition"}]}`,
		"/services/data/v65.0/limits": `{"DailyApiRequests":{"Max":15000,"Remaining":14998}}`,
	}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, known := o.answers[r.URL.Path]
		if !known {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Sforce-Limit-Info", "api-usage=2/15000")
		if status := o.status[r.URL.Path]; status != 0 {
			w.WriteHeader(status)
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(body, "HOST", "http://"+r.Host)))
	}))
	t.Cleanup(o.Close)
	return o
}

// seen is an org of the oracle's, saved with a client secret or without.
func (w *world) seen(o *oracle, access, secret string) tokens.Org {
	w.t.Helper()
	org, secrets := w.fresh("acme", "5Aep8.refresh")
	org.InstanceURL, secrets.InstanceURL = o.URL, o.URL
	secrets.AccessToken, secrets.ClientSecret = tokens.NewSecret(access), tokens.NewSecret(secret)
	secrets.ID, secrets.Scopes = "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY", []string{"api"}
	saved, _, err := w.keeper().Add(w.t.Context(), org, secrets)
	if err != nil {
		w.t.Fatal(err)
	}
	return saved
}

func inspect(ctx context.Context, k *keeper.Keeper, org tokens.Org) map[keeper.Part]keeper.Finding {
	found := map[keeper.Part]keeper.Finding{}
	for f := range k.Inspect(ctx, org) {
		found[f.Part] = f
	}
	return found
}

func fact(f keeper.Finding, name string) string {
	i := slices.IndexFunc(f.Facts, func(f keeper.Fact) bool { return f.Name == name })
	if i < 0 {
		return ""
	}
	return f.Facts[i].Text
}

func TestInspect(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, "00D41000000F8A0!AQ.access", "s3cret")
	found := inspect(t.Context(), w.keeper(), org)
	for part, want := range map[keeper.Part][3]string{
		keeper.PartIntrospection: {"active", "yes", "POST /services/oauth2/introspect"},
		keeper.PartUserinfo:      {"username", "ada@acme.example", "GET /services/oauth2/userinfo"},
		keeper.PartVersions:      {"newest", "65.0", "GET /services/data/"},
		keeper.PartOrganization:  {"name", "Acme", "GET /services/data/v65.0/query (SELECT … FROM Organization)"},
		keeper.PartLimits:        {"api_calls", "2 of 15000", "GET /services/data/v65.0/limits"},
	} {
		f := found[part]
		if fact(f, want[0]) != want[1] || f.Request != want[2] || f.Failure != nil || f.Skipped != "" || f.Ended || f.Took <= 0 || f.Warning != nil {
			t.Errorf("%s: %+v", part, f)
		}
	}
	if l := found[keeper.PartLimits].Limits; len(l) != 1 || l[0].Remaining != 14998 {
		t.Errorf("limits: %+v", l)
	}
	if found[keeper.PartIntrospection].Calls != keeper.CallsUnknown || found[keeper.PartUserinfo].Calls != 1 || found[keeper.PartVersions].Calls != 0 {
		t.Error("calls are counted wrongly")
	}
	if f := found[keeper.PartKeys]; f.Skipped == "" {
		t.Errorf("keys for an opaque token: %+v", f)
	}
	// What was told stays known.
	known, err := w.keeper().Whole(t.Context(), org.Key)
	if err != nil || known.ExpirySource != tokens.LeftFromIntrospection || !known.ExpiresAt.Equal(now.Add(time.Hour)) || known.Username != "ada@acme.example" {
		t.Errorf("%+v %v", known, err)
	}
	if c := found[keeper.PartLimits].Org.Clocks(now, tokens.DefaultLimits()); c.LeftSource != tokens.LeftFromIntrospection || c.Left != time.Hour {
		t.Errorf("clocks: %+v", c)
	}
}

// The answer that shows a dead token is named, and nothing more is spent on it.
func TestInspectOfADeadToken(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, "00D41000000F8A0!AQ.access", "")
	o.answers["/services/oauth2/userinfo"], o.status["/services/oauth2/userinfo"] = "Bad_OAuth_Token", http.StatusForbidden
	found := inspect(t.Context(), w.keeper(), org)
	if f := found[keeper.PartUserinfo]; !f.Ended || f.Failure == nil || f.Failure.Code != "Bad_OAuth_Token" || !strings.Contains(f.Verdict(), "has ended") {
		t.Errorf("userinfo: %+v", f)
	}
	if f := found[keeper.PartIntrospection]; f.Skipped == "" || f.Took != 0 {
		t.Errorf("introspection without a secret: %+v", f)
	}
	for _, part := range []keeper.Part{keeper.PartOrganization, keeper.PartLimits} {
		if f := found[part]; !strings.Contains(f.Skipped, "userinfo showed") {
			t.Errorf("%s: %+v", part, f)
		}
	}
	if fact(found[keeper.PartVersions], "newest") != "65.0" {
		t.Error("the versions need no token, and were not asked for")
	}
	w.overBy(org.Key, found[keeper.PartUserinfo].Org)
}

// A 401 that is no expiry does not make the token a dead one.
func TestInspectTellsA401FromExpiry(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, "00D41000000F8A0!AQ.access", "")
	for _, path := range []string{"/services/data/v65.0/query", "/services/data/v65.0/limits"} {
		o.answers[path] = `[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]`
		o.status[path] = http.StatusUnauthorized
	}
	found := inspect(t.Context(), w.keeper(), org)
	for _, part := range []keeper.Part{keeper.PartOrganization, keeper.PartLimits} {
		if f := found[part]; f.Ended || f.Failure == nil || f.Skipped != "" || f.Verdict() != "This is no expiry: a refresh does not help." {
			t.Errorf("%s: %+v, %s", part, f, f.Verdict())
		}
	}
	w.endless(org.Key)
}

// A 401 without Salesforce's words for an end may be a proxy's: nothing is
// concluded from it, and what needs the token is still asked.
func TestInspectConcludesNothingFromABare401(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, "00D41000000F8A0!AQ.access", "")
	o.answers["/services/oauth2/userinfo"], o.status["/services/oauth2/userinfo"] = "", http.StatusUnauthorized
	found := inspect(t.Context(), w.keeper(), org)
	if f := found[keeper.PartUserinfo]; f.Ended || f.Failure == nil || !strings.Contains(f.Verdict(), "does not say that the access token has ended") {
		t.Errorf("userinfo: %+v, %s", f, f.Verdict())
	}
	if f := found[keeper.PartLimits]; f.Skipped != "" || f.Failure != nil || f.Verdict() != "" {
		t.Errorf("limits: %+v, %s", f, f.Verdict())
	}
	w.endless(org.Key)
}

func TestInspectOfAnInactiveToken(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, "00D41000000F8A0!AQ.access", "s3cret")
	o.answers["/services/oauth2/introspect"] = `{"active":false}`
	found := inspect(t.Context(), w.keeper(), org)
	if f := found[keeper.PartIntrospection]; !f.Ended || fact(f, "active") != "no" {
		t.Errorf("introspection: %+v", f)
	}
	if f := found[keeper.PartUserinfo]; !strings.Contains(f.Skipped, "introspection showed") {
		t.Errorf("userinfo: %+v", f)
	}
	w.overBy(org.Key, found[keeper.PartKeys].Org)
}

func TestInspectChecksAJWT(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	e := base64.RawURLEncoding
	access := e.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + e.EncodeToString([]byte(`{"exp":1795424000}`)) + "." + e.EncodeToString(make([]byte, 256))
	org := w.seen(o, access, "")
	o.answers["/.well-known/openid-configuration"] = `{"jwks_uri":"HOST/id/keys"}`
	n := make([]byte, 256)
	n[0], n[255] = 0x80, 1
	set, err := json.Marshal(map[string]any{"keys": []any{map[string]string{"kty": "RSA", "kid": "1", "e": "AQAB", "n": e.EncodeToString(n)}}})
	if err != nil {
		t.Fatal(err)
	}
	o.answers["/id/keys"] = string(set)
	f := inspect(t.Context(), w.keeper(), org)[keeper.PartKeys]
	if !strings.HasPrefix(fact(f, "signature"), "does not match") || fact(f, "found_at") != "/id/keys" || f.Failure != nil {
		t.Errorf("keys: %+v", f)
	}
}

func TestInspectWithoutTokens(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, "00D41000000F8A0!AQ.access", "")
	if err := w.store.Delete(t.Context(), string(org.Key)); err != nil {
		t.Fatal(err)
	}
	found := inspect(t.Context(), w.keeper(), org)
	if f := found[keeper.PartTokens]; len(found) != 1 || f.Failure == nil || f.Failure.Kind != tokens.FailedKeychain {
		t.Errorf("%+v", found)
	}
	if _, err := w.keeper().Anatomy(t.Context(), org.Key); err == nil || !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("anatomy: %v", err)
	}
}

func TestAnatomy(t *testing.T) {
	t.Parallel()
	w, o := newWorld(t), newOracle(t)
	org := w.seen(o, "00D41000000F8A0!AQ.access", "")
	a, err := w.keeper().Anatomy(t.Context(), org.Key)
	if err != nil || a.Access.OrgID != "00D41000000F8A0EAK" || !a.Refresh.Present() || len(a.Missing) != 1 || a.Signature.Verdict != tokens.CheckNone {
		t.Errorf("%+v %v", a, err)
	}
}
