package ui

import (
	tea "charm.land/bubbletea/v2"
)

// addLabel is the column of the names of the form's fields.
const addLabel = 15

// addPlan is the form as it is drawn: where, with which lines, and which of them
// are fields or stand for a key.
type addPlan struct {
	at     rect
	lines  []string
	fields int            // the line of the first one
	keys   map[int]string // by line
}

// addLayout arranges the form. In a low window it loses its blank lines, and then
// the end of what is told.
func (m *model) addLayout(l layout) addPlan {
	t, f := m.theme, &m.adding
	at := middle(l.over, boxMost, l.over.h)
	p := addPlan{keys: map[int]string{}}
	roomy := at.rows() >= 14
	p.lines = wrap("From the token endpoint's answer, or an sfdx auth URL: a file, or the text itself, pasted.", at.inner())
	gap := func() {
		if roomy {
			p.lines = append(p.lines, "")
		}
	}
	gap()
	p.fields = len(p.lines)
	for i := range f.fields {
		name := t.Muted
		if i == f.at {
			name = t.Strong
		}
		p.lines = append(p.lines, name.Render(fit(addNames[i], addLabel))+m.addField(i, at.inner()-addLabel))
	}
	gap()
	foot := [][2]string{{"enter", "read it, and show what would be saved"}, {"tab", "complete the path, go to the next field"}, {"esc", "close, and change nothing"}}
	style := t.Muted
	if f.bad {
		style = t.Failed
	}
	if f.told != "" {
		told := wrap(m.veil(f.told), at.inner())
		told = told[:max(1, min(len(told), at.rows()-len(p.lines)-len(foot)))]
		for _, line := range told {
			p.lines = append(p.lines, style.Render(line))
		}
		gap()
	}
	for _, one := range foot {
		p.keys[len(p.lines)] = one[0]
		p.lines = append(p.lines, t.Accent.Render(fit(one[0], len("enter")))+"  "+one[1])
	}
	p.at = middle(l.over, boxMost, len(p.lines)+2)
	return p
}

// addField is what stands in a field, w cells wide.
func (m *model) addField(i, w int) string {
	in := m.adding.fields[i]
	if in.Value() == "" {
		return m.theme.Faint.Render(cut(addHints[i], w))
	}
	in.SetWidth(max(1, w-1))
	return in.View()
}

func (m *model) addBox(p addPlan) []string {
	return box{theme: m.theme, border: m.theme.Accent, title: m.theme.Strong.Render("Add an org")}.draw(p.lines, p.at)
}

// addZones are the fields and the keys below them.
func (m *model) addZones(l layout) []zone {
	p := m.addLayout(l)
	line := func(n int) rect { return rect{p.at.x + 2, p.at.y + 1 + n, p.at.inner(), 1} }
	var zones []zone
	for i := range m.adding.fields {
		zones = append(zones, zone{at: line(p.fields + i), click: func(m *model) tea.Cmd { return m.adding.goTo(i) }})
	}
	for n, key := range p.keys {
		zones = append(zones, zone{at: line(n), click: pressing(key)})
	}
	return zones
}

// addCursor is where the form is being typed into.
func (m *model) addCursor(l layout) *tea.Cursor {
	p, f := m.addLayout(l), &m.adding
	in := f.fields[f.at]
	in.SetWidth(max(1, p.at.inner()-addLabel-1))
	c := in.Cursor()
	if c == nil {
		return nil
	}
	c.X += p.at.x + 2 + addLabel
	c.Y = p.at.y + 1 + p.fields + f.at
	if c.X >= p.at.x+p.at.w-2 {
		return nil
	}
	return c
}
