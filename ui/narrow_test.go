package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// footer is the last line of the screen.
func (s *screen) footer() string {
	lines := strings.Split(s.text(), "\n")
	return lines[len(lines)-1]
}

// A narrow window keeps the keys that matter most then.
func TestTheFooterOfANarrowWindow(t *testing.T) {
	t.Parallel()
	for width, words := range map[int][]string{
		80: {"r refresh", "R all stale", "/ filter", "enter open", "q quit"},
		60: {"r refresh", "/ filter", ": commands", "? help", "q quit"},
	} {
		s := newScreen(t, width, 24)
		for _, word := range words {
			if !strings.Contains(s.footer(), word) {
				t.Errorf("%d: no %q in %q", width, word, s.footer())
			}
		}
		s.model.runs[99] = &run{id: 99, events: make(chan keeper.Event), cancel: func() {}}
		if got := s.footer(); !strings.Contains(got, "esc cancel") || !strings.Contains(got, "q quit") {
			t.Errorf("%d, during a run: %q", width, got)
		}
		s.fits()
	}
}

// Without colours a key that is off cannot be told from others, so it is not
// there.
func TestWithoutColoursTheFooterHasWhatIsOnOnly(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 24)
	s.goTo("hooli") // which has no refresh token
	if got := s.footer(); !strings.Contains(got, "r refresh") || strings.Contains(got, "esc") {
		t.Errorf("in colours: %q", got)
	}
	s.tell(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
	if got := s.footer(); strings.Contains(got, "r refresh") || !strings.Contains(got, "R refresh all stale") {
		t.Errorf("without: %q", got)
	}
	s.press("space")
	if got := s.footer(); !strings.Contains(got, "esc clear marks") {
		t.Errorf("with a mark to clear: %q", got)
	}
}

// What is to be done stands at the end of many notes.
func TestALongNoteTakesASecondLine(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 60, 15)
	s.press("c")
	s.shows("c is off: no clipboard program was found", "lets the terminal copy.")
	s.model.toast("Something else.", false)
	s.shows("Something else.", "c is off: ", "lets the terminal copy.")
	s.fits()
	s.press("esc")
	s.press("/")
	s.typeText("is:gone")
	s.shows("is: gone is none of", "marked")
	s.fits()
}

// What is typed in private mode looks for real names, so it is not echoed.
func TestPrivateModeDoesNotEchoWhatIsTyped(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.press("p", "/")
	s.typeText("type:hooli")
	s.shows("at 6: this term cannot be read.", "••••")
	s.showsNot("hooli")
	s.press("esc", ":")
	s.typeText("org-0")
	s.shows(": •••••", "org-01")
	s.showsNot(": org-0")
}

func TestTheHelpHasALegend(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 40)
	s.press("?", "G")
	s.shows("Signs", "◐", "ageing: it has less than 15m 00s left", "before a time: an estimate")
	s.press("/")
	s.typeText("queued")
	s.shows("Signs", "queued, or waiting to be sent")
	s.showsNot("ageing: it has")
}

// ended is a run of orgs of which the first n have ended, in some outcome.
func (s *screen) ended(outcome tokens.Outcome, n, asked int) {
	s.t.Helper()
	s.model.runs[99] = &run{id: 99, events: make(chan keeper.Event), cancel: func() {}}
	s.model.totals.watch, s.model.totals.asked = evenClock{}.Stopwatch(), asked
	orgs := s.model.list.orgs[:asked]
	for _, org := range orgs {
		s.model.live[org.Key] = &live{step: tokens.StepQueued, watch: evenClock{}.Stopwatch()}
	}
	for _, org := range append([]tokens.Org{}, orgs[:n]...) {
		r := keeper.Result{Org: org, Attempt: tokens.Attempt{Outcome: outcome, Failure: &tokens.Failure{Kind: tokens.FailedCancelled}}}
		s.tell(steppedMsg{run: 99, event: keeper.Event{Key: org.Key, Result: &r}})
	}
}

func TestWhatWasCancelledIsNotDone(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 160, 24)
	s.press("?")
	s.ended(tokens.OutcomeCancelled, 3, 5)
	s.shows("0 of 5, 3 of them cancelled", "3 refreshes were cancelled off screen.")
	if bar := s.model.View().ProgressBar; bar == nil || bar.Value != 0 || bar.State != tea.ProgressBarDefault {
		t.Errorf("the terminal's bar is %+v", bar)
	}
}

// A pause hides the result only of what would wait for it.
func TestAPausedHostLeavesTheResultsOfWhatNeedsNoRefresh(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 24)
	for _, alias := range []string{"acme-prod", "wonka"} {
		org := s.model.list.orgs[s.at(alias)]
		scope := tokens.HostScope(org)
		s.model.pauses.add(&tokens.Pause{Scope: scope, Until: noon.Add(10 * time.Minute)})
	}
	if row := s.rowOf("acme-prod"); !strings.Contains(row, "ok 0.4s") {
		t.Errorf("fresh: %s", row)
	}
	if row := s.rowOf("wonka"); !strings.Contains(row, "in 10m") {
		t.Errorf("ageing: %s", row)
	}
}

// at is the index of an org.
func (s *screen) at(alias string) int {
	s.t.Helper()
	for i, org := range s.model.list.orgs {
		if org.Alias == alias {
			return i
		}
	}
	s.t.Fatalf("no org %s", alias)
	return 0
}

func TestTheNarrowHistoryHasFiguresAndPhases(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 60, 15, Options{Demo: true}, keychain.Memory())
	lines := strings.Join(s.model.shortTimeline([]tokens.Attempt{
		{At: noon.Add(-time.Minute), Outcome: tokens.OutcomeRefreshed, Trigger: "screen", Duration: 1500 * time.Millisecond, Tries: 2, Phases: tokens.Phases{Connect: 20 * time.Millisecond, Wait: time.Second}},
		{At: noon.Add(-time.Hour), Outcome: tokens.OutcomeFailed, Trigger: "command", Duration: 400 * time.Millisecond, Tries: 1, Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 400, Code: "invalid_grant"}},
	}, 56), "\n")
	for _, want := range []string{"screen    1.5 s  2 attempts\n", "  connect 20 ms, wait 1.0 s\n", "command   0.4 s  1 attempt\n", "  HTTP 400 invalid_grant"} {
		if !strings.Contains(stripped(lines), want) {
			t.Errorf("no %q in\n%s", want, stripped(lines))
		}
	}
}
