package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"orgkeep/keychain/keychaintest"
)

const clientSecret = "5F2A-not-a-real-consumer-secret-0B1C"

// withKeyring returns a machine with a real Secret Service.
func withKeyring(t testing.TB) (*machine, *keychaintest.Service) {
	t.Helper()
	service := keychaintest.Start(t)
	return newMachine(t, service.Env()...), service
}

// loginsIn counts the logins that the keychain has: one item each.
func loginsIn(t testing.TB, service *keychaintest.Service) int {
	t.Helper()
	return service.Items(t, "orgkeep")
}

func TestThreeOrgsFromImportToRefresh(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	logins := []login{
		newLogin(t, 1, "https://acme.my.salesforce.com"),
		newLogin(t, 2, "https://globex--uat.sandbox.my.salesforce.com"),
		newLogin(t, 3, "https://initech-dev-ed.develop.my.salesforce.com"),
	}
	e := startEndpoint(t, renewing(t, "login2", slices.Clone(logins)...))

	done := m.feed(t, strings.NewReader(clientSecret+"\n"), "import", "--client-id", "3MVG9.test", "--client-secret-stdin",
		"--login-url", e.URL, logins[0].file(t), logins[1].file(t), logins[2].file(t)).expect(t, 0)
	want := "acme: new, PROD, age 3h 00m, saved in Secret Service\n" +
		"globex-uat: new, SBX, age 3h 00m, saved in Secret Service\n" +
		"initech-dev-ed: new, DEV, age 3h 00m, saved in Secret Service\n"
	if done.out != want || len(linesOf(done.errors)) != 4 || !strings.HasPrefix(done.errors, "PLAN  ORG ") {
		t.Fatalf("import said:\n%s%s\nwant:\n%s", done.out, done.errors, want)
	}
	if n := loginsIn(t, service); n != 3 {
		t.Fatalf("the keychain has %d logins, want 3", n)
	}
	checkListed(t, m, e.URL, logins)

	results := decode[[]refreshed](t, m.run(t, "refresh", "--all", "--json").expect(t, 0))
	if len(results) != 3 {
		t.Fatalf("results: %+v", results)
	}
	for _, r := range results {
		if r.Outcome != "refreshed" || r.Attempts != 1 || r.Error != nil || r.Meaning != nil || r.Rotated != (r.Alias == "globex-uat") {
			t.Errorf("result: %+v", r)
		}
	}
	for _, form := range e.sent() {
		if form.Get("client_id") != "3MVG9.test" || form.Get("client_secret") != clientSecret || form.Has("scope") {
			t.Errorf("the endpoint was sent the fields %v", keysOf(form))
		}
	}
	for _, org := range decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0)) {
		if org.Health != "fresh" || org.LastRefresh == nil || org.LastRefresh.Outcome != "refreshed" || *org.AgeS > 60 {
			t.Errorf("after the refresh: %+v, last %+v", org, org.LastRefresh)
		}
	}

	// A second refresh goes out with what the first one brought.
	m.run(t, "refresh", "globex-uat").expect(t, 0)
	last := e.sent()[3]
	if got, want := last.Get("refresh_token"), logins[1].renewed(true).refresh; got != want {
		t.Errorf("the second refresh of a rotating org did not send the token that the first one brought")
	}

	secrets := []string{clientSecret}
	for _, l := range logins {
		secrets = append(secrets, l.access, l.refresh, l.signature, "new")
		next := l.renewed(true)
		secrets = append(secrets, next.access, next.refresh, next.renewed(true).refresh, next.renewed(true).access)
	}
	checkNoSecret(t, m, slices.DeleteFunc(secrets, func(s string) bool { return s == "new" }))
	checkModes(t, m)
	if n := loginsIn(t, service); n != 3 {
		t.Errorf("the keychain has %d logins in the end, want 3", n)
	}
}

func keysOf(form url.Values) []string {
	var keys []string
	for key := range form {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func checkListed(t *testing.T, m *machine, loginURL string, logins []login) {
	t.Helper()
	orgs := decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0))
	types := []string{"production", "sandbox", "developer"}
	if len(orgs) != len(logins) {
		t.Fatalf("list --json gives %d orgs, want %d", len(orgs), len(logins))
	}
	for i, org := range orgs {
		l := logins[i]
		switch {
		case org.OrgID != l.orgID, org.UserID != l.userID, org.Username != nil, org.Type != types[i],
			org.InstanceURL != l.instance, org.LoginURL != loginURL, org.ClientID != "3MVG9.test",
			!slices.Equal(org.Scopes, []string{"refresh_token", "api"}), org.Tags == nil,
			org.IssuedAt == nil || *org.IssuedAt != l.issued.Format(time.RFC3339),
			org.Health != "expired", org.LeftSource != "estimate", org.Rotates != "unknown", org.LastRefresh != nil:
			t.Errorf("org %d: %+v", i, org)
		case org.AgeS == nil, org.LeftS == nil, org.IdleLeftS == nil, *org.AgeS < 10800 || *org.AgeS > 10860 || *org.LeftS != 7200-*org.AgeS,
			*org.IdleLeftS < 30*86400-*org.AgeS-1 || *org.IdleLeftS > 30*86400-*org.AgeS:
			t.Errorf("clocks of org %d: age %d, left %d, idle %d", i, *org.AgeS, *org.LeftS, *org.IdleLeftS)
		}
	}
}

func TestARefusedRefreshKeepsTheOldTokens(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	l := newLogin(t, 1, "")
	var mended atomic.Bool
	next := renewing(t, "", l)
	e := startEndpoint(t, func(form url.Values) answer {
		if !mended.Load() {
			return grantExpired
		}
		return next(form)
	})
	l.instance = e.URL
	m.run(t, "import", "--alias", "globex", "--client-id", "PlatformCLI", l.file(t)).expect(t, 0)

	failed := m.run(t, "refresh", "globex", "--json").expect(t, 4)
	results := decode[[]refreshed](t, failed)
	if len(results) != 1 {
		t.Fatalf("results: %+v", results)
	}
	r := results[0]
	if r.Alias != "globex" || r.Outcome != "failed" || *r.HTTPStatus != http.StatusBadRequest || *r.Error != "invalid_grant" ||
		*r.ErrorDescription != "expired access/refresh token" || r.Meaning == nil || r.Remedy == nil || r.Attempts != 1 || r.Rotated {
		t.Errorf("result: %s", failed.out)
	}
	if !strings.Contains(failed.errors, "globex: HTTP 400 invalid_grant: expired access/refresh token.") {
		t.Errorf("stderr does not say what the endpoint said: %s", failed.errors)
	}
	org := decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0))[0]
	if org.Health != "failed" || *org.LastRefresh.Error != "invalid_grant" || *org.LastRefresh.HTTPStatus != http.StatusBadRequest {
		t.Errorf("list: %+v, last %+v", org, org.LastRefresh)
	}
	if n := loginsIn(t, service); n != 1 {
		t.Fatalf("the keychain has %d logins, want 1", n)
	}

	// What goes out now is the token that was imported: it is still there.
	mended.Store(true)
	m.run(t, "refresh", "--failed").expect(t, 0)
	sent := e.sent()
	if len(sent) != 2 || sent[1].Get("refresh_token") != l.refresh || sent[1].Has("client_secret") {
		t.Errorf("the second refresh did not send the imported token")
	}
}

func TestSomeFailedIsAnotherExitThanAllNeedASignIn(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	over, busy := newLogin(t, 1, ""), newLogin(t, 2, "")
	e := startEndpoint(t, func(form url.Values) answer {
		if form.Get("refresh_token") == over.refresh {
			return grantExpired
		}
		return answer{http.StatusServiceUnavailable, "<html><body>We are down for maintenance.</body></html>"}
	})
	over.instance, busy.instance = e.URL, e.URL
	m.run(t, "import", "--alias", "over", "--client-id", "PlatformCLI", over.file(t)).expect(t, 0)
	m.run(t, "import", "--alias", "busy", "--client-id", "PlatformCLI", busy.file(t)).expect(t, 0)
	both := m.run(t, "refresh", "over", "busy").expect(t, 1)
	if !strings.Contains(both.errors, "0 of 2 refreshed in ") || !strings.Contains(both.errors, "2 failed: over, busy.") {
		t.Errorf("the summary is missing: %s", both.errors)
	}
	m.run(t, "refresh", over.orgID).expect(t, 4)
	m.run(t, "refresh", over.orgID[:15]).expect(t, 4)
}

func TestImportAgainUpdatesAndNeverGoesBack(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	old := newLogin(t, 1, "https://acme.my.salesforce.com")
	next := old.renewed(true)
	args := func(l login) []string { return []string{"import", "--client-id", "PlatformCLI", "--yes", l.file(t)} }
	for _, step := range []struct {
		login login
		want  string
	}{
		{old, "acme: new, PROD, age 3h 00m, saved in Secret Service\n"},
		{next, "acme: updated, PROD, age "},
		{next, "acme: unchanged, PROD, age "},
		{old, "acme: kept, PROD, age "},
	} {
		if done := m.run(t, args(step.login)...).expect(t, 0); !strings.HasPrefix(done.out, step.want) {
			t.Fatalf("import said %q, want %q", done.out, step.want)
		}
	}
	results := decode[[]imported](t, m.run(t, append(args(old), "--json", "--alias", "renamed")...).expect(t, 0))
	if len(results) != 1 || results[0].Result != "kept" || *results[0].Alias != "renamed" || results[0].Error != nil ||
		results[0].RenamedFrom == nil || *results[0].RenamedFrom != "acme" {
		t.Errorf("import --json: %+v", results)
	}
	if orgs := decode[[]listedOrg](t, m.run(t, "list", "--json")); len(orgs) != 1 || *orgs[0].AgeS > 60 {
		t.Errorf("the list after four imports of one login: %+v", orgs)
	}
	if n := loginsIn(t, service); n != 1 {
		t.Errorf("the keychain has %d logins, want 1", n)
	}
}

// An org whose request got no answer is not sent again unless the user wants it
// anyway: with a rotating refresh token that would end the login.
func TestAnOrgInDoubtIsSentOnlyAnyway(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	l := newLogin(t, 1, "")
	var requests int
	var mu sync.Mutex
	renew := renewing(t, "login1", l)
	e := startEndpoint(t, func(form url.Values) answer {
		mu.Lock()
		requests++
		broken := requests == 1
		mu.Unlock()
		if broken {
			panic(http.ErrAbortHandler) // the connection ends without an answer
		}
		return renew(form)
	})
	l.instance = e.URL
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "hooli", l.file(t)).expect(t, 0)
	first := decode[[]refreshed](t, m.run(t, "refresh", "--all", "--json").expect(t, 1))[0]
	if first.Outcome != "unknown" || first.Error != nil || first.Problem == "" || first.Meaning == nil {
		t.Fatalf("a request without an answer: %+v", first)
	}
	left := m.run(t, "refresh", "--all").expect(t, 1)
	if !strings.Contains(left.errors, "orgkeep refresh hooli --anyway") || len(e.sent()) != 1 {
		t.Errorf("the org in doubt was sent again by itself, or nothing says how to: %s", left.errors)
	}
	m.run(t, "refresh", "hooli").expect(t, 1)
	if len(e.sent()) != 1 {
		t.Error("the org in doubt was sent again because it was named")
	}
	m.run(t, "refresh", "hooli", "--anyway").expect(t, 0)
	if len(e.sent()) != 2 {
		t.Errorf("%d requests, want the second one", len(e.sent()))
	}
}
