package ui

import (
	"slices"

	"github.com/charmbracelet/colorprofile"

	"orgkeep/ui/settings"
	"orgkeep/ui/theme"
)

// firstTheme is what the theme is made from until the terminal has told of
// itself.
func firstTheme(o Options) theme.Options {
	s := o.Settings.OrDefault()
	return theme.Options{
		Name: s.Theme, Dark: s.Appearance != settings.AppearanceLight, Profile: colorprofile.TrueColor, ASCII: o.ASCII, Still: o.Still,
	}
}

// backgroundTold takes what the terminal says of its background, unless the
// user has said it.
func (m *model) backgroundTold(dark bool) {
	if m.settings.Appearance != settings.AppearanceAuto {
		return
	}
	m.terminal.Dark = dark
	m.theme = theme.New(m.terminal)
}

// nextTheme goes to the theme after this one.
func (m *model) nextTheme() {
	names := theme.Names()
	next := names[(slices.Index(names, m.settings.Theme)+1)%len(names)]
	m.settings.Theme, m.terminal.Name = next, next
	m.theme = theme.New(m.terminal)
	m.note = "Theme: " + next + "."
}
