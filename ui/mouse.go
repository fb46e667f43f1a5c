package ui

import (
	"slices"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// mouse is what the screen knows of the mouse.
type mouse struct {
	on    bool
	given bool // a key has given it back to the terminal
	last  spot // of the last click
	watch func() time.Duration
}

// zone is a place on the screen that answers to the mouse. What is drawn and
// what is clicked come from the same arithmetic: each view makes its zones from
// what it draws its lines from.
type zone struct {
	at    rect
	click func(*model) tea.Cmd // nil: a click goes to what lies under it
	wheel func(*model, int)    // rows down; nil: the wheel goes to what lies under it
}

func (r rect) has(x, y int) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }

// zones are all the places that answer now, the topmost last. A view that has
// something to click adds its own here.
func (m *model) zones() []zone {
	l := m.layout()
	switch {
	case l.tooSmall:
		return nil
	case m.dialog() != nil:
		return m.dialogZones(l)
	case m.signIn.stage != signInClosed:
		return nil
	case m.palette != nil:
		return append(m.paletteZones(l), m.footerZones(l)...)
	case m.adding.open:
		return m.addZones(l)
	case m.overlay == overlayHelp:
		return append(m.helpZones(l), m.footerZones(l)...)
	case m.overlay != overlayNone:
		return append(m.overZones(l.over), m.footerZones(l)...)
	}
	if m.guided() {
		return append(m.guideZones(l), m.footerZones(l)...)
	}
	return slices.Concat(m.listZones(l), m.paneZones(l.detail), m.footerZones(l))
}

// listZones are the rows.
func (m *model) listZones(l layout) []zone {
	zones := []zone{{at: l.list, wheel: (*model).scrollList}}
	for n := range m.list.window(m.listRows()) {
		at := m.list.at(m.list.top + n)
		zones = append(zones, zone{
			at:    rect{l.list.x + 1, l.list.y + 2 + n, l.list.w - 2, 1},
			click: func(m *model) tea.Cmd { return m.clickedRow(at) },
		})
	}
	return zones
}

// double is how soon a second click on a row opens it.
const double = 500 * time.Millisecond

func (m *model) clickedRow(at spot) tea.Cmd {
	if m.filtering {
		m.stopFiltering()
	}
	twice := m.mouse.watch != nil && m.mouse.last == at && m.mouse.watch() <= double
	m.list.seek(at)
	m.mouse.last, m.mouse.watch = at, m.clock.Stopwatch()
	if twice {
		m.mouse.watch = nil
		return m.pressed(keyPressed("enter"))
	}
	return nil
}

// scrollList moves the rows under the cursor, and takes the cursor along at the
// edges.
func (m *model) scrollList(rows int) {
	shown := m.listRows()
	m.list.top = max(0, min(m.list.top+rows, len(m.list.lines)-shown))
	m.list.cursor = max(m.list.top, min(m.list.cursor, m.list.top+shown-1))
	m.list.move(0)
}

// clicked does what stands where the button was pressed, as its key would.
func (m *model) clicked(msg tea.MouseClickMsg) tea.Cmd {
	if msg.Button != tea.MouseLeft || m.leaving {
		return nil
	}
	zones := m.zones() // of what was drawn, with the note
	m.note, m.noteBad = "", false
	defer func() { m.summed = false }() // as after a key
	for _, z := range slices.Backward(zones) {
		if z.click != nil && z.at.has(msg.X, msg.Y) {
			return z.click(m)
		}
	}
	return nil
}

// wheelRows is how far one notch of the wheel goes.
const wheelRows = 3

func (m *model) wheeled(msg tea.MouseWheelMsg) {
	rows := map[tea.MouseButton]int{tea.MouseWheelUp: -wheelRows, tea.MouseWheelDown: wheelRows}[msg.Button]
	if rows == 0 {
		return
	}
	for _, z := range slices.Backward(m.zones()) {
		if z.wheel != nil && z.at.has(msg.X, msg.Y) {
			z.wheel(m, rows)
			return
		}
	}
}

// toggleMouse gives the mouse back to the terminal, for selecting text, or takes
// it again.
func (m *model) toggleMouse() {
	m.mouse.on = !m.mouse.on
	m.mouse.given = !m.mouse.on
	m.note = "Clicks and the wheel are orgkeep's again."
	if m.mouse.given {
		m.note = "The mouse is the terminal's: select text as usual. M takes it back."
	}
}

// pressing is a click that is the press of a key.
func pressing(key string) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd { return m.pressed(keyPressed(key)) }
}

// keyPressed is the press of a key of the table, by its name.
func keyPressed(key string) tea.KeyPressMsg {
	switch key {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "tab":
		return tea.KeyPressMsg{Code: tea.KeyTab}
	case "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case "pgdown":
		return tea.KeyPressMsg{Code: tea.KeyPgDown}
	case "f7":
		return tea.KeyPressMsg{Code: tea.KeyF7}
	}
	r, _ := utf8.DecodeRuneInString(key)
	return tea.KeyPressMsg{Code: r, Text: key}
}
