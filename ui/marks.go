package ui

import (
	"fmt"
	"iter"
	"maps"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// marks are the orgs that the user has marked. They outlive filters and folds;
// what those hide, no key acts on.
type marks struct {
	set   map[tokens.Key]bool
	last  tokens.Key // the one marked last: where a range begins
	shown int        // how many of them have a line
}

// put marks an org that has a line, or unmarks it.
func (k *marks) put(key tokens.Key, on bool) {
	switch {
	case k.set[key] == on:
	case on:
		if k.set == nil {
			k.set = map[tokens.Key]bool{}
		}
		k.set[key] = true
		k.shown++
	default:
		delete(k.set, key)
		k.shown--
	}
	if on {
		k.last = key
	}
}

func (k *marks) clear() { *k = marks{} }

// keep forgets the marks of orgs that are gone.
func (k *marks) keep(known map[tokens.Key]int) {
	maps.DeleteFunc(k.set, func(key tokens.Key, _ bool) bool {
		_, there := known[key]
		return !there
	})
}

// count counts the marks that have a line.
func (k *marks) count(l *list) {
	k.shown = 0
	for key := range k.set {
		if l.places[l.byKey[key]] >= 0 {
			k.shown++
		}
	}
}

// words says how many are marked and how many of them nothing acts on now.
func (k *marks) words() string {
	text := fmt.Sprintf("%d marked", len(k.set))
	if hidden := len(k.set) - k.shown; hidden > 0 {
		text += fmt.Sprintf(", %d hidden", hidden)
	}
	return text
}

// toggleMark marks the org under the cursor, or unmarks it; on a header all
// orgs under it, or where all are marked none.
func (l *list) toggleMark() {
	if i, ok := l.under(); ok {
		key := l.orgs[i].Key
		l.marks.put(key, !l.marks.set[key])
		return
	}
	if g, ok := l.header(); ok {
		l.markAll(l.matched[g.from:g.to])
	}
}

// eachMarked goes through the marked orgs that are shown.
func (l *list) eachMarked() iter.Seq[*tokens.Org] {
	return func(yield func(*tokens.Org) bool) {
		for _, i := range l.shown {
			if org := &l.orgs[i]; l.marks.set[org.Key] && !yield(org) {
				return
			}
		}
	}
}

// markAll marks orgs, or unmarks them where all are marked.
func (l *list) markAll(orgs []int) {
	on := false
	for _, i := range orgs {
		on = on || !l.marks.set[l.orgs[i].Key]
	}
	for _, i := range orgs {
		l.marks.put(l.orgs[i].Key, on)
	}
}

// rangeEnds returns the lines between the last mark and the cursor, both
// included; false where the last mark has no line.
func (l *list) rangeEnds() (from, to int, ok bool) {
	i, known := l.byKey[l.marks.last]
	if !known || !l.marks.set[l.marks.last] || l.places[i] < 0 {
		return 0, 0, false
	}
	place := l.places[i]
	return min(place, l.cursor), max(place, l.cursor), true
}

// markRange marks what stands between the last mark and the cursor.
func (l *list) markRange() {
	from, to, ok := l.rangeEnds()
	if !ok {
		return
	}
	for _, i := range l.lines[from : to+1] {
		if i >= 0 {
			l.marks.put(l.orgs[i].Key, true)
		}
	}
	if i, onOrg := l.under(); onOrg {
		l.marks.last = l.orgs[i].Key
	}
}

func markActions() []action {
	return []action{
		{
			keys: []string{"space"}, name: "mark", group: groupOrgs, footer: 2, goes: 1,
			about: "Mark the org under the cursor, or unmark it, and go on to the next; on a header, all orgs under it.",
			off:   markOff,
			run: func(m *model) tea.Cmd {
				m.list.toggleMark()
				m.list.move(1)
				return nil
			},
		},
		{
			keys: []string{"V"}, name: "mark range", group: groupOrgs,
			about: "Mark every org from the last mark to the cursor.",
			off: func(m *model) string {
				if _, _, ok := m.list.rangeEnds(); !ok {
					return "no mark is shown for the range to begin at"
				}
				return ""
			},
			run: func(m *model) tea.Cmd { m.list.markRange(); return nil },
		},
		{
			keys: []string{"ctrl+a"}, name: "mark all", group: groupOrgs,
			about: "Mark every org that is shown; again, unmark them. Marks stay when a filter or a fold hides them, and no key acts on what is hidden.",
			off: func(m *model) string {
				if len(m.list.shown) == 0 {
					return noneShown
				}
				return ""
			},
			run: func(m *model) tea.Cmd { m.list.markAll(m.list.shown); return nil },
		},
	}
}

func markOff(m *model) string {
	if g, ok := m.list.header(); ok && m.list.folded[g.name] {
		return "the orgs of the group are folded away; right shows them"
	}
	return linesOff(m)
}
