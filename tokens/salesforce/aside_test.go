package salesforce

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"orgkeep/tokens"
)

const testIdentityURL = "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY"

// aside is one of the questions beside the refresh, asked at host.
type aside struct {
	name string
	path string // of its last request
	post bool
	good string // an answer that satisfies it
	ask  func(c *Client, ctx context.Context, host string) error
}

func asides() []aside {
	access, renewal, secret := tokens.NewSecret(testAccess), tokens.NewSecret(testRefresh), tokens.NewSecret(testSecret)
	return []aside{
		{
			"userinfo", "/services/oauth2/userinfo", false, `{"user_id":"005410000031xAAAAY"}`,
			func(c *Client, ctx context.Context, host string) error {
				_, err := c.Userinfo(ctx, host, access)
				return err
			},
		},
		{
			"identity", "/id/00D41000000F8A0EAK/005410000031xAAAAY", false, `{"user_id":"005410000031xAAAAY","organization_id":"00D41000000F8A0EAK"}`,
			func(c *Client, ctx context.Context, host string) error {
				_, err := c.Identity(ctx, host, testIdentityURL, access)
				return err
			},
		},
		{
			"limits", "/services/data/v65.0/limits", false, `{"DailyApiRequests":{"Max":15000,"Remaining":14998}}`,
			func(c *Client, ctx context.Context, host string) error {
				_, err := c.Limits(ctx, host, access)
				return err
			},
		},
		{
			"revoke", "/services/oauth2/revoke", true, "",
			func(c *Client, ctx context.Context, host string) error { return c.Revoke(ctx, host, renewal) },
		},
		{
			"introspect", "/services/oauth2/introspect", true, `{"active":false}`,
			func(c *Client, ctx context.Context, host string) error {
				_, err := c.Introspect(ctx, IntrospectRequest{Host: host, ClientID: "3MVG", ClientSecret: secret, Token: renewal, Hint: HintRefresh})
				return err
			},
		},
	}
}

const versions = `[{"label":"Spring '11","url":"/services/data/v21.0","version":"21.0"},{"version":"65.0"},{"version":"9.0"},{"version":"../9999.0"}]`

// at serves the versions, and h everything else.
func at(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/services/data/" {
			h(w, r)
			return
		}
		if r.Header.Get("Authorization") != "" {
			t.Error("the versions were asked for with the access token")
		}
		say(200, "application/json", versions)(w, r)
	})
}

func TestAsidesAskAsTheyShould(t *testing.T) {
	t.Parallel()
	for _, a := range asides() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			host := at(t, func(w http.ResponseWriter, r *http.Request) {
				_ = r.ParseForm()
				if r.URL.String() != a.path || (r.Method == http.MethodPost) != a.post {
					t.Errorf("%s %s", r.Method, r.URL)
				}
				if bearer := r.Header.Get("Authorization"); (bearer == "Bearer "+testAccess) == a.post || a.post && bearer != "" {
					t.Errorf("authorization: %s", bearer)
				}
				if a.post && r.PostForm.Get("token") != testRefresh || r.UserAgent() != "orgkeep" {
					t.Errorf("form: %v, agent %s", r.PostForm, r.UserAgent())
				}
				say(200, "application/json", a.good)(w, r)
			})
			if err := a.ask(newClient(t, Options{}), t.Context(), host); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAsidesRefused(t *testing.T) {
	t.Parallel()
	for _, a := range asides() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range known() {
				if s.status/100 == 2 {
					continue
				}
				f := failureOf(t, a.ask(newClient(t, Options{}), t.Context(), at(t, say(s.status, "text/plain", s.body))))
				if f.Kind != tokens.FailedAnswer || f.HTTPStatus != s.status || f.Code != s.code || f.Description != s.description || f.Sent || Undecided(f) {
					t.Errorf("%q: %+v", s.body, f)
				}
			}
		})
	}
}

// Pages of status 200 that say nothing are no answer, whatever was asked.
func TestAsidesAreNotAnsweredByAPage(t *testing.T) {
	t.Parallel()
	endless := "<html>" + strings.Repeat(" ", 2*bodyLimit)
	for _, a := range asides() {
		for _, body := range []string{"<html><title>Log in</title></html>", endless, `{"error":"invalid_token"}`} {
			f := failureOf(t, a.ask(newClient(t, Options{}), t.Context(), at(t, say(200, "text/html", body))))
			if f.Kind != tokens.FailedAnswer || f.Sent || Undecided(f) || Transient(f) || !Explain(f).Known || len(f.Body) > bodyLimit ||
				!strings.HasPrefix(f.Problem, "the answer ") {
				t.Errorf("%s, %.20q: %+v", a.name, body, f.Problem)
			}
		}
	}
}

func TestAsidesCutOff(t *testing.T) {
	t.Parallel()
	for _, a := range asides() {
		want := problemClosed
		switch a.name {
		case "revoke":
			want = problemRevokeSent + ": " + problemClosed
		case "introspect":
			want = problemIntrospectSent + ": " + problemClosed
		}
		for _, begun := range []string{"", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"} {
			f := failureOf(t, a.ask(newClient(t, Options{}), t.Context(), answering(t, begun, false)))
			if f.Kind != tokens.FailedTransport || f.Sent || f.Problem != want || Undecided(f) || !Explain(f).Known {
				t.Errorf("%s: %+v", a.name, f)
			}
			if a.post && strings.Contains(Explain(f).Meaning, "not sent") {
				t.Errorf("%s: the token had left: %s", a.name, Explain(f).Meaning)
			}
		}
		f := failureOf(t, a.ask(newClient(t, Options{}), t.Context(), "http://"+refusedPort(t)))
		if f.Problem != problemRefused || f.Sent {
			t.Errorf("%s, nobody there: %+v", a.name, f)
		}
	}
}

func TestAsidesMaskAndClean(t *testing.T) {
	t.Parallel()
	for _, a := range asides() {
		echo := `{"error":"x","error_description":"\u001b[31m` + testAccess + `"}`
		if a.post {
			echo = `{"error":"x","error_description":"\u001b[31m` + testRefresh + " " + testAccess + `"}`
		}
		f := failureOf(t, a.ask(newClient(t, Options{}), t.Context(), at(t, say(400, "application/json", echo))))
		searchSecrets(t, f)
		if !tokens.Printable(f.Error()) || !strings.Contains(f.Description, masked) {
			t.Errorf("%s: %q", a.name, f.Description)
		}
	}
}

// The token is for one host. A redirect to another is an answer, and nothing of
// the token reaches the other.
func TestNoTokenFollowsARedirect(t *testing.T) {
	t.Parallel()
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s with %q came", r.Method, r.URL, r.Header.Get("Authorization"))
	})
	for _, a := range asides() {
		for _, status := range []int{301, 302, 303, 307, 308} {
			host := at(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other+r.URL.Path, status) })
			f := failureOf(t, a.ask(newClient(t, Options{}), t.Context(), host))
			if f.HTTPStatus != status || f.Problem != problemRedirect+" "+other+a.path || f.Sent {
				t.Errorf("%s: %+v", a.name, f)
			}
		}
	}
}

func TestVersionsThatRedirect(t *testing.T) {
	t.Parallel()
	other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") })
	host := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusFound) })
	l, err := newClient(t, Options{}).Limits(t.Context(), host, tokens.NewSecret(testAccess))
	if f := failureOf(t, err); f.HTTPStatus != 302 || l.HTTPStatus != 302 {
		t.Errorf("failure: %+v", f)
	}
}

func TestAsidesThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	c := newClient(t, Options{})
	none, some, ctx := tokens.Secret{}, tokens.NewSecret("x"), t.Context()
	introspect := func(id string, secret, token tokens.Secret) error {
		_, err := c.Introspect(ctx, IntrospectRequest{Host: "https://127.0.0.1:1", ClientID: id, ClientSecret: secret, Token: token})
		return err
	}
	identity := func(url string, access tokens.Secret) error {
		_, err := c.Identity(ctx, "https://127.0.0.1:1", url, access)
		return err
	}
	_, noAccess := c.Limits(ctx, "https://127.0.0.1:1", none)
	for i, asked := range []struct {
		err     error
		problem string
	}{
		{c.Revoke(ctx, "https://127.0.0.1:1", none), problemNoToken},
		{c.Revoke(ctx, "http://acme.my.salesforce.com", some), tokens.ErrURL.Error()},
		{introspect("id", some, none), problemNoToken},
		{introspect("", some, some), problemNoClientID},
		{introspect("id", none, some), problemNoClientSecret},
		{identity(testIdentityURL, none), problemNoAccessToken},
		{identity("https://login.salesforce.com/", some), tokens.ErrID.Error()},
		{noAccess, problemNoAccessToken},
	} {
		if f := failureOf(t, asked.err); f.Kind != tokens.FailedLocal || f.Sent || !strings.HasPrefix(f.Problem, asked.problem) || !Explain(f).Known {
			t.Errorf("%d: %+v", i, f)
		}
	}
	for _, a := range asides() {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := a.ask(c, ctx, "https://127.0.0.1:1")
		if f := failureOf(t, err); f.Kind != tokens.FailedCancelled || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %+v", a.name, f)
		}
	}
}
