package keeper_test

import (
	"net/http"
	"testing"

	"orgkeep/tokens"
)

// However a fault of the endpoint's own is said, a token that rotates goes out
// once: it may have been replaced before the fault.
func TestAfterAFaultOnlyATokenThatDoesNotRotateIsSentAgain(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", `{"error":"server_error","error_description":"x"}`} {
		for rotates, tries := range map[bool]int{true: 1, false: 3} {
			w := newWorld(t)
			org, first := w.login("acme", rotates)
			k := w.keeper()
			org = refresh(t, k.Refresh(t.Context(), []tokens.Org{org})).Org // which tells whether it rotates
			w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) {
				rw.WriteHeader(http.StatusInternalServerError)
				_, _ = rw.Write([]byte(body))
			})
			before := w.endpoint.sent()
			r := refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
			wantOutcome(t, r, tokens.OutcomeFailed)
			if sent := w.endpoint.sent() - before; sent != tries || r.Attempt.Tries != tries {
				t.Errorf("rotates %v, %q: sent %d times, %d tries", rotates, body, sent, r.Attempt.Tries)
			}
			if _, revoked := w.endpoint.current(first); revoked {
				t.Error("the login was revoked")
			}
		}
	}
}
