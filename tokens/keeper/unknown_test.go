package keeper_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
)

func TestALostAnswerIsUnknownAndNotSentAgain(t *testing.T) {
	t.Parallel()
	for name, carriedOut := range map[string]bool{"carried out": true, "not carried out": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			org, first := w.login("acme", true)
			// A first good refresh, so that the org is known to rotate.
			org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
			w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) {
				if carriedOut {
					current, _ := w.endpoint.current(first)
					w.endpoint.answer(discard{http.Header{}}, current)
				}
				hangUp(rw, nil)
			})
			r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
			wantOutcome(t, r, tokens.OutcomeUnknown)
			if !r.Attempt.Failure.Sent {
				t.Error("the failure does not say that it was sent")
			}
			w.endpoint.does(nil)
			sent := w.endpoint.sent()
			for range 2 {
				r = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{w.org(org.Key)}))
				wantOutcome(t, r, tokens.OutcomeUnknown)
			}
			if w.endpoint.sent() != sent {
				t.Error("it was sent again by itself")
			}
			if h, err := w.ledger.History(t.Context(), org.Key, 10); err != nil || len(h) != 2 {
				t.Errorf("%d entries in the history, %v", len(h), err)
			}
			r = refresh(t, w.keeper().RefreshAnyway(t.Context(), []tokens.Org{r.Org}))
			if carriedOut {
				wantOutcome(t, r, tokens.OutcomeFailed)
				return
			}
			wantOutcome(t, r, tokens.OutcomeRefreshed)
			w.isCurrent(org, first)
		})
	}
}

func TestAnOrgThatDoesNotRotateIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", false)
	org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
	w.endpoint.does(func(n int, rw http.ResponseWriter, answer func()) {
		if n == 2 {
			hangUp(rw, nil)
		}
		answer()
	})
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeRefreshed)
	if r.Attempt.Tries != 2 {
		t.Errorf("%d tries", r.Attempt.Tries)
	}
	w.isCurrent(org, first)
}

func TestWhatCannotHaveUsedTheTokenUpIsTriedAgain(t *testing.T) {
	t.Parallel()
	answers := map[string]func(http.ResponseWriter){
		"429": func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		"503 with a Retry-After": func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
		"being processed already": func(w http.ResponseWriter) {
			refuse(w, "token request is already being processed")
		},
	}
	for name, first := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			org, start := w.login("acme", true)
			w.endpoint.does(func(n int, rw http.ResponseWriter, answer func()) {
				if n < 3 {
					first(rw)
					return
				}
				answer()
			})
			var pauses int
			var result keeper.Result
			for e := range w.keeper().Refresh(t.Context(), []tokens.Org{org}) {
				if e.Step == tokens.StepPausing {
					pauses++
				}
				if e.Result != nil {
					result = *e.Result
				}
			}
			wantOutcome(t, result, tokens.OutcomeRefreshed)
			if pauses != 2 || result.Attempt.Tries != 3 {
				t.Errorf("%d pauses, %d tries", pauses, result.Attempt.Tries)
			}
			w.isCurrent(org, start)
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) { rw.WriteHeader(http.StatusTooManyRequests) })
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if w.endpoint.sent() != 3 || r.Attempt.Failure.HTTPStatus != 429 {
		t.Errorf("%d requests, %v", w.endpoint.sent(), r.Attempt.Failure)
	}
	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) {
		rw.Header().Set("Retry-After", "3600")
		rw.WriteHeader(http.StatusTooManyRequests)
	})
	r = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{r.Org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if w.endpoint.sent() != 4 || r.Attempt.Failure.RetryAfter != time.Hour {
		t.Errorf("%d requests, retry after %v", w.endpoint.sent(), r.Attempt.Failure.RetryAfter)
	}
}

func TestAnIntentLeftByACrashIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	left := journal.Open(filepath.Join(w.folder, "journal"))
	intent := journal.Intent{Generation: org.Generation, Fingerprint: tokens.NewSecret(first).Fingerprint(), Started: now.Add(-time.Hour)}
	if err := left.Begin(org.Key, intent); err != nil {
		t.Fatal(err)
	}
	seen := w.org(org.Key)
	if seen.Last == nil || seen.Last.Outcome != tokens.OutcomeUnknown || !seen.Last.At.Equal(intent.Started) {
		t.Fatalf("the list shows %+v", seen.Last)
	}
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeUnknown)
	if w.endpoint.sent() != 0 {
		t.Error("it was sent")
	}
	r = refresh(t, w.keeper().RefreshAnyway(t.Context(), []tokens.Org{r.Org}))
	wantOutcome(t, r, tokens.OutcomeRefreshed)
	w.isCurrent(org, first)
	if w.org(org.Key).Last.Outcome != tokens.OutcomeRefreshed {
		t.Error("the list still shows unknown")
	}
}

func TestNewTokensEndTheUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	left := journal.Open(filepath.Join(w.folder, "journal"))
	if err := left.Begin(org.Key, journal.Intent{Generation: 1, Fingerprint: tokens.NewSecret(first).Fingerprint(), Started: now}); err != nil {
		t.Fatal(err)
	}
	second := w.endpoint.grant("again", true)
	again, secrets := w.fresh("acme", second)
	secrets.IssuedAt = now
	saved, added, err := w.keeper().Add(t.Context(), again, secrets)
	if err != nil || added != keeper.AddedUpdated {
		t.Fatalf("%s, %v", added, err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{saved})), tokens.OutcomeRefreshed)
	w.isCurrent(org, second)
}

func TestABusyRefreshIsNoCrash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	w.endpoint.does(func(_ int, _ http.ResponseWriter, answer func()) {
		if last := w.org(org.Key).Last; last != nil {
			t.Errorf("while it is under way the list shows %+v", last)
		}
		answer()
	})
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
}
