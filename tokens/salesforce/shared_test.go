package salesforce

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"orgkeep/tokens"
)

func configOf(t *testing.T, ca authority, name string) *tls.Config {
	t.Helper()
	cert, err := tls.LoadX509KeyPair(ca.issue(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
}

// Thirty orgs of one host share its connections: one for them all with HTTP/2,
// and with HTTP/1.1 one for those that come after each other.
func TestOrgsOfAHostShareConnections(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{true, false} {
		t.Run(fmt.Sprintf("HTTP/2 %v", http2), func(t *testing.T) {
			t.Parallel()
			var connections, requests atomic.Int32
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if (r.ProtoMajor == 2) != http2 {
					t.Errorf("protocol %s", r.Proto)
				}
				say(200, "application/json", goodGrant)(w, r)
			}))
			s.EnableHTTP2 = http2
			s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					connections.Add(1)
				}
			}
			s.StartTLS()
			t.Cleanup(s.Close)
			c := newClient(t, Options{TLS: trust(t, s)})
			refreshOrg := func(n int) {
				r := request(s.URL)
				r.RefreshToken = tokens.NewSecret(fmt.Sprintf("5Aep861_of_org_%d", n))
				if _, err := c.Refresh(t.Context(), r, nil); err != nil {
					t.Error(err)
				}
			}
			for n := range 10 {
				refreshOrg(n)
			}
			if http2 {
				var all sync.WaitGroup
				for n := range 20 {
					all.Go(func() { refreshOrg(10 + n) })
				}
				all.Wait()
			}
			if want := map[bool]int32{true: 30, false: 10}[http2]; requests.Load() != want || connections.Load() != 1 {
				t.Errorf("%d requests over %d connections", requests.Load(), connections.Load())
			}
		})
	}
}
