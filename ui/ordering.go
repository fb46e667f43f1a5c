package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/ui/settings"
)

// ordering is what the list is sorted and grouped by. Favourites stand first in
// every order and in either direction: who marks an org as a favourite wants to
// find it without looking.
type ordering struct {
	by      tokens.Order
	reverse bool
	group   tokens.Grouping
}

// of returns the indexes of orgs in their order.
func (o ordering) of(orgs []tokens.Org, now time.Time, limits tokens.Limits) []int {
	return tokens.Arrangement{By: o.by, Reverse: o.reverse, Favourites: true, Group: o.group}.Order(orgs, now, limits)
}

// words says what the list is sorted by, for its border.
func (o ordering) words() string {
	text := "sorted by " + string(o.by)
	if o.reverse {
		text += ", reversed"
	}
	if o.group != tokens.GroupNone {
		text = "grouped by " + string(o.group) + ", " + text
	}
	return text
}

// after returns the value that follows in a list of choices, and the first one
// after the last.
func after[T comparable](all []T, now T) T { return all[(slices.Index(all, now)+1)%len(all)] }

// reorder changes what the list is sorted or grouped by.
func (m *model) reorder(change func(*ordering)) tea.Cmd {
	change(&m.list.ordering)
	m.list.sort(m.now, m.limits)
	return nil
}

func orderingActions() []action {
	return []action{
		{
			keys: []string{"s"}, name: "sort", group: groupOrgs, off: noneSavedOff,
			about: "Sort by the next of urgency, alias, user, type, host, age, time left, idle limit and last refresh. Favourites stay on top.",
			run: func(m *model) tea.Cmd {
				return m.reorder(func(o *ordering) { o.by, o.reverse = after(tokens.Orders(), o.by), false })
			},
		},
		{
			keys: []string{"S"}, name: "reverse", group: groupOrgs, off: noneSavedOff,
			about: "Sort the other way round.",
			run:   func(m *model) tea.Cmd { return m.reorder(func(o *ordering) { o.reverse = !o.reverse }) },
		},
	}
}

// arrangeList begins the list as the settings say.
func (m *model) arrangeList(s settings.Settings) {
	m.columns = s.Columns
	m.list.ordering = ordering{by: tokens.Order(s.Sort), group: tokens.Grouping(s.Group)}
	m.times = timesMode(slices.Index([]string{settings.TimesRelative, settings.TimesAbsolute, settings.TimesBoth}, s.Times))
}
