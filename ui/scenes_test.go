package ui

import (
	"testing"

	"orgkeep/keychain"
)

func TestTheDemoIsStartedAnewWithAnotherScenario(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newScreenWith(t, size.w, size.h, Options{
			Demo: true, Scene: "mixed", Scenes: []Scene{{"mixed", "twelve orgs"}, {"rotation", "refresh tokens that rotate"}},
		}, keychain.Memory())
		s.press("f2")
		s.fits()
		s.shows("Scenarios", "The demo plays mixed.", "1    mixed     twelve orgs", "2    rotation  refresh tokens")
		s.press("esc")
		s.shows(nothingChanged)
		s.press("R", "f2", "2")
		s.until("the end of the screen", func() bool { return s.quit })
		if want := (Ending{Next: NextDemo, Scenario: "rotation"}); s.model.ending != want {
			t.Errorf("the screen ended with %+v, want %+v", s.model.ending, want)
		}
	}
}

func TestScenariosAreForTheDemo(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("f2")
	s.shows("f2 is off: it is for the demo.")
	s.press("f3")
	s.shows("f3 is off: it is for the demo.")
}

func TestTheTourIsStartedFromTheDemo(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 80, 24, Options{Demo: true, Scene: "mixed", Scenes: []Scene{{"mixed", "twelve orgs"}}}, keychain.Memory())
	s.press(":", "t", "o", "u", "r")
	s.shows("f3", "play the tour")
	s.press("enter")
	s.until("the end of the screen", func() bool { return s.quit })
	if s.model.ending != TourStart() {
		t.Errorf("the screen ended with %+v", s.model.ending)
	}
}

// A signal ends the program, whatever the screen was being left for.
func TestASignalStartsNoDemo(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.start(s.model.endWith(Ending{Next: NextDemo}))
	s.tell(signalledMsg{})
	s.until("the end of the screen", func() bool { return s.quit })
	if s.model.ending.Next != NextStop {
		t.Errorf("the screen ended with %+v", s.model.ending)
	}
}
