package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/ui/theme"
)

const listTitle = "Orgs"

func (m *model) listBox(r rect) []string {
	t := m.theme
	title := t.Strong.Render(listTitle)
	if m.filtering || m.filter.Value() != "" {
		title += " " + t.Accent.Render("/"+m.shownFilter())
	}
	b := box{
		theme: t, border: t.Faint, title: title, tight: true,
		left: t.Muted.Render(m.countText()), right: t.Faint.Render(m.list.ordering.words()),
	}
	return b.draw(m.listLines(r), r)
}

// countText says where the cursor is, how many orgs are shown, and how many
// there are and are marked, where that is not the same.
func (m *model) countText() string {
	l := &m.list
	text := strconv.Itoa(len(l.shown))
	if i, ok := l.under(); ok {
		place, _ := slices.BinarySearch(l.shown, i)
		text = fmt.Sprintf("%d/%d", place+1, len(l.shown))
	}
	if len(l.shown) < len(l.orgs) {
		text += fmt.Sprintf(" of %d", len(l.orgs))
	}
	if len(l.marks.set) > 0 {
		text += ", " + l.marks.words()
	}
	return text
}

func (m *model) listLines(r rect) []string {
	if len(m.list.lines) == 0 {
		return whole(m.emptyLines(r.inner()), r.w-2)
	}
	p := share(m.list.widths, m.columns, m.times, r.w-3)
	lines := []string{fit(m.headLine(p), r.w-2)}
	for n, line := range m.list.window(m.listRows()) {
		current := m.list.top+n == m.list.cursor
		if line < 0 {
			lines = append(lines, m.groupLine(&m.list.groups[^line], current, r.w-2))
			continue
		}
		lines = append(lines, m.row(&m.list.orgs[line], current, p, r.w-2))
	}
	return lines
}

// whole makes lines w cells wide, with a blank before them.
func whole(lines []string, w int) []string {
	for i := range lines {
		lines[i] = fit(" "+lines[i], w)
	}
	return lines
}

// emptyLines says which filter hides everything.
func (m *model) emptyLines(w int) []string {
	n := len(m.list.orgs)
	text := fmt.Sprintf("The filter %s hides %s. esc clears it.", m.shownFilter(), hiddenWords(n))
	return append([]string{""}, wrap(text, w)...)
}

func hiddenWords(n int) string {
	switch n {
	case 1:
		return "the only org"
	case 2:
		return "both orgs"
	}
	return fmt.Sprintf("all %d orgs", n)
}

func (m *model) headLine(p plan) string {
	var text strings.Builder
	text.WriteString(spaces(prefixWidth+p.signs) + fit("ORG", p.alias))
	for _, s := range p.slots {
		head := s.head
		switch s.name {
		case colAge:
			head = m.times.head(head, "ISSUED")
		case colLeft:
			head = m.times.head(head, "ENDS")
		}
		text.WriteString(spaces(s.gap) + s.align(head))
	}
	return m.theme.Muted.Render(text.String())
}

// align puts figures to the right of their column and words to its left.
func (s slot) align(text string) string {
	switch s.name {
	case colAge, colLeft:
		return fitRight(text, s.w)
	}
	return fit(text, s.w)
}

// row draws one org, w cells wide.
func (m *model) row(org *tokens.Org, current bool, p plan, w int) string {
	t := m.theme
	if m.private.on {
		hidden := m.seen(*org)
		org = &hidden
	}
	clocks := org.Clocks(m.now, m.limits)
	bold := !m.still && m.list.held[org.Key] > 0
	on := func(s theme.Paint, text string) string {
		if bold {
			s = s.Bold(true)
		}
		return t.On(current, s).Render(text)
	}
	look, glyph := t.Health(string(clocks.Health))
	busy := m.live[org.Key]
	if busy != nil {
		look, glyph = t.Busy, m.busyGlyph(busy)
	}
	cursor, mark, star, watch, name := " ", " ", " ", " ", t.Text
	if current {
		cursor, name = t.Glyphs.Cursor, t.Strong
	}
	if m.list.marks.set[org.Key] {
		mark = t.Glyphs.Mark
	}
	if org.Favourite {
		star = t.Glyphs.Favourite
	}
	watching := t.Accent
	if org.Watched {
		watch = t.Glyphs.Watched
		if keeper.Halted(org) != "" {
			watching, watch = t.Failed, t.Glyphs.Halted
		}
	}
	if p.signs > 0 {
		watch += " "
	} else { // the star gives way to a mark, and the blank before the name to the watch
		if mark == " " {
			mark = star
		}
		star = ""
	}
	var line strings.Builder
	line.WriteString(on(t.Accent, cursor+mark) + on(look, glyph) + on(t.Accent, star) + on(watching, watch) + on(name, fit(org.Alias, p.alias)))
	used := prefixWidth + p.signs + p.alias
	for i, s := range p.slots {
		if busy != nil && i >= p.busy {
			break
		}
		style, text := m.cell(s, org, clocks, look)
		line.WriteString(on(style, spaces(s.gap)+s.align(text)))
		used += s.gap + s.w
	}
	rest := w - used
	if busy != nil {
		line.WriteString(on(t.Busy, spaces(gap)+fit(busyText(busy), rest-gap)))
	} else if rest > 0 {
		line.WriteString(on(t.Text, spaces(rest)))
	}
	return line.String()
}

// cell is what stands in a column of an org's row.
func (m *model) cell(s slot, org *tokens.Org, clocks tokens.Clocks, look theme.Paint) (style theme.Paint, text string) {
	t := m.theme
	switch s.name {
	case colType:
		if org.Type == tokens.Production {
			return t.Prod, org.Type.Label()
		}
		return t.Muted, org.Type.Label()
	case colUser:
		return t.Muted, cutUser(org.User(), s.w)
	case colHost:
		return t.Muted, cutMiddle(hostText(org), s.w)
	case colAge:
		return t.Muted, m.age(org, clocks)
	case colLeft:
		return look, m.left(clocks)
	case colIdle:
		if clocks.IdleSoon {
			return t.Ageing, idleText(clocks)
		}
		return t.Muted, idleText(clocks)
	case colLast:
		// An org that needs no refresh keeps its result: it has nothing to wait for.
		if p, paused := m.pauses.of(*org, m.now); paused && (clocks.Due || failureOf(*org) != nil) {
			return t.Ageing, pausedText(p.Left(m.now))
		}
		return lastLook(t, org.Last), org.Last.Word()
	}
	return t.Muted, s.text(org)
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
		if l.pause != nil {
			return fmt.Sprintf("paused, again in %.0fs", max(0, l.wait-l.elapsed).Seconds())
		}
		return fmt.Sprintf("%s in %.0fs", l.step, max(0, l.wait-l.elapsed).Seconds())
	case tokens.StepLocking, tokens.StepContacting, tokens.StepWaiting, tokens.StepSaving, tokens.StepDone:
	}
	return fmt.Sprintf("%s %.1fs", l.step, l.elapsed.Seconds())
}

// patience is how long the keychain may take before the row says that somebody
// may have to type a password, and how not to wait for it.
const patience = time.Second

// idleText is the days until the idle limit. The sign that they are few or over
// has its own place, so that the days do not move when it comes.
func idleText(c tokens.Clocks) string {
	days, sign, _ := strings.Cut(c.IdleText(), " ")
	return pad(spaces(idleDigits-width(days))+days, idleDigits+1) + sign
}

const idleDigits = 3 // cells of the days
