package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// reading is a text that is looked at, and what it lies over.
type reading struct {
	title   string
	text    string // as it is copied
	command bool   // its lines stay whole, since they are to run
	said    string // of the copy
	instead string // how else to have the text; may be empty
	aside   int    // cells that are scrolled away at the left
	under   overlay
	scroll  int // of what it lies over
}

// read opens a text. A second one takes the place of the first.
func (m *model) read(r reading) {
	r.under, r.scroll = m.overlay, m.scroll
	if m.overlay == overlayText {
		r.under, r.scroll = m.reading.under, m.reading.scroll
	}
	m.reading = r
	m.open(overlayText)
}

// asideStep is how far a key goes sideways.
const asideStep = 8

// readingPressed takes a key for the text; it reports whether the key was one of
// its own.
func (m *model) readingPressed(key string) (tea.Cmd, bool) {
	switch key {
	case "esc", "enter", "q":
		m.overlay, m.scroll = m.reading.under, m.reading.scroll
		return nil, true
	case "c":
		return m.copyPlain(m.reading.text, m.reading.said, m.reading.instead), true
	case "h", "left":
		m.aside(-asideStep)
		return nil, true
	case "l", "right":
		m.aside(asideStep)
		return nil, true
	}
	return nil, m.scrolled(key)
}

// aside moves the text sideways, where it is wider than the window.
func (m *model) aside(cells int) {
	most := m.asideMost()
	if most == 0 {
		m.note = "No line is longer than the window is wide."
		return
	}
	m.reading.aside = max(0, min(m.reading.aside+cells, most))
}

// asideMost is how far the text can go sideways.
func (m *model) asideMost() int {
	w, widest := m.layout().over.inner(), 0
	for _, line := range m.readingWhole(w) {
		widest = max(widest, width(line))
	}
	return max(0, widest-w)
}

// readingWhole are the lines of the text: those of a command as they are, others
// broken to w cells.
func (m *model) readingWhole(w int) []string {
	var lines []string
	for line := range strings.Lines(m.veil(m.reading.text)) {
		line = strings.TrimRight(line, "\n")
		if m.reading.command {
			lines = append(lines, line)
		} else {
			lines = append(lines, wrap(line, w)...)
		}
	}
	return lines
}

// readingLines are the lines as they are shown: a sign stands where one goes on.
func (m *model) readingLines(w int) []string {
	lines := m.readingWhole(w)
	aside := min(m.reading.aside, m.asideMost())
	for i, line := range lines {
		if aside > 0 && line != "" {
			line = more + ansi.TruncateLeft(line, aside+1, "")
		}
		lines[i] = cut(line, w)
	}
	return lines
}

func (m *model) readingTitle() string { return m.theme.Strong.Render(m.veil(m.reading.title)) }

// readingKeys are what can be done with the text, for the footer.
func (m *model) readingKeys() []string {
	keys := []string{"esc", "close", "c", "copy", "j/k", "scroll"}
	if m.asideMost() > 0 {
		keys = append(keys, "h/l", "sideways")
	}
	return keys
}
