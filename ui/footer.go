package ui

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

// label is one action in the footer: what a click on it presses, and where it is.
type label struct {
	key  string
	text string // styled
	x, w int
	goes int // as of its action
}

// footerLines are the keys that work now, or the note until a key is pressed. A
// note that needs it takes lines above the last one.
func (m *model) footerLines(w int) []string {
	text, bad := m.noteText()
	if text == "" || m.tour.on { // whose bar has the note
		return []string{m.footerLine(w)}
	}
	style := m.theme.Accent
	if bad {
		style = m.theme.Failed
	}
	lines, most := wrap(text, w-2), noteMost
	if m.note == "" {
		most = problemMost
	}
	if len(lines) > most {
		lines = append(lines[:most-1], strings.Join(lines[most-1:], " "))
	}
	for i, line := range lines {
		lines[i] = fit(" "+style.Render(cut(line, w-2)), w)
	}
	return lines
}

// The most lines of a note, and of what is wrong with a filter: that ends with
// the words that are allowed.
const (
	noteMost    = 2
	problemMost = 4
)

// noteText is what stands in the place of the keys; empty when nothing does.
func (m *model) noteText() (text string, bad bool) {
	switch {
	case m.note != "":
		return tokens.Clean(m.veil(m.note)), m.noteBad
	case m.filtering && m.private.on && m.list.filter.problem != "":
		// The sentence has the word that was typed.
		at, _, _ := strings.Cut(m.list.filter.problem, ": ")
		return tokens.Clean(at) + ": this term cannot be read. What is typed is hidden in private mode.", true
	case m.filtering:
		return tokens.Clean(m.list.filter.problem), true
	}
	return "", false
}

// footerLine shows the most used keys first, as many as fit.
func (m *model) footerLine(w int) string {
	var line strings.Builder
	for _, l := range m.footerLabels(w) {
		line.WriteString(l.text)
	}
	return fit(line.String(), w)
}

// footerLabels are the labels that fit into w cells, each with its place.
func (m *model) footerLabels(w int) []label {
	t := m.theme
	shown, always := m.footerActions()
	labels := make([]label, 0, len(shown))
	for i, a := range shown {
		key, name, goes := t.Accent, t.Text, m.footerTurn(a)
		if a.why(m) != "" {
			if m.terminal.Colourless() && i < len(shown)-always {
				continue // it would look like one that is on
			}
			key, name, goes = t.Faint, t.Faint, offTurn
		}
		word := a.name
		if w < wideFrom {
			word = cmp.Or(a.brief, word)
		}
		text := " " + key.Render(keyLabel(a.keys[0])) + " " + name.Render(word) + " "
		labels = append(labels, label{key: a.keys[0], text: text, w: ansi.StringWidth(text), goes: goes})
	}
	labels = fill(labels, always, w)
	x := 0
	for i := range labels {
		labels[i].x = x
		x += labels[i].w
	}
	return labels
}

// offTurn is the turn of what is off: before all others.
const offTurn = -1

// footerTurn is when an action gives up its place. What stops refreshes keeps it
// while there are some.
func (m *model) footerTurn(a action) int {
	if a.keys[0] == "esc" && len(m.runs) > 0 {
		return 0
	}
	return a.goes
}

// fill keeps as many labels as fit into w cells: the last ones always. Of the
// others those go first that are off, then those that have a turn, in it, then
// the hindmost.
func fill(labels []label, always, w int) []label {
	labels = slices.Clone(labels)
	for front := len(labels) - always; front > 0 && widthOf(labels) > w; front-- {
		next := front - 1
		for i, l := range slices.Backward(labels[:front]) {
			if l.goes != 0 && (labels[next].goes == 0 || l.goes < labels[next].goes) {
				next = i
			}
		}
		labels = slices.Delete(labels, next, next+1)
	}
	return labels
}

func widthOf(labels []label) int {
	w := 0
	for _, l := range labels {
		w += l.w
	}
	return w
}

// alwaysLast is how many labels of the footer, commands, help and quit, have a
// place in every window.
const alwaysLast = 3

// footerActions are the actions that belong into the footer, in its order, and
// while something is open or typed, what can be done with that. The last ones,
// always many, stand in every window.
func (m *model) footerActions() (shown []action, always int) {
	named := func(pairs ...string) ([]action, int) {
		for i := 0; i < len(pairs); i += 2 {
			shown = append(shown, action{keys: []string{pairs[i]}, name: pairs[i+1]})
		}
		return shown, 0
	}
	switch {
	case m.tour.on:
		return named(m.tour.keys()...)
	case m.dialog() != nil, m.signIn.stage != signInClosed, m.adding.open:
		return nil, 0
	case m.palette != nil:
		return named("enter", "run", "esc", "close", "up/down", "choose")
	case m.filtering:
		return named("enter", "keep the filter", "tab", "complete it", "esc", "clear it")
	case m.overlay == overlayHelp && m.help.searching:
		return named("enter", "keep the search", "esc", "clear it")
	case m.overlay == overlayHelp:
		return named("esc", "close", "/", "search", "j/k", "scroll")
	case m.overlay == overlayDoctor:
		return named("esc", "close", "y", "copy", "D", "once more", "j/k", "scroll")
	case m.overlay == overlayCompare:
		return named("esc", "close", "j/k", "scroll")
	case m.overlay == overlayText:
		return named(m.readingKeys()...)
	case m.overlay != overlayNone:
		return m.detailKeys(), 0
	}
	if m.guided() {
		for _, w := range m.leads() {
			shown = append(shown, action{keys: []string{w.key}, name: w.name, footer: 1})
		}
	}
	for _, a := range actions() {
		if a.footer > 0 && (!m.guided() || a.anywhere) {
			if a.keys[0] == "esc" {
				if a.why(m) != "" {
					continue // nothing to leave: its place is better used
				}
				a.name = m.escapeWord(a.name)
			}
			shown = append(shown, a)
		}
	}
	slices.SortStableFunc(shown, func(a, b action) int { return cmp.Compare(a.footer, b.footer) })
	if m.mouse.given {
		back, _ := actionFor("M")
		back.name = "takes the mouse back"
		return slices.Insert(shown, max(0, len(shown)-alwaysLast), back), alwaysLast + 1
	}
	return shown, alwaysLast
}

// detailKeys are what is done most with an open org, in the order of the footer.
func (m *model) detailKeys() []action {
	keys := []action{{keys: []string{"esc"}, name: "close"}, {keys: []string{"j/k"}, name: "scroll"}, {keys: []string{"1-4"}, name: "tab"}}
	for _, key := range []string{"r", "i", "e", "?"} {
		if a, known := actionFor(key); known {
			keys = append(keys, a)
		}
	}
	return keys
}

// escapeWord is what escape takes back in the list, in the footer's words.
func (m *model) escapeWord(usual string) string {
	switch {
	case len(m.removal.queue) > 0, len(m.runs) > 0:
		return usual
	case m.filter.Value() != "":
		return "clear filter"
	case len(m.list.marks.set) > 0:
		return "clear marks"
	}
	return usual
}

// footerZones are the labels: a click on one is the press of its key.
func (m *model) footerZones(l layout) []zone {
	if text, _ := m.noteText(); text != "" && !m.tour.on {
		return nil
	}
	var zones []zone
	for _, one := range m.footerLabels(l.footer.w) {
		if one.key == "/" || !strings.ContainsAny(one.key, "/-") { // several keys at once are for reading only
			zones = append(zones, zone{at: rect{l.footer.x + one.x, l.footer.y, one.w, 1}, click: pressing(one.key)})
		}
	}
	return zones
}

// keyLabel is a key as the screen names it.
func keyLabel(key string) string {
	if key == "pgdown" {
		return "pgdn"
	}
	return key
}
