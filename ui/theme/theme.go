// Package theme holds every colour, style and glyph of the screen; nothing else
// names a colour.
package theme

import (
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// Options tell what the terminal can show.
type Options struct {
	Dark    bool // the background is dark
	Profile colorprofile.Profile
	ASCII   bool // draw with ASCII characters only
}

// Theme is the styles by meaning, and the glyphs. It does not change once made
// and is safe for concurrent use.
type Theme struct {
	Text, Strong, Muted, Faint, Accent   lipgloss.Style
	Fresh, Ageing, Expired, Failed       lipgloss.Style
	Busy, Unknown, Prod, Badge, Selected lipgloss.Style
	Glyphs                               Glyphs

	// plainRow says that a selected row is drawn reversed and in one style,
	// because the terminal has no background dim enough to colour upon.
	plainRow bool
}

// New makes the theme for a terminal.
func New(o Options) Theme {
	t := Theme{
		Text: lipgloss.NewStyle(), Strong: lipgloss.NewStyle().Bold(true),
		Muted: toneMuted.style(o), Faint: toneFaint.style(o), Accent: toneAccent.style(o),
		Fresh: toneFresh.style(o), Ageing: toneAgeing.style(o), Expired: toneExpired.style(o),
		Failed: toneFailed.style(o), Busy: toneBusy.style(o), Unknown: toneUnknown.style(o),
		Prod: toneProd.style(o), Badge: toneProd.style(o).Bold(true).Reverse(true),
		Glyphs: glyphs(o.ASCII),
	}
	switch o.Profile {
	case colorprofile.TrueColor, colorprofile.ANSI256:
		t.Selected = lipgloss.NewStyle().Background(
			lipgloss.LightDark(o.Dark)(lipgloss.Color(selection.light), lipgloss.Color(selection.dark)))
	case colorprofile.ANSI:
		t.Selected, t.plainRow = lipgloss.NewStyle().Reverse(true), true
	case colorprofile.Unknown, colorprofile.NoTTY, colorprofile.ASCII:
		t.Selected = lipgloss.NewStyle().Bold(true)
	}
	return t
}

// On returns style as it is drawn on the row under the cursor.
func (t Theme) On(selected bool, style lipgloss.Style) lipgloss.Style {
	switch {
	case !selected:
		return style
	case t.plainRow:
		return t.Selected
	}
	return style.Inherit(t.Selected)
}

// Health returns the style and the glyph for the word of a health: fresh,
// ageing, expired, failed; any other word looks unknown.
func (t Theme) Health(word string) (lipgloss.Style, string) {
	switch word {
	case "fresh":
		return t.Fresh, t.Glyphs.Fresh
	case "ageing":
		return t.Ageing, t.Glyphs.Ageing
	case "expired":
		return t.Expired, t.Glyphs.Expired
	case "failed":
		return t.Failed, t.Glyphs.Failed
	}
	return t.Unknown, t.Glyphs.Unknown
}
