package tokens

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Order is what a list of orgs is sorted by.
type Order string

// The orders. Spans go from short to long: the youngest token, the one that
// ends first, the latest refresh.
const (
	OrderUrgency Order = "urgency" // see ByUrgency
	OrderAlias   Order = "alias"
	OrderUser    Order = "user"
	OrderType    Order = "type" // production first, as in Types
	OrderHost    Order = "host" // of the instance
	OrderAge     Order = "age"
	OrderLeft    Order = "left" // of the access token
	OrderIdle    Order = "idle" // left until the idle limit
	OrderLast    Order = "last" // since the last refresh
)

// Orders returns every Order, in the order in which a key goes through them.
func Orders() []Order {
	return []Order{OrderUrgency, OrderAlias, OrderUser, OrderType, OrderHost, OrderAge, OrderLeft, OrderIdle, OrderLast}
}

// ParseOrder reads the name of an Order. The error says which there are.
func ParseOrder(name string) (Order, error) {
	if order := Order(strings.ToLower(name)); slices.Contains(Orders(), order) {
		return order, nil
	}
	return "", fmt.Errorf("there is no order %s, use %s", brief(name), strings.Join(texts(Orders()), ", "))
}

// Sort sorts orgs in place. The alias breaks ties, from a to z in either
// direction, and what is unknown comes last in either direction. Letter case
// does not matter.
func Sort(orgs []Org, by Order, reverse bool, now time.Time, limits Limits) {
	places := make([]place, len(orgs))
	for i := range orgs {
		places[i] = placeOf(&orgs[i], by, now, limits)
		places[i].alias = strings.ToLower(orgs[i].Alias)
	}
	direction := 1
	if reverse {
		direction = -1
	}
	arrange(orgs, inOrder(places, direction))
}

// inOrder returns the indexes of places in the order of the places. Indexes are
// what is moved about while sorting: places are larger and have pointers, which
// the garbage collector would have to be told of.
func inOrder(places []place, direction int) []int {
	order := make([]int, len(places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if c := places[a].compare(&places[b], direction); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	return order
}

// place is what an org is sorted by.
type place struct {
	unknown bool
	rank    int
	number  int64
	text    string
	alias   string
}

// compare is in direction 1 or -1, but what is unknown and the alias only know
// one.
func (p *place) compare(q *place, direction int) int {
	switch {
	case p.unknown != q.unknown:
		if p.unknown {
			return 1
		}
		return -1
	case p.rank != q.rank:
		return direction * cmp.Compare(p.rank, q.rank)
	case p.number != q.number:
		return direction * cmp.Compare(p.number, q.number)
	}
	if c := strings.Compare(p.text, q.text); c != 0 {
		return direction * c
	}
	return strings.Compare(p.alias, q.alias)
}

func placeOf(org *Org, by Order, now time.Time, limits Limits) place {
	switch by {
	case OrderAlias:
		return place{text: strings.ToLower(org.Alias)}
	case OrderUser:
		return place{text: strings.ToLower(org.User()), unknown: org.User() == ""}
	case OrderType:
		return place{rank: slices.Index(Types(), org.Type), unknown: org.Type == TypeUnknown || org.Type == ""}
	case OrderHost:
		host := strings.ToLower(hostOf(org.InstanceURL))
		return place{text: host, unknown: host == ""}
	case OrderLast:
		if org.Last == nil {
			return place{unknown: true}
		}
		return place{number: -org.Last.At.UnixNano(), unknown: org.Last.At.IsZero()}
	case OrderUrgency, OrderAge, OrderLeft, OrderIdle:
	}
	c := org.Clocks(now, limits)
	switch by {
	case OrderAge:
		return place{number: int64(c.Age), unknown: !c.AgeKnown}
	case OrderLeft:
		return place{number: int64(c.Left), unknown: c.LeftSource == LeftUnknown}
	case OrderIdle:
		return place{number: int64(c.IdleLeft), unknown: !c.IdleKnown}
	case OrderUrgency, OrderAlias, OrderUser, OrderType, OrderHost, OrderLast:
	}
	rank, left := urgencyOf(&c)
	return place{rank: rank, number: int64(left)}
}

// arrange puts at each index the org that stands at the index that order has
// there, each org moved once: around every cycle of the permutation, with one org
// held aside. It uses order up.
func arrange(orgs []Org, order []int) {
	for i := range order {
		if order[i] == i {
			continue
		}
		aside, to := orgs[i], i
		for order[to] != i {
			from := order[to]
			orgs[to], order[to] = orgs[from], to
			to = from
		}
		orgs[to], order[to] = aside, to
	}
}

// Grouping is what the rows of a list are put together by.
type Grouping string

// The groupings.
const (
	GroupNone Grouping = "none"
	GroupTag  Grouping = "tag" // the first tag
	GroupType Grouping = "type"
	GroupHost Grouping = "host" // of the instance
	GroupUser Grouping = "user"
)

// Groupings returns every Grouping, in the order in which a key goes through
// them.
func Groupings() []Grouping {
	return []Grouping{GroupNone, GroupTag, GroupType, GroupHost, GroupUser}
}

// ParseGrouping reads the name of a Grouping. The error says which there are.
func ParseGrouping(name string) (Grouping, error) {
	if g := Grouping(strings.ToLower(name)); slices.Contains(Groupings(), g) {
		return g, nil
	}
	return "", fmt.Errorf("there is no group %s, use %s", brief(name), strings.Join(texts(Groupings()), ", "))
}

// Of returns the name of the group that an org is in; empty for an org without
// what is grouped by, and for all with GroupNone.
func (g Grouping) Of(org *Org) string {
	switch g {
	case GroupTag:
		if len(org.Tags) > 0 {
			return org.Tags[0]
		}
	case GroupType:
		return string(org.Type)
	case GroupHost:
		return hostOf(org.InstanceURL)
	case GroupUser:
		return org.User()
	case GroupNone:
	}
	return ""
}

// Gather brings the orgs of each group together, in place: the groups by name
// (types as in Types), the one without a name last. Within a group orgs keep
// their order.
func (g Grouping) Gather(orgs []Org) {
	if g == GroupNone {
		return
	}
	places := make([]place, len(orgs))
	for i := range orgs {
		if g == GroupType {
			places[i] = placeOf(&orgs[i], OrderType, time.Time{}, Limits{})
		} else {
			name := g.Of(&orgs[i])
			places[i] = place{text: strings.ToLower(name), alias: name, unknown: name == ""}
		}
	}
	arrange(orgs, inOrder(places, 1))
}
