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

// tones are the tones of a palette by name.
func (p palette) tones() map[string]tone {
	return map[string]tone{
		"text": p.text, "muted": p.muted, "faint": p.faint, "accent": p.accent, "fresh": p.fresh, "ageing": p.ageing,
		"expired": p.expired, "failed": p.failed, "busy": p.busy, "unknown": p.unknown, "prod": p.prod,
	}
}

// Every colour is measured as it is, and as a terminal of 256 colours shows it.
func TestEveryColourIsReadable(t *testing.T) {
	t.Parallel()
	for _, p := range palettes {
		for name, tone := range p.tones() {
			for background, hex := range map[string]string{
				"#000000": tone.dark, "#1E1E1E": tone.dark, p.selectionOnDark: tone.dark,
				"#FFFFFF": tone.light, "#FDF6E3": tone.light, p.selectionOnLight: tone.light,
			} {
				if hex == "" {
					continue
				}
				colour, under := lipgloss.Color(hex), lipgloss.Color(background)
				if got := contrast(colour, under); got < p.contrast {
					t.Errorf("%s: %s (%s) on %s: contrast %.2f", p.name, name, hex, background, got)
				}
				colour = tone.in256(hex == tone.dark)
				switch background {
				case p.selectionOnDark:
					under = colorprofile.ANSI256.Convert(lipgloss.Color(greyOnDark))
				case p.selectionOnLight:
					under = colorprofile.ANSI256.Convert(lipgloss.Color(greyOnLight))
				}
				if got := contrast(colour, under); got < 4.5 { // there are not enough dark ones for more
					t.Errorf("%s: %s (%s) on %s in 256 colours: contrast %.2f", p.name, name, hex, background, got)
				}
			}
		}
	}
}

func TestThemesHaveNames(t *testing.T) {
	t.Parallel()
	names := Names()
	if names[0] != DefaultName {
		t.Errorf("the first theme is %q", names[0])
	}
	seen := map[string]string{"": ""}
	for _, name := range names {
		for _, dark := range []bool{true, false} {
			theme := New(Options{Name: name, Dark: dark, Profile: colorprofile.TrueColor})
			look := theme.Fresh.Render("x") + theme.Muted.Render("x") + theme.On(true, theme.Text).Render("x")
			if other, known := seen[look]; known {
				t.Errorf("%s (dark %v) looks like %s", name, dark, other)
			}
			seen[look] = name
		}
	}
	if New(Options{Name: "no such theme"}).Fresh != New(Options{}).Fresh {
		t.Error("an unknown name is not the default theme")
	}
}

// Whatever the theme, a terminal without colours is sent none.
func TestNoThemeColoursWithoutColours(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		theme := New(Options{Name: name, Dark: true, Profile: colorprofile.ASCII})
		for _, paint := range []Paint{
			theme.Text, theme.Muted, theme.Faint, theme.Accent, theme.Fresh, theme.Ageing, theme.Expired, theme.Failed,
			theme.Busy, theme.Unknown, theme.Prod,
		} {
			if got := paint.Render("x"); got != "x" {
				t.Errorf("%s: %q", name, got)
			}
			if got := theme.On(true, paint).Render("x"); got != "\x1b[1mx\x1b[m" {
				t.Errorf("%s, selected: %q", name, got)
			}
		}
	}
}

// In 16 colours only the sixteen and attributes are used, and the states that
// need a person differ from those that do not.
func TestSixteenColours(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		theme := New(Options{Name: name, Dark: true, Profile: colorprofile.ANSI})
		for _, paint := range []Paint{theme.Text, theme.Muted, theme.Faint, theme.Accent, theme.Fresh, theme.Ageing, theme.Failed, theme.Unknown} {
			if got := paint.Render("x"); strings.Contains(got, "38;") || strings.Contains(got, "48;") {
				t.Errorf("%s: %q", name, got)
			}
		}
		if theme.Failed.Render("x") == theme.Fresh.Render("x") {
			t.Errorf("%s: failed looks like fresh: %q", name, theme.Failed.Render("x"))
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
		g := signs(ascii)
		all := append([]string{
			g.Fresh, g.Ageing, g.Expired, g.Failed, g.Unknown, g.Waiting, g.Cursor, g.Mark, g.Favourite, g.Life, g.LifeEstimate, g.LifeSpent,
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
	for _, glyph := range []string{signs(true).Fresh, signs(true).Ageing, signs(true).Expired, signs(true).Failed, signs(true).Unknown} {
		states[glyph] = true
	}
	if len(states) != 5 {
		t.Errorf("two states share a glyph: %v", states)
	}
	const words = "a…b – c — d · e × f"
	if folded := signs(true).Fold(words); ansi.StringWidth(folded) != ansi.StringWidth(words) {
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

func TestASpinnerThatIsStillHasOneFrame(t *testing.T) {
	t.Parallel()
	for _, ascii := range []bool{false, true} {
		if moving, still := New(Options{ASCII: ascii}).Glyphs.Busy, New(Options{ASCII: ascii, Still: true}).Glyphs.Busy; len(moving) < 2 || len(still) != 1 {
			t.Errorf("ASCII %v: %q moves, %q is still", ascii, moving, still)
		}
	}
}

// No sign of a row means two things: of those that stand in one place, and of
// those that can be beside each other.
func TestEverySignMeansOneThing(t *testing.T) {
	t.Parallel()
	for _, ascii := range []bool{false, true} {
		g := New(Options{ASCII: ascii}).Glyphs
		signs := append([]string{g.Fresh, g.Ageing, g.Expired, g.Failed, g.Unknown, g.Waiting, g.Mark, g.Favourite, g.Watched, g.Halted, "~", "!"}, g.Busy...)
		seen := map[string]bool{}
		for _, sign := range signs {
			if seen[sign] {
				t.Errorf("ASCII %v: %q means two things", ascii, sign)
			}
			seen[sign] = true
		}
	}
}

// What is cut does not look like a name in ASCII, where a dot or a letter would.
func TestACutNameIsSeenInASCII(t *testing.T) {
	t.Parallel()
	if got := New(Options{ASCII: true}).Glyphs.Fold("mil…@cyberdyne.examp…"); got != "mil>@cyberdyne.examp>" {
		t.Errorf("the cut name is %q", got)
	}
}

// The terminal's bright black is the background itself in some schemes of 16
// colours, and bright white in their light ones.
func TestSixteenColoursHaveNoneThatMayBeTheBackground(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		th := New(Options{Name: name, Profile: colorprofile.ANSI})
		for what, paint := range map[string]Paint{
			"text": th.Text, "muted": th.Muted, "faint": th.Faint, "accent": th.Accent, "fresh": th.Fresh, "ageing": th.Ageing, "expired": th.Expired,
			"failed": th.Failed, "busy": th.Busy, "unknown": th.Unknown, "prod": th.Prod,
		} {
			switch paint.foreground {
			case lipgloss.Black, lipgloss.White, lipgloss.BrightBlack, lipgloss.BrightWhite:
				t.Errorf("%s: %s is %v", name, what, paint.foreground)
			}
		}
		if th.Muted.Render("x") != th.Text.Render("x") {
			t.Errorf("%s: what is muted is not as readable as the text: %q", name, th.Muted.Render("x"))
		}
	}
}

// A Paint draws what lipgloss draws.
func TestPaintsAreLipglossStyles(t *testing.T) {
	t.Parallel()
	red, blue := lipgloss.Color("#FF0000"), lipgloss.Color("#0000FF")
	for _, c := range []struct {
		paint Paint
		style lipgloss.Style
	}{
		{Paint{}, lipgloss.NewStyle()},
		{Paint{foreground: red}, lipgloss.NewStyle().Foreground(red)},
		{Paint{foreground: red}.Bold(true), lipgloss.NewStyle().Foreground(red).Bold(true)},
		{Paint{foreground: lipgloss.Red, faint: true, bold: true}, lipgloss.NewStyle().Foreground(lipgloss.Red).Faint(true).Bold(true)},
		{Paint{reverse: true, bold: true, foreground: red}, lipgloss.NewStyle().Reverse(true).Bold(true).Foreground(red)},
		{Paint{foreground: red}.over(Paint{foreground: blue, background: blue}), lipgloss.NewStyle().Foreground(red).Background(blue)},
	} {
		if got, want := c.paint.made().Render("a b"), c.style.Render("a b"); got != want {
			t.Errorf("%q, lipgloss writes %q", got, want)
		}
	}
	if got := (Paint{foreground: red}).made().Render(""); got != "" {
		t.Errorf("nothing is drawn as %q", got)
	}
}

func BenchmarkRender(b *testing.B) {
	theme := New(Options{Dark: true, Profile: colorprofile.TrueColor})
	for b.Loop() {
		_ = theme.Failed.Render("customer-00042")
	}
}
