package salesforce

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// readRequest takes one whole request off a connection.
func readRequest(r *bufio.Reader) error {
	req, err := http.ReadRequest(r)
	if err == nil {
		_, err = io.Copy(io.Discard, req.Body)
	}
	return err
}

// answering is a server that reads a request and then answers with bytes as
// they stand; with hold it then waits for the client to go.
func answering(t *testing.T, bytes string, hold bool) string {
	t.Helper()
	return "http://" + raw(t, func(c net.Conn) {
		defer func() { _ = c.Close() }()
		r := bufio.NewReader(c)
		if err := readRequest(r); err != nil {
			return
		}
		_, _ = io.WriteString(c, bytes)
		if hold {
			_, _ = io.Copy(io.Discard, r)
		}
	})
}

// refusedPort is an address that nothing listens on.
func refusedPort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	return l.Addr().String()
}

type fault struct {
	name      string
	host      func(*testing.T) string
	options   Options
	phase     string
	sent      bool
	problem   string
	meaning   string
	transient bool
}

func faults() []fault {
	const short = 250 * time.Millisecond
	trickle := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"access_token\":"
	return []fault{
		{
			name: "refuse", host: func(t *testing.T) string { t.Helper(); return "http://" + refusedPort(t) },
			phase: "connecting", problem: problemRefused, meaning: "was not sent", transient: true,
		},
		{
			name: "accept and close", host: func(t *testing.T) string {
				t.Helper()
				return "https://" + raw(t, func(c net.Conn) { _ = c.Close() })
			},
			phase: "TLS handshake", problem: "the connection was", meaning: "was not sent", transient: true,
		},
		{
			name: "not TLS", host: func(t *testing.T) string {
				t.Helper()
				return strings.Replace(serve(t, say(200, "text/plain", "x")), "http:", "https:", 1)
			},
			phase: "TLS handshake", problem: problemNotTLS, meaning: "was not sent",
		},
		{
			name: "silent handshake", host: func(t *testing.T) string {
				t.Helper()
				return "https://" + raw(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
			},
			options: Options{Connect: short},
			phase:   "TLS handshake", problem: problemConnectTime, meaning: "was not sent", transient: true,
		},
		{
			name: "slow headers", host: func(t *testing.T) string { t.Helper(); return answering(t, "HTTP/1.1 200", true) },
			options: Options{Whole: short},
			phase:   "reading", sent: true, problem: problemWholeTime, meaning: "may have been used up",
		},
		{
			name: "no answer", host: func(t *testing.T) string { t.Helper(); return answering(t, "", true) },
			options: Options{Whole: short},
			phase:   "waiting", sent: true, problem: problemWholeTime, meaning: "may have been used up",
		},
		{
			name: "slow body", host: func(t *testing.T) string { t.Helper(); return answering(t, trickle, true) },
			options: Options{Whole: short},
			phase:   "reading", sent: true, problem: problemWholeTime, meaning: "may have been used up",
		},
		{
			name: "read and close", host: func(t *testing.T) string { t.Helper(); return answering(t, "", false) },
			phase: "waiting", sent: true, problem: problemClosed, meaning: "may have been used up",
		},
		{
			name: "cut body", host: func(t *testing.T) string { t.Helper(); return answering(t, trickle, false) },
			phase: "reading", sent: true, problem: problemClosed, meaning: "may have been used up",
		},
		{
			name: "cut chunks", host: func(t *testing.T) string {
				t.Helper()
				return answering(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"access_token\":\r\n", false)
			},
			phase: "reading", sent: true, problem: problemClosed, meaning: "may have been used up",
		},
		{
			name: "bad gzip", host: func(t *testing.T) string {
				t.Helper()
				return answering(t, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 15\r\n\r\nthis is no gzip", false)
			},
			phase: "reading", sent: true, problem: problemGzip, meaning: "may have been used up",
		},
		{
			name: "not HTTP", host: func(t *testing.T) string {
				t.Helper()
				return answering(t, "SSH-2.0-"+testRefresh+"\r\n\r\n", false)
			},
			phase: "reading", sent: true, problem: problemMalformed, meaning: "may have been used up",
		},
	}
}

func TestFaultsAtEveryPhase(t *testing.T) {
	t.Parallel()
	for _, want := range faults() {
		t.Run(want.name, func(t *testing.T) {
			t.Parallel()
			_, err := newClient(t, want.options).Refresh(t.Context(), request(want.host(t)), nil)
			f := failureOf(t, err)
			if f.Kind != tokens.FailedTransport || f.Phase != want.phase || f.Sent != want.sent || !strings.HasPrefix(f.Problem, want.problem) {
				t.Errorf("failure: %+v", f)
			}
			if e := Explain(f); !e.Known || !strings.Contains(e.Meaning, want.meaning) {
				t.Errorf("explained as: %s", e.Meaning)
			}
			if Transient(f) != want.transient || Undecided(f) != want.sent {
				t.Errorf("transient %v, undecided %v", Transient(f), Undecided(f))
			}
			searchSecrets(t, f)
		})
	}
}

func TestNoSuchHost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}, problemNoHost},
		{&net.DNSError{Err: "server misbehaving", Name: "x"}, problemDNS + ": server misbehaving"},
	} {
		client := newClient(t, Options{Transport: failing{c.err}})
		_, err := client.Refresh(t.Context(), request("https://gone.my.salesforce.com"), nil)
		if f := failureOf(t, err); f.Problem != c.want || f.Sent || !strings.Contains(Explain(f).Meaning, "was not sent") {
			t.Errorf("failure: %+v", f)
		}
	}
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func tlsServer(t *testing.T, h http.HandlerFunc, config *tls.Config) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.TLS = config
	s.Config.ErrorLog = silent()
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// trust is the TLS configuration that accepts the server's certificate.
func trust(t *testing.T, s *httptest.Server) *tls.Config {
	t.Helper()
	transport, ok := s.Client().Transport.(*http.Transport)
	if !ok {
		t.Fatal("the test server's client has another transport")
	}
	return transport.TLSClientConfig.Clone()
}

func TestTLSFailures(t *testing.T) {
	t.Parallel()
	ok := say(200, "application/json", goodGrant)
	plain := tlsServer(t, ok, nil)
	demanding := tlsServer(t, ok, &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12})
	late := trust(t, plain)
	late.Time = func() time.Time { return time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC) }
	early := trust(t, plain)
	early.Time = func() time.Time { return time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC) }
	other := trust(t, plain)
	other.ServerName = "acme.my.salesforce.com"
	for name, c := range map[string]struct {
		host    string
		config  *tls.Config
		problem string
	}{
		"unknown CA":  {plain.URL, nil, problemUnknownCA},
		"expired":     {plain.URL, late, problemCertTime},
		"not yet":     {plain.URL, early, problemCertTime},
		"other name":  {plain.URL, other, problemCertName},
		"client cert": {demanding.URL, trust(t, demanding), problemTLSAlert},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newClient(t, Options{TLS: c.config}).Refresh(t.Context(), request(c.host), nil)
			f := failureOf(t, err)
			if f.Phase != "TLS handshake" || f.Sent || !strings.HasPrefix(f.Problem, c.problem) || !Explain(f).Known || Undecided(f) {
				t.Errorf("failure: %+v", f)
			}
		})
	}
}

func TestProxyFailures(t *testing.T) {
	t.Parallel()
	wants := serve(t, say(407, "text/html", "log in first"))
	for _, c := range []struct{ proxy, problem, meaning string }{
		{wants, problemProxy + ": HTTP 407", "user name and password"},
		{serve(t, say(403, "text/html", "no")), problemProxy + ": HTTP 403", "did not let"},
		{"http://" + refusedPort(t), problemProxyAway, "cannot be reached"},
	} {
		transport := newTransport(nil, time.Second)
		proxy, err := url.Parse(c.proxy)
		if err != nil {
			t.Fatal(err)
		}
		transport.Proxy = http.ProxyURL(proxy)
		_, err = newClient(t, Options{Transport: transport}).Refresh(t.Context(), request("https://127.0.0.1:1"), nil)
		f := failureOf(t, err)
		if f.Sent || !strings.HasPrefix(f.Problem, c.problem) || !strings.Contains(Explain(f).Meaning, c.meaning) {
			t.Errorf("failure: %+v", f)
		}
	}
}

func TestBrokenBodyOfARefusalIsStillAnAnswer(t *testing.T) {
	t.Parallel()
	f := refresh(t, answering(t, "HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{\"error\":\"inval", false))
	if f.Kind != tokens.FailedAnswer || f.HTTPStatus != 400 || !f.BodyCut || f.Body != `{"error":"inval` || !strings.Contains(f.Problem, "broke off") {
		t.Errorf("failure: %+v", f)
	}
}

func TestRedirectIsAnAnswer(t *testing.T) {
	t.Parallel()
	other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") })
	for _, status := range []int{301, 302, 303, 307, 308} {
		host := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", other+"/login?token="+url.QueryEscape(testRefresh))
			w.WriteHeader(status)
		})
		f := refresh(t, host)
		if f.Kind != tokens.FailedAnswer || f.HTTPStatus != status || f.Problem != problemRedirect+" "+other+"/login" ||
			!strings.Contains(Explain(f).Meaning, "sends requests elsewhere") || Undecided(f) {
			t.Errorf("failure: %+v", f)
		}
		_, err := newClient(t, Options{}).Userinfo(t.Context(), host, tokens.NewSecret(testAccess))
		if f := failureOf(t, err); f.HTTPStatus != status {
			t.Errorf("userinfo: %+v", f)
		}
	}
}

func TestRetryAfterIsKept(t *testing.T) {
	t.Parallel()
	host := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Mon, 23 Nov 2026 11:00:00 GMT")
		w.Header().Set("Retry-After", "Mon, 23 Nov 2026 11:02:00 GMT")
		w.Header().Set("X-SFDC-Request-Id", "abc\x9b")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	if f := refresh(t, host); f.RetryAfter != 2*time.Minute || f.RequestID != `abc\x9b` || !Transient(f) {
		t.Errorf("failure: %+v", f)
	}
}

func TestTimeoutIsADeadline(t *testing.T) {
	t.Parallel()
	_, err := newClient(t, Options{Whole: 20 * time.Millisecond}).Refresh(t.Context(), request(answering(t, "", true)), nil)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error: %v", err)
	}
	if strings.Contains(fmt.Sprintf("%+v %#v", err, err), testRefresh) {
		t.Error("the error prints the token")
	}
}
