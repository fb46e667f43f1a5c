package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/ui/theme"
)

// View draws the model and changes nothing.
func (m *model) View() tea.View {
	v := tea.NewView(m.frameText())
	v.AltScreen = true
	v.ReportFocus = true
	v.WindowTitle = "orgkeep"
	if m.demo {
		v.WindowTitle = "orgkeep demo"
	}
	v.Cursor = m.textCursor()
	v.ProgressBar = m.terminalProgress()
	if m.mouse.on {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// frameText is the whole screen: exactly height lines, none wider than width.
func (m *model) frameText() string {
	l := m.layout()
	if l.tooSmall {
		return m.tooSmall()
	}
	lines := make([]string, 0, m.height)
	lines = append(lines, m.headerLine(l.header.w))
	if l.banner.h > 0 {
		lines = append(lines, m.bannerLine(l.banner.w))
	}
	switch {
	case m.signIn.stage != signInClosed:
		lines = append(lines, m.signInBox(l.over)...)
	case m.overlay == overlayDetail:
		lines = append(lines, m.overBox(m.theme.Strong.Render(m.currentName()), l.over)...)
	case m.overlay == overlayHelp:
		lines = append(lines, m.overBox(m.helpTitle(), l.over)...)
	case m.overlay == overlayCompare:
		lines = append(lines, m.overBox(m.theme.Strong.Render("Two orgs side by side"), l.over)...)
	case m.overlay == overlayText:
		lines = append(lines, m.overBox(m.readingTitle(), l.over)...)
	case m.overlay == overlayDoctor:
		lines = append(lines, m.overBox(m.doctorTitle(), l.over)...)
	case m.guided():
		lines = append(lines, m.guideBox(l.over)...)
	case l.detail.w > 0:
		lines = append(lines, beside(m.listBox(l.list), m.detailBox(l.detail))...)
	default:
		lines = append(lines, m.listBox(l.list)...)
	}
	m.cover(lines, l)
	lines = append(lines, m.tourBar(l.tour)...)
	foot := m.footerLines(l.footer.w)
	lines = append(lines[:m.height-len(foot)], foot...)
	return m.theme.Glyphs.Fold(strings.Join(lines, "\n"))
}

// cover draws what lies over the lines of the screen: toasts, and on a dimmed
// ground the palette or the dialog that takes the keys.
func (m *model) cover(lines []string, l layout) {
	if m.dialog() != nil || m.palette != nil || m.adding.open {
		m.dim(lines[l.over.y:])
	}
	m.layToasts(lines, l)
	switch {
	case m.dialog() != nil:
		a := m.asking(l)
		lay(lines, m.dialogBox(a), a.at, m.width)
	case m.palette != nil:
		lay(lines, m.paletteBox(l), m.paletteAt(l), m.width)
	case m.adding.open:
		p := m.addLayout(l)
		lay(lines, m.addBox(p), p.at, m.width)
	}
}

func (m *model) tooSmall() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	lines := wrap(fmt.Sprintf("orgkeep needs a window of %d×%d; this one is %d×%d.", MinWidth, MinHeight, m.width, m.height), m.width)
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

func beside(left, right []string) []string {
	lines := make([]string, len(left))
	for i := range left {
		lines[i] = left[i] + right[i]
	}
	return lines
}

// box draws lines into a border with a title above and labels below. Lines that
// do not fit are cut; missing ones are blank.
type box struct {
	theme       theme.Theme
	border      theme.Paint
	title       string // styled
	left, right string // of the lower border, styled
	tight       bool   // the lines have the whole width, and bring their own blank columns
}

func (b box) draw(lines []string, r rect) []string {
	p := b.theme.Glyphs.Border
	out := make([]string, 0, r.h)
	out = append(out, b.edge(p.TopLeft, p.TopRight, b.title, "", r.w))
	side := b.border.Render(p.Vertical)
	for i := range r.rows() {
		switch {
		case i >= len(lines):
			out = append(out, side+spaces(r.w-2)+side)
		case b.tight:
			out = append(out, side+lines[i]+side)
		default:
			out = append(out, side+" "+fit(lines[i], r.inner())+" "+side)
		}
	}
	return append(out, b.edge(p.BottomLeft, p.BottomRight, b.left, b.right, r.w))
}

// edge is an upper or lower border with a label at its left and its right end.
func (b box) edge(from, to, left, right string, w int) string {
	across := b.theme.Glyphs.Border.Horizontal
	line := func(n int) string { return b.border.Render(strings.Repeat(across, max(0, n))) }
	if left != "" {
		left = " " + left + " "
	}
	if right != "" {
		right = " " + right + " "
	}
	left = cut(left, max(0, w-3))
	if ansi.StringWidth(left)+ansi.StringWidth(right) > w-3 {
		right = ""
	}
	middle := w - 3 - ansi.StringWidth(left) - ansi.StringWidth(right)
	return b.border.Render(from) + left + line(middle) + right + line(1) + b.border.Render(to)
}

// textCursor puts the terminal's cursor where text is being typed.
func (m *model) textCursor() *tea.Cursor {
	l := m.layout()
	switch {
	case m.dialog() != nil:
		return m.dialogCursor(l)
	case l.tooSmall:
		return nil
	case m.palette != nil:
		return m.paletteCursor(l)
	case m.signIn.stage != signInClosed:
		return m.signInCursor(l)
	case m.adding.open:
		return m.addCursor(l)
	case m.overlay == overlayHelp && m.help.searching:
		return m.helpCursor(l)
	}
	if !m.filtering || m.overlay != overlayNone {
		return nil
	}
	c := m.filter.Cursor()
	if c == nil {
		return nil
	}
	c.X += l.list.x + ansi.StringWidth(listTitle) + 3
	c.Y = l.list.y
	if c.X >= l.list.x+l.list.w-2 {
		return nil
	}
	return c
}
