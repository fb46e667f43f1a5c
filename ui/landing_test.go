package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/keychain"
)

// expiredScreen shows thirty customers, of whom the logins of cascade and kestrel
// are over.
func expiredScreen(t *testing.T, w, h int) *screen {
	t.Helper()
	return newScreenWith(t, w, h, Options{Demo: true, Scene: "expired"}, keychain.Memory())
}

// What has failed is seen when the run ends, with the cursor on the first.
func TestAfterARunTheFailedAreSeen(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ w, h int }{{60, 15}, {80, 24}, {120, 30}} {
		s := expiredScreen(t, size.w, size.h)
		s.press("R")
		s.settle()
		s.shows("▌ ✗ cascade", "✗ kestrel", "● aperture")
	}
	s := expiredScreen(t, 60, 15)
	s.press("s") // by alias: cascade is the fifth
	s.press("R")
	s.settle()
	s.shows("▌ ✗ cascade", "● aperture")
}

func TestARunThatIsCancelledLeavesTheListAtItsTop(t *testing.T) {
	t.Parallel()
	s := expiredScreen(t, 60, 15)
	first, _ := s.model.list.current()
	s.press("R")
	s.until("the first org to be refreshed", func() bool { return s.model.live[first.Key] == nil })
	s.press("esc")
	s.settle()
	if s.model.list.cursor != 0 || s.model.list.top != 0 {
		t.Errorf("the cursor has left the top:\n%s", s.text())
	}
}

// Whoever has moved the cursor, or has opened something, keeps the org.
func TestAfterARunTheCursorStaysWhereItWasMovedTo(t *testing.T) {
	t.Parallel()
	s := expiredScreen(t, 80, 24)
	s.press("R", "j", "j", "j")
	moved := s.model.currentAlias()
	s.settle()
	if got := s.model.currentAlias(); got != moved {
		t.Errorf("the cursor was moved to %s and is on %s", moved, got)
	}
	s = expiredScreen(t, 80, 24)
	opened := s.model.currentAlias()
	s.press("R", "enter")
	s.settle()
	s.tell(keyPress("esc"))
	if got := s.model.currentAlias(); got != opened {
		t.Errorf("%s was open, and the cursor is on %s", opened, got)
	}
}

// A run of one org says how it ended in the footer; the cursor follows the org.
func TestTheCursorFollowsTheOrgThatAloneIsRefreshed(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.goTo("initech")
	s.press("r")
	s.settle()
	if got := s.model.currentAlias(); got != "initech" {
		t.Errorf("the cursor is on %s", got)
	}
}

// In the narrowest window the header drops what needs nobody before what does,
// and keeps a distance from the store.
func TestTheHeaderOfANarrowWindow(t *testing.T) {
	t.Parallel()
	header := func(s *screen) string {
		line, _, _ := strings.Cut(s.text(), "\n")
		if !strings.Contains(line, "  memory") && !strings.Contains(line, "  keychain: memory") {
			t.Errorf("the store stands too close: %q", line)
		}
		return line
	}
	has := func(line string, words ...string) {
		t.Helper()
		for _, word := range words {
			if !strings.Contains(line, word) {
				t.Errorf("no %q in %q", word, line)
			}
		}
	}
	s := newScreen(t, 60, 15)
	has(header(s), "● 3", "◐ 2", "○ 5", "✗ 1", "◇ 1")
	s.press("w") // umbrella, whose watch stops at once
	s.until("the note", func() bool { return s.model.note != "" })
	has(header(s), "● 3", "◐ 2", "○ 5", "✗ 1", "◇ 1") // what is watched is in one of these
	s.tell(tea.WindowSizeMsg{Width: 80, Height: 15})
	has(header(s), "↻ 0, 1 stopped", "● 3", "✗ 1", "◇ 1")
	s = newScreen(t, 60, 15)
	s.press("R")
	s.until("a failure", func() bool { return s.model.totals.failed > 0 })
	has(header(s), " of ", " failed", "✗ ")
	s.settle()
	for width := MinWidth; width <= 120; width++ {
		s.tell(tea.WindowSizeMsg{Width: width, Height: 15})
		has(header(s), "✗ ")
		s.fits()
	}
}

// Neither the first star nor the first watch moves a column or takes a cell from
// a name.
func TestNoSignMovesTheColumns(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 80, 100, 120, 160, 200} {
		s := newScreen(t, width, 20)
		row := func() string {
			for line := range strings.SplitSeq(s.text(), "\n") {
				if strings.Contains(line, "initech") {
					return ansi.Cut(line, 0, s.model.layout().list.w)
				}
			}
			return ""
		}
		s.goTo("cyberdyne")
		before := row()
		s.press("*")
		s.until("the star", func() bool { return s.model.note != "" })
		s.shows("★")
		s.press("w")
		s.until("the watch", func() bool { return strings.Contains(s.model.note, "watched") })
		s.shows("↻", "cyberdyne  ")
		if after := row(); after != before {
			t.Errorf("width %d: the row was\n%s\nand is\n%s", width, before, after)
		}
		s.press("space")
		s.shows("✓")
		s.fits()
	}
}
