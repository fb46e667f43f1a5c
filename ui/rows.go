package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

const listTitle = "Orgs"

// widths are the columns' natural widths, from the widest value up to a cap.
type widths struct{ alias, user int }

const (
	aliasMost = 24
	userMost  = 32
	aliasMin  = 8
	userMin   = 10

	prefixWidth = 4 // cursor, mark, glyph and a blank
	typeWidth   = 4
	leftWidth   = tokens.SpanWidth + 1 // and the sign of an estimate
	idleWidth   = 5
	lastWidth   = 9
	gap         = 2
)

func measure(orgs []tokens.Org) widths {
	w := widths{alias: aliasMin, user: userMin}
	for _, org := range orgs {
		w.alias = max(w.alias, min(aliasMost, ansi.StringWidth(org.Alias)))
		w.user = max(w.user, min(userMost, ansi.StringWidth(org.User())))
	}
	return w
}

// columns are the widths for one width of the list. A column of width 0 is not
// drawn.
type columns struct{ alias, kind, user, age, left, idle, last int }

// share gives the columns their room: the figures keep theirs; the username
// gives way first and goes where too little of it would be left, then the alias
// gives way.
func share(w widths, room int) columns {
	c := columns{alias: w.alias, kind: typeWidth, user: w.user, age: tokens.SpanWidth, left: leftWidth, idle: idleWidth, last: lastWidth}
	room -= prefixWidth + c.kind + gap + c.figures()
	c.user = min(c.user, room-2*gap-c.alias)
	if c.user < userMin {
		c.user = 0
		c.alias = min(c.alias, room-gap)
	}
	return c
}

// figures is the width of the columns that a busy row gives to its step.
func (c columns) figures() int { return c.age + 1 + c.left + 1 + c.idle + gap + c.last }

func (m *model) listBox(r rect) []string {
	t := m.theme
	title := t.Strong.Render(listTitle)
	if m.filtering || m.filter.Value() != "" {
		title += " " + t.Accent.Render("/"+m.shownFilter())
	}
	position := 0
	if len(m.list.shown) > 0 {
		position = m.list.cursor + 1
	}
	count := fmt.Sprintf("%d/%d", position, len(m.list.shown))
	if n := len(m.list.marks); n > 0 {
		count += fmt.Sprintf(", %d marked", n)
	}
	b := box{
		theme: t, border: t.Faint, title: title, tight: true,
		left: t.Muted.Render(count), right: t.Faint.Render("most urgent first"),
	}
	return b.draw(m.listLines(r), r)
}

func (m *model) listLines(r rect) []string {
	if len(m.list.shown) == 0 {
		return indent(m.emptyLines(r.inner()))
	}
	c := share(m.list.widths, r.w-3)
	lines := []string{m.headLine(c)}
	for n, i := range m.visible() {
		lines = append(lines, m.row(m.list.orgs[i], m.list.top+n == m.list.cursor, c, r.w-2))
	}
	return lines
}

func indent(lines []string) []string {
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return lines
}

// emptyLines says what to do where there is nothing to show.
func (m *model) emptyLines(w int) []string {
	if len(m.list.orgs) > 0 {
		return append([]string{""}, wrap("No org has the words of the filter. esc clears it.", w)...)
	}
	texts := []string{
		"",
		"No orgs yet.",
		"",
		"orgkeep keeps the OAuth tokens of your Salesforce orgs in this machine's keychain, shows how old they are, and refreshes them.",
		"",
		"orgkeep import FILE    saves the token endpoint's answer from a file",
		"orgkeep demo           shows the program with made-up orgs",
	}
	if m.storeProblem != nil {
		texts = append(texts, "", "The keychain cannot be used here. orgkeep import --store vault FILE keeps the tokens in an encrypted vault instead.")
	}
	var lines []string
	for _, text := range texts {
		lines = append(lines, wrap(text, w)...)
	}
	return lines
}

func (m *model) headLine(c columns) string {
	text := strings.Repeat(" ", prefixWidth) + fit("ORG", c.alias) + spaces(gap) + fit("TYPE", c.kind) + spaces(gap) + column("USERNAME", c.user) +
		fitRight("AGE", c.age) + " " + fitRight("LEFT", c.left) + " " + fitRight("IDLE", c.idle) + spaces(gap) + fit("LAST", c.last)
	return m.theme.Faint.Render(text)
}

// column is a text column with the gap after it; nothing where it has no room.
func column(text string, w int) string {
	if w == 0 {
		return ""
	}
	return fit(text, w) + spaces(gap)
}

func spaces(n int) string { return strings.Repeat(" ", n) }

// row draws one org, w cells wide.
func (m *model) row(org tokens.Org, current bool, c columns, w int) string {
	t := m.theme
	org = m.seen(org)
	clocks := org.Clocks(m.now, m.limits)
	on := func(s theme.Paint, text string) string { return t.On(current, s).Render(text) }
	style, glyph := t.Health(string(clocks.Health))
	busy := m.live[org.Key]
	if busy != nil {
		style, glyph = t.Busy, m.busyGlyph(busy)
	}
	cursor, mark := " ", " "
	if current {
		cursor = t.Glyphs.Cursor
	}
	if m.list.marks[org.Key] {
		mark = t.Glyphs.Mark
	}
	kind := t.Muted
	if org.Type == tokens.Production {
		kind = t.Prod
	}
	name := t.Text
	if current {
		name = t.Strong
	}
	line := on(t.Accent, cursor+mark) + on(style, glyph) + on(t.Text, " ") +
		on(name, fit(org.Alias, c.alias)) + on(t.Text, spaces(gap)) +
		on(kind, fit(org.Type.Label(), c.kind)) + on(t.Text, spaces(gap)) +
		on(t.Muted, column(org.User(), c.user))
	if busy != nil {
		line += on(t.Busy, fit(busyText(busy), c.figures()))
	} else {
		line += m.figures(org, clocks, c, on, style)
	}
	if rest := w - ansi.StringWidth(line); rest > 0 {
		line += on(t.Text, spaces(rest))
	}
	return line
}

func (m *model) figures(org tokens.Org, clocks tokens.Clocks, c columns, on func(theme.Paint, string) string, style theme.Paint) string {
	t := m.theme
	idle := t.Muted
	if clocks.IdleSoon {
		idle = t.Ageing
	}
	return on(t.Muted, fitRight(clocks.AgeText(), c.age)+" ") +
		on(style, fitRight(clocks.LeftWord(), c.left)) + on(t.Text, " ") +
		on(idle, fitRight(clocks.IdleText(), c.idle)) + on(t.Text, spaces(gap)) +
		on(lastLook(t, org.Last), fit(org.Last.Word(), c.last))
}

func (m *model) busyGlyph(l *live) string {
	g := m.theme.Glyphs
	if l.step == tokens.StepQueued || l.step == tokens.StepLocking || l.step == tokens.StepPausing {
		return g.Waiting
	}
	return g.Busy[m.frame%len(g.Busy)]
}

// busyText is the step and its seconds: the seconds show that something moves
// even where nothing is animated.
func busyText(l *live) string {
	switch l.step {
	case tokens.StepQueued:
		return string(l.step)
	case tokens.StepReading:
		if l.elapsed > patience {
			return "waiting for keychain, esc cancels"
		}
	case tokens.StepPausing:
		return fmt.Sprintf("%s in %.0fs", l.step, max(0, l.wait-l.elapsed).Seconds())
	case tokens.StepLocking, tokens.StepContacting, tokens.StepWaiting, tokens.StepSaving, tokens.StepDone:
	}
	return fmt.Sprintf("%s %.1fs", l.step, l.elapsed.Seconds())
}

// patience is how long the keychain may take before the row says that somebody
// may have to type a password, and how not to wait for it.
const patience = time.Second
