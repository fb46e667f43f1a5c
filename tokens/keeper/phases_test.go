package keeper_test

import (
	"net/http"
	"testing"

	"orgkeep/tokens"
)

// TestPhasesAreRecorded follows the phases of requests that were answered and
// of one that was not into the history.
func TestPhasesAreRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.keeper()
	org, _ := w.login("ada", true)
	r := refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeRefreshed)
	first := r.Attempt.Phases
	if first.Connect <= 0 || first.Send+first.Wait <= 0 {
		t.Errorf("the first request took %+v", first)
	}

	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) { refuse(rw, "expired access/refresh token") })
	r = refresh(t, k.Refresh(t.Context(), []tokens.Org{r.Org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	refused := r.Attempt.Phases
	if refused.Connect != 0 || refused.Send+refused.Wait <= 0 {
		t.Errorf("a refused request on a kept connection took %+v", refused)
	}

	w.endpoint.does(func(int, http.ResponseWriter, func()) { panic(http.ErrAbortHandler) })
	r = refresh(t, k.Refresh(t.Context(), []tokens.Org{r.Org}))
	wantOutcome(t, r, tokens.OutcomeUnknown)
	cut := r.Attempt.Phases
	if cut.Send+cut.Wait <= 0 || cut.Read != 0 {
		t.Errorf("a request without an answer took %+v", cut)
	}

	history, err := w.ledger.History(t.Context(), org.Key, 9)
	if err != nil || len(history) != 3 {
		t.Fatalf("%d attempts (%v), want 3", len(history), err)
	}
	for i, want := range []tokens.Phases{cut, refused, first} {
		got := history[i].Phases
		if got.Wait.Microseconds() != want.Wait.Microseconds() || got.Connect.Microseconds() != want.Connect.Microseconds() || got == (tokens.Phases{}) {
			t.Errorf("attempt %d has %+v, want %+v", i, got, want)
		}
	}
}
