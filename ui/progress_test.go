package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

func TestTheHeaderAndTheTerminalShowHowFarTheRunIs(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	if s.model.View().ProgressBar != nil {
		t.Error("the terminal's bar is shown with nothing under way")
	}
	s.press("R")
	asked := s.model.totals.asked
	if bar := s.model.View().ProgressBar; bar == nil || bar.Value != 0 || bar.State != tea.ProgressBarDefault {
		t.Errorf("at the start the terminal's bar is %+v", bar)
	}
	s.until("some failures", func() bool { return s.model.totals.failed > 0 })
	done := len(s.model.totals.results)
	if bar := s.model.View().ProgressBar; bar == nil || bar.Value != 100*done/asked || bar.State != tea.ProgressBarError {
		t.Errorf("after %d of %d, with a failure, the terminal's bar is %+v", done, asked, bar)
	}
	s.shows(fmt.Sprintf("%d of %d, 1 of them failed", done, asked), "✗ 2 failed")
	s.settle()
	if s.model.View().ProgressBar != nil {
		t.Error("the terminal's bar stays after the end")
	}
}

func TestTheSummaryNamesTheKeysForWhatFailed(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 200, 50, Options{Demo: true, Clipboard: &board{}}, keychain.Memory())
	s.press("F")
	s.shows("F is off: no refresh of the last run has failed.")
	s.press("R")
	s.settle()
	s.shows(" failed, ", "need a person (F retries, y copies reports)")
	failed := len(s.model.failed)
	if failed < 2 {
		t.Fatalf("%d failed", failed)
	}
	s.tell(keyPress("y"))
	s.until("the reports", func() bool { return strings.Contains(s.text(), "reports are copied") })
	s.press("F")
	if len(s.model.live) != failed {
		t.Errorf("F refreshes %d of %d", len(s.model.live), failed)
	}
	s.settle()
}

func TestTheReportsOfTheMarkedOrgsGoTogether(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("R")
	s.settle()
	s.press("j") // the summary's keys are gone
	for _, alias := range []string{"globex", "stark"} {
		s.goTo(alias)
		s.press("space")
	}
	orgs := s.model.reportable()
	if len(orgs) != 2 {
		t.Fatalf("%d orgs to report on", len(orgs))
	}
	msg, ok := report(t.Context(), s.model.keeper, orgs, "1.2.3")().(reportedMsg)
	if !ok || msg.err != nil {
		t.Fatalf("%+v", msg)
	}
	for _, org := range []tokens.Org{orgs[0], orgs[1]} {
		if !strings.Contains(msg.text, org.Alias) {
			t.Errorf("no report on %s in\n%s", org.Alias, msg.text)
		}
	}
}
