package ui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// help is the state of the list of keys: what it lies over, and what is searched
// in it.
type help struct {
	under     overlay
	scroll    int // of what it lies over
	search    textinput.Model
	searching bool
}

func newSearch() textinput.Model {
	in := newInput("")
	in.CharLimit = 60
	return in
}

func (m *model) openHelp() {
	m.help = help{under: m.overlay, scroll: m.scroll, search: newSearch()}
	m.open(overlayHelp)
}

// closeHelp goes back to what the help lies over.
func (m *model) closeHelp() { m.overlay, m.scroll = m.help.under, m.help.scroll }

// helped takes a key for the help; it reports whether the key was one of its own.
func (m *model) helped(key tea.KeyPressMsg) (tea.Cmd, bool) {
	h := &m.help
	if h.searching {
		return m.searched(key), true
	}
	switch key.String() {
	case "/":
		h.searching = true
		return h.search.Focus(), true
	case "esc":
		if h.search.Value() == "" {
			m.closeHelp()
			return nil, true
		}
		h.search.SetValue("")
		m.scroll = 0
		return nil, true
	case "enter", "?", "q":
		m.closeHelp()
		return nil, true
	}
	return nil, m.scrolled(key.String())
}

// searched gives a key to the search. Enter keeps it, esc clears it.
func (m *model) searched(key tea.KeyPressMsg) tea.Cmd {
	h := &m.help
	switch key.String() {
	case "enter", "down":
		h.searching = false
		h.search.Blur()
		return nil
	case "esc", "ctrl+c":
		h.searching = false
		h.search.Blur()
		h.search.SetValue("")
		m.scroll = 0
		return nil
	}
	return m.searchTold(key)
}

// searchTold changes the search by a key or a paste.
func (m *model) searchTold(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	m.help.search, cmd = m.help.search.Update(msg)
	m.scroll = 0
	return cmd
}

// helpText is the help's lines, and for each line the key of its action.
type helpText struct {
	lines, keys []string
}

func (h *helpText) add(line, key string) {
	h.lines, h.keys = append(h.lines, line), append(h.keys, key)
}

const helpKeyWidth = 14

// helpText lists the actions that have every word of the search, with their keys
// and with why one is off.
func (m *model) helpText(w int) helpText {
	t := m.theme
	behind := *m // whether an action is on is asked for what the help lies over
	behind.overlay = m.help.under
	words := strings.Fields(strings.ToLower(m.help.search.Value()))
	var h helpText
	group := ""
	for _, a := range actions() {
		why := a.why(&behind)
		about, style := a.about, t.Text
		if why != "" {
			about, style = about+" Off now: "+m.veil(why)+".", t.Muted
		}
		if !a.has(words) {
			continue
		}
		if a.group != group {
			if group != "" {
				h.add("", "")
			}
			group = a.group
			h.add(t.Strong.Render(group), "")
		}
		key := t.Accent
		if why != "" {
			key = t.Faint
		}
		for i, part := range wrap(about, w-helpKeyWidth) {
			label := ""
			if i == 0 {
				label = a.keyLabels()
			}
			h.add(key.Render(fit(label, helpKeyWidth))+marked(part, find(part, words), style, t.Accent), a.keys[0])
		}
	}
	h.addLegend(m, w, words)
	if len(h.lines) == 0 {
		h.add("No key has the words of the search. esc clears it.", "")
	}
	return h
}

func (m *model) helpLines(w int) []string { return m.helpText(w).lines }

// helpTitle is the title with what is searched.
func (m *model) helpTitle() string {
	title := m.theme.Strong.Render(helpTitle)
	if m.help.searching || m.help.search.Value() != "" {
		title += " " + m.theme.Accent.Render("/"+m.help.search.Value())
	}
	return title
}

const helpTitle = "Keys"

// helpZones are the lines: a click on one closes the help and does what it says.
func (m *model) helpZones(l layout) []zone {
	zones := []zone{{at: l.over, wheel: (*model).scrollOverlay}}
	text := m.helpText(l.over.inner())
	from := max(0, min(m.scroll, len(text.lines)-l.over.rows()))
	for i := range min(l.over.rows(), len(text.lines)-from) {
		a, found := actionFor(text.keys[from+i])
		if !found {
			continue
		}
		zones = append(zones, zone{
			at: rect{l.over.x + 2, l.over.y + 1 + i, l.over.inner(), 1},
			click: func(m *model) tea.Cmd {
				m.closeHelp()
				return m.perform(a, a.keys[0])
			},
		})
	}
	return zones
}

// helpCursor is where the search is being typed.
func (m *model) helpCursor(l layout) *tea.Cursor {
	c := m.help.search.Cursor()
	if c == nil {
		return nil
	}
	c.X += l.over.x + ansi.StringWidth(helpTitle) + 4
	c.Y = l.over.y
	if c.X >= l.over.x+l.over.w-2 {
		return nil
	}
	return c
}
