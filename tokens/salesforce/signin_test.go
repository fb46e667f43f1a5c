package salesforce

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"orgkeep/tokens"
)

func newSignIn(t *testing.T, host string) SignIn {
	t.Helper()
	s, err := NewSignIn(SignIn{Host: host, ClientID: "3MVG9.app", Redirect: "http://localhost:1717/OauthRedirect", Prompt: "login"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheAddressAsksForACodeWithPKCE(t *testing.T) {
	t.Parallel()
	s := newSignIn(t, "https://acme.my.salesforce.com")
	u, err := url.Parse(s.URL())
	if err != nil || u.Scheme+"://"+u.Host+u.Path != "https://acme.my.salesforce.com/services/oauth2/authorize" {
		t.Fatalf("%s, %v", s.URL(), err)
	}
	sum := sha256.Sum256([]byte(s.verifier.Reveal()))
	want := map[string]string{
		"response_type": "code", "client_id": "3MVG9.app", "redirect_uri": "http://localhost:1717/OauthRedirect", "scope": "api refresh_token id",
		"prompt": "login", "code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method": "S256", "state": s.state.Reveal(),
	}
	query := u.Query()
	for name, value := range want {
		if query.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, query.Get(name), value)
		}
	}
	if len(query) != len(want) || len(s.verifier.Reveal()) < 43 || strings.Contains(s.URL(), s.verifier.Reveal()) {
		t.Errorf("%s", s.URL())
	}
	other := newSignIn(t, "https://acme.my.salesforce.com")
	if other.state.Equal(s.state) || other.verifier.Equal(s.verifier) || s.state.Equal(s.verifier) {
		t.Error("two sign-ins have a secret in common")
	}
	if printed := fmt.Sprintf("%v %+v %#v", s, s, s); strings.Contains(printed, s.verifier.Reveal()) || strings.Contains(printed, s.state.Reveal()) {
		t.Errorf("printing tells: %s", printed)
	}
}

func TestASignInIsRefusedBeforeItBegins(t *testing.T) {
	t.Parallel()
	for _, s := range []SignIn{{Host: "http://acme.my.salesforce.com", ClientID: "x"}, {Host: "acme", ClientID: "x"}, {Host: "https://acme.example"}} {
		_, err := NewSignIn(s)
		if f, ok := errors.AsType[*tokens.Failure](err); !ok || !Explain(f).Known {
			t.Errorf("%s: %v", s.Host, err)
		}
	}
}

func TestCallbacks(t *testing.T) {
	t.Parallel()
	s := newSignIn(t, "https://acme.my.salesforce.com")
	state := "state=" + s.state.Reveal()
	const at = "http://localhost:1717/OauthRedirect"
	for _, c := range []struct {
		text, code, says string
		strange          bool
	}{
		{text: at + "?code=aPrx.1%3D%3D&" + state, code: "aPrx.1=="},
		{text: "  " + at + "?" + state + "&code=aPr\r\n x1\n", code: "aPrx1"},
		{text: "code=aPrx1&" + state, code: "aPrx1"},
		{text: at + "?code=aPrx1&" + state + "#", code: "aPrx1"},
		{text: at + "?code=aPrx1&state=another", says: "another sign-in", strange: true},
		{text: at + "?code=aPrx1", says: "not the callback"},
		{text: at + "?" + state, says: "neither a code nor an error"},
		{text: at + "?error=access_denied&error_description=end-user+denied+authorization&" + state, says: "access_denied: end-user denied"},
		{text: at + "#error=access_denied&error_description=end-user+denied+authorization&" + state, says: "access_denied: end-user denied"},
		{text: at + "?error=x%1b%5b31m&" + state, says: "x"},
		{text: s.URL(), says: "not the callback"},
		{text: "", says: "not the callback"},
		{text: "%zz", says: "not the callback"},
	} {
		code, err := s.Pasted(c.text)
		if c.code != "" && (err != nil || code.Reveal() != c.code) {
			t.Errorf("%q: %q, %v", c.text, code.Reveal(), err)
		}
		if c.code == "" {
			f, ok := errors.AsType[*tokens.Failure](err)
			if !ok || !strings.Contains(f.Error(), c.says) || errors.Is(err, ErrState) != c.strange || !tokens.Printable(f.Error()) {
				t.Errorf("%q: %v", c.text, err)
			}
		}
	}
}

func FuzzPasted(f *testing.F) {
	s, err := NewSignIn(SignIn{Host: "https://acme.my.salesforce.com", ClientID: "x"})
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{"", "http://localhost:1717/OauthRedirect?code=a&state=b", "#error=x&state=%1b", "?", "%", "state=&code="} {
		f.Add(text)
		f.Add(text + "&state=" + s.state.Reveal())
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := s.Pasted(text)
		if (err == nil) == code.IsZero() {
			t.Fatalf("code %v and error %v", !code.IsZero(), err)
		}
		if err != nil && (!tokens.Printable(err.Error()) || strings.Contains(err.Error(), s.verifier.Reveal()) || strings.Contains(err.Error(), s.state.Reveal())) {
			t.Fatalf("%q", err)
		}
		if err == nil && !strings.Contains(text, s.state.Reveal()) && !strings.Contains(text, "%") && strings.Join(strings.Fields(text), "") == text {
			t.Fatalf("%q is let pass without the state", text)
		}
	})
}

// every code of the browser's leg is explained, wherever it stands.
func TestErrorsOfTheBrowserAreExplained(t *testing.T) {
	t.Parallel()
	s := newSignIn(t, "https://acme.my.salesforce.com")
	for _, r := range browserRows {
		for _, mark := range []string{"?", "#"} {
			_, err := s.Pasted("http://localhost:1717/OauthRedirect" + mark + "error=" + r.code + "&error_description=words&state=" + s.state.Reveal())
			f, ok := errors.AsType[*tokens.Failure](err)
			if !ok || f.Code != r.code || f.Description != "words" || !Explain(f).Known || !strings.HasPrefix(r.Meaning+kept, Explain(f).Meaning) {
				t.Errorf("%s%s: %+v", mark, r.code, f)
			}
		}
	}
}

func TestTheExchangeSendsTheVerifierOnce(t *testing.T) {
	t.Parallel()
	came := make(chan url.Values, 9)
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		came <- r.PostForm
		say(200, "application/json", goodGrant)(w, r)
	})
	s := newSignIn(t, server)
	s.ClientSecret = tokens.NewSecret("the client secret")
	a, err := newClient(t, Options{}).Exchange(t.Context(), s, tokens.NewSecret("aPrx.1"), nil)
	if err != nil || a.Grant.AccessToken.IsZero() {
		t.Fatalf("%+v, %v", a, err)
	}
	want := map[string]string{
		"grant_type": "authorization_code", "code": "aPrx.1", "client_id": "3MVG9.app", "client_secret": "the client secret",
		"redirect_uri": "http://localhost:1717/OauthRedirect", "code_verifier": s.verifier.Reveal(),
	}
	form := <-came
	if len(came) != 0 || len(form) != len(want) {
		t.Fatalf("%d more requests, the first with %d fields", len(came), len(form))
	}
	for name, value := range want {
		if form.Get(name) != value {
			t.Errorf("%s is %q", name, form.Get(name))
		}
	}
}

func TestAnExchangeThatFailsIsExplainedAndEchoesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, description, meaning string }{
		{"invalid_grant", "invalid authorization code", "code of the sign-in"},
		{"invalid_grant", "expired authorization code", "15 minutes"},
		{"invalid_request", "invalid code verifier", "PKCE"},
		{"redirect_uri_mismatch", "redirect_uri must match configuration", "callback URL"},
	} {
		var sent atomic.Int32
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			sent.Add(1)
			say(400, "application/json", fmt.Sprintf(`{"error":%q,"error_description":"%s","echo":%q}`, c.code, c.description, r.FormValue("code")+r.FormValue("code_verifier")))(w, r)
		})
		s := newSignIn(t, server)
		_, err := newClient(t, Options{}).Exchange(t.Context(), s, tokens.NewSecret("aPrxCANARYcodecodecode"), nil)
		f, ok := errors.AsType[*tokens.Failure](err)
		if !ok || f.Code != c.code || !strings.Contains(Explain(f).Meaning, c.meaning) || sent.Load() != 1 {
			t.Errorf("%s: %v, %s, %d requests", c.description, err, Explain(f).Meaning, sent.Load())
		}
		if text := fmt.Sprintf("%+v", *f); strings.Contains(text, "CANARY") || strings.Contains(text, s.verifier.Reveal()) {
			t.Errorf("the failure has a secret: %s", text)
		}
	}
}

func TestAnExchangeWithoutAnAnswerIsNotRepeated(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	server := serve(t, func(http.ResponseWriter, *http.Request) {
		sent.Add(1)
		panic(http.ErrAbortHandler)
	})
	_, err := newClient(t, Options{}).Exchange(t.Context(), newSignIn(t, server), tokens.NewSecret("aPrx"), nil)
	f, ok := errors.AsType[*tokens.Failure](err)
	if !ok || !f.Sent || sent.Load() != 1 || !strings.Contains(Explain(f).Meaning, "serves once") {
		t.Errorf("%v, %d requests, %s", err, sent.Load(), Explain(f).Meaning)
	}
}

// listen is a callback on a free port, for a sign-in.
func listen(t *testing.T) (*Callback, SignIn) {
	t.Helper()
	c, err := Listen(t.Context(), 0, "OauthRedirect")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	s := newSignIn(t, "https://acme.my.salesforce.com")
	c.Serve(func(query url.Values) error {
		_, err := s.Code(query)
		return err
	})
	return c, s
}

// visit is what the browser does.
func visit(t *testing.T, method, address string) (status int, header http.Header, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(text)
}

func TestTheBrowserComesBack(t *testing.T) {
	t.Parallel()
	c, s := listen(t)
	status, header, body := visit(t, http.MethodGet, c.URL()+"?code=aPrxCANARY&state="+s.state.Reveal())
	if status != 200 || !strings.Contains(body, "Back to orgkeep") || strings.Contains(body, "CANARY") || strings.Contains(body, s.state.Reveal()) {
		t.Errorf("%d %s", status, body)
	}
	if header.Get("Cache-Control") != "no-store" || header.Get("Referrer-Policy") != "no-referrer" || strings.Contains(header.Get("Content-Security-Policy"), "script") {
		t.Errorf("%v", header)
	}
	query, err := c.Wait(t.Context())
	if code, _ := s.Code(query); err != nil || code.Reveal() != "aPrxCANARY" {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoCallbackIsNotTaken(t *testing.T) {
	t.Parallel()
	c, s := listen(t)
	good := "code=a&state=" + s.state.Reveal()
	base := strings.TrimSuffix(c.URL(), "/OauthRedirect")
	for _, v := range []struct {
		method, address, says string
		status                int
	}{
		{http.MethodGet, base + "/?" + good, "not found", 404},
		{http.MethodGet, base + "/favicon.ico", "not found", 404},
		{http.MethodPost, c.URL() + "?" + good, "GET", 405},
		{http.MethodOptions, c.URL(), "", 204},
		{http.MethodGet, c.URL() + "?code=a&state=b", "not the sign-in", 400},
		{http.MethodGet, c.URL() + "?error=access_denied", "not the sign-in", 400},
		{http.MethodGet, c.URL(), unhash, 200},
	} {
		if status, _, body := visit(t, v.method, v.address); status != v.status || !strings.Contains(body, v.says) {
			t.Errorf("%s %s: %d %s", v.method, v.address, status, body)
		}
	}
	select {
	case <-c.Strange():
	default:
		t.Error("nobody is told of the strange callback")
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if query, err := c.Wait(over); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", query, err)
	}
}

func TestAnErrorOfTheBrowserEndsOnAPage(t *testing.T) {
	t.Parallel()
	c, s := listen(t)
	status, _, body := visit(t, http.MethodGet, c.URL()+"?error=access_denied&error_description=%3Cscript%3E&state="+s.state.Reveal())
	if status != 400 || !strings.Contains(body, "access_denied: &lt;script&gt;") {
		t.Errorf("%d %s", status, body)
	}
	if query, err := c.Wait(t.Context()); err != nil || query.Get("error") != "access_denied" {
		t.Errorf("%v, %v", query, err)
	}
}

func TestAPortThatIsTakenIsSaidBy(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		other, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
		if err != nil {
			t.Skip("this machine has no " + address)
		}
		_, number, err := net.SplitHostPort(other.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		port, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Listen(t.Context(), port, "/x")
		if err == nil {
			c.Close()
		}
		f, ok := errors.AsType[*tokens.Failure](err)
		if !ok || !errors.Is(err, ErrPort) || !strings.Contains(f.Problem, number) || !Explain(f).Known {
			t.Errorf("%v", err)
		}
		if runtime.GOOS == "linux" && !strings.Contains(err.Error(), "this orgkeep itself has") {
			t.Errorf("%v", err)
		}
		_ = other.Close()
		again, err := Listen(t.Context(), port, "/x")
		if err != nil {
			t.Fatalf("once it is free: %v", err)
		}
		again.Close()
	}
}

func TestCloseGivesThePortBack(t *testing.T) {
	t.Parallel()
	c, _ := listen(t)
	c.Close()
	if conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp4", fmt.Sprintf("127.0.0.1:%d", c.Port())); err == nil {
		_ = conn.Close()
		t.Error("the port is still served")
	}
	unserved, err := Listen(t.Context(), c.Port(), "/x")
	if err != nil {
		t.Fatal(err)
	}
	unserved.Close()
	if unserved, err = Listen(t.Context(), c.Port(), "/x"); err != nil {
		t.Fatalf("Close without Serve keeps the port: %v", err)
	}
	unserved.Close()
}
