package ui

import (
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/ui/settings"
	"orgkeep/ui/theme"
)

func TestAKeyGoesThroughTheThemes(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	first := s.model.View().Content
	for _, name := range append(theme.Names()[1:], theme.DefaultName) {
		s.press("ctrl+t")
		s.shows("Theme: " + name + ".")
		s.press("g") // the note goes
		if now := s.model.View().Content; (now == first) != (name == theme.DefaultName) {
			t.Errorf("%s looks like the default: %v", name, now == first)
		}
	}
}

// What the user says of the background is before what the terminal says.
func TestTheAppearanceIsTheUsers(t *testing.T) {
	t.Parallel()
	look := func(appearance string, background color.Color) string {
		o := settings.Default()
		o.Appearance = appearance
		s := newScreenWith(t, 120, 30, Options{Settings: o}, keychain.Memory())
		s.tell(tea.BackgroundColorMsg{Color: background})
		return s.model.theme.Fresh.Render("x")
	}
	dark, light := look(settings.AppearanceAuto, color.Black), look(settings.AppearanceAuto, color.White)
	if dark == light || !strings.Contains(dark, "\x1b[") {
		t.Errorf("%q and %q", dark, light)
	}
	if got := look(settings.AppearanceDark, color.White); got != dark {
		t.Errorf("dark is %q", got)
	}
	if got := look(settings.AppearanceLight, color.Black); got != light {
		t.Errorf("light is %q", got)
	}
}
