package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// tone is one meaning and the colours that carry it: for dark and light
// backgrounds, and for terminals of 16 colours.
type tone struct {
	dark, light string      // empty: the terminal's own colour
	ansi        color.Color // nil: the terminal's own colour
	faint, bold bool        // in 16 colours
	// dark256 and light256 are for terminals of 256 colours, where the usual
	// conversion would lose the hue; 0 leaves it to that.
	dark256, light256 ansi.IndexedColor
}

// palette is one theme: a name and the tone of each meaning. The meanings are
// fixed; tests keep every colour readable on the usual backgrounds and on the
// selection.
type palette struct {
	name string
	// contrast is the least contrast (WCAG 2.2) of every pair; in 256 colours it
	// is 4.5 for all.
	contrast                          float64
	text, muted, faint, accent        tone
	fresh, ageing, expired, failed    tone
	busy, unknown, prod               tone
	selectionOnDark, selectionOnLight string // backgrounds of the row under the cursor
}

// The backgrounds of the row under the cursor in 256 colours, of any theme:
// nothing among those is both tinted and dim enough to read upon.
const (
	greyOnDark  = "#262626"
	greyOnLight = "#EEEEEE"
)

// DefaultName is the theme that is used unless the user names another one.
const DefaultName = "default"

// palettes are the themes, the default one first. In 16 colours none uses bright
// black: some terminals have the colour of their background there.
var palettes = []palette{
	{
		name: DefaultName, contrast: 4.5,
		muted:   tone{dark: "#A3A9C2", light: "#565D78"},
		faint:   tone{dark: "#969CB8", light: "#5C627C", faint: true},
		accent:  tone{dark: "#6CC7F5", light: "#0A68A8", ansi: lipgloss.Cyan},
		fresh:   tone{dark: "#79DBA0", light: "#14713F", ansi: lipgloss.Green, light256: 22},
		ageing:  tone{dark: "#F4C063", light: "#8A5700", ansi: lipgloss.Yellow, dark256: 221},
		expired: tone{dark: "#C9A0A8", light: "#8A4B57", faint: true},
		failed:  tone{dark: "#FF8A98", light: "#B3203A", ansi: lipgloss.Red, light256: 124},
		busy:    tone{dark: "#8FB4FF", light: "#2F55C9", ansi: lipgloss.Blue},
		unknown: tone{dark: "#D6A6FF", light: "#7030A0", ansi: lipgloss.Magenta},
		prod:    tone{dark: "#FF9E64", light: "#983C00", ansi: lipgloss.Yellow, bold: true},

		selectionOnDark: "#2B3052", selectionOnLight: "#E4E8F4",
	},
	{
		// In 16 colours it has none: only the terminal knows how they look, and its
		// own text is the one that it keeps readable.
		name: "high-contrast", contrast: 7,
		text:    tone{dark: "#FFFFFF", light: "#000000"},
		muted:   tone{dark: "#DCDFEA", light: "#303030"},
		faint:   tone{dark: "#C8CCDC", light: "#3A3A3A"},
		accent:  tone{dark: "#9EDCFF", light: "#003E6B", bold: true},
		fresh:   tone{dark: "#9CF0BC", light: "#00441F"},
		ageing:  tone{dark: "#FFD98A", light: "#553300", bold: true, light256: 94},
		expired: tone{dark: "#E8C8CE", light: "#5A2A34"},
		failed:  tone{dark: "#FFB9C1", light: "#7A0019", bold: true},
		busy:    tone{dark: "#BDD3FF", light: "#142F8C"},
		unknown: tone{dark: "#E6C9FF", light: "#51187F", bold: true},
		prod:    tone{dark: "#FFC29B", light: "#692A00", bold: true},

		selectionOnDark: "#23264A", selectionOnLight: "#DCE4FA",
	},
	{
		// Fresh, ageing and failed are apart in hue and in lightness for every kind
		// of colour blindness; a test simulates them.
		name: "colour-blind", contrast: 4.5,
		muted:   tone{dark: "#A9ADBD", light: "#565D70"},
		faint:   tone{dark: "#9A9FB3", light: "#5C6272", faint: true},
		accent:  tone{dark: "#8FBDFF", light: "#1F5FB0", ansi: lipgloss.BrightBlue},
		fresh:   tone{dark: "#00D2E1", light: "#00005F", ansi: lipgloss.Cyan},
		ageing:  tone{dark: "#FFF087", light: "#875F00", ansi: lipgloss.Yellow},
		expired: tone{dark: "#B4B4B4", light: "#5E5E5E", faint: true},
		failed:  tone{dark: "#D27869", light: "#87005F", ansi: lipgloss.Red, bold: true},
		busy:    tone{dark: "#8FB4FF", light: "#2F55C9", ansi: lipgloss.Blue},
		unknown: tone{dark: "#E3A8FF", light: "#7030A0", ansi: lipgloss.Magenta},
		prod:    tone{dark: "#FFB86B", light: "#8A4600", ansi: lipgloss.Yellow, bold: true},

		selectionOnDark: "#1C2233", selectionOnLight: "#E4E8F4",
	},
}

// Names returns the names of the themes, the default one first.
func Names() []string {
	names := make([]string, len(palettes))
	for i, p := range palettes {
		names[i] = p.name
	}
	return names
}

// named returns the palette of a name, the default one where there is no such
// name.
func named(name string) *palette {
	for i := range palettes {
		if palettes[i].name == name {
			return &palettes[i]
		}
	}
	return &palettes[0]
}

// selected is the look of the row under the cursor.
func (p *palette) selected(o Options) Paint {
	switch o.Profile {
	case colorprofile.TrueColor:
		return Paint{background: shade(o, p.selectionOnDark, p.selectionOnLight)}.made()
	case colorprofile.ANSI256:
		return Paint{background: shade(o, greyOnDark, greyOnLight)}.made()
	case colorprofile.ANSI:
		return Paint{reverse: true}.made()
	case colorprofile.Unknown, colorprofile.NoTTY, colorprofile.ASCII:
	}
	return Paint{bold: true}.made()
}

// paint makes the look of a tone on one kind of terminal.
func (t tone) paint(o Options) Paint {
	var p Paint
	switch o.Profile {
	case colorprofile.TrueColor:
		p.foreground = shade(o, t.dark, t.light)
	case colorprofile.ANSI256:
		p.foreground = t.in256(o.Dark)
	case colorprofile.ANSI:
		p.foreground, p.faint, p.bold = t.ansi, t.faint, t.bold
	case colorprofile.Unknown, colorprofile.NoTTY, colorprofile.ASCII:
	}
	return p.made()
}

// in256 is the tone in a terminal of 256 colours; nil where it has no colour.
func (t tone) in256(dark bool) color.Color {
	fixed, c := t.light256, shade(Options{Dark: dark}, t.dark, t.light)
	if dark {
		fixed = t.dark256
	}
	switch {
	case c == nil:
		return nil
	case fixed != 0:
		return fixed
	}
	return colorprofile.ANSI256.Convert(c)
}

// shade is the colour for the background of the terminal; nil where there is
// none.
func shade(o Options, dark, light string) color.Color {
	hex := light
	if o.Dark {
		hex = dark
	}
	if hex == "" {
		return nil
	}
	return lipgloss.Color(hex)
}
