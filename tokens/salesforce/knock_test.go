package salesforce_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

func TestKnockSendsNothingOfALogin(t *testing.T) {
	t.Parallel()
	seen := make(chan *http.Request, 1)
	e := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(e.Close)
	c := salesforce.New(salesforce.Options{Whole: 10 * time.Second})
	head, f := c.Knock(t.Context(), e.URL)
	if f != nil || head.HTTPStatus != http.StatusTeapot || head.Date.IsZero() {
		t.Fatalf("%+v, %v", head, f)
	}
	r := <-seen
	if r.Method != http.MethodGet || r.URL.Path != "/services/data/" || r.URL.RawQuery != "" || r.ContentLength > 0 ||
		r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
		t.Errorf("it was asked %s %s with %v", r.Method, r.URL, r.Header)
	}
}

func TestKnockSaysWhereItBroke(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	distrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(distrusted.Close)
	c := salesforce.New(salesforce.Options{Whole: 10 * time.Second})
	for base, phase := range map[string]string{closed.URL: "connecting", distrusted.URL: "TLS handshake"} {
		if _, f := c.Knock(t.Context(), base); f == nil || f.Kind != tokens.FailedTransport || f.Phase != phase || f.Sent {
			t.Errorf("%s: %+v", phase, f)
		}
	}
	if _, f := c.Knock(t.Context(), "http://plain.example"); f == nil || f.Kind != tokens.FailedLocal || !strings.Contains(f.Problem, "plain http") {
		t.Errorf("plain http: %+v", f)
	}
}
