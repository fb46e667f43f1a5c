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

// Sort sorts orgs in place as an Arrangement without groups and favourites does.
func Sort(orgs []Org, by Order, reverse bool, now time.Time, limits Limits) {
	Rearrange(orgs, Arrangement{By: by, Reverse: reverse}.Order(orgs, now, limits))
}

// Arrangement is how a list of orgs is put in order. The alias breaks ties, from
// a to z in either direction, and what is unknown comes last in either direction.
// Letter case does not matter.
type Arrangement struct {
	By      Order
	Reverse bool
	// Favourites puts them first in each group, or in the list where there are no
	// groups, in either direction.
	Favourites bool
	// Group brings the orgs of a group together: the groups by name (types as in
	// Types), in either direction, the one without a name last.
	Group Grouping
}

// Order returns the indexes of orgs in their order.
func (a Arrangement) Order(orgs []Org, now time.Time, limits Limits) []int {
	grouped := a.Group != GroupNone && a.Group != ""
	places, groups := make([]place, len(orgs)), []place(nil)
	if grouped {
		groups = make([]place, len(orgs))
	}
	order := make([]int, len(orgs))
	for i := range orgs {
		order[i], places[i] = i, placeOf(&orgs[i], a.By, now, limits)
		places[i].alias, places[i].later = strings.ToLower(orgs[i].Alias), a.Favourites && !orgs[i].Favourite
		if grouped {
			groups[i] = a.Group.placeOf(&orgs[i])
		}
	}
	direction := 1
	if a.Reverse {
		direction = -1
	}
	// Indexes are what is moved about while sorting: places are larger and have
	// pointers, which the garbage collector would have to be told of.
	slices.SortFunc(order, func(i, j int) int {
		if grouped {
			if c := groups[i].compare(&groups[j], 1); c != 0 {
				return c
			}
		}
		return cmp.Or(places[i].compare(&places[j], direction), cmp.Compare(i, j))
	})
	return order
}

// place is what an org is sorted by.
type place struct {
	later   bool // than the favourites
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
	case p.later != q.later:
		return last(p.later)
	case p.unknown != q.unknown:
		return last(p.unknown)
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

// last is the comparison of two of which one is to come last.
func last(it bool) int {
	if it {
		return 1
	}
	return -1
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

// Rearrange puts at each index what stands at the index that order has there, each
// moved once: around every cycle of the permutation, with one held aside. It uses
// order up.
func Rearrange[T any](all []T, order []int) {
	for i := range order {
		if order[i] == i {
			continue
		}
		aside, to := all[i], i
		for order[to] != i {
			from := order[to]
			all[to], order[to] = all[from], to
			to = from
		}
		all[to], order[to] = aside, to
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

// placeOf is what the groups are sorted by.
func (g Grouping) placeOf(org *Org) place {
	if g == GroupType {
		return placeOf(org, OrderType, time.Time{}, Limits{})
	}
	name := g.Of(org)
	return place{text: strings.ToLower(name), alias: name, unknown: name == ""}
}
