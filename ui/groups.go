package ui

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// group is the orgs under one header. The header is a line that the cursor can
// stand on: keys there are about its orgs.
type group struct {
	name     string // as grouped by; empty for orgs without one
	from, to int    // in matched
	line     int    // of the header
}

// gather counts an org that the filter lets through into its group; it reports
// whether the group is folded. Orgs of a group follow each other.
func (l *list) gather(i int) (folded bool) {
	if l.ordering.group == tokens.GroupNone {
		return false
	}
	name, n := l.ordering.group.Of(&l.orgs[i]), len(l.groups)
	if n == 0 || l.groups[n-1].name != name {
		l.groups = append(l.groups, group{name: name, from: len(l.matched), line: len(l.lines)})
		l.lines = append(l.lines, ^n)
		n++
	}
	l.groups[n-1].to = len(l.matched) + 1
	return l.folded[name]
}

// header returns the group whose header the cursor is on.
func (l *list) header() (*group, bool) {
	if l.cursor >= len(l.lines) || l.lines[l.cursor] >= 0 {
		return nil, false
	}
	return &l.groups[^l.lines[l.cursor]], true
}

// around returns the group that the cursor is on or in.
func (l *list) around() (*group, bool) {
	if i, ok := l.under(); ok {
		for n := range l.groups {
			g := &l.groups[n]
			if g.to > g.from && i >= l.matched[g.from] && i <= l.matched[g.to-1] {
				return g, true
			}
		}
	}
	return l.header()
}

// fold hides the orgs of a group, or shows them again.
func (l *list) fold(g *group, folded bool) {
	if l.folded == nil {
		l.folded = map[string]bool{}
	}
	l.folded[g.name] = folded
	l.renew()
}

// titleOf is the name of a group as it is shown: in private mode its place, but
// for the types of orgs, which name nobody.
func (m *model) titleOf(g *group) string {
	by := m.list.ordering.group
	switch {
	case g.name == "":
		return "no " + string(by)
	case m.private.on && by != tokens.GroupType:
		place := slices.IndexFunc(m.list.groups, func(other group) bool { return other.name == g.name })
		return fmt.Sprintf("%s-%02d", by, place+1)
	}
	return tokens.Clean(g.name)
}

// states counts the orgs of a group by how they stand.
func (m *model) states(g *group) (counts [numStates]int) {
	for _, i := range m.list.matched[g.from:g.to] {
		counts[m.census.states[i].shown]++
	}
	return counts
}

// groupLine draws a header: its name, how many orgs it has and how they stand.
// Every figure has its place, so that none moves another.
func (m *model) groupLine(g *group, current bool, w int) string {
	t := m.theme
	on := func(s theme.Paint, text string) string { return t.On(current, s).Render(text) }
	cursor, sign := " ", t.Glyphs.Unfolded
	if current {
		cursor = t.Glyphs.Cursor
	}
	if m.list.folded[g.name] {
		sign = t.Glyphs.Folded
	}
	const count, cell = 7, 6
	name := max(aliasMin, min(aliasMost, w-prefixWidth-count-gap-numStates*cell))
	var line strings.Builder
	line.WriteString(on(t.Accent, cursor+" "+sign) + on(t.Strong, " "+fit(m.titleOf(g), name)) +
		on(t.Muted, fitRight(strconv.Itoa(g.to-g.from), count)+spaces(gap)))
	used := prefixWidth + name + count + gap
	for s, n := range m.states(g) {
		style, glyph := m.stateLook(state(s))
		text := ""
		if n > 0 {
			text = fmt.Sprintf("%s %d", glyph, n)
		}
		line.WriteString(on(style, fit(text, cell)))
		used += cell
	}
	line.WriteString(on(t.Text, spaces(w-used)))
	return line.String()
}

// groupDetail is the detail of a header: how its orgs stand, and what can be
// done with them.
func (m *model) groupDetail(w int) []string {
	g, ok := m.list.header()
	if !ok {
		return []string{m.theme.Muted.Render(sentence(noneShown))}
	}
	d := &page{m: m, w: w}
	n := g.to - g.from
	d.add(m.theme.Strong.Render(fmt.Sprintf("%d %s", n, plural(n, "org", "orgs"))))
	d.heading("How they stand")
	for s, n := range m.states(g) {
		if n > 0 {
			style, glyph := m.stateLook(state(s))
			d.add(fmt.Sprintf("  %s %d %s", style.Render(glyph), n, state(s)))
		}
	}
	d.heading("What to do")
	for _, do := range [][2]string{{"enter", "fold or unfold the group"}, {"r", "refresh its orgs"}, {"space", "mark its orgs"}} {
		d.add("  " + m.theme.Accent.Render(fit(do[0], len("enter"))) + "  " + do[1])
	}
	return d.lines
}

// eachOfGroup goes through what a refresh on a header is about: the orgs of the
// group but those that wait for a person.
func (m *model) eachOfGroup() iter.Seq[*tokens.Org] {
	return func(yield func(*tokens.Org) bool) {
		g, ok := m.list.header()
		if !ok {
			return
		}
		for _, i := range m.list.matched[g.from:g.to] {
			org := &m.list.orgs[i]
			if c := org.Clocks(m.now, m.limits); !c.Refused && !c.NotTrusted && !c.LastUnknown && !yield(org) {
				return
			}
		}
	}
}

func groupActions() []action {
	return []action{
		{
			keys: []string{"o"}, name: "group", group: groupOrgs, off: noneSavedOff,
			about: "Group by tag, type, host, user or not at all. r on a header refreshes its orgs, except those that wait for a person.",
			run: func(m *model) tea.Cmd {
				clear(m.list.folded)
				return m.reorder(func(o *ordering) { o.group = after(tokens.Groupings(), o.group) })
			},
		},
		{
			keys: []string{"left"}, name: "fold", group: groupMove, off: foldOff,
			about: "Go to the header of the group; on the header, fold the group.",
			run: func(m *model) tea.Cmd {
				g, _ := m.list.around()
				if m.list.cursor == g.line {
					m.list.fold(g, true)
				}
				m.list.cursor = g.line
				return nil
			},
		},
		{
			keys: []string{"right"}, name: "unfold", group: groupMove, off: foldOff,
			about: "Unfold the group.",
			run: func(m *model) tea.Cmd {
				if g, ok := m.list.header(); ok {
					m.list.fold(g, false)
				}
				return nil
			},
		},
	}
}

func foldOff(m *model) string {
	if len(m.list.groups) == 0 {
		return "the list is not grouped; o groups it"
	}
	return ""
}

// enter opens the org under the cursor, or folds and unfolds the group.
func (m *model) enter() tea.Cmd {
	if g, ok := m.list.header(); ok {
		m.list.fold(g, !m.list.folded[g.name])
		return nil
	}
	m.open(overlayDetail)
	return nil
}

// groupTitle is the name of the group under the cursor.
func (m *model) groupTitle() string {
	if g, ok := m.list.header(); ok {
		return strings.ToUpper(string(m.list.ordering.group[:1])) + string(m.list.ordering.group[1:]) + " " + m.titleOf(g)
	}
	return "Org"
}
