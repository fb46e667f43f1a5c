package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestAPresenterCausesEvents(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("f5")
	s.shows("f5 is off: it is for the demo.")
	s.model.stage = s.demo
	s.goTo("wonka")
	s.press("f5")
	s.shows("The endpoint is down for maintenance.")
	s.press("r")
	s.settle()
	s.shows("HTTP 503")
	s.press("a")
	s.until("the test", func() bool { return strings.Contains(s.model.note, "could not be tested") })
	s.press("i")
	s.until("the look", func() bool { return len(s.model.looking.found) > 0 && !s.model.looking.running })
	for _, f := range s.model.looking.found {
		if f.Request != "" && (f.Failure == nil || f.Failure.HTTPStatus != 503) {
			t.Errorf("%s is not down: %+v", f.Part, f)
		}
	}
	s.press("f5")
	s.shows("The endpoint is up.")
	s.press("f7")
	s.shows("Another program has refreshed wonka. The one saved here is used up.")
	s.press("r")
	s.settle()
	s.shows("expired access/refresh token")
	s.goTo("acme-prod")
	s.press("f6")
	s.shows("An admin has revoked the login of acme-prod.")
	s.press("r")
	s.settle()
	org, _ := s.model.list.current()
	if org.Last.Outcome != tokens.OutcomeFailed {
		t.Errorf("a revoked login is %s", org.Last.Outcome)
	}
	s.press("f8")
	s.shows("Answers take eight times as long.")
}

// What another program cannot do is not said to be done, and what it does to an
// org is.
func TestAnotherProgramIsRefusedToo(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.model.stage = s.demo
	press := func(alias, key, shows string) {
		t.Helper()
		s.goTo(alias)
		s.press(key)
		s.settle()
		s.shows(shows)
	}
	press("acme-prod", "f7", "Another program has refreshed acme-prod. No harm: it does not rotate.")
	press("acme-prod", "r", "New access token saved")
	press("acme-prod", "f6", "An admin has revoked the login of acme-prod.")
	press("acme-prod", "r", "HTTP 400 invalid_grant")
	press("acme-prod", "f7", "acme-prod: refused for the other program too (HTTP 400 invalid_grant).")
	press("globex", "f7", "globex: refused for the other program too (HTTP 400 invalid_grant).")
	press("wayne", "f7", "wayne: refused for the other program too (HTTP 400 invalid_client_id).")
	press("hooli", "f7", "f7 is off: hooli has no refresh token.")
	press("wonka", "f5", "The endpoint is down for maintenance.")
	press("wonka", "f7", "wonka: refused for the other program too (HTTP 503).")
	press("wonka", "f5", "The endpoint is up.")
	press("wonka", "r", "New access token and new refresh token saved") // nothing was used up meanwhile
	press("wonka", "f7", "Another program has refreshed wonka. The one saved here is used up.")
	press("wonka", "r", "HTTP 400 invalid_grant")
	press("wonka", "f7", "wonka: refused for the other program too (HTTP 400 invalid_grant).")
}

// fewSteps is time that stands: what waits is told of by a test.
type fewSteps struct {
	steps int
	waits chan time.Duration
}

func (f *fewSteps) Step() { f.steps++ }

func (f *fewSteps) Wait(_ context.Context, d time.Duration) bool {
	f.waits <- d
	return true
}

// Where time stands, f9 lets it pass whatever is open, and what counts seconds
// waits for that.
func TestTimePassesBySteps(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.model.stage = s.demo
	s.press("f9")
	s.shows("f9 is off: time passes by itself; orgkeep demo --step 100ms lets it stand.")
	few := &fewSteps{waits: make(chan time.Duration, 64)}
	s.model.steps = few
	s.press("f8", "f9")
	s.shows("Answers take eight times as long.") // the note stays
	s.press("f8", "/", "f9", "esc", "?", "f9", "esc", "x", "f9")
	s.shows("Forget umbrella")
	if few.steps != 4 {
		t.Errorf("%d steps, want 4", few.steps)
	}
	if msg := s.model.after(time.Minute, toastOverMsg{id: 7})(); msg != (toastOverMsg{id: 7}) || <-few.waits != time.Minute {
		t.Errorf("after a minute comes %v", msg)
	}
}
