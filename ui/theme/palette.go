package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// tone is one meaning and the colours that carry it: for dark and light
// backgrounds, and for terminals of 16 colours.
type tone struct {
	dark, light string
	ansi        color.Color // nil: the terminal's own colour
	faint, bold bool        // in 16 colours
}

// The palette. The meanings are fixed; a test keeps every colour readable
// (4.5:1) on the usual backgrounds and on the selection.
var (
	toneMuted   = tone{dark: "#A3A9C2", light: "#565D78", faint: true}
	toneFaint   = tone{dark: "#969CB8", light: "#5C627C", ansi: lipgloss.BrightBlack}
	toneAccent  = tone{dark: "#6CC7F5", light: "#0A68A8", ansi: lipgloss.Cyan}
	toneFresh   = tone{dark: "#79DBA0", light: "#14713F", ansi: lipgloss.Green}
	toneAgeing  = tone{dark: "#F4C063", light: "#8A5700", ansi: lipgloss.Yellow}
	toneExpired = tone{dark: "#C9A0A8", light: "#8A4B57", faint: true}
	toneFailed  = tone{dark: "#FF8A98", light: "#B3203A", ansi: lipgloss.Red}
	toneBusy    = tone{dark: "#8FB4FF", light: "#2F55C9", ansi: lipgloss.Blue}
	toneUnknown = tone{dark: "#D6A6FF", light: "#7A3BAF", ansi: lipgloss.Magenta}
	toneProd    = tone{dark: "#FF9E64", light: "#A84300", ansi: lipgloss.Yellow, bold: true}
)

// selection is the background of the row under the cursor.
var selection = struct{ dark, light string }{dark: "#2B3052", light: "#E4E8F4"}

// style makes the style of a tone for one kind of terminal.
func (t tone) style(o Options) lipgloss.Style {
	s := lipgloss.NewStyle()
	switch o.Profile {
	case colorprofile.TrueColor, colorprofile.ANSI256:
		return s.Foreground(lipgloss.LightDark(o.Dark)(lipgloss.Color(t.light), lipgloss.Color(t.dark)))
	case colorprofile.ANSI:
		if t.ansi != nil {
			s = s.Foreground(t.ansi)
		}
		return s.Faint(t.faint).Bold(t.bold)
	case colorprofile.Unknown, colorprofile.NoTTY, colorprofile.ASCII:
	}
	return s
}
