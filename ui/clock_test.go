package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// The whole of the warning is on the screen: in the banner, or where that has no
// room for it in the detail. It goes with the answer that says otherwise.
func TestTheWholeWarningOfTheClockIsShown(t *testing.T) {
	t.Parallel()
	warning := tokens.SkewWarning(4*time.Minute+5*time.Second, "https://acme.my.salesforce.com")
	s := newScreen(t, 120, 40)
	org, _ := s.model.list.current()
	answers := func(a tokens.Attempt) {
		s.model.runs[99] = &run{id: 99, events: make(chan keeper.Event), cancel: func() {}}
		s.tell(steppedMsg{run: 99, event: keeper.Event{Key: org.Key, Result: &keeper.Result{Org: org, Attempt: a, Notice: tokens.SkewWarning(a.Skew, "https://acme.my.salesforce.com")}}})
	}
	answers(tokens.Attempt{Skew: 4*time.Minute + 5*time.Second})
	s.shows(warning)
	s.tell(tea.WindowSizeMsg{Width: 60, Height: 60})
	s.shows("This machine's clock is 4m 05s behind")
	s.press("enter")
	s.shows("This machine's clock is wrong")
	for word := range strings.FieldsSeq(warning) {
		s.shows(word)
	}
	s.press("esc")
	answers(tokens.Attempt{})
	s.shows("This machine's clock is 4m 05s behind")
	answers(tokens.Attempt{Skew: time.Second})
	s.showsNot("clock")
}

// The overview has the span and the moment, each under its own name, and names
// the zone that the list's times are in too.
func TestTheOverviewHasSpansAndMoments(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.model.now = noon.In(time.FixedZone("EST", -5*60*60))
	s.goTo("acme-uat")
	s.press("1")
	s.shows("age        1h 58m", "issued     2026-11-23 05:02:00 EST", "left       ~2m, an estimate")
	s.showsNot("ends  ")
	s.press("t")
	s.shows("05:02", "age        1h 58m", "left       ~2m, an estimate", "ends       ~2026-11-23 07:02:00 EST")
	s.goTo("initech")
	s.press("1", "enter")
	s.shows("left       expired 1h 12m ago, an estimate", "ends       ~2026-11-23 05:48:00 EST")
	s.press("t", "t") // also where the overview is open
	s.showsNot("works in the list", "ends  ")
}

func TestAClockThatWasOffAtTheLastAnswerIsToldAtTheStart(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	orgs := append([]tokens.Org{}, s.model.list.orgs...)
	orgs[0].Last = &tokens.Attempt{At: s.model.now.Add(time.Hour), Outcome: tokens.OutcomeRefreshed, Skew: -time.Hour}
	off := orgs[0].LoginHost() // the model puts the orgs in its own order
	m := newModel(t.Context(), Options{Keeper: s.model.keeper, Orgs: orgs})
	if want := tokens.SkewWarning(-time.Hour, off); m.notice != want || want == "" {
		t.Errorf("the notice is %q, want %q", m.notice, want)
	}
}

// The clock is started before the size of the window is known, and so before any
// row that counts seconds can be seen; it has to go faster once one is.
func TestSecondsCountFromTheFirstFrame(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	m := newModel(t.Context(), Options{Keeper: s.model.keeper, Orgs: s.model.list.orgs})
	m.Init()
	slow := m.ticks
	if slow.step != minuteStep {
		t.Fatalf("the first tick is due in %s", slow.step)
	}
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	if !m.secondsShown() || m.ticks.step != secondStep || m.ticks.last == slow.last {
		t.Errorf("the next tick is due in %s", m.ticks.step)
	}
	m.Update(clockTickedMsg{tick: slow.last})
	if m.ticks.step != secondStep || m.ticks.last != slow.last+1 {
		t.Error("the slow tick is heard too")
	}
}

// Rows that count seconds may come into view by moving down.
func TestSecondsCountWhereTheListIsMovedTo(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 60, 15)
	for i := range s.model.list.orgs {
		s.model.list.orgs[i].IssuedAt = noon.Add(-90 * time.Minute)
	}
	last := s.model.list.shown[len(s.model.list.shown)-1]
	s.model.list.orgs[last].IssuedAt = noon.Add(-6 * time.Minute)
	s.model.list.version++
	s.model.ticks.step = 0
	s.start(s.model.tick())
	if s.press("g"); s.model.ticks.step != minuteStep {
		t.Fatalf("the next tick is due in %s", s.model.ticks.step)
	}
	if s.press("G"); s.model.ticks.step != secondStep {
		t.Errorf("the next tick is due in %s", s.model.ticks.step)
	}
}
