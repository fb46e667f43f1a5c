package keeper_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/salesforce"
)

// at returns a keeper as a process has it that starts on the same files later.
func (w *world) at(later time.Duration) *keeper.Keeper {
	k := keeper.New(keeper.Options{
		Store: w.store, Ledger: w.ledger, Journal: journal.Open(w.folder + "/journal"),
		Endpoint: salesforce.New(salesforce.Options{}), Clock: tokens.StillClock(now.Add(later)), Limits: tokens.DefaultLimits(),
		Locks: w.folder + "/locks", Trigger: "command", Pause: func(int) time.Duration { return time.Millisecond },
	})
	w.t.Cleanup(func() { k.Drain(context.Background()) })
	return k
}

// user is an org of another user than those of login, at the same host.
func (w *world) user(name, userID string) tokens.Org {
	w.t.Helper()
	org, secrets := w.fresh(name, w.endpoint.grant(name, true))
	key, err := tokens.NewKey("00D41000000F8A0", userID, name)
	if err != nil {
		w.t.Fatal(err)
	}
	org.Key, org.UserID = key, userID
	saved, _, err := w.keeper().Add(w.t.Context(), org, secrets)
	if err != nil {
		w.t.Fatal(err)
	}
	return saved
}

func limited(w http.ResponseWriter, status int, retryAfter string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", now.Format(http.TimeFormat))
	if retryAfter != "" {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"error":"rate_limit_exceeded","error_description":"number of logins exceeded"}`))
}

// A pause that is too long to be waited for ends the org that was answered, and
// those that share its host or user are not sent, in this process and the next,
// until it is over.
func TestALongPauseHoldsBackWhoSharesIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status     int
		retryAfter string
		wait       time.Duration
		otherUser  bool // another user of the host is held back too
	}{
		"429 with seconds":      {http.StatusTooManyRequests, "600", 10 * time.Minute, true},
		"429 with a date":       {http.StatusTooManyRequests, now.Add(20 * time.Minute).Format(http.TimeFormat), 20 * time.Minute, true},
		"the limit and seconds": {http.StatusBadRequest, "600", 10 * time.Minute, true},
		"the limit alone":       {http.StatusBadRequest, "", time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, calm := newWorld(t), newWorld(t)
			a, _ := w.login("a", true)
			same, _ := w.login("same", true)
			other := w.user("other", "005410000031xABAAY")
			elsewhere, _ := calm.login("elsewhere", true)
			w.endpoint.does(func(n int, rw http.ResponseWriter, answer func()) {
				if n == 1 {
					limited(rw, c.status, c.retryAfter)
					return
				}
				answer()
			})
			r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{a}))
			wantOutcome(t, r, tokens.OutcomeFailed)
			until := now.Add(c.wait)
			if r.Attempt.Failure.Code != "rate_limit_exceeded" || r.Org.Pause == nil || !r.Org.Pause.Until.Equal(until) {
				t.Fatalf("%+v, paused by %+v", r.Attempt.Failure, r.Org.Pause)
			}

			next := w.at(c.wait - 2*time.Minute)
			w.isNotSent(next, same, until)
			w.isNotSent(next, a, until)
			wantOutcome(t, refresh(t, calm.at(0).Refresh(t.Context(), []tokens.Org{elsewhere})), tokens.OutcomeRefreshed)
			if c.otherUser {
				w.isNotSent(next, other, until)
			} else {
				wantOutcome(t, refresh(t, next.Refresh(t.Context(), []tokens.Org{other})), tokens.OutcomeRefreshed)
			}
			sent := w.endpoint.sent()
			wantOutcome(t, refresh(t, next.RefreshNow(t.Context(), []tokens.Org{same})), tokens.OutcomeRefreshed)
			wantOutcome(t, refresh(t, w.at(c.wait).Refresh(t.Context(), []tokens.Org{w.org(a.Key)})), tokens.OutcomeRefreshed)
			if n := w.endpoint.sent() - sent; n != 2 {
				t.Errorf("%d requests, want the one that goes over the pause and the one after it", n)
			}
		})
	}
}

// isNotSent makes sure that an org is held back until the given time, and that
// the list tells the same.
func (w *world) isNotSent(k *keeper.Keeper, org tokens.Org, until time.Time) {
	w.t.Helper()
	sent, before := w.endpoint.sent(), w.org(org.Key).Last
	r := refresh(w.t, k.Refresh(w.t.Context(), []tokens.Org{org}))
	wantOutcome(w.t, r, tokens.OutcomeCancelled)
	f := r.Attempt.Failure
	if f.Kind != tokens.FailedPaused || f.Sent || !strings.HasSuffix(f.Problem, "is paused until "+until.Format("15:04")) || !k.Explain(f).Known {
		w.t.Errorf("%s: %+v", org.Alias, f)
	}
	after := w.org(org.Key)
	if w.endpoint.sent() != sent || (after.Last == nil) != (before == nil) || after.Last != nil && !after.Last.At.Equal(before.At) {
		w.t.Errorf("%s: %d requests more, last %+v", org.Alias, w.endpoint.sent()-sent, after.Last)
	}
	for _, p := range []*tokens.Pause{r.Org.Pause, after.Pause} {
		if p == nil || !p.Until.Equal(until) || p.Failure.Code != "rate_limit_exceeded" {
			w.t.Errorf("%s: the pause is %+v", org.Alias, p)
		}
	}
}

// To go over a pause is not to send a refresh token that may be used up.
func TestGoingOverAPauseKeepsTheDoubt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) {
		rw.Header().Set("Content-Length", "100")
		_, _ = rw.Write([]byte("{"))
	})
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeUnknown)
	wantOutcome(t, refresh(t, w.keeper().RefreshNow(t.Context(), []tokens.Org{r.Org})), tokens.OutcomeUnknown)
	if n := w.endpoint.sent(); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// A short pause is told with the answer that asked for it, to the org that got
// it and to those that wait because of it.
func TestAShortPauseTellsItsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, _ := w.login("a", true)
	b, _ := w.login("b", true)
	w.endpoint.does(func(n int, rw http.ResponseWriter, answer func()) {
		if n == 1 {
			limited(rw, http.StatusTooManyRequests, "1")
			return
		}
		answer()
	})
	var own, others int
	for e := range w.keeperWith(1).Refresh(t.Context(), []tokens.Org{a, b}) {
		if e.Step == tokens.StepPausing {
			if e.Pause == nil || e.Pause.Failure.Code != "rate_limit_exceeded" || e.Wait > time.Second {
				t.Fatalf("%+v", e)
			}
			if e.Failure != nil {
				own++
			} else {
				others++
			}
		}
		if e.Result != nil {
			wantOutcome(t, *e.Result, tokens.OutcomeRefreshed)
			if e.Result.Org.Pause != nil {
				t.Errorf("%s is still paused", e.Result.Org.Alias)
			}
		}
	}
	if own != 1 || others != 1 {
		t.Errorf("%d pauses after an answer, %d for another org's", own, others)
	}
}
