package demo_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/demo"
)

func TestNothingLeavesTheMachine(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{})
	transport, ok := d.Transport().(*http.Transport)
	if !ok || transport.Proxy != nil {
		t.Fatal("the transport asks for a proxy")
	}
	var addresses []net.Addr
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		DNSStart: func(info httptrace.DNSStartInfo) { t.Errorf("the name %s was looked up", info.Host) },
		GotConn:  func(info httptrace.GotConnInfo) { addresses = append(addresses, info.Conn.RemoteAddr()) },
	})
	for _, host := range []string{"no-such-org.my.salesforce.com", "login.salesforce.com", "nowhere.invalid", "127.0.0.1:1"} {
		got, err := do(ctx, d, http.MethodGet, "https://"+host+"/services/oauth2/userinfo", nil, "")
		if err != nil || got.status != http.StatusForbidden {
			t.Errorf("%s: HTTP %d %v", host, got.status, err)
		}
	}
	// No certificate is made for the address of another machine.
	if got, err := do(ctx, d, http.MethodGet, "https://192.0.2.1/services/oauth2/userinfo", nil, ""); err == nil {
		t.Errorf("192.0.2.1: HTTP %d", got.status)
	}
	if len(addresses) != 4 {
		t.Errorf("%d connections, want 4", len(addresses))
	}
	for _, address := range addresses {
		if tcp, ok := address.(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
			t.Errorf("connected to %s", address)
		}
	}
}

// Only the demo's own transport trusts the demo's certificates.
func TestOthersDoNotTrustTheDemo(t *testing.T) {
	t.Parallel()
	one, two := start(t, demo.Options{Seed: 1}), start(t, demo.Options{Seed: 2})
	mixedUp, ok := one.Transport().(*http.Transport)
	if !ok {
		t.Fatal("the transport is not a *http.Transport")
	}
	mixedUp = mixedUp.Clone()
	other, ok := two.Transport().(*http.Transport)
	if !ok {
		t.Fatal("the transport is not a *http.Transport")
	}
	mixedUp.DialContext = other.DialContext
	defer mixedUp.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://acme.my.salesforce.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := mixedUp.RoundTrip(request); err == nil {
		_ = response.Body.Close()
		t.Error("another demo's certificate was accepted")
	}
}

// The latencies are those that a person watches, so these run at real speed.
func TestLatency(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{Speed: 1})
	ordinary, slow := named(t, d, "acme-prod"), named(t, d, "initech")
	began := time.Now()
	refresh(t, d, ordinary, ordinary.Secrets.RefreshToken.Reveal()).grant(t)
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("an ordinary org answered after %s", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	_, err := do(ctx, d, http.MethodPost, slow.Org.InstanceURL+"/services/oauth2/token", asForm, refreshForm(slow, slow.Secrets.RefreshToken.Reveal()))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the slow org answered within 1.5 s: %v", err)
	}
}

// Not parallel: it reads the goroutines of the whole process.
func TestCloseEndsEverything(t *testing.T) {
	d, err := demo.Start(demo.Options{Clock: tokens.StillClock(nineOClock), Speed: 0.001})
	if err != nil {
		t.Fatal(err)
	}
	saved := named(t, d, "initech")
	written, ended := make(chan struct{}), make(chan error, 1)
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(written) }})
	go func() {
		_, err := do(ctx, d, http.MethodPost, saved.Org.InstanceURL+"/services/oauth2/token", asForm, refreshForm(saved, saved.Secrets.RefreshToken.Reveal()))
		ended <- err
	}()
	<-written
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("an answer came although the demo was closed while it was waited for")
	}
	if err := d.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := do(t.Context(), d, http.MethodGet, saved.Org.InstanceURL, nil, ""); !errors.Is(err, demo.ErrClosed) {
		t.Errorf("a request after Close: %v", err)
	}
	// A goroutine whose last statement has run may still be listed for a moment.
	for deadline := time.Now().Add(5 * time.Second); ; {
		left := leftOver(t)
		if left == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("goroutines are left:\n%s", left)
		}
	}
}

// leftOver returns the stacks of goroutines that a demo or its HTTP started.
func leftOver(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&all, 2); err != nil {
		t.Fatal(err)
	}
	var left []string
	for stack := range strings.SplitSeq(all.String(), "\n\n") {
		if strings.Contains(stack, "net/http.") || strings.Contains(stack, "created by orgkeep/tokens/demo.") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}
