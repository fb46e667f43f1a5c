package ui

import (
	"testing"

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
	s.press("f5")
	s.shows("The endpoint is up.")
	s.press("f7")
	s.shows("Another program has refreshed wonka and kept what came.")
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
