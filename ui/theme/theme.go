// Package theme holds every colour, style and glyph of the screen; nothing else
// names a colour.
package theme

import "github.com/charmbracelet/colorprofile"

// Options tell what the terminal can show and what the user likes.
type Options struct {
	// Name is one of Names; another one, the empty one too, is the default theme.
	Name    string
	Dark    bool // the background is dark
	Profile colorprofile.Profile
	ASCII   bool // draw with ASCII characters only
	Still   bool // the spinner has one frame
}

// Theme is the looks by meaning, and the glyphs. It does not change once made
// and is safe for concurrent use.
type Theme struct {
	Text, Strong, Muted, Faint, Accent   Paint
	Fresh, Ageing, Expired, Failed       Paint
	Busy, Unknown, Prod, Badge, Selected Paint
	Key                                  Paint // a key that is pressed
	Glyphs                               Glyphs

	// plainRow says that a selected row is drawn reversed and in one style,
	// because the terminal has no background dim enough to colour upon.
	plainRow bool
}

// New makes the theme for a terminal.
func New(o Options) Theme {
	p := named(o.Name)
	t := Theme{
		Text: p.text.paint(o), Strong: p.text.paint(o).Bold(true),
		Muted: p.muted.paint(o), Faint: p.faint.paint(o), Accent: p.accent.paint(o),
		Fresh: p.fresh.paint(o), Ageing: p.ageing.paint(o), Expired: p.expired.paint(o),
		Failed: p.failed.paint(o), Busy: p.busy.paint(o), Unknown: p.unknown.paint(o),
		Prod:     p.prod.paint(o),
		Selected: p.selected(o), plainRow: o.Profile == colorprofile.ANSI,
		Glyphs: glyphs(o),
	}
	t.Badge = Paint{bold: true, reverse: true, faint: t.Prod.faint, foreground: t.Prod.foreground}.made()
	t.Key = Paint{bold: true, reverse: true, faint: t.Accent.faint, foreground: t.Accent.foreground}.made()
	return t
}

// On returns paint as it is drawn on the row under the cursor.
func (t Theme) On(selected bool, paint Paint) Paint {
	switch {
	case !selected:
		return paint
	case t.plainRow:
		return t.Selected
	}
	return paint.over(t.Selected)
}

// Health returns the look and the glyph for the word of a health: fresh,
// ageing, expired, failed; any other word looks unknown.
func (t Theme) Health(word string) (Paint, string) {
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
