package theme

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// luminance and contrast are those of WCAG 2.2, "relative luminance" and
// "contrast ratio".
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestEveryColourIsReadable(t *testing.T) {
	t.Parallel()
	tones := map[string]tone{
		"muted": toneMuted, "faint": toneFaint, "accent": toneAccent, "fresh": toneFresh, "ageing": toneAgeing,
		"expired": toneExpired, "failed": toneFailed, "busy": toneBusy, "unknown": toneUnknown, "prod": toneProd,
	}
	for name, tone := range tones {
		for background, colour := range map[string]string{
			"#000000": tone.dark, "#1E1E1E": tone.dark, selection.dark: tone.dark,
			"#FFFFFF": tone.light, "#FDF6E3": tone.light, selection.light: tone.light,
		} {
			if got := contrast(lipgloss.Color(colour), lipgloss.Color(background)); got < 4.5 {
				t.Errorf("%s (%s) on %s: contrast %.2f", name, colour, background, got)
			}
		}
	}
}

func TestContrastIsMeasuredRight(t *testing.T) {
	t.Parallel()
	if got := contrast(lipgloss.Color("#000000"), lipgloss.Color("#FFFFFF")); math.Abs(got-21) > 0.001 {
		t.Errorf("black on white is %.3f", got)
	}
	// #767676 on white is the well-known lightest grey that passes.
	if got := contrast(lipgloss.Color("#767676"), lipgloss.Color("#FFFFFF")); math.Abs(got-4.54) > 0.01 {
		t.Errorf("grey on white is %.3f", got)
	}
}

func TestGlyphsAreOneCell(t *testing.T) {
	t.Parallel()
	for _, ascii := range []bool{false, true} {
		g := glyphs(ascii)
		all := append([]string{
			g.Fresh, g.Ageing, g.Expired, g.Failed, g.Unknown, g.Waiting, g.Cursor, g.Mark, g.Life, g.LifeEstimate, g.LifeSpent,
			g.Border.TopLeft, g.Border.TopRight, g.Border.BottomLeft, g.Border.BottomRight, g.Border.Horizontal, g.Border.Vertical,
		}, g.Busy...)
		for _, glyph := range all {
			if ansi.StringWidth(glyph) != 1 {
				t.Errorf("%q is %d cells wide", glyph, ansi.StringWidth(glyph))
			}
			if ascii && strings.IndexFunc(glyph, func(r rune) bool { return r > '~' }) >= 0 {
				t.Errorf("%q is not ASCII", glyph)
			}
		}
	}
	states := map[string]bool{}
	for _, glyph := range []string{glyphs(true).Fresh, glyphs(true).Ageing, glyphs(true).Expired, glyphs(true).Failed, glyphs(true).Unknown} {
		states[glyph] = true
	}
	if len(states) != 5 {
		t.Errorf("two states share a glyph: %v", states)
	}
	const words = "a…b – c — d · e × f"
	if folded := glyphs(true).Fold(words); ansi.StringWidth(folded) != ansi.StringWidth(words) {
		t.Errorf("%q has another width than %q", folded, words)
	}
}

func TestSelectionKeepsItsColours(t *testing.T) {
	t.Parallel()
	for profile, want := range map[colorprofile.Profile]string{
		colorprofile.TrueColor: "48;2;", colorprofile.ANSI: "\x1b[7m", colorprofile.ASCII: "\x1b[1m",
	} {
		theme := New(Options{Dark: true, Profile: profile})
		if got := theme.On(true, theme.Failed).Render("x"); !strings.Contains(got, want) {
			t.Errorf("%v: %q has no %q", profile, got, want)
		}
	}
}
