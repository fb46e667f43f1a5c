package ui

import (
	"slices"
	"time"

	"orgkeep/tokens"
)

// list is the orgs and what the user has done with them: which are shown, in
// which order, under which headers, which line the cursor is on, which are
// marked. The cursor follows the org, not the place.
type list struct {
	orgs     []tokens.Org       // in the order of the screen, those of a group together
	words    []tokens.Words     // of the orgs, for the filter; nil until there is one
	byKey    map[tokens.Key]int // index in orgs
	ordering ordering
	filter   narrowing
	now      time.Time // what the filter counts from
	limits   tokens.Limits

	matched []int // indexes in orgs of what the filter lets through
	shown   []int // those of them that no fold hides: what keys act on
	groups  []group
	folded  map[string]bool // by the name of the group
	lines   []int           // what stands on each line: an index in orgs, or ^ an index in groups
	places  []int           // the line of each org; -1 where it has none

	cursor int // index in lines
	top    int // index in lines of the first visible one
	marks  marks
	held   map[tokens.Key]int
	widths widths
	// version counts the changes of the orgs and of which are shown.
	version int
}

// set replaces the orgs and sorts them; the slice is the list's from then on.
// Marks of orgs that are gone go.
func (l *list) set(orgs []tokens.Org, now time.Time, limits tokens.Limits) {
	spot, line := l.spot(), l.cursor-l.top
	l.orgs, l.words = orgs, nil
	l.widths = measure(l.orgs)
	l.byKey = make(map[tokens.Key]int, len(orgs))
	l.arrange(now, limits)
	l.marks.keep(l.byKey)
	l.show()
	l.stand(spot, line)
}

// sort puts the orgs in order. The org under the cursor stays on the line where
// it is.
func (l *list) sort(now time.Time, limits tokens.Limits) {
	spot, line := l.spot(), l.cursor-l.top
	l.arrange(now, limits)
	l.show()
	l.stand(spot, line)
}

func (l *list) arrange(now time.Time, limits tokens.Limits) {
	l.now, l.limits = now, limits
	order := l.ordering.of(l.orgs, now, limits)
	if l.words != nil {
		tokens.Rearrange(l.words, slices.Clone(order))
	}
	tokens.Rearrange(l.orgs, order)
	for i := range l.orgs {
		l.byKey[l.orgs[i].Key] = i
	}
}

// prepare makes the orgs ready for a filter. Most of the time there is none, and
// what it takes of time and memory is not needed.
func (l *list) prepare() {
	if l.words != nil {
		return
	}
	l.words = make([]tokens.Words, len(l.orgs))
	for i := range l.orgs {
		l.words[i] = tokens.WordsOf(&l.orgs[i])
	}
}

// show decides anew which orgs and headers have a line.
func (l *list) show() {
	l.version++
	if l.filter.asks() {
		l.prepare()
	}
	l.matched, l.shown, l.lines, l.groups = l.matched[:0], l.shown[:0], l.lines[:0], l.groups[:0]
	l.places = slices.Grow(l.places[:0], len(l.orgs))[:len(l.orgs)]
	for i := range l.orgs {
		l.places[i] = -1
		if !l.matches(i) {
			continue
		}
		folded := l.gather(i)
		l.matched = append(l.matched, i)
		if folded {
			continue
		}
		l.places[i] = len(l.lines)
		l.shown = append(l.shown, i)
		l.lines = append(l.lines, i)
	}
	l.marks.count(l)
}

// spot is what a line is about, so that it can be found again.
type spot struct {
	key    tokens.Key // of an org
	group  string
	header bool
}

func (l *list) spot() spot { return l.at(l.cursor) }

// at is what a line is about; nothing where there is no such line.
func (l *list) at(line int) spot {
	if line >= len(l.lines) {
		return spot{}
	}
	i := l.lines[line]
	if i < 0 {
		return spot{group: l.groups[^i].name, header: true}
	}
	return spot{key: l.orgs[i].Key, group: l.ordering.group.Of(&l.orgs[i])}
}

// seek puts the cursor on what it was on; on the header of its group where a
// fold hides it; near where it was where the filter does.
func (l *list) seek(s spot) {
	if i, known := l.byKey[s.key]; known && l.places[i] >= 0 {
		l.cursor = l.places[i]
		return
	}
	for i := range l.groups {
		if g := &l.groups[i]; g.name == s.group && (s.header || l.folded[g.name]) {
			l.cursor = g.line
			return
		}
	}
	l.move(0)
}

// stand is seek with the cursor's line staying where the eye is.
func (l *list) stand(s spot, line int) {
	l.seek(s)
	l.top = max(0, l.cursor-line)
}

// move takes the cursor n lines down, or up where n is negative, and stops at
// the ends.
func (l *list) move(n int) { l.cursor = max(0, min(l.cursor+n, len(l.lines)-1)) }

// reveal scrolls so that the cursor is among the rows lines that are visible.
func (l *list) reveal(rows int) {
	l.top = min(l.top, l.cursor)
	l.top = max(l.top, l.cursor-rows+1, 0)
	l.top = max(0, min(l.top, len(l.lines)-rows))
}

// under returns the index of the org under the cursor; false on a header, and
// where there is no line.
func (l *list) under() (int, bool) {
	if l.cursor >= len(l.lines) || l.lines[l.cursor] < 0 {
		return 0, false
	}
	return l.lines[l.cursor], true
}

// current returns the org under the cursor; false on a header, and where no org
// is shown.
func (l *list) current() (tokens.Org, bool) {
	i, ok := l.under()
	if !ok {
		return tokens.Org{}, false
	}
	return l.orgs[i], true
}

func (l *list) cursorKey() tokens.Key {
	org, _ := l.current()
	return org.Key
}

// replace puts an org in the place of its older self, without sorting.
func (l *list) replace(org tokens.Org) {
	if i, known := l.byKey[org.Key]; known {
		l.version++
		l.orgs[i] = org
		if l.words != nil {
			l.words[i] = tokens.WordsOf(&org)
		}
		l.widths = l.widths.with(&org)
	}
}

// window returns the lines that are visible in rows rows.
func (l *list) window(rows int) []int {
	from := min(l.top, len(l.lines))
	return l.lines[from:min(from+rows, len(l.lines))]
}
