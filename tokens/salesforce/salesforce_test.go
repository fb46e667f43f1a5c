package salesforce

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

const (
	testRefresh = "5Aep861_old+refresh/token=with.odd~characters"
	testSecret  = `cl"ient/sec+ret&4711`
	testAccess  = "00D41000000F8A0!AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O76UM"
	goodGrant   = `{"access_token":"` + testAccess + `","instance_url":"https://acme.my.salesforce.com",` +
		`"id":"https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY","issued_at":"1738348388166","token_type":"Bearer"}`
)

func request(host string) RefreshRequest {
	return RefreshRequest{
		Host: host, ClientID: "PlatformCLI",
		ClientSecret: tokens.NewSecret(testSecret), RefreshToken: tokens.NewSecret(testRefresh),
	}
}

func newClient(t *testing.T, o Options) *Client {
	t.Helper()
	c := New(o)
	t.Cleanup(c.CloseIdle)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func say(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func failureOf(t *testing.T, err error) *tokens.Failure {
	t.Helper()
	var f *tokens.Failure
	if !errors.As(err, &f) {
		t.Fatalf("error is %T (%v), want a *tokens.Failure", err, err)
	}
	return f
}

// refresh asks a server that must refuse.
func refresh(t *testing.T, host string) *tokens.Failure {
	t.Helper()
	_, err := newClient(t, Options{}).Refresh(t.Context(), request(host), nil)
	return failureOf(t, err)
}

// raw listens and hands each connection to serve, as a server that is no good.
func raw(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l.Addr().String()
}

func TestRefreshSendsTheGrantAndNothingElse(t *testing.T) {
	t.Parallel()
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		want := map[string]string{
			"grant_type": "refresh_token", "client_id": "PlatformCLI",
			"refresh_token": testRefresh, "client_secret": testSecret,
		}
		if len(r.PostForm) != len(want) {
			t.Errorf("form has %d fields: %v", len(r.PostForm), r.PostForm)
		}
		for name, value := range want {
			if r.PostForm.Get(name) != value {
				t.Errorf("%s = %q, want %q", name, r.PostForm.Get(name), value)
			}
		}
		if r.Method != http.MethodPost || r.URL.String() != "/services/oauth2/token" || r.ContentLength <= 0 {
			t.Errorf("%s %s, length %d", r.Method, r.URL, r.ContentLength)
		}
		if got := r.Header.Get("Accept") + " " + r.Header.Get("User-Agent"); got != "application/json orgkeep/1.2" {
			t.Errorf("headers: %s", got)
		}
		w.Header().Set("X-Request-Id", "req-1")
		w.Header().Set("Date", "Mon, 23 Nov 2026 11:00:00 GMT")
		say(200, "application/json", goodGrant)(w, r)
	})
	var steps []tokens.Step
	answer, err := newClient(t, Options{UserAgent: "orgkeep/1.2"}).Refresh(t.Context(), request(host), func(s tokens.Step) { steps = append(steps, s) })
	if err != nil {
		t.Fatal(err)
	}
	if answer.Grant.AccessToken.Reveal() != testAccess || answer.HTTPStatus != 200 || answer.RequestID != "req-1" ||
		!answer.Date.Equal(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)) {
		t.Errorf("answer: %+v", answer)
	}
	// A very quick answer may come before net/http says that the request is out.
	if answer.Latency.Whole <= 0 || answer.Latency.Connect <= 0 || answer.Latency.Send+answer.Latency.Wait <= 0 {
		t.Errorf("latency: %+v", answer.Latency)
	}
	if len(steps) != 2 || steps[0] != tokens.StepContacting || steps[1] != tokens.StepWaiting {
		t.Errorf("steps: %v", steps)
	}
}

func TestRefreshWithoutClientSecretSendsNone(t *testing.T) {
	t.Parallel()
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if r.PostForm.Has("client_secret") || r.PostForm.Has("scope") {
			t.Errorf("form: %v", r.PostForm)
		}
		say(200, "application/json", goodGrant)(w, r)
	})
	r := request(host)
	r.ClientSecret = tokens.Secret{}
	if _, err := newClient(t, Options{}).Refresh(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
}

func TestRefreshNeedsATokenAClientIDAndASafeURL(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*RefreshRequest){
		problemNoRefreshToken: func(r *RefreshRequest) { r.RefreshToken = tokens.Secret{} },
		problemNoClientID:     func(r *RefreshRequest) { r.ClientID = "" },
		tokens.ErrURL.Error(): func(r *RefreshRequest) { r.Host = "http://acme.my.salesforce.com" },
	} {
		r := request("https://127.0.0.1:1")
		change(&r)
		_, err := newClient(t, Options{}).Refresh(t.Context(), r, nil)
		f := failureOf(t, err)
		if f.Kind != tokens.FailedLocal || f.Sent || !strings.HasPrefix(f.Problem, name) || !Explain(f).Known || Transient(f) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestUserinfo(t *testing.T) {
	t.Parallel()
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+testAccess || r.Method != http.MethodGet {
			say(403, "text/html", "Bad_OAuth_Token")(w, r)
			return
		}
		say(200, "application/json", `{"user_id":"005410000031xAAAAY","organization_id":"00D41000000F8A0EAK",`+
			`"preferred_username":"ada@acme.example","name":"Ada\u001b[2J","email":"ada@acme.example","email_verified":true}`)(w, r)
	})
	c := newClient(t, Options{})
	info, err := c.Userinfo(t.Context(), host, tokens.NewSecret(testAccess))
	if err != nil {
		t.Fatal(err)
	}
	if info.HTTPStatus != 200 || info.Date.IsZero() || info.Latency.Whole <= 0 {
		t.Errorf("head: %+v", info.Head)
	}
	info.Head = Head{}
	want := Userinfo{
		UserID: "005410000031xAAAAY", OrgID: "00D41000000F8A0EAK", Username: "ada@acme.example",
		Name: `Ada\x1b[2J`, Email: "ada@acme.example",
	}
	if info != want {
		t.Errorf("got %+v, want %+v", info, want)
	}
	_, err = c.Userinfo(t.Context(), host, tokens.NewSecret("another"))
	f := failureOf(t, err)
	if f.HTTPStatus != 403 || f.Code != "Bad_OAuth_Token" || f.Sent || !Explain(f).Known {
		t.Errorf("failure: %+v", f)
	}
}

func TestUserinfoMayBeCancelledWhileItWaits(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	host := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := newClient(t, Options{}).Userinfo(ctx, host, tokens.NewSecret(testAccess))
	if f := failureOf(t, err); f.Kind != tokens.FailedCancelled || !errors.Is(err, context.Canceled) {
		t.Errorf("failure: %+v", f)
	}
}

func TestUserinfoWithoutAUser(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `<html><title>Log in</title></html>`, `[]`} {
		_, err := newClient(t, Options{}).Userinfo(t.Context(), serve(t, say(200, "text/html", body)), tokens.NewSecret(testAccess))
		if f := failureOf(t, err); f.Problem != problemNoUserinfo || !Explain(f).Known || Undecided(f) {
			t.Errorf("%s: %+v", body, f)
		}
	}
}
