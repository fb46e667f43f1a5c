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

// likeness is one field of two orgs, as the screen may show it.
type likeness struct {
	label, left, right string
	differs            bool // in what the orgs are; how they stand always differs
	quiet              bool // it is how they stand
}

// namedDiffers is the width from which a word and not a sign tells what differs.
const namedDiffers = 76

// compareLines are a sentence on what most matters, and the fields of the two orgs.
// A field that differs in what they are is told by a word or a sign, in bold and by
// its colour.
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
		switch {
		case l.differs:
			mark, paint = differs, t.Ageing.Bold(true)
		case l.quiet:
			paint = t.Muted
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

// unknownValue stands for what is not known of an org.
const unknownValue = "not known"

// likenesses are the fields that are compared: who, through which app and with
// which scopes, and where; then how the two stand. Each scope has a line of its own.
func (m *model) likenesses(a, b tokens.Org) []likeness {
	left, right := m.seen(a), m.seen(b)
	identity := func(label string, value func(*tokens.Org) string) likeness {
		return alike(label, value(&a), value(&b), value(&left), value(&right))
	}
	return slices.Concat(
		[]likeness{
			{label: "alias", left: left.Alias, right: right.Alias, quiet: true},
			identity("org id", func(o *tokens.Org) string { return o.OrgID }),
			identity("user", func(o *tokens.Org) string { return o.Username }),
			identity("user id", func(o *tokens.Org) string { return o.UserID }),
			identity("app", func(o *tokens.Org) string { return o.ClientID }),
		},
		scopeLikenesses(a.Scopes, b.Scopes),
		[]likeness{
			identity("type", func(o *tokens.Org) string { return string(o.Type) }),
			identity("instance", func(o *tokens.Org) string { return hostOf(o.InstanceURL) }),
			identity("login", func(o *tokens.Org) string { return hostOf(o.LoginHost()) }),
			identity("rotates", func(o *tokens.Org) string { return string(o.Rotates) }),
		},
		m.standings(a, b),
	)
}

// alike is a field of what two orgs are. What is not known of one of them is no
// difference; in private mode two values may differ that are shown as one.
func alike(label, left, right, seenLeft, seenRight string) likeness {
	known := func(value string) bool { return value != "" && value != string(tokens.TypeUnknown) }
	l := likeness{label: label, left: seenLeft, right: seenRight}
	if !known(left) {
		l.left = unknownValue
	}
	if !known(right) {
		l.right = unknownValue
	}
	l.differs = known(left) && known(right) && left != right
	return l
}

// standings are how two orgs stand, which is hardly ever the same.
func (m *model) standings(a, b tokens.Org) []likeness {
	var all []likeness
	add := func(label string, value func(tokens.Org, tokens.Clocks) string) {
		all = append(all, likeness{
			label: label, quiet: true,
			left: value(a, a.Clocks(m.now, m.limits)), right: value(b, b.Clocks(m.now, m.limits)),
		})
	}
	add("tags", func(o tokens.Org, _ tokens.Clocks) string { return strings.Join(m.seen(o).Tags, " ") })
	add("watch", func(o tokens.Org, _ tokens.Clocks) string { return watchOf(&o).String() })
	add("state", func(_ tokens.Org, c tokens.Clocks) string { return string(c.Health) })
	add("age", func(_ tokens.Org, c tokens.Clocks) string { return c.AgeText() })
	add("left", func(_ tokens.Org, c tokens.Clocks) string { return c.LeftText() })
	add("known by", func(_ tokens.Org, c tokens.Clocks) string { return sourceText(c.LeftSource) })
	add("idle limit", func(_ tokens.Org, c tokens.Clocks) string { return c.IdleText() })
	add("last", func(o tokens.Org, _ tokens.Clocks) string { return m.veil(o.Last.Text(m.now)) })
	return all
}

// scopeLikenesses has a line for each scope of either org. Where those of one are
// not known, none of the other's differs.
func scopeLikenesses(a, b []string) []likeness {
	all := slices.Concat(a, b)
	slices.Sort(all)
	known := len(a) > 0 && len(b) > 0
	label, missing := "scopes", "–"
	if !known {
		missing = unknownValue
	}
	var list []likeness
	for _, scope := range slices.Compact(all) {
		l := likeness{label: label, left: missing, right: missing}
		if slices.Contains(a, scope) {
			l.left = scope
		}
		if slices.Contains(b, scope) {
			l.right = scope
		}
		l.differs = known && l.left != l.right
		list = append(list, l)
		if label = ""; !known {
			missing = " " // said once
		}
	}
	return list
}
