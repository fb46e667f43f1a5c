package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

func TestAReportIsCopied(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("stark")
	s.press("y")
	s.shows("y is off: there is no refresh to report on.")
	s.press("r")
	s.settle()
	s.shows("y  copy report")
	org, _ := s.model.list.current()
	msg, ok := report(t.Context(), s.model.keeper, []tokens.Org{org}, "1.2.3")().(reportedMsg)
	if !ok || msg.err != nil || !strings.Contains(msg.text, "inactive user") || !strings.Contains(msg.text, "1.2.3") {
		t.Fatalf("%+v", msg)
	}
	_, cmd := s.model.Update(msg)
	s.shows("The report on stark is copied, without secrets.")
	if cmd == nil {
		t.Error("nothing was copied")
	}
}

func TestAClockThatIsOffHasABanner(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.goTo("wonka")
	s.press("r")
	s.until("the result", func() bool { return len(s.model.totals.results) == 1 || len(s.model.runs) == 0 })
	s.settle()
	s.showsNot("clock")
	run := &run{id: 99, events: make(chan keeper.Event), cancel: func() {}}
	s.model.runs[99] = run
	org, _ := s.model.list.current()
	s.tell(steppedMsg{run: 99, event: keeper.Event{Key: org.Key, Result: &keeper.Result{Org: org, Notice: "This machine's clock is 4m behind."}}})
	s.shows("This machine's clock is 4m behind.")
	s.fits()
	s.tell(tea.WindowSizeMsg{Width: 60, Height: 15})
	s.fits()
}
