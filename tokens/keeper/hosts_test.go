package keeper_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

func TestABusyHostHoldsItsOwnOrgsBackOnly(t *testing.T) {
	t.Parallel()
	busy, calm := newWorld(t), newWorld(t)
	a, _ := busy.login("a", true)
	b, _ := busy.login("b", true)
	// The org of the other host is in the same ledger and keychain.
	first := calm.endpoint.grant("c", true)
	other, secrets := calm.fresh("c", first)
	other, _, err := busy.keeper().Add(t.Context(), other, secrets)
	if err != nil {
		t.Fatal(err)
	}
	calmDone := make(chan struct{})
	busy.endpoint.does(func(n int, w http.ResponseWriter, answer func()) {
		if n == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		<-calmDone // the other host's org was not held back
		answer()
	})
	paused := map[tokens.Key]time.Duration{}
	for e := range busy.keeperWith(1).Refresh(t.Context(), []tokens.Org{a, b, other}) {
		if e.Step == tokens.StepPausing {
			paused[e.Key] = e.Wait
		}
		if e.Result != nil {
			wantOutcome(t, *e.Result, tokens.OutcomeRefreshed)
			if e.Key == other.Key {
				close(calmDone)
			}
		}
	}
	if len(paused) == 0 || paused[other.Key] != 0 {
		t.Errorf("pauses: %v", paused)
	}
	for _, wait := range paused {
		if wait > time.Second {
			t.Errorf("a pause of %v where one second was asked for", wait)
		}
	}
}

func TestAnAnswerForAnotherLoginIsKeptAndSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, secrets := w.fresh("acme", w.endpoint.grant("acme", true))
	secrets.ClientSecret, secrets.ID = tokens.NewSecret("client secret"), "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY"
	org, _, err := w.keeper().Add(t.Context(), org, secrets)
	if err != nil {
		t.Fatal(err)
	}
	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte(`{"access_token":"00Dyy!other.access","signature":"b2YgYW5vdGhlciBpZA==","refresh_token":"other.refresh","instance_url":"https://other.my.salesforce.com",
			"id":"https://login.salesforce.com/id/00D5g00000Ab1cdEAB/0055g000001XyZaAAK","issued_at":"1795424000123"}`))
	})
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if !strings.HasPrefix(r.Attempt.Failure.Problem, tokens.ProblemOtherLogin) || r.Org.InstanceURL != org.InstanceURL {
		t.Errorf("%+v, instance %s", r.Attempt.Failure, r.Org.InstanceURL)
	}
	if a, err := w.keeper().Anatomy(t.Context(), org.Key); err != nil || a.Signature.Verdict == tokens.CheckMismatch {
		t.Errorf("the signature of another login's answer is held against the saved id: %+v, %v", a.Signature, err)
	}
	if answer := tokens.LastAnswer(w.org(org.Key)); !strings.Contains(answer, `"refresh_token":"[masked]","instance_url":"https://other.my.salesforce.com"`) {
		t.Errorf("the answer: %s", answer)
	}
	if e := salesforce.Explain(r.Attempt.Failure); !e.Known || !strings.Contains(e.Meaning, "another org or user") {
		t.Errorf("%+v", e)
	}
	if got := w.saved(org.Key); got.RefreshToken.Reveal() != "other.refresh" {
		t.Error("the new refresh token was not kept")
	}
}

func TestAClockThatIsOffIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	w.endpoint.does(func(_ int, rw http.ResponseWriter, answer func()) {
		rw.Header().Set("Date", now.Add(10*time.Minute).Format(http.TimeFormat))
		answer()
	})
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeRefreshed)
	if !strings.Contains(r.Notice, "behind") {
		t.Errorf("the notice is %q", r.Notice)
	}
	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) {
		rw.Header().Set("Date", now.Add(10*time.Minute).Format(http.TimeFormat))
		refuse(rw, "ip restricted, "+base64.StdEncoding.EncodeToString([]byte(w.saved(org.Key).AccessToken.Reveal())))
	})
	r = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{r.Org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if f := r.Attempt.Failure; strings.Contains(f.Body, base64.StdEncoding.EncodeToString([]byte(w.saved(org.Key).AccessToken.Reveal()))) {
		t.Errorf("the saved access token is in the failure: %s", f.Body)
	}
	if !strings.Contains(r.Notice, "behind") {
		t.Errorf("the notice is %q", r.Notice)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	k := w.keeper()
	if _, err := k.Report(t.Context(), org.Key, "1.0"); err == nil {
		t.Error("a report on nothing")
	}
	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) { refuse(rw, "inactive user, token "+first) })
	wantOutcome(t, refresh(t, k.Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeFailed)
	text, err := k.Report(t.Context(), org.Key, "1.0")
	if err != nil || !strings.Contains(text, "inactive user") || strings.Contains(text, first) || !strings.Contains(text, "acme") {
		t.Errorf("%v\n%s", err, text)
	}
	// What an older orgkeep let into the ledger is masked on its way out.
	last := *w.org(org.Key).Last
	last.Failure.Body = strings.Repeat("x", 4090) + first
	if err := w.ledger.Record(t.Context(), w.org(org.Key), last); err != nil {
		t.Fatal(err)
	}
	text, err = k.Report(t.Context(), org.Key, "1.0")
	if err != nil || strings.Contains(text, first[:6]) || !strings.Contains(text, "x[mask") {
		t.Errorf("%v\n%s", err, text)
	}
	w.store.failing(func(int) bool { return true })
	if _, err := k.Report(t.Context(), org.Key, "1.0"); err == nil {
		t.Error("a report that was not compared with the secrets")
	}
}
