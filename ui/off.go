package ui

import (
	"iter"

	"orgkeep/tokens"
)

// offNow says why an action does nothing where the user is, or nothing.
func (m *model) offNow(a action) string {
	if m.covered(a, a.keys[0]) {
		return "it works in the list; esc goes back to it"
	}
	return a.why(m)
}

// why says why an action is off, or nothing.
func (a action) why(m *model) string {
	if a.off == nil {
		return ""
	}
	return a.off(m)
}

func noneSavedOff(m *model) string {
	if len(m.list.orgs) == 0 {
		return "no org is saved"
	}
	return ""
}

const noneShown = "no org is shown"

// linesOff is for what needs a line under the cursor, an org's or a header.
func linesOff(m *model) string {
	if len(m.list.lines) == 0 {
		return noneShown
	}
	return ""
}

// emptyOff is for what needs an org under the cursor.
func emptyOff(m *model) string {
	if _, ok := m.list.header(); ok {
		return "the cursor is on a group, not on an org"
	}
	return linesOff(m)
}

func refreshOff(m *model) string {
	var first *tokens.Org
	n := 0
	for org := range m.eachChosen() {
		if org.HasRefreshToken && m.live[org.Key] == nil {
			return ""
		}
		if n == 0 {
			first = org
		}
		n++
	}
	_, onHeader := m.list.header()
	switch {
	case n == 0 && onHeader:
		return "every org of the group waits for a person"
	case n == 0:
		return noneShown
	case n > 1 && onHeader && m.list.marks.shown == 0:
		return "every org of the group is being refreshed or has no refresh token"
	case n > 1:
		return "every marked org is being refreshed or has no refresh token"
	case m.live[first.Key] != nil:
		return first.Alias + " is being refreshed"
	}
	return first.Alias + " has no refresh token"
}

// chosen returns what an action is about: the marked orgs, else the one under
// the cursor, else those of the group under it; with an org open, that one.
func (m *model) chosen() []tokens.Org {
	var orgs []tokens.Org
	for org := range m.eachChosen() {
		orgs = append(orgs, *org)
	}
	return orgs
}

// eachChosen goes through what chosen returns without copying it, for what only
// asks whether there is one of a kind.
func (m *model) eachChosen() iter.Seq[*tokens.Org] {
	l := &m.list
	if l.marks.shown > 0 && m.overlay == overlayNone {
		return l.eachMarked()
	}
	if i, ok := l.under(); ok {
		return func(yield func(*tokens.Org) bool) { yield(&l.orgs[i]) }
	}
	return m.eachOfGroup()
}

func staleOff(m *model) string {
	if m.census.stale == 0 {
		if len(m.list.shown) < len(m.list.orgs) {
			return "no org that is shown is stale"
		}
		return "no org is stale"
	}
	return ""
}

// stale returns the shown orgs that are due for a refresh and not in one.
func (m *model) stale() []tokens.Org {
	var orgs []tokens.Org
	for _, i := range m.list.shown {
		org := &m.list.orgs[i]
		if m.due(org) {
			orgs = append(orgs, *org)
		}
	}
	return orgs
}

func escapeOff(m *model) string {
	if m.overlay == overlayNone && len(m.runs) == 0 && len(m.removal.queue) == 0 && m.filter.Value() == "" && len(m.list.marks.set) == 0 {
		return "there is nothing to cancel, close or clear"
	}
	return ""
}

// escape takes back one thing, the nearest first.
func (m *model) escape() {
	switch {
	case m.overlay != overlayNone:
		m.overlay = overlayNone
	case len(m.removal.queue) > 0:
		m.removal.queue = nil
		m.note = "The org that is being forgotten is the last; the rest stays."
	case len(m.runs) > 0:
		m.cancelRuns()
		m.note = "Cancelling what has not been sent; what has been sent is finished."
	case m.filter.Value() != "":
		m.filter.SetValue("")
		m.list.narrow("")
	default:
		m.list.marks.clear()
	}
}

func (m *model) open(o overlay) { m.overlay, m.scroll = o, 0 }

// unknown returns the chosen orgs whose last refresh ended without an answer.
func (m *model) unknown() []tokens.Org {
	var orgs []tokens.Org
	for org := range m.eachChosen() {
		if org.Last != nil && org.Last.Outcome == tokens.OutcomeUnknown && m.live[org.Key] == nil {
			orgs = append(orgs, *org)
		}
	}
	return orgs
}

func anywayOff(m *model) string {
	if len(m.unknown()) == 0 && len(m.held()) == 0 {
		return "it is for orgs whose last outcome is unknown, or that a pause holds back"
	}
	return ""
}
