package ui

import (
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

func TestAToastStaysUntilItsTimerAndTakesNoKey(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.model.toast("The clipboard is cleared.", false)
	first := s.model.toasts.nextID
	s.model.toast("Another.", false)
	s.press("j")
	if s.model.list.cursor != 1 {
		t.Error("the toast took a key")
	}
	s.shows("The clipboard is cleared.", "Another.") // shown for 0.4 s only
	s.tell(toastOverMsg{id: first})
	s.tell(toastOverMsg{id: first})
	s.showsNot("The clipboard is cleared.")
	s.shows("Another.")
	s.model.toasts.shown[0].watch = func() time.Duration { return toastLeast }
	s.press("j")
	s.showsNot("Another.")
}

// What does not fit on a line goes on on the next.
func TestALongToastIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	for _, width := range []int{80, 60} {
		s := newScreen(t, width, 15)
		s.model.toast("Watching globex has stopped: its last refresh was refused: HTTP 400 invalid_grant: expired access/refresh token.", true)
		s.model.toast("Another one.", false)
		s.shows("refresh token.", "Another one.", "Watching globex")
		s.fits()
	}
}

func TestABadToastHasNoTimer(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	if cmd := s.model.toast("It failed.", true); cmd != nil {
		t.Error("what is bad goes away by itself")
	}
	for _, text := range []string{"one", "two", "three\x1b[31m"} {
		if cmd := s.model.toast(text, false); cmd == nil {
			t.Error("what is well stays for ever")
		}
	}
	if n := len(s.model.toasts.shown); n != toastsMost {
		t.Errorf("%d toasts", n)
	}
	s.shows("one", "two", "three")
	s.fits()
}

func TestWhatEndsOffScreenIsTold(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 80, 24, Options{Demo: true}, keychain.Memory())
	orgs := s.model.list.orgs
	s.model.runs[99] = &run{id: 99, events: make(chan keeper.Event), cancel: func() {}}
	s.model.totals.watch = evenClock{}.Stopwatch()
	for _, org := range orgs[:4] {
		s.model.live[org.Key] = &live{step: tokens.StepWaiting, watch: evenClock{}.Stopwatch()}
	}
	ended := func(org tokens.Org, outcome tokens.Outcome) {
		r := keeper.Result{Org: org, Attempt: tokens.Attempt{Outcome: outcome, Duration: 400 * time.Millisecond, Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 400}}}
		s.tell(steppedMsg{run: 99, event: keeper.Event{Key: org.Key, Result: &r}})
	}
	ended(orgs[0], tokens.OutcomeRefreshed) // its row is seen
	if n := len(s.model.toasts.shown); n != 0 {
		t.Errorf("%d toasts of what is seen", n)
	}
	s.press("?")
	ended(orgs[1], tokens.OutcomeRefreshed)
	s.shows(orgs[1].Alias + " refreshed in 0.4 s.")
	ended(orgs[2], tokens.OutcomeFailed)
	s.shows("2 refreshes ended off screen. 1 needs a person.")
	if n := len(s.model.toasts.shown); n != 1 {
		t.Errorf("%d toasts", n)
	}
	ended(orgs[3], tokens.OutcomeRefreshed)
	s.tell(steppedMsg{run: 99, ended: true})
	s.showsNot("ended off screen")
	s.shows("3 of 4 refreshed")
}
