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
