package ui

import "github.com/charmbracelet/x/ansi"

// dim draws what lies under a box without its colours.
func (m *model) dim(lines []string) {
	for i, line := range lines {
		lines[i] = m.theme.Faint.Render(ansi.Strip(line))
	}
}

// lay puts a box over lines that are w cells wide.
func lay(lines, box []string, at rect, w int) {
	for i, line := range box {
		if y := at.y + i; y >= 0 && y < len(lines) {
			left := pad(ansi.Truncate(lines[y], at.x, ""), at.x)
			lines[y] = left + line + fitRight(ansi.TruncateLeft(lines[y], at.x+at.w, ""), w-at.x-at.w)
		}
	}
}
