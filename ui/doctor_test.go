package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/doctor"
	"orgkeep/ui/settings"
)

// gated are checks of which the last waits until free is closed.
func gated(free <-chan struct{}) func([]tokens.Org) []doctor.Check {
	look := func(r doctor.Result) func(context.Context) doctor.Result {
		return func(context.Context) doctor.Result { return r }
	}
	return func(orgs []tokens.Org) []doctor.Check {
		return []doctor.Check{
			{Name: "keychain", Look: look(doctor.Result{Outcome: doctor.OK, Seen: "an item was written"})},
			{Name: "host", Subject: "globex.my.salesforce.com", Look: look(doctor.Result{
				Outcome: doctor.Failed, Seen: "it broke while connecting", Detail: "no way to " + orgs[0].Alias, Do: "See whether this machine is online.",
			})},
			{Name: "clock", Look: func(context.Context) doctor.Result {
				<-free
				return doctor.Result{Outcome: doctor.Warning, Seen: "an hour behind"}
			}},
		}
	}
}

func TestTheDoctorTellsAsItLooks(t *testing.T) {
	t.Parallel()
	free := make(chan struct{})
	s := newScreenWith(t, 100, 24, Options{Demo: true, Checks: gated(free)}, keychain.Memory())
	alias := s.model.list.orgs[0].Alias
	s.press("D")
	s.until("two checks", func() bool { return doctor.Count(s.model.doctor.results, "") == 1 })
	s.shows("Doctor", "2 of 3", "an item was written", "globex.my.salesforce.com: it broke while connecting (no way to "+alias+")", "→ See whether")
	s.press("y")
	s.shows("The checks have not ended yet.")
	s.press("r")
	if len(s.model.live) != 0 {
		t.Error("a key went through the doctor")
	}
	close(free)
	s.until("the end", func() bool { return !s.model.doctor.running })
	s.shows("1 ok, 1 warning, 1 failed.", "an hour behind")
	s.press("esc")
	s.showsNot("an hour behind")
}

func TestTheDoctorsCopyAndPrivateModeNameNobody(t *testing.T) {
	t.Parallel()
	free := make(chan struct{})
	close(free)
	s := newScreenWith(t, 100, 24, Options{Demo: true, Version: "v1.2.3", Checks: gated(free), Settings: allowing(settings.OSC52Always)}, keychain.Memory())
	alias := s.model.list.orgs[0].Alias
	s.press("p", "D")
	s.until("the end", func() bool { return !s.model.doctor.running })
	s.shows("host-01: it broke while connecting")
	s.showsNot("globex.my", alias)
	_, cmd := s.model.Update(keyPress("y"))
	text := clipboardText(t, cmd)
	if !strings.Contains(text, "(host-01)") || strings.Contains(text, "globex") || strings.Contains(text, alias) {
		t.Errorf("it copied:\n%s", text)
	}
}

// clipboardText is what a command copies.
func clipboardText(t *testing.T, cmd tea.Cmd) string {
	t.Helper()
	if cmd == nil {
		t.Fatal("nothing is copied")
	}
	msgs := []tea.Msg{cmd()}
	for len(msgs) > 0 {
		msg := msgs[0]
		msgs = msgs[1:]
		switch msg := msg.(type) {
		case tea.BatchMsg:
			for _, c := range slices.Backward(msg) {
				if c != nil {
					msgs = append(msgs, c())
				}
			}
		default:
			if text, ok := strings.CutPrefix(strings.TrimSpace(fmt.Sprint(msg)), "#"); ok {
				return text
			}
		}
	}
	t.Fatal("nothing is copied")
	return ""
}

func TestWithoutChecksTheDoctorIsOff(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 100, 24)
	s.press("D")
	s.shows("D is off: there is nothing to check here.")
}
