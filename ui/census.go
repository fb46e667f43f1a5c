package ui

import (
	"time"

	"orgkeep/tokens"
)

// census counts the orgs once for all the frames between two changes.
type census struct {
	version int // of the list
	now     time.Time
	live    int // orgs being refreshed

	byHealth map[tokens.Health]int // of the orgs that are not being refreshed
	stale    int                   // shown orgs that are due for a refresh and not in one
}

// recount takes the census anew when something has changed that it rests on.
func (m *model) recount() {
	c := &m.census
	if c.byHealth != nil && c.version == m.list.version && c.now.Equal(m.now) && c.live == len(m.live) {
		return
	}
	*c = census{version: m.list.version, now: m.now, live: len(m.live), byHealth: map[tokens.Health]int{}}
	for _, org := range m.list.orgs {
		if m.live[org.Key] == nil {
			c.byHealth[org.Clocks(m.now, m.limits).Health]++
		}
	}
	for _, i := range m.list.shown {
		if m.due(m.list.orgs[i]) {
			c.stale++
		}
	}
}

// due reports whether an org should be refreshed and is not in a refresh.
func (m *model) due(org tokens.Org) bool {
	return org.HasRefreshToken && m.live[org.Key] == nil && org.Clocks(m.now, m.limits).Stale()
}
