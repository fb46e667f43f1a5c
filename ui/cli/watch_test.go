package cli

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"orgkeep/tokens"
)

// movedClock goes on by the spans that are waited for.
type movedClock struct {
	tokens.Clock
	mu  sync.Mutex
	now time.Time
}

func (c *movedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// after passes at once. until is called before each span, and ends the run.
func (c *movedClock) after(until func() bool, end func()) func(time.Duration) <-chan time.Time {
	return func(d time.Duration) <-chan time.Time {
		if until() {
			end()
			return nil
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.now = c.now.Add(d)
		passed := make(chan time.Time, 1)
		passed <- c.now
		return passed
	}
}

// watch runs refresh --watch on a clock that moves by itself, until so much time
// has passed, and returns what it printed.
func (d *desk) watch(t *testing.T, span time.Duration, args ...string) string {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	clock := &movedClock{Clock: tokens.SystemClock(), now: time.Now()}
	start := clock.now
	var out, errs bytes.Buffer
	p := d.program(&out, &errs)
	p.Clock = clock
	p.After = clock.after(func() bool { return clock.Now().Sub(start) >= span }, end)
	if code := p.Run(ctx, append([]string{"refresh", "--watch"}, args...)); code != 0 {
		t.Fatalf("exit %d\nstdout: %s\nstderr: %s", code, out.String(), errs.String())
	}
	return out.String()
}

func TestTheWatchOfTheShell(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	sent := map[string]int{}
	e := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		token := r.PostFormValue("refresh_token")
		sent[token]++
		mu.Unlock()
		if token == "5Aep8.refresh.1" {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"error":"invalid_grant","error_description":"expired access/refresh token"}`)
			return
		}
		answering(asIs, "http://"+r.Host)(discardRotation{w}, r)
	}))
	t.Cleanup(e.Close)
	d := newDesk(t)
	d.load(t, e.URL)
	if _, errs := d.run(t, 2, "refresh", "--watch"); !strings.Contains(errs, "no org is watched") {
		t.Errorf("nothing is watched: %s", errs)
	}
	out, errs := d.run(t, 0, "watch", "one", "two")
	if out != "one: watched\ntwo: watched\n" || !strings.Contains(errs, "while the screen or orgkeep refresh --watch runs, below 15m.") {
		t.Errorf("watch: %q", out)
	}
	if out, _ := d.run(t, 0, "list", "--json", "--filter", "is:watched"); strings.Count(out, `"watched":true`) != 2 {
		t.Errorf("list: %s", out)
	}
	out = d.watch(t, 30*time.Minute)
	for _, line := range []string{
		"Z watching one, two; refreshed below 15m", "one: HTTP 400 invalid_grant", "one: stopped: its last refresh was refused",
		"two refreshed in ", "Z stopped.\n",
	} {
		if strings.Count(out, line) != 1 {
			t.Errorf("%q is not printed once:\n%s", line, out)
		}
	}
	mu.Lock()
	if sent["5Aep8.refresh.1"] != 1 {
		t.Errorf("the refused org was sent %d times", sent["5Aep8.refresh.1"])
	}
	mu.Unlock()
	if out, _ := d.run(t, 0, "history", "two", "--json"); !strings.Contains(out, `"trigger":"watch"`) || strings.Contains(out, `"trigger":"command"`) {
		t.Errorf("history: %s", out)
	}
	if out, _ := d.run(t, 0, "watch"); !strings.Contains(out, "one: watched, and stopped: its last refresh was refused") || !strings.Contains(out, "two: watched\n") {
		t.Errorf("watch: %s", out)
	}
	if out, _ := d.run(t, 0, "watch", "one", "two", "--off"); out != "one: not watched\ntwo: not watched\n" {
		t.Errorf("watch --off: %q", out)
	}
	if out, errs := d.run(t, 0, "watch"); out != "" || errs != "No org is watched.\n" {
		t.Errorf("watch: %q %q", out, errs)
	}
}

// discardRotation writes an answer without a new refresh token.
type discardRotation struct{ http.ResponseWriter }

func (w discardRotation) Write(text []byte) (int, error) {
	_, err := w.ResponseWriter.Write(bytes.Replace(text, []byte(`"refresh_token"`), []byte(`"unused"`), 1))
	return len(text), err //nolint:wrapcheck // as http.ResponseWriter has it
}

// Tokens of another login are no reason to try again.
func TestTheWatchStopsAtAnotherLogin(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	var self string
	e := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"access_token":"00Dyy!other.access","refresh_token":"other.refresh","instance_url":%q,"id":"https://login.salesforce.com/id/00D5g00000Ab1cdEAB/0055g000001XyZaAAK","issued_at":"1795424000123"}`, self)
	}))
	t.Cleanup(e.Close)
	self = e.URL
	d := newDesk(t)
	d.load(t, e.URL)
	out := d.watch(t, 4*time.Hour, "one", "--watch-under", "119m")
	if sent.Load() != 1 || strings.Contains(out, "trying again") || strings.Count(out, "one: stopped: it waits until somebody signs in again: HTTP 200: the answer was for another login") != 1 {
		t.Errorf("sent %d times:\n%s", sent.Load(), out)
	}
	if out, _ := d.run(t, 0, "watch", "one"); !strings.Contains(out, "one: watched, and stopped: it waits until somebody signs in again") {
		t.Errorf("watch: %s", out)
	}
	out, _ = d.run(t, 1, "check")
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "one ") && (!strings.Contains(line, "a person has to sign in") || strings.Contains(line, "the next refresh replaces it")) {
			t.Errorf("check: %s", line)
		}
	}
	if !strings.Contains(out, "an answer for another login") {
		t.Errorf("check: %s", out)
	}
}

func TestWhatContradictsWatchIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, flag := range []string{"--all", "--expired", "--failed", "--anyway", "--json"} {
		if _, errs := d.run(t, 2, "refresh", "--watch", flag); !strings.Contains(errs, "--watch") {
			t.Errorf("%s: %s", flag, errs)
		}
	}
	d.run(t, 2, "refresh", "--watch", "--watch-under", "5s")
	d.run(t, 2, "watch", "--off")
}
