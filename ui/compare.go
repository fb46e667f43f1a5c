package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

// compareOff wants two marked orgs.
func compareOff(m *model) string {
	switch n := m.list.marks.shown; {
	case n < 2:
		return "mark two orgs first, with space"
	case n > 2:
		return "more than two orgs are marked"
	}
	return ""
}

// compare opens the two marked orgs side by side.
func (m *model) compare() tea.Cmd {
	n := 0
	for org := range m.list.eachMarked() {
		if n < len(m.pair) {
			m.pair[n] = org.Key
		}
		n++
	}
	m.open(overlayCompare)
	return nil
}

// likeness is one field of two orgs.
type likeness struct{ label, left, right string }

// compareLines are the fields of the two orgs. A field that differs is told by a
// word and by its colour.
func (m *model) compareLines(w int) []string {
	var orgs [2]tokens.Org
	for i, key := range m.pair {
		at, known := m.list.byKey[key]
		if !known {
			return []string{"One of the two orgs is no longer here."}
		}
		orgs[i] = m.list.orgs[at]
	}
	const differs = "differs  "
	room := max(1, (w-labelWidth-len(differs)-2)/2)
	t := m.theme
	var lines []string
	for _, l := range m.likenesses(orgs[0], orgs[1]) {
		mark, paint := strings.Repeat(" ", len(differs)), t.Text
		if l.left != l.right {
			mark, paint = differs, t.Ageing
		}
		left, right := wrapped(l.left, room), wrapped(l.right, room)
		label := l.label
		for i := range max(len(left), len(right)) {
			lines = append(lines, t.Muted.Render(fit(label, labelWidth))+paint.Render(mark)+
				paint.Render(fit(at(left, i), room))+"  "+paint.Render(fit(at(right, i), room)))
			label, mark = "", strings.Repeat(" ", len(differs))
		}
	}
	return lines
}

func wrapped(text string, w int) []string {
	if text == "" {
		text = "–"
	}
	return strings.Split(ansi.Wrap(text, w, ""), "\n")
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// likenesses are the fields that are compared. A scope that one org has alone gets
// a line of its own.
func (m *model) likenesses(a, b tokens.Org) []likeness {
	ca, cb := a.Clocks(m.now, m.limits), b.Clocks(m.now, m.limits)
	lastA, lastB := a.Last.Text(m.now), b.Last.Text(m.now)
	scopesA, scopesB := a.Scopes, b.Scopes
	idOfA, idOfB := a.OrgID == b.OrgID, a.UserID == b.UserID
	a, b = m.seen(a), m.seen(b)
	list := []likeness{
		{"org", a.Alias, b.Alias},
		{"state", string(ca.Health), string(cb.Health)},
		{"type", string(a.Type), string(b.Type)},
		{"user", a.Username, b.Username},
		{"org id", a.OrgID, b.OrgID},
		{"user id", a.UserID, b.UserID},
		{"instance", hostOf(a.InstanceURL), hostOf(b.InstanceURL)},
		{"login", hostOf(a.LoginHost()), hostOf(b.LoginHost())},
		{"client id", a.ClientID, b.ClientID},
		{"tags", strings.Join(a.Tags, " "), strings.Join(b.Tags, " ")},
		{"age", ca.AgeText(), cb.AgeText()},
		{"left", ca.LeftText(), cb.LeftText()},
		{"known by", sourceText(ca.LeftSource), sourceText(cb.LeftSource)},
		{"idle limit", ca.IdleText(), cb.IdleText()},
		{"rotates", string(a.Rotates), string(b.Rotates)},
		{"last", m.veil(lastA), m.veil(lastB)},
	}
	if m.private.on { // the ids are hidden on both sides; that they differ is not
		list[4].left, list[5].left = same(idOfA, list[4].left), same(idOfB, list[5].left)
	}
	return append(list, scopeLikenesses(scopesA, scopesB)...)
}

// same is a hidden value that the other side has too, or another one.
func same(equal bool, text string) string {
	if equal {
		return text
	}
	return text + ", another"
}

func scopeLikenesses(a, b []string) []likeness {
	all := slices.Concat(a, b)
	slices.Sort(all)
	label := "scopes"
	var list []likeness
	for _, scope := range slices.Compact(all) {
		l := likeness{label: label}
		if slices.Contains(a, scope) {
			l.left = scope
		}
		if slices.Contains(b, scope) {
			l.right = scope
		}
		list = append(list, l)
		label = ""
	}
	return list
}
