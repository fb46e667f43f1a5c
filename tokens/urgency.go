package tokens

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ByUrgency sorts orgs in place, the one that most needs a person first: those
// whose last refresh failed, then unknown, expired, ageing, close to the idle
// limit, and at last the fresh ones. Within ageing and fresh less time left
// goes first, within idle less idle time left; the alias breaks ties. The order
// of two orgs does not change while neither changes its health.
func ByUrgency(orgs []Org, now time.Time, limits Limits) {
	// An Org is large, so what is moved about while sorting is its urgency.
	before := slices.Clone(orgs)
	ranked := make([]urgency, len(orgs))
	for i := range before {
		ranked[i] = urgencyOf(before[i], now, limits)
		ranked[i].org = &before[i]
	}
	slices.SortStableFunc(ranked, func(a, b urgency) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.left, b.left), strings.Compare(a.org.Alias, b.org.Alias))
	})
	for i := range ranked {
		orgs[i] = *ranked[i].org
	}
}

// urgency is what an org is sorted by.
type urgency struct {
	org  *Org
	rank int
	left time.Duration // until something ends; zero where that does not order the rank
}

const (
	rankFailed = iota
	rankUnknown
	rankExpired
	rankAgeing
	rankIdle
	rankFresh
)

func urgencyOf(org Org, now time.Time, limits Limits) urgency {
	c := org.Clocks(now, limits)
	switch {
	case c.Health == Failed:
		return urgency{rank: rankFailed}
	case c.Health == HealthUnknown:
		return urgency{rank: rankUnknown}
	case c.Health == Expired:
		return urgency{rank: rankExpired}
	case c.Health == Ageing:
		return urgency{rank: rankAgeing, left: c.Left}
	case c.IdleSoon:
		return urgency{rank: rankIdle, left: c.IdleLeft}
	}
	return urgency{rank: rankFresh, left: c.Left}
}
