package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
	"orgkeep/ui/settings"
)

// host is a Salesforce that signs one user in, and the browser that goes there.
type host struct {
	*httptest.Server

	mu      sync.Mutex
	user    string
	deny    bool
	stay    bool   // the browser does not come back
	address string // that the browser was sent to
}

func newHost(t *testing.T) *host {
	t.Helper()
	h := &host{user: "005410000031xAA"}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /services/oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if r.FormValue("grant_type") != "authorization_code" || r.FormValue("code") != "aPrxCANARY" || r.FormValue("code_verifier") == "" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"expired access/refresh token"}`))
			return
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"00D41!%s.access","refresh_token":"5Aep8.%s","instance_url":%q,"id":"https://login.salesforce.com/id/00D41000000F8A0/%s","issued_at":"%d"}`,
			h.user[12:], h.user, h.URL, h.user, noon.UnixMilli()) // an id in the token would be masked elsewhere
	})
	mux.HandleFunc("GET /services/oauth2/userinfo", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"user_id":"005410000031xAAAAY","preferred_username":"ada@acme.example"}`))
	})
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	return h
}

// browse is the user's browser: it comes back with what the host says.
func (h *host) browse(_ context.Context, address string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.address = address
	if h.stay {
		return errors.New("there is no desktop here")
	}
	res, err := http.Get(h.answer()) //nolint:noctx // loopback
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// answer is the address that the browser ends on.
func (h *host) answer() string {
	asked, err := url.Parse(h.address)
	if err != nil {
		return ""
	}
	q := asked.Query()
	back := url.Values{"state": {q.Get("state")}, "code": {"aPrxCANARY"}}
	if h.deny {
		back = url.Values{"state": {q.Get("state")}, "error": {"access_denied"}, "error_description": {"end-user denied authorization"}}
	}
	return q.Get("redirect_uri") + "?" + back.Encode()
}

// signInScreen is a screen whose orgs, none at first, are of that host.
func signInScreen(t *testing.T, h *host, orgs ...tokens.Org) *screen {
	t.Helper()
	book, err := ledger.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	store := keychain.Memory()
	k := keeper.New(keeper.Options{
		Store: store, Ledger: book, Journal: journal.Open(filepath.Join(t.TempDir(), "journal")), Clock: evenClock{}, Limits: tokens.DefaultLimits(),
		Endpoint: salesforce.New(salesforce.Options{}), Trigger: "screen",
	})
	for _, org := range orgs {
		secrets := tokens.Secrets{AccessToken: tokens.NewSecret("old"), RefreshToken: tokens.NewSecret("old"), InstanceURL: h.URL, IssuedAt: noon.Add(-time.Hour)}
		if _, _, err := k.Add(t.Context(), org, secrets); err != nil {
			t.Fatal(err)
		}
	}
	set := settings.Default()
	set.LoginHost, set.Port = h.URL, 0
	o := Options{Keeper: k, Browser: h.browse, Settings: set}
	if o.Orgs, err = k.Orgs(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, model: newModel(t.Context(), o), store: store, msgs: make(chan tea.Msg, 4096)}
	s.tell(tea.WindowSizeMsg{Width: 120, Height: 30})
	return s
}

func acme(t *testing.T) tokens.Org {
	t.Helper()
	key, err := tokens.NewKey("00D41000000F8A0", "005410000031xAA", "3MVG9.app")
	if err != nil {
		t.Fatal(err)
	}
	return tokens.Org{Key: key, Alias: "acme", OrgID: "00D41000000F8A0EAK", UserID: "005410000031xAAAAY", ClientID: "3MVG9.app"}
}

func (s *screen) stage(want signInStage) {
	s.t.Helper()
	s.until(fmt.Sprintf("stage %d", want), func() bool { return s.model.signIn.stage == want })
}

func TestSignInOnTheScreen(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := signInScreen(t, h)
	s.press("l")
	s.shows("Sign in", "callback URL", h.URL, "client id:")
	s.press("enter") // the setting is empty
	s.typeText("3MVG9.app")
	s.press("tab", "tab")
	s.typeText("acme")
	s.press("enter")
	s.until("the org", func() bool { return len(s.model.list.orgs) == 1 && s.model.signIn.stage == signInClosed })
	s.shows("acme is signed in. New access token saved in memory.")
	if org := s.model.list.orgs[0]; org.Alias != "acme" || org.Username != "ada@acme.example" || org.ClientID != "3MVG9.app" {
		t.Errorf("%+v", org)
	}
}

func TestAFailedOrgIsSignedInAgain(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := signInScreen(t, h, acme(t))
	s.press("r")
	s.settle()
	s.press("l")
	s.shows("Sign in again: acme", "3MVG9.app")
	s.press("enter")
	s.until("the end", func() bool { return s.model.signIn.stage == signInClosed })
	s.shows("acme is signed in.")
	if org := s.model.list.orgs[0]; len(s.model.list.orgs) != 1 || org.Alias != "acme" || org.Last == nil || org.Last.Trigger != "login" || org.Last.Failure != nil || org.Generation != 2 {
		t.Errorf("%+v", s.model.list.orgs)
	}
}

func TestAnotherUserIsKeptApartAndSaid(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := signInScreen(t, h, acme(t))
	s.press("r")
	s.settle()
	h.mu.Lock()
	h.user = "005410000031xBB"
	h.mu.Unlock()
	s.press("l", "enter")
	s.stage(signInEnded)
	s.shows("another user came back", "acme is as it was")
	s.press("esc")
	if len(s.model.list.orgs) != 2 || s.model.signIn.stage != signInClosed {
		t.Errorf("%+v", s.model.list.orgs)
	}
	for _, org := range s.model.list.orgs {
		if org.Alias == "acme" && org.Key != acme(t).Key {
			t.Errorf("%+v", org)
		}
	}
}

func TestADeniedSignInIsExplained(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.mu.Lock()
	h.deny = true
	h.mu.Unlock()
	s := signInScreen(t, h)
	s.press("l")
	s.typeText("x")
	s.press("enter")
	s.stage(signInEnded)
	s.shows("access_denied: end-user denied authorization", "denied in the browser")
	s.press("l")
	s.shows("client id:")
	s.press("esc")
	if len(s.model.list.orgs) != 0 {
		t.Error("something was saved")
	}
}

func TestWhileTheBrowserIsOut(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.mu.Lock()
	h.stay = true
	h.mu.Unlock()
	s := signInScreen(t, h)
	s.press("l")
	s.shows("PlatformCLI for the Salesforce CLI's")
	s.typeText("x")
	s.press("enter")
	s.stage(signInBrowser)
	s.shows("no desktop here", "/services/oauth2/authorize?", "paste the address")
	s.press("Q")
	s.shows("QR code needs a window", "p  paste the address")
	s.tell(tea.WindowSizeMsg{Width: 160, Height: 70})
	s.shows("█▀")
	s.fits()
	s.press("Q", "c")
	s.shows("Nothing can copy here; Q shows the address as a QR code.")
	held := &board{}
	s.model.copied.board.clipboard, s.model.copied.whyNot = held, ""
	s.press("c")
	s.until("the copy", func() bool { return strings.Contains(s.text(), "The address is copied.") })
	s.press("p")
	s.tell(tea.PasteMsg{Content: "http://localhost:1717/OauthRedirect?code=x&state=y"})
	s.press("enter")
	s.shows("another sign-in")
	h.mu.Lock()
	ended := h.answer()
	h.mu.Unlock()
	s.press("p")
	s.tell(tea.PasteMsg{Content: ended})
	s.press("enter")
	s.until("the org", func() bool { return len(s.model.list.orgs) == 1 })
	if text := s.text(); strings.Contains(text, "CANARY") {
		t.Errorf("%s", text)
	}
}

func TestEscCallsTheSignInOff(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.mu.Lock()
	h.stay = true
	h.mu.Unlock()
	s := signInScreen(t, h)
	for range 2 { // the port is free again
		s.press("l")
		s.typeText("x")
		s.press("enter")
		s.stage(signInBrowser)
		s.press("esc")
		s.shows("called off")
	}
	if s.model.signIn.stage != signInClosed || len(s.model.list.orgs) != 0 {
		t.Errorf("stage %d", s.model.signIn.stage)
	}
}

func TestHostsAreChosen(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := signInScreen(t, h)
	s.press("l", "shift+tab")
	seen := map[string]bool{}
	for range 3 {
		seen[s.model.signIn.fields[fieldHost].Value()] = true
		s.press("down")
	}
	if !seen[h.URL] || !seen["https://login.salesforce.com"] || !seen["https://test.salesforce.com"] {
		t.Errorf("%v", seen)
	}
	for _, size := range sizes {
		s.tell(tea.WindowSizeMsg{Width: size.w, Height: size.h})
		s.fits()
	}
}

func TestTheDemoSignsNobodyIn(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("l")
	s.shows("l is off: the demo has nobody to sign in.")
}

func TestACodeIsReadAsItWasMade(t *testing.T) {
	t.Parallel()
	blocks, err := QR("https://login.salesforce.com/", false)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := QR("https://login.salesforce.com/", true)
	if err != nil || len(plain) != 2*len(blocks)-1 {
		t.Fatalf("%d and %d lines, %v", len(plain), len(blocks), err)
	}
	for y, line := range plain {
		row := []rune(blocks[y/2])
		for x := range row {
			dark := line[2*x] == ' '
			cell := row[x]
			if lit := cell == '█' || y%2 == 0 && cell == '▀' || y%2 == 1 && cell == '▄'; lit == dark {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
	if _, err := QR(strings.Repeat("x", 4000), false); err == nil {
		t.Error("a text that is too long has a code")
	}
}
