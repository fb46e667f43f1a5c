package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"orgkeep/keychain"
	"orgkeep/ui/settings"
)

// onTour is a screen that plays a chapter, fast.
func onTour(t *testing.T, w, h, n int, o Options) *screen {
	t.Helper()
	o.Demo, o.Enclosed, o.Scene, o.Tour = true, true, chapters[n-1].scenario, Tour{Chapter: n, Speed: 200}
	s := newScreenWith(t, w, h, o, keychain.Memory())
	s.model.stage = s.demo
	return s
}

// plays waits until the tour is behind its step n, or behind its chapter.
func (s *screen) plays(n int) {
	s.t.Helper()
	s.until(fmt.Sprintf("the end of step %d", n), func() bool {
		return s.model.tour.step > n || s.quit || !s.model.tour.on
	})
}

// shown is what the screen shows when a step of a chapter is over.
var shown = [][][]string{
	{
		{"AGE", "LEFT", "IDLE", "1 of 5", "The two clocks"},
		{"~2m", "12m 05s"},
		{"29d"},
		{"1/1", "/idle:<7d", "2d !"},
		{"[1 overview]", "Access token", "Refresh token", "of 30 days"},
		{"initech", "New access token saved"},
		{"initech", "11/12", "0s  ~2h 00m  30d   ok "},
	},
	{
		{"30 orgs", "2 of 5"},
		{" of 30"},
		{"28 of 30 refreshed", "2 failed and need a person (y copies reports): "},
		{"1/30", "HTTP 400"},
		{"1/30", "HTTP 400"},
	},
	{
		{"28 of 30 refreshed"},
		{"/is:failed", "1/2", "HTTP 400"},
		{"[3 failure]", "The endpoint said", "invalid_grant"},
		{"The endpoint said", "What it means", "What to do", "Sign in again with the same app", "l  sign in, off: the demo has nobody to sign in"},
		{"who ", "retry ", "does not help by itself", "Likely causes", `{"error":"invalid_grant"`},
		{`{"error":"invalid_grant"`},
	},
	{
		{"8 orgs", "Rotation, and what others get wrong"},
		{"refreshed in 0.4 s. New access token and new refresh token saved"},
		{"8/8"},
		{"Another program has refreshed corvid. The one saved here is used up."},
		{"HTTP 400", "~2h 00m"},
		{"corvid does not accept the access token: HTTP 403"},
		{"[3 failure]", "expired access/refresh token", "Sign in again with the same app"},
		{"Likely causes", "the app rotates refresh tokens, and an older one was sent"},
		{"Likely causes", "the app rotates refresh tokens, and an older one was sent"},
	},
	{
		{"/is:fresh", "1/3"},
		{"[2 token]", "kind       JWT, ", "sha-256"},
		{"JWT "},
		{"eyJ"},
		{"cyberdyne's access token is on the demo's own clipboard"},
		{"[2 token]"},
	},
}

func TestTheTourPlaysEveryChapter(t *testing.T) {
	t.Parallel()
	if len(shown) != len(chapters) || len(chapters) != 5 {
		t.Fatalf("%d chapters, %d of them are looked at", len(chapters), len(shown))
	}
	for n := 1; n <= len(chapters); n++ {
		for _, size := range []struct{ w, h int }{{80, 24}, {120, 30}} {
			t.Run(fmt.Sprintf("%d_%dx%d", n, size.w, size.h), func(t *testing.T) {
				t.Parallel()
				s := onTour(t, size.w, size.h, n, Options{})
				s.start(s.model.startTour())
				steps := chapters[n-1].steps
				for i := range steps {
					first, _, _ := strings.Cut(steps[i].caption, " ")
					s.shows(first)
					for _, key := range steps[i].keys {
						s.shows("[" + keyLabel(key) + "]")
					}
					s.plays(i)
					s.fits()
					s.shows(shown[n-1][i]...)
					if s.model.tour.on {
						s.shows(" space pause  right " + map[bool]string{false: "next", true: "end"}[n == len(chapters)] + "  left back  esc to the demo ")
					}
				}
				s.endsChapter(n)
			})
		}
	}
}

// endsChapter looks at what comes after a chapter: the next one, or the demo.
func (s *screen) endsChapter(n int) {
	s.t.Helper()
	if n == len(chapters) {
		s.shows("That was the tour.")
		s.press("esc")
		s.shows("r refresh")
		return
	}
	s.until("the end of the screen", func() bool { return s.quit })
	if want := (Ending{Next: NextDemo, Scenario: chapters[n].scenario, Chapter: n + 1}); s.model.ending != want {
		s.t.Errorf("chapter %d ended with %+v, want %+v", n, s.model.ending, want)
	}
}

// In private mode, with ASCII only and in the smallest window, every chapter
// comes to its end and shows no name.
func TestTheTourInPrivateModeAndASCII(t *testing.T) {
	t.Parallel()
	private := settings.Default()
	private.Private = true
	for n := 1; n <= len(chapters); n++ {
		t.Run(chapters[n-1].title, func(t *testing.T) {
			t.Parallel()
			s := onTour(t, MinWidth, MinHeight, n, Options{Settings: private, ASCII: true})
			s.start(s.model.startTour())
			for i := range chapters[n-1].steps {
				s.plays(i)
				s.fits()
				s.showsNot("needs a window")
				for _, org := range s.model.list.orgs {
					s.showsNot(org.Username)
				}
				if i := strings.IndexFunc(s.text(), func(r rune) bool { return r > '~' }); i >= 0 {
					t.Errorf("%q is not ASCII", s.text()[i:i+10])
				}
			}
			s.endsChapter(n)
		})
	}
}

// still stops the tour's ticks, so that a frame can be looked at.
func (s *screen) still() { s.model.tour.ticks++ }

func TestGoldenTour(t *testing.T) {
	t.Parallel()
	for n, before := range []int{3, 0, 2, 4, 0} {
		for _, size := range []struct{ w, h int }{{80, 24}, {120, 30}} {
			t.Run(fmt.Sprintf("%d_%dx%d", n+1, size.w, size.h), func(t *testing.T) {
				t.Parallel()
				s := onTour(t, size.w, size.h, n+1, Options{})
				s.start(s.model.startTour())
				s.plays(before)
				s.still()
				s.rest()
				golden.RequireEqual(t, s.text()+"\n")
				t.Run("looks", s.looks)
			})
		}
	}
}

func TestTheTourIsStopped(t *testing.T) {
	t.Parallel()
	s := onTour(t, 120, 30, 2, Options{})
	s.shows("space pause", "right next", "left back", "esc to the demo")
	s.start(s.model.startTour())
	s.press("space")
	s.shows("paused", "space go on  right next  left back  esc to the demo")
	step := s.model.tour.step
	s.tell(tourTickedMsg{tick: s.model.tour.ticks}) // one that was under way
	if s.model.tour.step != step || s.model.tour.pressed != 0 {
		t.Error("the tour went on while it paused")
	}
	s.press("R", "x", "f2") // not the tour's
	if len(s.model.runs) != 0 || s.model.dialog() != nil {
		t.Error("a key went to the demo while the tour played")
	}
	s.press("space")
	s.showsNot("paused")
	s.plays(0)
	s.press("esc")
	s.shows("The demo is yours.")
	s.press("j")
	s.shows("r refresh")
	s.showsNot("2 of 5")
}

func TestTheTourIsTurned(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]int{"right": 3, "n": 3, "left": 1, "b": 1} {
		s := onTour(t, 120, 30, 2, Options{})
		s.press(key)
		s.until("the end of the screen", func() bool { return s.quit })
		if s.model.ending != chapterEnding(want) {
			t.Errorf("%s leads to %+v", key, s.model.ending)
		}
	}
	s := onTour(t, 120, 30, 1, Options{})
	s.press("left")
	s.until("the end of the screen", func() bool { return s.quit })
	if s.model.ending != chapterEnding(1) {
		t.Errorf("before the first chapter comes %+v", s.model.ending)
	}
	s = onTour(t, 120, 30, 5, Options{})
	s.shows("right end")
	s.press("n")
	s.shows("That was the tour.")
	s = onTour(t, 120, 30, 2, Options{})
	s.press("space", "right")
	s.until("the end of the screen", func() bool { return s.quit })
	if want := (Ending{Next: NextDemo, Scenario: chapters[2].scenario, Chapter: 3, Paused: true}); s.model.ending != want {
		t.Errorf("a paused tour is turned to %+v, want %+v", s.model.ending, want)
	}
	s = newScreenWith(t, 120, 30, Options{Demo: true, Tour: Tour{Chapter: 3, Speed: 200, Paused: true}}, keychain.Memory())
	s.shows("paused", "space go on")
	if cmd := s.model.startTour(); cmd != nil {
		t.Error("a paused chapter goes on by itself")
	}
	s.press("space")
	s.shows("space pause")
	s.plays(0)
	s = onTour(t, 120, 30, 1, Options{})
	s.press("ctrl+c")
	s.until("the end of the screen", func() bool { return s.quit })
	if s.model.ending.Next != NextEnd {
		t.Errorf("ctrl+c leads to %+v", s.model.ending)
	}
}

// Captions fit into their lines, name no org, and press keys that there are.
func TestTheChapters(t *testing.T) {
	t.Parallel()
	var names []string
	for _, scene := range []string{"mixed", "expired", "rotation"} {
		for _, org := range newScreenWith(t, 80, 24, Options{Demo: true, Scene: scene}, keychain.Memory()).model.list.orgs {
			names = append(names, org.Alias)
		}
	}
	for _, c := range chapters {
		for _, st := range c.steps {
			for _, fits := range []struct{ w, lines int }{{captionWidth, captionLines}, {MinWidth, captionMost}} {
				if n := len(wrap(st.caption, fits.w-2)); n > fits.lines {
					t.Errorf("%q has %d lines in %d columns", st.caption, n, fits.w)
				}
			}
			if i := slices.IndexFunc(names, func(name string) bool { return strings.Contains(st.caption, name) }); i >= 0 {
				t.Errorf("%q names %s", st.caption, names[i])
			}
		}
	}
}

func TestAPressedKeyLooksPressed(t *testing.T) {
	t.Parallel()
	s := onTour(t, 80, 24, 1, Options{})
	s.model.tour.step = 3 // presses / first
	pressed := func() bool { return strings.Contains(s.model.View().Content, s.model.theme.Key.Render("[/]")) }
	if pressed() {
		t.Error("a key looks pressed before it is")
	}
	s.tell(tourTickedMsg{tick: s.model.tour.ticks})
	if !pressed() || !s.model.filtering {
		t.Errorf("the key does not look pressed, or was not: %q", s.model.View().Content)
	}
}
