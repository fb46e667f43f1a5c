package tokens

import "time"

// ByUrgency sorts orgs in place, the one that most needs a person first: those
// whose last refresh failed, then unknown, expired, ageing, close to the idle
// limit, and at last the fresh ones. Within ageing and fresh less time left
// goes first, within idle less idle time left; the alias breaks ties. The order
// of two orgs does not change while neither changes its health.
func ByUrgency(orgs []Org, now time.Time, limits Limits) {
	Sort(orgs, OrderUrgency, false, now, limits)
}

const (
	rankFailed = iota
	rankUnknown
	rankExpired
	rankAgeing
	rankIdle
	rankFresh
)

// urgencyOf tells the rank of an org, and the time until something ends where
// that orders the rank.
func urgencyOf(c *Clocks) (rank int, left time.Duration) {
	switch {
	case c.Health == Failed:
		return rankFailed, 0
	case c.Health == HealthUnknown:
		return rankUnknown, 0
	case c.Health == Expired:
		return rankExpired, 0
	case c.Health == Ageing:
		return rankAgeing, c.Left
	case c.IdleSoon:
		return rankIdle, c.IdleLeft
	}
	return rankFresh, c.Left
}
