package ui

import (
	"time"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// state is how an org stands on the screen: its health, or that it is being
// refreshed.
type state int

// The states, in the order of the header.
const (
	stateFresh state = iota
	stateAgeing
	stateExpired
	stateFailed
	stateUnknown
	stateBusy

	numStates = int(iota)
)

var healths = [numStates]tokens.Health{tokens.Fresh, tokens.Ageing, tokens.Expired, tokens.Failed, tokens.HealthUnknown}

// String is the word for the state.
func (s state) String() string {
	if s == stateBusy {
		return "being refreshed"
	}
	return string(healths[s])
}

// due reports whether an org should be refreshed and is not in a refresh.
func (m *model) due(org *tokens.Org) bool {
	return org.HasRefreshToken && m.live[org.Key] == nil && org.Clocks(m.now, m.limits).Stale()
}

// standing is what the census knows of one org.
type standing struct {
	shown state
	stale bool // it is due for a refresh, not in one, and its row is shown
	watch watchState
}

// census counts the orgs once for all the frames between two changes.
type census struct {
	version int // of the list
	now     time.Time
	live    int // orgs being refreshed

	states []standing // parallel to the orgs of the list
	counts [numStates]int
	stale  int
	watch  [numWatchStates]int
}

// recount takes the census anew when something has changed that it rests on.
func (m *model) recount() {
	c := &m.census
	if c.states != nil && c.version == m.list.version && c.now.Equal(m.now) && c.live == len(m.live) {
		return
	}
	states := c.states[:0]
	if cap(states) < len(m.list.orgs) {
		states = make([]standing, 0, len(m.list.orgs))
	}
	*c = census{version: m.list.version, now: m.now, live: len(m.live)}
	for i := range m.list.orgs {
		s := m.standing(i)
		states = append(states, s)
		c.add(s, 1)
	}
	c.states = states
}

func (c *census) add(s standing, n int) {
	c.counts[s.shown] += n
	c.watch[s.watch] += n
	if s.stale {
		c.stale += n
	}
}

// recountOne brings the census up to date after a change of one org only, where
// it was up to date before.
func (m *model) recountOne(key tokens.Key, version, live int) {
	c := &m.census
	i, known := m.list.byKey[key]
	if !known || c.version != version || c.live != live || len(c.states) != len(m.list.orgs) {
		return
	}
	c.add(c.states[i], -1)
	c.states[i] = m.standing(i)
	c.add(c.states[i], 1)
	c.version, c.live = m.list.version, len(m.live)
}

func (m *model) standing(i int) standing {
	org := &m.list.orgs[i]
	if len(m.live) > 0 && m.live[org.Key] != nil {
		return standing{shown: stateBusy, watch: watchOf(org)}
	}
	clocks := org.Clocks(m.now, m.limits)
	s := standing{shown: stateUnknown, watch: watchOf(org), stale: org.HasRefreshToken && clocks.Stale() && m.list.places[i] >= 0}
	for h, health := range healths {
		if health == clocks.Health {
			s.shown = state(h)
		}
	}
	return s
}

// stateLook is the style and the glyph of a state.
func (m *model) stateLook(s state) (theme.Paint, string) {
	if s == stateBusy {
		return m.theme.Busy, m.theme.Glyphs.Busy[m.frame%len(m.theme.Glyphs.Busy)]
	}
	return m.theme.Health(string(healths[s]))
}

// passed brings the list up to the clock. Orgs that have become ageing or
// expired since go to their places, but not while refreshes move the rows.
func (m *model) passed() {
	before := m.census.counts
	m.list.now = m.now
	m.recount()
	if len(m.runs) > 0 || len(m.list.held) > 0 {
		return
	}
	switch {
	case before != m.census.counts:
		m.list.sort(m.now, m.limits)
	case m.list.filter.filter.NeedsClocks():
		m.list.renew()
	}
}
