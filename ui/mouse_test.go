package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/keychain"
	"orgkeep/ui/settings"
)

func (s *screen) click(x, y int) { s.tell(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }

// clickOn clicks on a text of the screen.
func (s *screen) clickOn(text string) {
	s.t.Helper()
	for y, line := range strings.Split(s.text(), "\n") {
		if before, _, found := strings.Cut(line, text); found {
			s.click(ansi.StringWidth(before)+1, y)
			return
		}
	}
	s.t.Fatalf("%q is not on the screen:\n%s", text, s.text())
}

func (s *screen) wheel(x, y int, button tea.MouseButton) {
	s.tell(tea.MouseWheelMsg{X: x, Y: y, Button: button})
}

func TestAClickGoesToTheRowThatIsDrawnThere(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newScreen(t, size.w, size.h)
		s.press("G")
		for _, i := range s.model.visible() {
			alias := s.model.list.orgs[i].Alias
			s.clickOn(" " + alias + " ")
			if s.model.currentAlias() != alias {
				t.Errorf("%d×%d: a click on %s goes to %s", size.w, size.h, alias, s.model.currentAlias())
			}
		}
		s.fits()
	}
}

func TestADoubleClickOpens(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.clickOn(" globex ")
	s.model.mouse.watch = func() time.Duration { return double + 1 }
	s.clickOn(" globex ") // too late
	if s.model.overlay != overlayNone {
		t.Error("two slow clicks open")
	}
	s.clickOn(" hooli ")
	s.clickOn(" globex ")
	if s.model.overlay != overlayNone {
		t.Error("clicks on two rows open")
	}
	s.clickOn(" globex ")
	if s.model.overlay != overlayDetail || s.model.currentAlias() != "globex" {
		t.Errorf("a double click opened %d on %s", s.model.overlay, s.model.currentAlias())
	}
	s.clickOn("esc close")
	if s.model.overlay != overlayNone {
		t.Error("a click on the footer does not close it")
	}
}

func TestTheWheelScrollsWhatIsUnderIt(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 60, 15)
	s.wheel(5, 5, tea.MouseWheelDown)
	if s.model.list.top != 2 || s.model.list.cursor != 2 { // 12 orgs, 10 rows
		t.Errorf("the list is at %d, the cursor at %d", s.model.list.top, s.model.list.cursor)
	}
	s.wheel(5, 5, tea.MouseWheelUp)
	if s.model.list.top != 0 || s.model.list.cursor != 2 {
		t.Errorf("the list is at %d, the cursor at %d", s.model.list.top, s.model.list.cursor)
	}
	s.wheel(5, 14, tea.MouseWheelDown) // the footer
	s.wheel(5, 5, tea.MouseWheelLeft)
	if s.model.list.top != 0 {
		t.Error("the wheel beside the list scrolls it")
	}
	s.press("?")
	s.wheel(5, 5, tea.MouseWheelDown)
	if s.model.scroll != wheelRows || s.model.list.top != 0 {
		t.Errorf("the help is at %d, the list at %d", s.model.scroll, s.model.list.top)
	}
	s.press("esc", ":")
	s.wheel(30, 7, tea.MouseWheelDown)
	if s.model.palette.cursor != wheelRows {
		t.Errorf("the palette is at %d", s.model.palette.cursor)
	}
}

func TestAClickRunsNothingThatIsOff(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 200, 50)
	s.goTo("hooli") // which has no refresh token
	s.clickOn("r refresh")
	s.shows("r is off: hooli has no refresh token.")
	s.press("?")
	s.clickOn("Refresh an org whose last outcome")
	s.shows("! is off: it is for orgs whose last outcome is unknown, or that a pause holds back.")
	if s.model.dialog() != nil || s.model.overlay != overlayNone {
		t.Error("a click ran what is off")
	}
	s.press(":")
	s.typeText("try")
	s.clickOn("try anyway")
	s.shows("try anyway is off")
	s.click(1, 1) // beside it
	if s.model.palette != nil {
		t.Error("a click beside the palette does not close it")
	}
}

func TestClicksInThePaletteTheHelpAndADialog(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.clickOn(": commands")
	s.clickOn("refresh all stale")
	if len(s.model.live) == 0 {
		t.Error("a click in the palette runs nothing")
	}
	s.settle()
	s.press("?")
	s.clickOn("Mark the org")
	if len(s.model.list.marks.set) != 1 {
		t.Error("a click in the help runs nothing")
	}
	made := 0
	s.start(s.model.openByItself(plainDialog("Sure?", &made)))
	s.clickOn("do it") // it does not hear yet
	s.hears()
	s.clickOn(" wayne ") // what lies under it
	if made != 0 || s.model.dialog() == nil {
		t.Error("a click went through a dialog, or answered one that is deaf")
	}
	s.clickOn("do it")
	if made != 1 || s.model.dialog() != nil {
		t.Errorf("the choice was made %d times", made)
	}
	s.press("/")
	s.clickOn("enter keep the filter")
	if s.model.filtering {
		t.Error("a click does not keep the filter")
	}
	s.model.note, s.model.summed = "2 failed.", true
	s.clickOn(" hooli ")
	if s.model.note != "" || s.model.summed {
		t.Error("a click leaves the note, and its keys with it")
	}
	s.tell(tea.MouseClickMsg{X: 5, Y: 5, Button: tea.MouseRight})
	s.tell(tea.MouseReleaseMsg{X: 5, Y: 5, Button: tea.MouseLeft})
	s.tell(tea.MouseMotionMsg{X: 5, Y: 5, Button: tea.MouseLeft})
}

func TestTheMouseIsGivenBackToTheTerminal(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	if s.model.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse is off")
	}
	s.press("M")
	s.shows("The mouse is the terminal's")
	if s.model.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is still orgkeep's")
	}
	s.press("j")
	s.shows("M takes the mouse back", "q quit")
	s.press("M", "j")
	s.showsNot("takes the mouse back")
	if s.model.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse did not come back")
	}
}

func TestWithoutMouse(t *testing.T) {
	t.Parallel()
	o := settings.Default()
	o.Mouse = false
	s := newScreenWith(t, 80, 24, Options{Demo: true, Settings: o}, keychain.Memory())
	if s.model.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is on")
	}
	s.showsNot("takes the mouse back")
}
