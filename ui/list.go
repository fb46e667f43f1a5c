package ui

import (
	"slices"
	"strings"
	"time"

	"orgkeep/tokens"
)

// list is the orgs and what the user has done with them: which are shown, in
// which order, which one the cursor is on, which are marked. The cursor follows
// the org, not the place.
type list struct {
	orgs   []tokens.Org
	byKey  map[tokens.Key]int // index in orgs
	shown  []int              // indexes in orgs, in the order of the screen
	terms  []string           // of the filter, in lower case
	words  []string           // what the filter looks through, parallel to orgs
	cursor int                // index in shown
	top    int                // index in shown of the first visible row
	marks  map[tokens.Key]bool
	widths widths
	// version counts the changes of the orgs and of which are shown.
	version int
}

// set replaces the orgs and sorts them, most urgent first.
func (l *list) set(orgs []tokens.Org, now time.Time, limits tokens.Limits) {
	l.orgs = slices.Clone(orgs)
	if l.marks == nil {
		l.marks = map[tokens.Key]bool{}
	}
	l.sort(now, limits)
}

// sort puts the most urgent org first. The org under the cursor stays on the
// line where it is.
func (l *list) sort(now time.Time, limits tokens.Limits) {
	key, line := l.cursorKey(), l.cursor-l.top
	tokens.ByUrgency(l.orgs, now, limits)
	l.byKey = make(map[tokens.Key]int, len(l.orgs))
	l.words = make([]string, len(l.orgs))
	for i, org := range l.orgs {
		l.byKey[org.Key] = i
		l.words[i] = strings.ToLower(strings.Join(append([]string{
			org.Alias, org.Username, org.OrgID, org.UserID, org.InstanceURL, string(org.Type),
		}, org.Tags...), "\n"))
	}
	l.widths = measure(l.orgs)
	l.show()
	l.seek(key)
	l.top = max(0, l.cursor-line)
}

// narrow shows only the orgs that hold every term of the filter.
func (l *list) narrow(filter string) {
	key := l.cursorKey()
	l.terms = strings.Fields(strings.ToLower(filter))
	l.show()
	l.seek(key)
}

func (l *list) show() {
	l.version++
	l.shown = l.shown[:0]
	for i := range l.orgs {
		if l.matches(i) {
			l.shown = append(l.shown, i)
		}
	}
}

func (l *list) matches(i int) bool {
	for _, term := range l.terms {
		if !strings.Contains(l.words[i], term) {
			return false
		}
	}
	return true
}

// seek puts the cursor on an org, or near where it was when the org is not shown.
func (l *list) seek(key tokens.Key) {
	for place, i := range l.shown {
		if l.orgs[i].Key == key {
			l.cursor = place
			return
		}
	}
	l.cursor = max(0, min(l.cursor, len(l.shown)-1))
}

// move takes the cursor n rows down, or up where n is negative, and stops at
// the ends.
func (l *list) move(n int) { l.cursor = max(0, min(l.cursor+n, len(l.shown)-1)) }

// reveal scrolls so that the cursor is among the rows lines that are visible.
func (l *list) reveal(rows int) {
	l.top = min(l.top, l.cursor)
	l.top = max(l.top, l.cursor-rows+1, 0)
	l.top = max(0, min(l.top, len(l.shown)-rows))
}

// current returns the org under the cursor; false when no row is shown.
func (l *list) current() (tokens.Org, bool) {
	if l.cursor >= len(l.shown) {
		return tokens.Org{}, false
	}
	return l.orgs[l.shown[l.cursor]], true
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
	}
}

// toggleMark marks the org under the cursor, or unmarks it.
func (l *list) toggleMark() {
	key := l.cursorKey()
	if l.marks[key] {
		delete(l.marks, key)
	} else if key != "" {
		l.marks[key] = true
	}
}

// marked returns the marked orgs that are shown: what the filter hides, no key
// acts on.
func (l *list) marked() []tokens.Org {
	if len(l.marks) == 0 {
		return nil
	}
	var orgs []tokens.Org
	for _, i := range l.shown {
		if l.marks[l.orgs[i].Key] {
			orgs = append(orgs, l.orgs[i])
		}
	}
	return orgs
}
