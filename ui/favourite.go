package ui

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// favouredMsg says which orgs are favourites now, or are no longer.
type favouredMsg struct {
	orgs []tokens.Org
	err  error
}

// favour writes down whether orgs are favourites.
func favour(ctx context.Context, k Keeper, orgs []tokens.Org, on bool) tea.Cmd {
	return func() tea.Msg {
		changed, err := k.SetFavourite(ctx, orgs, on)
		return favouredMsg{orgs: changed, err: err}
	}
}

// favoured shows the stars, and puts the favourites on top.
func (m *model) favoured(msg favouredMsg) {
	if msg.err != nil {
		m.note, m.noteBad = msg.err.Error()+".", true
		return
	}
	for _, changed := range msg.orgs {
		if i, known := m.list.byKey[changed.Key]; known {
			org := m.list.orgs[i] // a refresh may have changed the rest since
			org.Favourite = changed.Favourite
			m.list.replace(org)
		}
	}
	m.list.sort(m.now, m.limits)
	if n := len(msg.orgs); n > 0 {
		m.note = favouredText(msg.orgs[0], n)
	}
}

func favouredText(org tokens.Org, n int) string {
	who, verb := org.Alias, "is"
	if n > 1 {
		who, verb = fmt.Sprintf("%d orgs", n), "are"
	}
	if org.Favourite {
		return who + " " + verb + " on top now, in every order."
	}
	return who + " " + verb + " no favourite" + plural(n, "", "s") + " any more."
}

// keepEdited keeps in an org that comes back from a refresh what the user may
// have changed meanwhile.
func (l *list) keepEdited(org tokens.Org) tokens.Org {
	if i, known := l.byKey[org.Key]; known {
		now := &l.orgs[i]
		org.Alias, org.Tags, org.Favourite, org.Watched = now.Alias, now.Tags, now.Favourite, now.Watched
		if org.Mirror != now.Mirror {
			org.Mirror, org.Mirrored = now.Mirror, now.Mirrored
		}
	}
	return org
}

func favouriteActions() []action {
	return []action{{
		keys: []string{"*"}, name: "favourite", group: groupOrgs, onOrg: true, off: favouriteOff,
		about: "Make the org, or the marked ones, a favourite, or take that back. Favourites stand on top in every order; is:favourite shows them alone.",
		run: func(m *model) tea.Cmd {
			on := false
			for org := range m.eachChosen() {
				on = on || !org.Favourite
			}
			return favour(m.ctx, m.keeper, m.chosen(), on)
		},
	}}
}

func favouriteOff(m *model) string {
	if m.list.marks.shown > 0 && m.overlay == overlayNone {
		return ""
	}
	return emptyOff(m)
}
