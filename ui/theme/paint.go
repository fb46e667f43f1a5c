package theme

import (
	"image/color"

	"github.com/charmbracelet/x/ansi"
)

// Paint is how a text looks. Its escape sequence is made once, with the theme:
// a frame has some thousand pieces of text, and a lipgloss.Style would work its
// sequence out anew for each. The zero Paint leaves a text as it is. A Paint is
// a value and safe for concurrent use.
type Paint struct {
	bold, faint, reverse   bool
	underline              bool
	foreground, background color.Color // nil: the terminal's own
	open                   string      // the sequence that turns it on
}

// made returns p with its sequence.
func (p Paint) made() Paint {
	var s ansi.Style
	if p.bold {
		s = s.Bold()
	}
	if p.reverse {
		s = s.Reverse(true)
	}
	if p.underline {
		s = s.Underline(true)
	}
	if p.faint {
		s = s.Faint()
	}
	if p.foreground != nil {
		s = s.ForegroundColor(p.foreground)
	}
	if p.background != nil {
		s = s.BackgroundColor(p.background)
	}
	if p.open = ""; len(s) > 0 {
		p.open = s.String()
	}
	return p
}

// Render returns text, which is one line, in this look. Text that has looks of
// its own loses this one after the first of them.
func (p Paint) Render(text string) string {
	if p.open == "" || text == "" {
		return text
	}
	return p.open + text + ansi.ResetStyle
}

// Bold returns p in bold, or not in bold.
func (p Paint) Bold(bold bool) Paint {
	p.bold = bold
	return p.made()
}

// Underline returns p underlined, or not.
func (p Paint) Underline(underline bool) Paint {
	p.underline = underline
	return p.made()
}

// over returns p with what it leaves open filled from below.
func (p Paint) over(below Paint) Paint {
	p.bold, p.faint, p.reverse = p.bold || below.bold, p.faint || below.faint, p.reverse || below.reverse
	if p.foreground == nil {
		p.foreground = below.foreground
	}
	if p.background == nil {
		p.background = below.background
	}
	return p.made()
}
