package salesforce

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// questions are all the requests that are no refresh.
func questions(t *testing.T) []aside {
	t.Helper()
	list := asides()
	return append(list,
		aside{name: "versions", ask: func(c *Client, ctx context.Context, host string) error {
			_, err := c.Versions(ctx, host)
			return err
		}},
		aside{name: "organization", ask: func(c *Client, ctx context.Context, host string) error {
			_, err := c.Organization(ctx, host, "65.0", tokens.NewSecret(testAccess))
			return err
		}},
		aside{name: "keys", ask: func(c *Client, ctx context.Context, host string) error {
			_, err := c.Keys(ctx, host)
			return err
		}},
		aside{name: "sign-in", post: true, ask: func(c *Client, ctx context.Context, host string) error {
			s, err := NewSignIn(SignIn{Host: host, ClientID: "3MVG9.app", Redirect: "http://localhost:1717/OauthRedirect"})
			if err != nil {
				return err
			}
			_, err = c.Exchange(ctx, s, tokens.NewSecret("aPrx.code"), nil)
			return err
		}},
		aside{name: "knock", ask: func(c *Client, ctx context.Context, host string) error {
			if _, f := c.Knock(ctx, host); f != nil {
				return f
			}
			return nil
		}},
	)
}

// wordsOfARefresh are what is not true of another request.
var wordsOfARefresh = []string{"refresh token", "refreshed", "refresh again", "refresh was", "import again"}

// aboutARefresh finds the words of a refresh in what is said of a failure.
func aboutARefresh(f *tokens.Failure) string {
	e := Explain(f)
	said := strings.Join(append([]string{f.Problem, e.Meaning, e.Remedy}, e.Causes...), "\n")
	for _, word := range wordsOfARefresh {
		if strings.Contains(strings.ToLower(said), word) {
			return said
		}
	}
	return ""
}

// nameServer answers every question for an address with a code (RFC 1035, section
// 4.1.1) until the test ends.
func nameServer(t *testing.T, code byte) string {
	t.Helper()
	c, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	go func() {
		asked := make([]byte, 512)
		for {
			n, from, err := c.ReadFrom(asked)
			if err != nil {
				return
			}
			if n < 12 {
				continue
			}
			answer := append([]byte(nil), asked[:n]...)
			answer[2], answer[3] = 0x81, 0x80|code // an answer, recursion desired and available
			answer[10], answer[11] = 0, 0          // no additional records
			end := 12
			for end < n && answer[end] != 0 {
				end += int(answer[end]) + 1
			}
			_, _ = c.WriteTo(answer[:min(n, end+5)], from)
		}
	}()
	return c.LocalAddr().String()
}

// lookingUpAt is a client's own transport, with another name server.
func lookingUpAt(server string) *http.Transport {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server)
	}}
	transport := newTransport(nil, time.Second)
	transport.Proxy = nil
	transport.DialContext = (&net.Dialer{Resolver: resolver}).DialContext
	return transport
}

type obstacle struct {
	name, host string
	options    Options
	problem    string // how the Problem begins, or goes on behind the words of what was sent
}

func obstacles(t *testing.T) []obstacle {
	t.Helper()
	const short = 100 * time.Millisecond
	unknown := tlsServer(t, say(200, "application/json", "{}"), nil)
	demanding := tlsServer(t, say(200, "application/json", "{}"), &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12})
	silent := "https://" + raw(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	return []obstacle{
		{"no such name", "https://gone.my.salesforce.com", Options{Transport: lookingUpAt(nameServer(t, 3))}, problemNoHost},
		{"a name server that fails", "https://gone.my.salesforce.com", Options{Transport: lookingUpAt(nameServer(t, 2))}, problemDNS},
		{"nobody there", "http://" + refusedPort(t), Options{}, problemRefused},
		{"unknown CA", unknown.URL, Options{}, problemUnknownCA},
		{"a TLS alert", demanding.URL, Options{TLS: trust(t, demanding)}, problemTLSAlert},
		{"no handshake", silent, Options{Connect: short}, problemConnectTime},
		{"no answer", answering(t, "", true), Options{Whole: short}, problemWholeTime},
		{"half an answer", answering(t, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", false), Options{}, problemClosed},
	}
}

// A request that is no refresh fails in words of its own: no refresh token was to
// leave with it, and to refresh does not mend it.
func TestNoRefreshTokenIsSpokenOfWhereNoneIsAtStake(t *testing.T) {
	t.Parallel()
	for _, o := range obstacles(t) {
		for _, a := range questions(t) {
			t.Run(o.name+", "+a.name, func(t *testing.T) {
				t.Parallel()
				err := a.ask(newClient(t, o.options), t.Context(), o.host)
				if err == nil && a.name == "knock" { // half an answer shows the way to the host
					return
				}
				f := failureOf(t, err)
				if f.Kind != tokens.FailedTransport || !f.Aside || !strings.Contains(f.Problem, o.problem) {
					t.Errorf("failure: %+v", f)
				}
				if said := aboutARefresh(f); said != "" {
					t.Errorf("it speaks of a refresh: %s", said)
				}
				if e := Explain(f); !e.Known || !strings.Contains(strings.ToLower(e.Meaning), "saved tokens are") && f.SignIn == tokens.NoSignIn || e.Do == tokens.DoRefresh {
					t.Errorf("explained as %+v", e)
				}
			})
		}
	}
}

// The same obstacles before a refresh: there what became of the refresh token is
// what matters.
func TestTheRefreshTokenIsSpokenOfInARefresh(t *testing.T) {
	t.Parallel()
	for _, o := range obstacles(t) {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			_, err := newClient(t, o.options).Refresh(t.Context(), request(o.host), nil)
			if f := failureOf(t, err); f.Aside || !strings.Contains(Explain(f).Meaning, "refresh token") {
				t.Errorf("%+v: %s", f, Explain(f).Meaning)
			}
		})
	}
}

// Answers that are no answer, of a proxy or of a host in trouble, are explained
// without a refresh too.
func TestPagesInPlaceOfAnAnswerAreNotAboutARefresh(t *testing.T) {
	t.Parallel()
	elsewhere := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://new.my.salesforce.com/")
		w.WriteHeader(http.StatusFound)
	}
	for name, h := range map[string]http.HandlerFunc{
		"redirect": elsewhere, "404": say(404, "text/plain", ""), "429": say(429, "text/plain", ""), "500": say(500, "text/plain", ""),
		"502": say(502, "text/html", "<h1>Bad Gateway</h1>"), "503": say(503, "text/plain", ""),
		"page": say(200, "text/html", "<html><title>Log in</title></html>"), "maintenance": say(503, "text/html", "<html>We are down for maintenance."),
	} {
		host := serve(t, h)
		for _, a := range questions(t) {
			err := a.ask(newClient(t, Options{}), t.Context(), host)
			if err == nil { // a knock takes any answer for one
				continue
			}
			f := failureOf(t, err)
			if said := aboutARefresh(f); said != "" || !Explain(f).Known {
				t.Errorf("%s, %s: known %t: %s", name, a.name, Explain(f).Known, said)
			}
		}
	}
}

// A question that is called off says nothing of a refresh either.
func TestAQuestionThatIsCalledOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, a := range questions(t) {
		err := a.ask(newClient(t, Options{}), ctx, "https://127.0.0.1:1")
		if f := failureOf(t, err); f.Kind != tokens.FailedCancelled || aboutARefresh(f) != "" || !Explain(f).Known {
			t.Errorf("%s: %+v: %s", a.name, f, Explain(f).Meaning)
		}
	}
}
