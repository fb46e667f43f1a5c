package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// browse is the program that the tests have for a browser: it goes where it is
// told to, as a browser follows redirects.
func browse(address string) {
	browser := http.Client{Timeout: 30 * time.Second}
	res, err := browser.Get(address) //nolint:noctx // it ends with its process
	if err != nil {
		os.Exit(1)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
}

// browserName is what the browser is called on the PATH of a machine.
const browserName = "xdg-open"

// withBrowser gives the machine a desktop with a browser.
func (m *machine) withBrowser(t testing.TB) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Symlink(program, filepath.Join(folder, browserName)); err != nil {
		t.Skip("this machine has no symbolic links")
	}
	m.env = append(m.env, "DISPLAY=:99", "PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// authority is Salesforce as a browser and a sign-in see it: it lets a user in,
// sends the browser back with a code, and gives tokens for that if the verifier
// fits the challenge.
type authority struct {
	*httptest.Server
	t testing.TB

	mu        sync.Mutex
	logins    []login // that sign in, one after the other
	codes     map[string]pending
	secret    string // that the app wants with the code; "" for a public one
	noRefresh bool
	verify    bool
	// back changes the query that the browser comes back with; false keeps it away.
	back  func(url.Values) bool
	given []string // every code and verifier that was in use
	asked []url.Values
}

type pending struct {
	login     login
	challenge string
	redirect  string
}

func startAuthority(t testing.TB, logins ...login) *authority {
	t.Helper()
	a := &authority{t: t, logins: logins, codes: map[string]pending{}, verify: true, back: func(url.Values) bool { return true }}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /services/oauth2/authorize", a.authorize)
	mux.HandleFunc("POST /services/oauth2/token", a.token)
	mux.HandleFunc("GET /services/oauth2/userinfo", a.userinfo)
	a.Server = httptest.NewServer(mux)
	a.does(func(a *authority) {
		for i := range a.logins {
			a.logins[i].instance = a.URL
			a.logins[i].issued = time.Now().UTC().Truncate(time.Millisecond)
		}
	})
	t.Cleanup(a.Close)
	return a
}

func (a *authority) authorize(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	q := r.URL.Query()
	a.asked = append(a.asked, q)
	code := fmt.Sprintf("aPrxCANARY%dcodecodecodecode", len(a.asked))
	a.codes[code] = pending{a.logins[0], q.Get("code_challenge"), q.Get("redirect_uri")}
	a.given = append(a.given, code)
	back := url.Values{"code": {code}, "state": {q.Get("state")}}
	if q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" || !a.back(back) {
		_, _ = w.Write([]byte("the window stays here"))
		return
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (a *authority) token(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	verifier := r.FormValue("code_verifier")
	a.given = append(a.given, verifier)
	sum := sha256.Sum256([]byte(verifier))
	p, there := a.codes[r.FormValue("code")]
	delete(a.codes, r.FormValue("code"))
	w.Header().Set("Content-Type", "application/json")
	refuse := func(code, description string) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error":%q,"error_description":%q}`, code, description)
	}
	switch {
	case r.FormValue("grant_type") != "authorization_code" || r.FormValue("redirect_uri") != p.redirect || !there:
		refuse("invalid_grant", "invalid authorization code")
	case !a.verify || base64.RawURLEncoding.EncodeToString(sum[:]) != p.challenge:
		refuse("invalid_request", "invalid code verifier")
	case r.FormValue("client_secret") != a.secret:
		refuse("invalid_client", "invalid client credentials")
	default:
		_, _ = w.Write([]byte(p.login.json(a.t, !a.noRefresh)))
	}
}

func (a *authority) userinfo(w http.ResponseWriter, _ *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := a.logins[0]
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"user_id":%q,"organization_id":%q,"preferred_username":%q}`, l.userID, l.orgID, l.name+"@acme.example")
}

// does changes how the authority behaves.
func (a *authority) does(set func(*authority)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	set(a)
}

// secrets are what must not be found outside the keychain.
func (a *authority) secrets() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	found := append([]string(nil), a.given...)
	for _, l := range a.logins {
		found = append(found, l.access, l.refresh, l.signature)
	}
	return found
}

// freePort is a port of this machine that nobody listens on.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
