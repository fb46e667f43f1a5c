package ui

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

// tab is one of the four pages of the detail.
type tab int

const (
	tabOverview tab = iota
	tabToken
	tabFailure
	tabHistory
)

var tabNames = []string{tabOverview: "overview", tabToken: "token", tabFailure: "failure", tabHistory: "history"}

// chosenTab is what the user has chosen for an org, and the last refresh at that
// time: a failure that comes later is shown first again.
type chosenTab struct {
	tab  tab
	last time.Time
}

// tab is the page that the detail shows: the one that the user has chosen for
// this org, else what needs a person first.
func (m *model) tab() tab {
	org, ok := m.list.current()
	if !ok {
		return tabOverview
	}
	failed := failureOf(org) != nil
	if busy := m.live[org.Key]; busy != nil && busy.failure != nil {
		return tabFailure
	}
	chosen, has := m.tabs[org.Key]
	switch {
	case has && (!failed || org.Last.At.Equal(chosen.last)):
		return chosen.tab
	case failed:
		return tabFailure
	}
	return tabOverview
}

// chooseTab shows a page of the org under the cursor, over the list where the
// pane has no room beside it. The token page is read only here, so that moving
// the cursor never asks the keychain for anything.
func (m *model) chooseTab(t tab) tea.Cmd {
	org, _ := m.list.current()
	chosen := chosenTab{tab: t}
	if org.Last != nil {
		chosen.last = org.Last.At
	}
	m.tabs[org.Key] = chosen
	m.scroll = 0
	if m.overlay == overlayNone && m.layout().detail.w == 0 {
		m.open(overlayDetail)
	}
	if p := m.past[org.Key]; t == tabHistory && p.err != nil {
		delete(m.past, org.Key) // so that it is asked for again
	}
	if t == tabToken && !m.reveal.has(org.Key) {
		return m.readTokens(org, false)
	}
	return nil
}

// namedBar is the width from which the bar has the names of all pages; below,
// numbers stand for those that are not shown.
const namedBar = 40

// tabBar names the pages, with brackets about the one that is shown.
func (m *model) tabBar(w int) string {
	var b strings.Builder
	for _, l := range m.tabLabels(w) {
		b.WriteString(l.text + " ")
	}
	return ansi.Truncate(strings.TrimRight(b.String(), " "), w, "")
}

// tabLabels are the names in the bar, a blank apart, each with its place and the
// key that shows its page.
func (m *model) tabLabels(w int) []label {
	t, now := m.theme, m.tab()
	org, _ := m.list.current()
	labels := make([]label, 0, len(tabNames))
	x := 0
	for n := tabOverview; n <= tabHistory; n++ {
		style := t.Muted
		switch {
		case n == tabFailure && failureOf(org) != nil:
			style = t.Failed
		case n == now:
			style = t.Strong
		}
		key := strconv.Itoa(int(n) + 1)
		name := t.Accent.Render(key)
		if w >= namedBar || n == now {
			name += style.Render(" " + tabNames[n])
		}
		if n == now {
			name = t.Accent.Render("[") + name + t.Accent.Render("]")
		}
		one := label{key: key, text: name, x: x, w: ansi.StringWidth(name)}
		x += one.w + 1
		labels = append(labels, one)
	}
	return labels
}

// tabActions are the keys of the pages.
func tabActions() []action {
	next := func(by int) func(*model) tea.Cmd {
		return func(m *model) tea.Cmd {
			return m.chooseTab((m.tab() + tab(by+len(tabNames))) % tab(len(tabNames)))
		}
	}
	show := func(t tab, about string) action {
		return action{
			keys: []string{strconv.Itoa(int(t) + 1)}, name: tabNames[t], about: about, group: groupDetail, onOrg: true, off: emptyOff,
			run: func(m *model) tea.Cmd { return m.chooseTab(t) },
		}
	}
	return []action{
		{
			keys: []string{"tab"}, name: "next tab", group: groupDetail, onOrg: true, off: emptyOff,
			about: "Show the next tab of the detail.", run: next(1),
		},
		{
			keys: []string{"shift+tab"}, name: "tab before", group: groupDetail, onOrg: true, off: emptyOff,
			about: "Show the tab of the detail before.", run: next(-1),
		},
		show(tabOverview, "Show how the org stands: its two clocks and what is known of it."),
		show(tabToken, "Show the org's tokens masked, their scopes, and how their times are known. This reads the keychain."),
		show(tabFailure, "Show why the last refresh failed: the endpoint's words, what they mean, what to do, who can do it."),
		show(tabHistory, "Show every refresh of the org, as h does."),
	}
}

// seconds writes a countdown.
func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second)) + " s" }

// failureOf is the failure of an org's last refresh; nil when it did not fail.
func failureOf(org tokens.Org) *tokens.Failure {
	if org.Last == nil {
		return nil
	}
	return org.Last.Failure
}
