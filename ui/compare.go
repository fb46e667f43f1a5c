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

// namedDiffers is the width from which a word and not a sign tells what differs.
const namedDiffers = 76

// compareLines are a sentence on what most matters, and the fields of the two orgs.
// A field that differs is told by a word or a sign, in bold and by its colour.
func (m *model) compareLines(w int) []string {
	a, b, here := m.compared()
	if !here {
		return []string{"One of the two orgs is no longer here."}
	}
	differs := "differs  "
	if w < namedDiffers {
		differs = "* "
	}
	t := m.theme
	var lines []string
	text := m.contrast(a, b)
	if w < namedDiffers {
		text += " * differs."
	}
	for _, line := range wrap(text, w) {
		lines = append(lines, t.Strong.Render(line))
	}
	lines = append(lines, "")
	room := max(1, (w-labelWidth-len(differs)-2)/2)
	for _, l := range m.likenesses(a, b) {
		mark, paint := spaces(len(differs)), t.Text
		if l.left != l.right {
			mark, paint = differs, t.Ageing.Bold(true)
		}
		left, right := wrapped(l.left, room), wrapped(l.right, room)
		label := l.label
		for i := range max(len(left), len(right)) {
			lines = append(lines, t.Muted.Render(fit(label, labelWidth))+paint.Render(mark)+
				paint.Render(fit(at(left, i), room))+"  "+paint.Render(fit(at(right, i), room)))
			label, mark = "", spaces(len(differs))
		}
	}
	return lines
}

// compared are the two orgs, as they stand now.
func (m *model) compared() (a, b tokens.Org, here bool) {
	i, knownA := m.list.byKey[m.pair[0]]
	j, knownB := m.list.byKey[m.pair[1]]
	if !knownA || !knownB {
		return tokens.Org{}, tokens.Org{}, false
	}
	return m.list.orgs[i], m.list.orgs[j], true
}

// contrast says which of org, user, app and scopes the two have in common.
func (m *model) contrast(a, b tokens.Org) string {
	kind := func(what, left, right string) string {
		switch {
		case left == "" || right == "":
			return what + " not known"
		case left == right:
			return "same " + what
		}
		return "another " + what
	}
	text := strings.Join([]string{kind("org", a.OrgID, b.OrgID), kind("user", a.UserID, b.UserID), kind("app", a.ClientID, b.ClientID)}, ", ")
	text = strings.ToUpper(text[:1]) + text[1:] + "."
	if len(a.Scopes) == 0 || len(b.Scopes) == 0 {
		return text + " The scopes are not known of both."
	}
	left, right := lacking(a.Scopes, b.Scopes), lacking(b.Scopes, a.Scopes)
	if len(left)+len(right) == 0 {
		return text + " The same scopes."
	}
	return text + m.alone(a, left) + m.alone(b, right)
}

// alone says which scopes only one of two orgs has.
func (m *model) alone(org tokens.Org, scopes []string) string {
	if len(scopes) == 0 {
		return ""
	}
	return " Only " + m.seen(org).Alias + " has " + strings.Join(scopes, ", ") + "."
}

// lacking are the scopes of the one that the other lacks.
func lacking(one, other []string) []string {
	return slices.DeleteFunc(slices.Clone(one), func(scope string) bool { return slices.Contains(other, scope) })
}

// wrapped breaks a value into lines of w cells. A host or an id has no place where
// it is better broken than at the end of the line.
func wrapped(text string, w int) []string {
	switch {
	case text == "":
		text = "–"
	case !strings.Contains(text, " "):
		return strings.Split(ansi.Hardwrap(text, w, false), "\n")
	}
	return strings.Split(ansi.Wrap(text, w, ""), "\n")
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// likenesses are the fields that are compared: who, through which app and with
// which scopes, then where and how it stands. Each scope has a line of its own.
func (m *model) likenesses(a, b tokens.Org) []likeness {
	ca, cb := a.Clocks(m.now, m.limits), b.Clocks(m.now, m.limits)
	lastA, lastB := a.Last.Text(m.now), b.Last.Text(m.now)
	scopesA, scopesB := a.Scopes, b.Scopes
	idOfA, idOfB := a.OrgID == b.OrgID, a.UserID == b.UserID
	a, b = m.seen(a), m.seen(b)
	who := []likeness{
		{"org", a.Alias, b.Alias},
		{"user", a.Username, b.Username},
		{"app", a.ClientID, b.ClientID},
	}
	where := []likeness{
		{"type", string(a.Type), string(b.Type)},
		{"org id", a.OrgID, b.OrgID},
		{"user id", a.UserID, b.UserID},
		{"instance", hostOf(a.InstanceURL), hostOf(b.InstanceURL)},
		{"login", hostOf(a.LoginHost()), hostOf(b.LoginHost())},
		{"tags", strings.Join(a.Tags, " "), strings.Join(b.Tags, " ")},
		{"state", string(ca.Health), string(cb.Health)},
		{"age", ca.AgeText(), cb.AgeText()},
		{"left", ca.LeftText(), cb.LeftText()},
		{"known by", sourceText(ca.LeftSource), sourceText(cb.LeftSource)},
		{"idle limit", ca.IdleText(), cb.IdleText()},
		{"rotates", string(a.Rotates), string(b.Rotates)},
		{"last", m.veil(lastA), m.veil(lastB)},
	}
	if m.private.on { // the ids are hidden on both sides; that they differ is not
		where[1].left, where[2].left = same(idOfA, where[1].left), same(idOfB, where[2].left)
	}
	return slices.Concat(who, scopeLikenesses(scopesA, scopesB), where)
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
