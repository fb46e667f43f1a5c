package ui

import "strings"

// helpLines lists every action with its keys, and why it is off.
func (m *model) helpLines(w int) []string {
	t := m.theme
	const keyWidth = 14
	var lines []string
	group := ""
	for _, a := range actions() {
		if a.group != group {
			group = a.group
			lines = append(lines, "", t.Strong.Render(group))
		}
		labels := make([]string, len(a.keys))
		for i, key := range a.keys {
			labels[i] = keyLabel(key)
		}
		key, text, about := t.Accent, t.Text, a.about
		// What is open lies over the list, so esc is on here only because of the help itself.
		if why := a.why(m); why != "" {
			key, text, about = t.Faint, t.Muted, about+" Off now: "+m.veil(why)+"."
		}
		for i, part := range wrap(about, w-keyWidth) {
			label := ""
			if i == 0 {
				label = strings.Join(labels, " ")
			}
			lines = append(lines, key.Render(fit(label, keyWidth))+text.Render(part))
		}
	}
	return lines[1:]
}
