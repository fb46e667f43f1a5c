package ui

import (
	"slices"
	"strings"

	"orgkeep/tokens"
)

// column is one column of the list after the org's name.
type column struct {
	name string // in the settings
	head string
	gap  int // blank cells before it
	// goes is the turn in which it gives up its place in a narrow window, the
	// first one 1; 0 stays.
	goes int
	// least, fair and most are widths: below least it goes, most is the cap. They
	// are the same for figures.
	least, fair, most int
	scarce            bool                     // drawn only where the names have their fair widths
	text              func(*tokens.Org) string // nil for figures
}

const (
	aliasMin, aliasFair, aliasMost = 8, 20, 24

	prefixWidth = 4 // cursor, mark, glyph and a blank
	idleWidth   = 5
	lastWidth   = 9
	gap         = 2
	busyWidth   = 24 // what the step of a busy row wants

	// The signs of a favourite and of a watched org have places of their own where
	// the list has room, also while no org has one: the first must not move the
	// columns.
	signsFrom, signsWidth = 110, 2
)

// The names of the columns.
const (
	colType = "type"
	colUser = "user"
	colHost = "host"
	colTags = "tags"
	colAge  = "age"
	colLeft = "left"
	colIdle = "idle"
	colLast = "last"
)

// table is the columns in the order of the screen.
var table = []column{
	{name: colType, head: "TYPE", gap: gap, goes: 6, least: 4, fair: 4, most: 4},
	{name: colUser, head: "USERNAME", gap: gap, goes: 3, least: 10, fair: 24, most: 32, text: func(o *tokens.Org) string { return o.User() }},
	{name: colHost, head: "HOST", gap: gap, goes: 2, least: 12, fair: 18, most: 40, scarce: true, text: hostText},
	{name: colTags, head: "TAGS", gap: gap, goes: 1, least: 6, fair: 8, most: 24, scarce: true, text: func(o *tokens.Org) string { return strings.Join(o.Tags, " ") }},
	{name: colAge, head: "AGE", gap: gap},
	{name: colLeft, head: "LEFT", gap: 1},
	{name: colIdle, head: "IDLE", gap: gap, goes: 5, least: idleWidth, fair: idleWidth, most: idleWidth},
	{name: colLast, head: "LAST", gap: 1, goes: 4, least: lastWidth, fair: lastWidth, most: lastWidth},
}

// ColumnNames returns the columns that Options can choose from, in the order in
// which they are drawn.
func ColumnNames() []string {
	names := make([]string, len(table))
	for i := range table {
		names[i] = table[i].name
	}
	return names
}

func hostText(o *tokens.Org) string { return strings.TrimPrefix(o.InstanceURL, "https://") }

// widths are the natural widths of what is text, from the widest value up to a
// cap.
type widths struct {
	alias int
	text  map[string]int // by the name of the column
}

func measure(orgs []tokens.Org) widths {
	w := widths{alias: aliasMin}
	for i := range orgs {
		w = w.with(&orgs[i])
	}
	return w
}

// with makes room for one more org. Widths only grow, so that no change of one
// org moves the others.
func (w widths) with(org *tokens.Org) widths {
	if w.text == nil {
		w.text = map[string]int{}
	}
	w.alias = max(w.alias, min(aliasMost, width(org.Alias)))
	for i := range table {
		c := &table[i]
		if c.text == nil {
			continue
		}
		if text := c.text(org); text != "" && w.text[c.name] < c.most {
			w.text[c.name] = max(w.text[c.name], c.least, min(c.most, width(text)))
		}
	}
	return w
}

// slot is a column with its place in the list.
type slot struct {
	*column
	w int
}

// plan is the columns for one width of the list.
type plan struct {
	signs int // cells of the favourite's and the watch's sign; 0 where they stand in the prefix
	alias int
	slots []slot
	busy  int // the first slot that a busy row gives to its step
}

// share gives the columns their room. Where it is narrow they go one after the
// other, then the names give way; what is left over goes to the names first.
func share(w widths, chosen []string, times timesMode, room int) plan {
	p := plan{alias: w.alias}
	if room >= signsFrom {
		p.signs = signsWidth
	}
	room -= prefixWidth + p.signs
	for i := range table {
		c := &table[i]
		if natural := w.natural(c, times); natural > 0 && slices.Contains(chosen, c.name) {
			p.slots = append(p.slots, slot{c, natural})
		}
	}
	p.squeeze(w, room)
	p.stretch(w, room)
	p.busy = p.busyFrom()
	return p
}

func (w widths) natural(c *column, times timesMode) int {
	switch {
	case c.name == colAge:
		return times.ageWidth()
	case c.name == colLeft:
		return times.leftWidth()
	case c.text != nil:
		return w.text[c.name] // nothing where no org has any
	}
	return c.most
}

// need is the least that the columns can do with.
func (p *plan) need(w widths) int {
	wide := p.wide()
	need := w.smallAlias(wide)
	for _, s := range p.slots {
		need += s.gap + s.small(wide)
	}
	return need
}

// wide reports whether there is so much room that the names have their fair
// widths.
func (p *plan) wide() bool {
	return slices.ContainsFunc(p.slots, func(s slot) bool { return s.scarce })
}

func (w widths) smallAlias(wide bool) int {
	if wide {
		return min(w.alias, aliasFair)
	}
	return aliasMin
}

// small is the least width that a slot is drawn with.
func (s slot) small(wide bool) int {
	switch {
	case s.text == nil:
		return s.w
	case wide:
		return min(s.w, s.fair)
	}
	return min(s.w, s.least)
}

// squeeze takes columns away, in their turn, until the rest have room.
func (p *plan) squeeze(w widths, room int) {
	for p.need(w) > room {
		next := -1
		for i, s := range p.slots {
			if s.goes > 0 && (next < 0 || s.goes < p.slots[next].goes) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		p.slots = slices.Delete(p.slots, next, next+1)
	}
}

// stretch gives what is left to the alias, then to the other texts in turn.
func (p *plan) stretch(w widths, room int) {
	spare, wide := room-p.need(w), p.wide()
	grow := func(from, to int) int {
		by := max(0, min(to-from, spare))
		spare -= by
		return from + by
	}
	p.alias = grow(w.smallAlias(wide), w.alias)
	for i := range p.slots {
		p.slots[i].w = grow(p.slots[i].small(wide), p.slots[i].w)
	}
}

// busyFrom is the first slot of the figures, or one before where they are not
// wide enough for the step of a busy row.
func (p *plan) busyFrom() int {
	from, w := len(p.slots), 0
	for from > 0 && (p.slots[from-1].figure() || w < busyWidth) {
		from--
		w += p.slots[from].gap + p.slots[from].w
	}
	return from
}

func (c *column) figure() bool { return c.text == nil && c.name != colType }
