//go:build unix

package main

import (
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// signedIn is the result of orgkeep login --json, as its readers see it.
type signedIn struct {
	Outcome     string
	Alias       *string
	OrgID       *string `json:"org_id"`
	UserID      *string `json:"user_id"`
	Username    *string
	InstanceURL *string `json:"instance_url"`
	ClientID    *string `json:"client_id"`
	Other       *string
	Held        *string
	HTTPStatus  *int `json:"http_status"`
	Error       *string
	Description *string `json:"error_description"`
	Problem     string
	Meaning     *string
	Causes      []string
	Remedy      *string
	Who         *string
}

// login runs the command against an authority and returns its one result.
func (m *machine) login(t testing.TB, a *authority, code int, args ...string) (signedIn, run) {
	t.Helper()
	args = append([]string{"login", "--client-id", "3MVG9.test", "--login-url", a.URL, "--port", freePort(t), "--json"}, args...)
	r := m.run(t, args...).expect(t, code)
	results := decode[[]signedIn](t, r)
	if len(results) != 1 {
		t.Fatalf("%d results", len(results))
	}
	return results[0], r
}

// checkQuiet makes sure that no secret of the authority is in what a run said or
// left behind.
func checkQuiet(t *testing.T, m *machine, a *authority, runs ...run) {
	t.Helper()
	secrets := a.secrets()
	for _, r := range runs {
		for _, secret := range secrets {
			if strings.Contains(r.out+r.errors, secret) {
				t.Errorf("orgkeep %s said %.9s…", strings.Join(r.args, " "), secret)
			}
		}
	}
	checkNoSecret(t, m, secrets)
}

func TestSignInWithTheBrowser(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	m.withBrowser(t)
	l := newLogin(t, 1, "")
	a := startAuthority(t, l)
	got, r := m.login(t, a, 0, "--alias", "acme")
	if got.Outcome != "new" || *got.Alias != "acme" || *got.OrgID != l.orgID || *got.UserID != l.userID || got.Other != nil || got.Held != nil ||
		got.Username == nil || *got.Username != "login1@acme.example" || *got.ClientID != "3MVG9.test" {
		t.Errorf("%+v", got)
	}
	if n := loginsIn(t, service); n != 1 {
		t.Errorf("the keychain has %d logins", n)
	}
	if !strings.Contains(r.errors, a.URL+"/services/oauth2/authorize?") || !strings.Contains(r.errors, "http://localhost:") {
		t.Errorf("stderr: %s", r.errors)
	}
	a.mu.Lock()
	asked := a.asked[0]
	a.mu.Unlock()
	if asked.Get("prompt") != "login" || asked.Get("scope") != "api refresh_token id" || len(asked.Get("code_challenge")) != 43 || asked.Get("state") == "" {
		t.Errorf("the browser was sent with %v", asked)
	}
	m.run(t, "tag", "acme", "+big").expect(t, 0)

	again, second := m.signAgain(t, "acme")
	if again.Outcome != "updated" || *again.Alias != "acme" {
		t.Errorf("%+v", again)
	}
	orgs := decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0))
	if len(orgs) != 1 || !slices.Equal(orgs[0].Tags, []string{"big"}) || orgs[0].Health != "fresh" {
		t.Errorf("%+v", orgs)
	}
	checkQuiet(t, m, a, r, second)
	checkModes(t, m)
}

// signAgain runs orgkeep login ORG, which takes the host and the client id over.
func (m *machine) signAgain(t testing.TB, org string) (signedIn, run) {
	t.Helper()
	r := m.run(t, "login", org, "--port", freePort(t), "--json").expect(t, 0)
	return decode[[]signedIn](t, r)[0], r
}

func TestSignInWithAClientSecret(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	m.withBrowser(t)
	a := startAuthority(t, newLogin(t, 1, ""))
	a.does(func(a *authority) { a.secret = clientSecret })
	r := m.feed(t, strings.NewReader(clientSecret+"\n"), "login", "--client-id", "3MVG9.test", "--client-secret-stdin",
		"--login-url", a.URL, "--port", freePort(t)).expect(t, 0)
	if !strings.HasPrefix(r.out, "127.0.0.1: new, ?, login1@acme.example") {
		t.Errorf("%s", r.out)
	}
	if again, _ := m.signAgain(t, "127.0.0.1"); again.Outcome != "updated" { // with the saved secret
		t.Errorf("%+v", again)
	}
	checkNoSecret(t, m, []string{clientSecret})
}

func TestSignInsThatFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set              func(*authority)
		problem, meaning string
	}{
		"denied": {func(a *authority) {
			a.back = func(q url.Values) bool {
				q.Del("code")
				q.Set("error", "access_denied")
				q.Set("error_description", "end-user denied authorization")
				return true
			}
		}, "access_denied: end-user denied authorization", "denied in the browser"},
		"scope": {func(a *authority) {
			a.back = func(q url.Values) bool {
				q.Del("code")
				q.Set("error", "invalid_scope")
				return true
			}
		}, "invalid_scope", "does not allow a scope"},
		"verifier":   {func(a *authority) { a.verify = false }, "invalid_request: invalid code verifier", "PKCE"},
		"no refresh": {func(a *authority) { a.noRefresh = true }, "no refresh token", "could not renew"},
		"no code":    {func(a *authority) { a.back = func(q url.Values) bool { q.Del("code"); return true } }, "neither a code", "without a code"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, service := withKeyring(t)
			m.withBrowser(t)
			a := startAuthority(t, newLogin(t, 1, ""))
			a.does(c.set)
			got, r := m.login(t, a, 1)
			if got.Outcome != "failed" || got.Meaning == nil || !strings.Contains(*got.Meaning, c.meaning) || !strings.Contains(r.errors, c.problem) {
				t.Errorf("%+v: %s", got, r.errors)
			}
			if n := loginsIn(t, service); n != 0 {
				t.Errorf("the keychain has %d logins", n)
			}
			checkQuiet(t, m, a, r)
		})
	}
}

// A browser that brings the state of another sign-in, or whose window is closed,
// is waited for until the time is over.
func TestABrowserThatDoesNotComeBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		back       func(url.Values) bool
		says, ends string
	}{
		"another state": {func(q url.Values) bool { q.Set("state", "another"); return true }, "another sign-in has come back", "only a page of another sign-in"},
		"window closed": {func(url.Values) bool { return false }, "not come back in time", "error page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, service := withKeyring(t)
			m.withBrowser(t)
			a := startAuthority(t, newLogin(t, 1, ""))
			a.does(func(a *authority) { a.back = c.back })
			got, r := m.login(t, a, 1, "--timeout", "5s")
			if got.Outcome != "failed" || !strings.Contains(r.errors, c.says) || !strings.Contains(r.errors, c.ends) ||
				strings.Count(r.errors, "come back in time") != strings.Count(c.says, "come back in time") {
				t.Errorf("%+v: %s", got, r.errors)
			}
			if n := loginsIn(t, service); n != 0 {
				t.Errorf("the keychain has %d logins", n)
			}
			checkQuiet(t, m, a, r)
		})
	}
}

func TestAPortThatIsTakenEndsTheSignIn(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	a := startAuthority(t, newLogin(t, 1, ""))
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	r := m.run(t, "login", "--client-id", "x", "--login-url", a.URL, "--port", port).expect(t, 1)
	if !strings.Contains(r.errors, "port "+port+", which ") || !strings.Contains(r.errors, "(process ") || !strings.Contains(r.errors, "--port") {
		t.Errorf("%s", r.errors)
	}
}

// Another user than was meant is another login: the one that was meant stays.
func TestAnotherUserComesBack(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	m.withBrowser(t)
	first, second := newLogin(t, 1, ""), newLogin(t, 2, "")
	second.orgID = first.orgID
	a := startAuthority(t, first)
	m.login(t, a, 0, "--alias", "acme")
	a.mu.Lock()
	before := a.logins[0].issued
	a.logins = []login{second}
	a.logins[0].instance, a.logins[0].issued = a.URL, before
	a.mu.Unlock()
	r := m.run(t, "login", "acme", "--port", freePort(t), "--json").expect(t, 1) // a script must not go on with acme
	got := decode[[]signedIn](t, r)[0]
	if got.Outcome != "new" || got.Other == nil || *got.Other != "user" || *got.Alias == "acme" || *got.UserID != second.userID {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(r.errors, "another user came back") || loginsIn(t, service) != 2 {
		t.Errorf("%d logins: %s", loginsIn(t, service), r.errors)
	}
	for _, org := range decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0)) {
		if org.Alias == "acme" && org.UserID != first.userID {
			t.Errorf("acme is %s now", org.UserID)
		}
	}
	checkQuiet(t, m, a, r)
}

func TestSignInsThatDoNotBegin(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"login"}, "--client-id"},
		{[]string{"login", "nobody", "--client-id", "x"}, "no org is called nobody"},
		{[]string{"login", "--client-id", "x", "--timeout", "1s"}, "--timeout is 1s"},
		{[]string{"login", "--client-id", "x", "--alias", "a b"}, "--alias"},
		{[]string{"login", "--client-id", "x", "--login-url", "https://acme.lightning.force.com"}, "my.salesforce.com"},
		{[]string{"login", "--client-id", "x", "--login-url", "http://acme.my.salesforce.com"}, "login-url"},
		{[]string{"login", "a", "b"}, "accepts at most 1"},
	} {
		if r := m.run(t, c.args...).expect(t, 2); !strings.Contains(r.errors, c.says) || r.out != "" {
			t.Errorf("%v: %s%s", c.args, r.out, r.errors)
		}
	}
	gone := withoutKeychain(t)
	gone.run(t, "login", "--client-id", "x", "--no-browser").expect(t, 3)
}

var shownAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+/services/oauth2/authorize\?\S+`)

// On a terminal, the address that a browser elsewhere ended on can be pasted.
func TestAPastedAddress(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	a := startAuthority(t, newLogin(t, 1, ""))
	port := freePort(t)
	x := m.on(t, "login", "--client-id", "3MVG9.test", "--login-url", a.URL, "--port", port, "--qr", "--alias", "acme")
	x.await("Waiting for the browser")
	address, err := url.Parse(shownAddress.FindString(strings.ReplaceAll(x.text(), "\r\n", "\n")))
	if err != nil || address.Query().Get("state") == "" {
		t.Fatalf("no address in %s", x.text())
	}
	if !strings.Contains(x.text(), "█") || !strings.Contains(x.text(), "no desktop") {
		t.Errorf("%s", x.text())
	}
	x.enter("http://localhost:1717/OauthRedirect?code=x&state=y\r")
	x.await("another sign-in")
	a.mu.Lock()
	code := "aPrxCANARYpastedpastedpasted"
	a.codes[code] = pending{a.logins[0], address.Query().Get("code_challenge"), address.Query().Get("redirect_uri")}
	a.mu.Unlock()
	x.enter("http://localhost:" + port + "/OauthRedirect?code=" + code + "&state=" + address.Query().Get("state") + "\r")
	x.await("acme is signed in")
	if x.ended() != 0 || loginsIn(t, service) != 1 {
		t.Errorf("%d logins: %s", loginsIn(t, service), x.text())
	}
	checkNoSecret(t, m, append(a.secrets(), code))
}

func TestCtrlCCallsTheSignInOff(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	a := startAuthority(t, newLogin(t, 1, ""))
	x := m.on(t, "login", "--client-id", "3MVG9.test", "--login-url", a.URL, "--port", freePort(t))
	x.await("Waiting for the browser")
	if err := x.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	x.await("called off")
	if x.ended() != 1 || loginsIn(t, service) != 0 {
		t.Errorf("%s", x.text())
	}
}

// A sign-in that failed leaves no vault behind that was made for it, and no pin;
// and it is in the history of the org that it was for.
func TestAFailedSignInLeavesThingsAsTheyWere(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	m.withBrowser(t)
	m = m.knowing()
	a := startAuthority(t, newLogin(t, 1, ""))
	denied := func(q url.Values) bool {
		q.Del("code")
		q.Set("error", "access_denied")
		return true
	}
	m.login(t, a, 0, "--alias", "acme")
	m.run(t, "store", "move", "keychain").expect(t, 0) // pins the data folder to the keychain
	for _, key := range []string{"passphrase", "keychain"} {
		for _, back := range []func(url.Values) bool{denied, nil} { // nil: the code is refused
			a.does(func(a *authority) {
				a.back, a.verify = back, back != nil
				if back == nil {
					a.back = func(url.Values) bool { return true }
				}
			})
			_, r := m.login(t, a, 1, "--store", "vault", "--vault-key", key)
			if !strings.Contains(r.errors, "the vault that was made for it is gone again") {
				t.Errorf("%s", r.errors)
			}
			for _, name := range []string{"vault", "vault-journal"} {
				if _, err := os.Lstat(m.data(name)); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s is there (%v)", name, err)
				}
			}
			if in := m.storeInUse(t); in.Store != "keychain" {
				t.Errorf("%+v", in)
			}
		}
	}
	a.does(func(a *authority) { a.back = denied })
	m.run(t, "login", "acme", "--port", freePort(t)).expect(t, 1)
	history := m.run(t, "history", "acme").expect(t, 0)
	if !strings.Contains(history.out, "access_denied") || strings.Count(history.out, "login") != 2 {
		t.Errorf("%s", history.out)
	}
	org := decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0))[0]
	if org.Health != "fresh" || org.LastRefresh == nil || org.LastRefresh.Outcome != "refreshed" {
		t.Errorf("%+v", org)
	}
	a.does(func(a *authority) { a.back, a.verify = func(url.Values) bool { return true }, true })
	m.login(t, a, 0, "--store", "vault", "--alias", "second") // one that goes well keeps what it made
	if in := m.storeInUse(t); in.Store != "vault" || !in.Exists {
		t.Errorf("%+v", in)
	}
}
