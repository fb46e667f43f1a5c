package ui

import "orgkeep/tokens"

// landing is where the cursor goes when a run of several orgs has ended and they
// have gone to their places: to the first of those that need a person, so that
// they are seen. Whoever has moved it meanwhile, or looks at something else,
// keeps the org that it is on.
type landing struct {
	bad   map[tokens.Key]bool // what has failed, or ended unknown
	first bool                // the cursor is on the first line, and stays there
}

// landing returns the landing of the runs that have ended; before the list is
// sorted.
func (m *model) landing() landing {
	t := &m.totals
	busy := m.overlay != overlayNone || m.dialog() != nil || m.palette != nil || m.filtering
	if len(t.results) < 2 || t.byWatch || busy || m.list.spot() != t.from {
		return landing{}
	}
	bad := map[tokens.Key]bool{}
	for _, r := range t.results {
		if o := r.Attempt.Outcome; o == tokens.OutcomeFailed || o == tokens.OutcomeUnknown {
			bad[r.Org.Key] = true
		}
	}
	return landing{bad: bad, first: m.list.cursor == 0}
}

// of puts the cursor of a list there.
func (to landing) of(l *list) {
	for line, i := range l.lines {
		if i >= 0 && to.bad[l.orgs[i].Key] {
			l.cursor, l.top = line, 0
			return
		}
	}
	if to.first {
		l.cursor, l.top = 0, 0
	}
}
