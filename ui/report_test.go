package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/demo"
	"orgkeep/tokens/keeper"
	"orgkeep/ui/settings"
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
	s.tell(msg)
	// Nothing can copy, so the report itself is shown.
	s.shows("The report on stark")
	s.press("j")
	s.shows("esc close", "c copy")
	s.press("c") // the demo's orgs are known to no command
	s.shows("Nothing can copy here; no clipboard program was found")
	s.model.demo = false
	s.tell(msg)
	s.press("c")
	s.shows("Nothing can copy here; orgkeep show stark --report prints it.")
	s.press("esc")
	held := &board{}
	s.model.copied.board.clipboard, s.model.copied.whyNot = held, ""
	s.tell(msg)
	s.until("the copy", func() bool { return strings.Contains(s.text(), "The report on stark is copied, without secrets.") })
	if text, _ := held.Read(); text != msg.text {
		t.Errorf("the clipboard has %q", text)
	}
	held.fails = errors.New("no display")
	s.tell(msg)
	s.until("the refusal", func() bool { return s.model.noteBad })
	s.shows("Nothing was copied; orgkeep show stark --report prints it. no display.")
}

// What is advised names the orgs that the reports are on, wherever the cursor is.
func TestWithoutAClipboardTheFailedOrgsAreNamed(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 120, 30, Options{Demo: true, Scene: string(demo.Expired)}, keychain.Memory())
	s.press("R")
	s.settle()
	s.shows("2 failed and need a person (y copies reports): cascade, kestrel.")
	s.model.demo = false
	s.press("y")
	s.until("the reports", func() bool { return s.model.overlay == overlayText })
	s.shows("The report on cascade, kestrel")
	s.press("c")
	s.said("Nothing can copy here; orgkeep show ORG --report prints each of these: cascade, kestrel.")
	s.press("esc", "j", "y") // the summary is gone
	s.until("the report", func() bool { return s.model.overlay == overlayText })
	s.press("c")
	s.said("Nothing can copy here; orgkeep show " + s.model.currentAlias() + " --report prints it.")
}

// The terminal copies a report only where the settings allow it.
func TestTheTerminalCopiesAReportWhereItIsAllowed(t *testing.T) {
	t.Parallel()
	msg := reportedMsg{orgs: []tokens.Org{{Alias: "stark"}}, text: "# A report"}
	for osc52, copies := range map[string]bool{settings.OSC52Never: false, settings.OSC52SSH: false, settings.OSC52Always: true} {
		s := newScreenWith(t, 60, 15, Options{Demo: true, Settings: allowing(osc52)}, keychain.Memory())
		cmd := s.model.reported(msg)
		if copies != (cmd != nil) || copies && fmt.Sprint(cmd()) != msg.text {
			t.Errorf("%s: the terminal is told to copy: %v", osc52, cmd != nil)
		}
		if copies != strings.Contains(s.text(), "The report on stark is copied, without secrets.") {
			t.Errorf("%s: the screen shows\n%s", osc52, s.text())
		}
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
