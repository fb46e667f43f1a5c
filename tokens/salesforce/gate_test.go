package salesforce

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"orgkeep/tokens"
)

func silent() *log.Logger { return log.New(io.Discard, "", 0) }

func TestCancelledBeforeItBegins(t *testing.T) {
	t.Parallel()
	host := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newClient(t, Options{}).Refresh(ctx, request(host), nil)
	if f := failureOf(t, err); f.Kind != tokens.FailedCancelled || f.Sent || !errors.Is(err, context.Canceled) || !Explain(f).Known {
		t.Errorf("failure: %+v", f)
	}
}

// The transport holds the request until it was cancelled, then reads the body
// all the same: nothing of the token may come out.
func TestCancelledBeforeTheGate(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var late []byte
	var readErr error
	_, err := newClient(t, Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		cancel()
		<-r.Context().Done()
		late, readErr = io.ReadAll(r.Body)
		return nil, context.Cause(r.Context())
	})}).Refresh(ctx, request("https://acme.my.salesforce.com"), nil)
	f := failureOf(t, err)
	if f.Kind != tokens.FailedCancelled || f.Sent || Undecided(f) {
		t.Errorf("failure: %+v", f)
	}
	if len(late) != 0 || !errors.Is(readErr, errShut) {
		t.Errorf("read %q, %v after the cancel", late, readErr)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCancelledWhileConnecting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	host := "https://" + raw(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1)) // the handshake has begun
		cancel()
		_, _ = io.Copy(io.Discard, c)
	})
	_, err := newClient(t, Options{}).Refresh(ctx, request(host), nil)
	if f := failureOf(t, err); f.Kind != tokens.FailedCancelled || f.Phase != "TLS handshake" || f.Sent {
		t.Errorf("failure: %+v", f)
	}
}

func TestCancelledAfterTheGateGoesOn(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		var whole atomic.Int32
		s := tlsServer(t, func(w http.ResponseWriter, r *http.Request) {
			if r.ProtoMajor == 2 != http2 {
				t.Errorf("protocol %s", r.Proto)
			}
			if r.ParseForm() == nil && r.PostForm.Get("refresh_token") == testRefresh {
				whole.Add(1)
			}
			cancel()
			<-ctx.Done()
			say(200, "application/json", goodGrant)(w, r)
		}, nil)
		transport := newTransport(trust(t, s), time.Second)
		transport.ForceAttemptHTTP2 = http2
		if !http2 {
			transport.TLSClientConfig.NextProtos = nil
		}
		answer, err := newClient(t, Options{Transport: transport}).Refresh(ctx, request(s.URL), nil)
		if err != nil || answer.Grant.AccessToken.Reveal() != testAccess || whole.Load() != 1 {
			t.Errorf("HTTP/2 %v: %v, %d whole requests", http2, err, whole.Load())
		}
	}
}

// Whatever the moment of the cancel: a refresh that says that it was cancelled
// has shown the server nothing of the token.
func TestCancelAtAnyMoment(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[string]int{}
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		if len(text) > 0 {
			mu.Lock()
			seen[r.UserAgent()]++
			mu.Unlock()
		}
		say(200, "application/json", goodGrant)(w, r)
	})
	outcomes := map[bool]int{}
	for i := range 200 {
		c := New(Options{UserAgent: strings.Repeat("x", i+1)})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(i)*5*time.Microsecond, cancel)
		_, err := c.Refresh(ctx, request(host), nil)
		cancel()
		c.CloseIdle()
		mu.Lock()
		sent := seen[c.userAgent]
		mu.Unlock()
		outcomes[err == nil]++
		if err != nil && (sent != 0 || failureOf(t, err).Kind != tokens.FailedCancelled) || err == nil && sent != 1 {
			t.Fatalf("%v, but the body arrived %d times", err, sent)
		}
	}
	t.Logf("answered: %d, cancelled: %d", outcomes[true], outcomes[false])
}

// A server that hangs up on every kept connection, at the latest moment it can.
func TestServerThatClosesKeptConnections(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	gone := make(chan struct{}, 1)
	host := "http://" + raw(t, func(c net.Conn) {
		if err := readRequest(bufio.NewReader(c)); err == nil {
			requests.Add(1)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: "+itoa(len(goodGrant))+"\r\n\r\n"+goodGrant)
		}
		_ = c.Close()
		gone <- struct{}{}
	})
	c := newClient(t, Options{})
	for i := range 100 {
		if _, err := c.Refresh(t.Context(), request(host), nil); err != nil {
			t.Fatalf("refresh %d: %v", i, err)
		}
		<-gone
		if n := requests.Load(); int(n) != i+1 {
			t.Fatalf("%d requests after %d refreshes", n, i+1)
		}
	}
}

// The same with the hang-up held back from net/http, so that every second
// refresh is certain to be given a dead connection.
func TestDeadKeptConnection(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	closed := make(chan struct{}, 1)
	address := raw(t, func(c net.Conn) {
		if err := readRequest(bufio.NewReader(c)); err == nil {
			requests.Add(1)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: "+itoa(len(goodGrant))+"\r\n\r\n"+goodGrant)
		}
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // the next byte is answered with a reset
		}
		_ = c.Close()
		closed <- struct{}{}
	})
	transport := newTransport(nil, time.Second)
	var dials atomic.Int32
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Add(1)
		inner, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &conn{Conn: &deaf{Conn: inner, release: make(chan struct{})}}, nil
	}
	c := newClient(t, Options{Transport: transport})
	for i := range 5 {
		if _, err := c.Refresh(t.Context(), request("http://"+address), nil); err != nil {
			t.Fatalf("refresh %d: %v", i, err)
		}
		<-closed
	}
	if requests.Load() != 5 || dials.Load() != 5 {
		t.Errorf("%d requests over %d connections", requests.Load(), dials.Load())
	}
}

// deaf is a connection whose end goes unnoticed until it is closed or written to in vain.
type deaf struct {
	net.Conn
	once    sync.Once
	release chan struct{}
}

func (d *deaf) Read(p []byte) (int, error) {
	n, err := d.Conn.Read(p)
	if err != nil {
		<-d.release
	}
	return n, err
}

func (d *deaf) Write(p []byte) (int, error) {
	n, err := d.Conn.Write(p)
	if err != nil {
		d.once.Do(func() { close(d.release) })
	}
	return n, err
}

func (d *deaf) Close() error {
	d.once.Do(func() { close(d.release) })
	return d.Conn.Close()
}

// A server that reads the second request of a connection and hangs up may have
// carried it out.
func TestSentOnAKeptConnectionIsNotSentAgain(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	host := "http://" + raw(t, func(c net.Conn) {
		defer func() { _ = c.Close() }()
		r := bufio.NewReader(c)
		for readRequest(r) == nil {
			if requests.Add(1) > 1 {
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: "+itoa(len(goodGrant))+"\r\n\r\n"+goodGrant)
		}
	})
	c := newClient(t, Options{})
	if _, err := c.Refresh(t.Context(), request(host), nil); err != nil {
		t.Fatal(err)
	}
	_, err := c.Refresh(t.Context(), request(host), nil)
	if f := failureOf(t, err); !Undecided(f) || f.Problem != problemClosed || requests.Load() != 2 {
		t.Errorf("%d requests, failure %+v", requests.Load(), f)
	}
}

func TestKeptConnectionIsShared(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	remotes := map[string]bool{}
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		remotes[r.RemoteAddr] = true
		mu.Unlock()
		say(200, "application/json", goodGrant)(w, r)
	})
	c := newClient(t, Options{})
	for range 10 {
		if _, err := c.Refresh(t.Context(), request(host), nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(remotes) != 1 {
		t.Errorf("%d connections for 10 refreshes in a row", len(remotes))
	}
}

// A gateway that resets a stream may have passed the request on.
func TestResetStreamIsNotSentAgain(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	s := tlsServer(t, func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		requests.Add(1)
		panic(http.ErrAbortHandler)
	}, nil)
	c := newClient(t, Options{TLS: trust(t, s)})
	_, err := c.Refresh(t.Context(), request(s.URL), nil)
	if f := failureOf(t, err); !Undecided(f) || !Explain(f).Known || requests.Load() != 1 {
		t.Errorf("%d requests, failure %+v", requests.Load(), f)
	}
}

// HTTP/2 writes headers and body at once, so now and then the body reaches the
// kernel before the reset does. That is undecided, and rare.
func TestServerThatClosesKeptHTTP2Connections(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	s := tlsServer(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		say(200, r.Proto, goodGrant)(w, r)
	}, nil)
	c := newClient(t, Options{TLS: trust(t, s)})
	refreshed := 0
	for i := range 30 {
		_, err := c.Refresh(t.Context(), request(s.URL), nil)
		switch {
		case err == nil:
			refreshed++
		case !Undecided(failureOf(t, err)):
			t.Fatalf("refresh %d: %v", i, err)
		}
		s.CloseClientConnections()
	}
	if refreshed < 25 || int(requests.Load()) != refreshed {
		t.Errorf("%d requests, %d of 30 refreshed", requests.Load(), refreshed)
	}
}

func TestStepsEndWithTheRefresh(t *testing.T) {
	t.Parallel()
	host := serve(t, say(200, "application/json", goodGrant))
	c := newClient(t, Options{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			// No lock: the race detector sees two calls at once, or one after the end.
			var steps []tokens.Step
			if _, err := c.Refresh(t.Context(), request(host), func(s tokens.Step) { steps = append(steps, s) }); err != nil {
				t.Error(err)
			}
			if len(steps) == 0 || steps[0] != tokens.StepContacting {
				t.Errorf("steps: %v", steps)
			}
		})
	}
	all.Wait()
}
