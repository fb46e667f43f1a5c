package tokens

import "time"

// ByUrgency sorts orgs in place, the one that most needs a person first: those
// whose last refresh failed, then unknown, then those whose refresh token has
// passed its idle limit or is close to it, then expired, ageing and fresh. A
// refresh mends an access token that is over; a refresh token that is over takes
// a person to sign in again, so its limit goes first, though it is assumed.
// Within ageing and fresh less time left goes first, within idle less idle time
// left; the alias breaks ties. The order of two orgs does not change while
// neither changes its health.
func ByUrgency(orgs []Org, now time.Time, limits Limits) {
	Sort(orgs, OrderUrgency, false, now, limits)
}

const (
	rankFailed = iota
	rankUnknown
	rankIdle
	rankExpired
	rankAgeing
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
	case c.IdleSoon:
		return rankIdle, c.IdleLeft
	case c.Health == Expired:
		return rankExpired, 0
	case c.Health == Ageing:
		return rankAgeing, c.Left
	}
	return rankFresh, c.Left
}
