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
}

// footerLine shows the keys that work now, the most used first, as many as fit;
// or the note, until a key is pressed.
func (m *model) footerLine(w int) string {
	if m.note != "" {
		style := m.theme.Accent
		if m.noteBad {
			style = m.theme.Failed
		}
		return fit(" "+style.Render(tokens.Clean(m.veil(m.note))), w)
	}
	if m.filtering && m.list.filter.problem != "" {
		return fit(" "+m.theme.Failed.Render(tokens.Clean(m.list.filter.problem)), w)
	}
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
	for _, a := range shown {
		key, name := t.Accent, t.Text
		if a.why(m) != "" {
			key, name = t.Faint, t.Faint
		}
		text := " " + key.Render(keyLabel(a.keys[0])) + " " + name.Render(a.name) + " "
		labels = append(labels, label{key: a.keys[0], text: text, w: ansi.StringWidth(text)})
	}
	labels = fill(labels, always, w)
	x := 0
	for i := range labels {
		labels[i].x = x
		x += labels[i].w
	}
	return labels
}

// fill keeps as many labels as fit into w cells: the last ones always, the
// others from the front.
func fill(labels []label, always, w int) []label {
	front := max(0, len(labels)-always)
	last := labels[front:]
	for _, l := range last {
		w -= l.w
	}
	var out []label
	for _, l := range labels[:front] {
		if l.w > w {
			break
		}
		w -= l.w
		out = append(out, l)
	}
	return append(out, last...)
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
		return named(tourKeys()...)
	case m.dialog() != nil, m.signIn.stage != signInClosed, m.adding.open:
		return nil, 0
	case m.palette != nil:
		return named("enter", "run", "esc", "close", "up/down", "choose")
	case m.filtering:
		return named("enter", "keep the filter", "esc", "clear it")
	case m.overlay == overlayHelp && m.help.searching:
		return named("enter", "keep the search", "esc", "clear it")
	case m.overlay == overlayHelp:
		return named("esc", "close", "/", "search", "j/k", "scroll")
	case m.overlay == overlayDoctor:
		return named("esc", "close", "y", "copy", "D", "once more", "j/k", "scroll")
	case m.overlay == overlayCompare:
		return named("esc", "close", "j/k", "scroll")
	case m.overlay != overlayNone:
		return named("esc", "close", "j/k", "scroll", "tab", "next tab")
	}
	if m.guided() {
		for _, w := range m.leads() {
			shown = append(shown, action{keys: []string{w.key}, name: w.name, footer: 1})
		}
	}
	for _, a := range actions() {
		if a.footer > 0 && (!m.guided() || a.anywhere) {
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

// footerZones are the labels: a click on one is the press of its key.
func (m *model) footerZones(l layout) []zone {
	if m.note != "" || m.filtering && m.list.filter.problem != "" {
		return nil
	}
	var zones []zone
	for _, one := range m.footerLabels(l.footer.w) {
		if !strings.Contains(one.key, "/") || one.key == "/" {
			zones = append(zones, zone{at: rect{l.footer.x + one.x, l.footer.y, one.w, 1}, click: pressing(one.key)})
		}
	}
	return zones
}

// keyLabel is a key as the screen names it.
func keyLabel(key string) string {
	switch key {
	case "pgdown":
		return "pgdn"
	case "ctrl+c":
		return "^c"
	case "ctrl+t":
		return "^t"
	}
	return key
}
