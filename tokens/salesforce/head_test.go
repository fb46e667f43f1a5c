package salesforce

import (
	"net/http"
	"testing"
	"time"
)

func TestSkewIsMeasuredInTheMiddleOfTheWait(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)
	h := Head{Date: date, Latency: Latency{Connect: time.Hour, Wait: 20 * time.Second, Read: 3 * time.Second}}
	// The endpoint's clock says half past the second as ours says now less 13 s.
	if got := h.Skew(date.Add(13*time.Second + 500*time.Millisecond)); got != 0 {
		t.Errorf("skew %s of clocks that agree", got)
	}
	if got := h.Skew(date.Add(-4*time.Minute + 13500*time.Millisecond)); got != 4*time.Minute {
		t.Errorf("skew %s, want 4m", got)
	}
	if got := (Head{}).Skew(date); got != 0 {
		t.Errorf("skew %s without a Date", got)
	}
}

func TestSkewOverHTTP(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 400} {
		host := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().UTC().Add(5*time.Minute).Format(http.TimeFormat))
			say(status, "application/json", goodGrant)(w, r)
		})
		// A refusal tells the time as well as a grant does.
		answer, _ := newClient(t, Options{}).Refresh(t.Context(), request(host), nil)
		if skew := answer.Skew(time.Now()); skew < 5*time.Minute-time.Second || skew > 5*time.Minute+time.Second {
			t.Errorf("status %d: skew %s", status, skew)
		}
	}
}
