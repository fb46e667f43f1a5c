package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"orgkeep/keychain"
)

var sizes = []struct{ w, h int }{{60, 15}, {80, 24}, {120, 30}, {200, 50}}

// TestGoldens compares every view with what it looked like when somebody last
// looked at it. -update writes them anew.
func TestGoldens(t *testing.T) {
	t.Parallel()
	views := map[string]func(*screen){
		"list":    func(*screen) {},
		"failed":  func(s *screen) { s.goTo("globex"); s.press("r"); s.settle() },
		"open":    func(s *screen) { s.goTo("globex"); s.press("r"); s.settle(); s.press("enter") },
		"help":    func(s *screen) { s.press("?") },
		"search":  func(s *screen) { s.press("?", "/"); s.typeText("refresh token") },
		"palette": func(s *screen) { s.press(":") },
		"typed":   func(s *screen) { s.press("ctrl+p"); s.typeText("re") },
		"dialog":  func(s *screen) { s.model.ask(anywayDialog(s.model.list.orgs[1:2])) },
		"choice":  func(s *screen) { s.model.ask(anywayDialog(s.model.list.orgs[:1])) },
		"toasts": func(s *screen) {
			s.model.toast("The clipboard is cleared.", false)
			s.model.toast("globex: HTTP 400 invalid_grant: expired access/refresh token. The saved tokens are kept.", true)
		},
		"filter":  func(s *screen) { s.press("/"); s.typeText("acme"); s.press("space") },
		"history": func(s *screen) { s.goTo("globex"); s.press("r"); s.settle(); s.press("h") },
		"sorted":  func(s *screen) { s.press("s", "s", "S") },
		"grouped": func(s *screen) { s.press("o") },
		"folded":  func(s *screen) { s.press("o", "o", "g", "left", "down", "space", "left") },
		"times":   func(s *screen) { s.press("t", "t") },
		"hidden":  func(s *screen) { s.press("space", "space", "/"); s.typeText("is:expired"); s.press("enter") },
		"misread": func(s *screen) { s.press("/"); s.typeText("tag:acme is:gone") },
		"starred": func(s *screen) {
			s.goTo("hooli")
			s.press("*")
			s.until("the star", func() bool { return s.model.note != "" })
			s.press("g")
		},
		"marked":   func(s *screen) { s.press("space", "space") },
		"overview": func(s *screen) { s.goTo("acme-prod"); s.press("1") },
		"token": func(s *screen) {
			s.goTo("acme-prod")
			s.press("2")
			s.until("the tokens", func() bool { return !s.model.reveal.reading })
		},
		"online": func(s *screen) {
			s.goTo("acme-prod")
			s.press("2")
			s.until("the tokens", func() bool { return !s.model.reveal.reading })
			s.press("i")
			s.until("the answers", func() bool { return !s.model.looking.running })
			s.evenTimes()
			s.model.open(overlayDetail)
		},
		"compared": func(s *screen) { s.goTo("acme-prod"); s.press("space", "space", "=") },
		"failure":  func(s *screen) { s.goTo("globex"); s.press("r"); s.settle(); s.press("3") },
		"private":  func(s *screen) { s.press("p") },
	}
	for name, arrive := range views {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s_%dx%d", name, size.w, size.h), func(t *testing.T) {
				t.Parallel()
				s := newScreen(t, size.w, size.h)
				arrive(s)
				s.rest()
				s.fits()
				golden.RequireEqual(t, s.text()+"\n")
				t.Run("looks", s.looks)
			})
		}
	}
}

func TestGoldenASCII(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 120, 30, Options{Demo: true, ASCII: true}, keychain.Memory())
	s.goTo("globex")
	s.press("r")
	s.settle()
	s.rest()
	s.fits()
	text := s.text()
	for _, r := range text {
		if r > '~' {
			t.Errorf("%q is not ASCII", r)
		}
	}
	golden.RequireEqual(t, text+"\n")
}

func TestGoldenColours(t *testing.T) {
	t.Parallel()
	for name, profile := range map[string]colorprofile.Profile{
		"truecolor": colorprofile.TrueColor, "ansi": colorprofile.ANSI, "none": colorprofile.ASCII,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 120, 15)
			s.tell(tea.ColorProfileMsg{Profile: profile})
			s.rest()
			content := s.model.View().Content
			if coloured := strings.Contains(content, "\x1b[3"); coloured == (profile == colorprofile.ASCII) {
				t.Errorf("coloured is %v", coloured)
			}
			golden.RequireEqual(t, content+"\n")
		})
	}
}

func TestTooSmall(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 59, 15)
	s.shows("orgkeep needs a window of 60×15; this one is 59×15.")
	s.fits()
	s.tell(tea.WindowSizeMsg{Width: 40, Height: 10})
	s.fits()
	if words := strings.Join(strings.Fields(s.text()), " "); words != "orgkeep needs a window of 60×15; this one is 40×10." {
		t.Errorf("the narrow window says %q", words)
	}
	s.tell(tea.WindowSizeMsg{Width: 10, Height: 2})
	s.fits()
}

// fits makes sure that the frame has the window's height in lines (a window that
// is too small may have fewer), and that no line is wider than the window.
func (s *screen) fits() {
	s.t.Helper()
	lines := strings.Split(s.model.View().Content, "\n")
	if n := len(lines); n > max(1, s.model.height) || n < s.model.height && !s.model.layout().tooSmall {
		s.t.Errorf("%d lines in a window of %d", len(lines), s.model.height)
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > s.model.width {
			s.t.Errorf("line %d is %d wide in a window of %d: %q", i, w, s.model.width, ansi.Strip(line))
		}
	}
}
