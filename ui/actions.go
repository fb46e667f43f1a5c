package ui

import (
	"slices"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// action is one thing the user can do. The table of them feeds the keys, the
// footer and the help, so that none of them can say what another does not do.
type action struct {
	keys  []string // as Bubble Tea names them; the first is the one shown
	name  string   // for the footer: two or three words
	about string   // for the help: a sentence
	group string
	// footer is the place in the footer, from 1; 0 keeps it out.
	footer int
	// onOrg says that the action is about the org under the cursor, so that it
	// also works where that org is open.
	onOrg bool
	// anywhere says that the action works whatever is open.
	anywhere bool
	// off says why the action does nothing now; empty when it does something.
	off func(*model) string
	run func(*model) tea.Cmd
}

const (
	groupOrgs = "Orgs"
	groupMove = "Move"
	groupApp  = "orgkeep"
)

// actions is the table. The first action that has a key gets it. It is made at
// the first call, since what the actions do needs the table itself.
func actions() []action {
	made.Do(func() { made.table = table() })
	return made.table
}

var made struct {
	sync.Once
	table []action
}

func table() []action {
	return []action{
		{
			keys: []string{"r"}, name: "refresh", group: groupOrgs, footer: 1, onOrg: true,
			about: "Refresh the org under the cursor, or the marked ones.",
			off:   refreshOff,
			run:   func(m *model) tea.Cmd { return m.refresh(m.chosen()) },
		},
		{
			keys: []string{"space"}, name: "mark", group: groupOrgs, footer: 2,
			about: "Mark the org under the cursor, or unmark it, and go on to the next.",
			off:   emptyOff,
			run: func(m *model) tea.Cmd {
				m.list.toggleMark()
				m.list.move(1)
				return nil
			},
		},
		{
			keys: []string{"R"}, name: "refresh all stale", group: groupOrgs, footer: 3,
			about: "Refresh every org of the list whose access token is ageing or expired, except those that wait for a person.",
			off:   staleOff,
			run:   func(m *model) tea.Cmd { return m.refresh(m.stale()) },
		},
		{
			keys: []string{"F"}, name: "retry failed", group: groupOrgs,
			about: "Refresh once more the orgs that failed in the last run.",
			off:   retryOff,
			run:   func(m *model) tea.Cmd { return m.refresh(m.retriable()) },
		},
		{
			keys: []string{"enter"}, name: "open", group: groupOrgs, footer: 5,
			about: "Open all that is known of the org, with the endpoint's whole answer.",
			off:   emptyOff,
			run:   func(m *model) tea.Cmd { m.open(overlayDetail); return nil },
		},
		{
			keys: []string{"/"}, name: "filter", group: groupOrgs, footer: 4,
			about: "Show only the orgs whose alias, user, host, id, type or tag has the words typed. Enter keeps the filter, esc clears it.",
			off:   noneSavedOff,
			run:   func(m *model) tea.Cmd { m.filtering = true; return m.filter.Focus() },
		},
		{
			keys: []string{"h"}, name: "history", group: groupOrgs, onOrg: true,
			about: "Show every refresh of the org: when, who asked, how it ended, how long it took.",
			off:   emptyOff,
			run:   func(m *model) tea.Cmd { m.open(overlayHistory); return nil },
		},
		{
			keys: []string{"a"}, name: "test access token", group: groupOrgs, onOrg: true,
			about: "Ask the org whether it accepts the access token. The refresh token is not used.",
			off:   emptyOff,
			run: func(m *model) tea.Cmd {
				org, _ := m.list.current()
				m.note = "Asking " + org.Alias + "."
				return testAccess(m.ctx, m.keeper, org)
			},
		},
		{
			keys: []string{"y"}, name: "copy report", group: groupOrgs, onOrg: true,
			about: "Copy a report of the last refresh for a ticket, in Markdown: the endpoint's words, what they mean, what to do. No secrets. Marked orgs, and after a run the failed ones, go together.",
			off:   reportOff,
			run:   func(m *model) tea.Cmd { return report(m.ctx, m.keeper, m.reportable(), m.version) },
		},
		{
			keys: []string{"!"}, name: "try anyway", group: groupOrgs, onOrg: true,
			about: "Refresh an org whose last outcome is unknown, after a warning. A refresh token that was used up and is sent again ends the login.",
			off:   anywayOff,
			run:   func(m *model) tea.Cmd { return m.ask(anywayDialog(m.unknown())) },
		},
		{
			keys: []string{"esc"}, name: "cancel", group: groupOrgs, footer: 6,
			about: "Close what is open; else cancel the refreshes that have not been sent; else clear the filter, then the marks.",
			off:   escapeOff,
			run:   func(m *model) tea.Cmd { m.escape(); return nil },
		},
		move([]string{"j", "down"}, "down", "Go to the next org.", 1),
		move([]string{"k", "up"}, "up", "Go to the org before.", -1),
		movePage([]string{"pgdown", "ctrl+d"}, "page down", "Go a page down.", 1),
		movePage([]string{"pgup", "ctrl+u"}, "page up", "Go a page up.", -1),
		move([]string{"g", "home"}, "first", "Go to the first org.", -1<<30),
		move([]string{"G", "end"}, "last", "Go to the last org.", 1<<30),
		{
			keys: []string{":", "ctrl+p"}, name: "commands", group: groupApp, footer: 7, anywhere: true,
			about: "Find an action or an org by some letters of its name, and run it or go to it.",
			run:   (*model).openPalette,
		},
		{
			keys: []string{"?"}, name: "help", group: groupApp, footer: 8, anywhere: true,
			about: "Show every key, and why one is off. / searches.",
			run:   func(m *model) tea.Cmd { m.openHelp(); return nil },
		},
		{
			keys: []string{"M"}, name: "mouse on or off", group: groupApp, anywhere: true,
			about: "Give the mouse back to the terminal, for selecting text, or take it again.",
			run:   func(m *model) tea.Cmd { m.toggleMouse(); return nil },
		},
		{
			keys: []string{"q", "ctrl+c"}, name: "quit", group: groupApp, footer: 9, anywhere: true,
			about: "Leave. A refresh that was sent is finished and saved first.",
			run:   (*model).leave,
		},
	}
}

func move(keys []string, name, about string, rows int) action {
	return action{
		keys: keys, name: name, about: about, group: groupMove, off: emptyOff,
		run: func(m *model) tea.Cmd { m.list.move(rows); return nil },
	}
}

func movePage(keys []string, name, about string, pages int) action {
	return action{
		keys: keys, name: name, about: about, group: groupMove, off: emptyOff,
		run: func(m *model) tea.Cmd { m.list.move(pages * m.listRows()); return nil },
	}
}

// actionFor finds the action of a key.
func actionFor(key string) (action, bool) {
	for _, a := range actions() {
		if slices.Contains(a.keys, key) {
			return a, true
		}
	}
	return action{}, false
}

// keyLabels are the keys as the screen names them.
func (a action) keyLabels() string {
	labels := make([]string, len(a.keys))
	for i, key := range a.keys {
		labels[i] = keyLabel(key)
	}
	return strings.Join(labels, " ")
}

// has reports whether the action has every one of the words, in lower case, in
// what is said of it.
func (a action) has(words []string) bool {
	text := strings.ToLower(strings.Join([]string{a.name, a.about, a.group, a.keyLabels()}, "\n"))
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

// perform does what an action says, unless something hides what it is about or it
// is off: then the note says so.
func (m *model) perform(a action, key string) tea.Cmd {
	if m.covered(a, key) {
		m.note = keyLabel(key) + " works in the list; esc goes back to it."
		return nil
	}
	if why := a.why(m); why != "" {
		m.note = a.keys[0] + " is off: " + why + "."
		return nil
	}
	return a.run(m)
}

// offNow says why an action does nothing where the user is, or nothing.
func (m *model) offNow(a action) string {
	if m.covered(a, a.keys[0]) {
		return "it works in the list; esc goes back to it"
	}
	return a.why(m)
}

// why says why an action is off, or nothing.
func (a action) why(m *model) string {
	if a.off == nil {
		return ""
	}
	return a.off(m)
}

func noneSavedOff(m *model) string {
	if len(m.list.orgs) == 0 {
		return "no org is saved"
	}
	return ""
}

func emptyOff(m *model) string {
	if len(m.list.shown) == 0 {
		return "no org is shown"
	}
	return ""
}

func refreshOff(m *model) string {
	chosen := m.chosen()
	if len(chosen) == 0 {
		return "no org is shown"
	}
	for _, org := range chosen {
		if org.HasRefreshToken && m.live[org.Key] == nil {
			return ""
		}
	}
	switch {
	case len(chosen) > 1:
		return "every marked org is being refreshed or has no refresh token"
	case m.live[chosen[0].Key] != nil:
		return chosen[0].Alias + " is being refreshed"
	}
	return chosen[0].Alias + " has no refresh token"
}

// chosen returns what an action is about: the marked orgs, else the one under
// the cursor; with an org open, that one.
func (m *model) chosen() []tokens.Org {
	if orgs := m.list.marked(); len(orgs) > 0 && m.overlay == overlayNone {
		return orgs
	}
	if org, ok := m.list.current(); ok {
		return []tokens.Org{org}
	}
	return nil
}

func staleOff(m *model) string {
	if m.census.stale == 0 {
		return "no org is stale"
	}
	return ""
}

// stale returns the shown orgs that are due for a refresh and not in one.
func (m *model) stale() []tokens.Org {
	var orgs []tokens.Org
	for _, i := range m.list.shown {
		org := m.list.orgs[i]
		if m.due(org) {
			orgs = append(orgs, org)
		}
	}
	return orgs
}

func escapeOff(m *model) string {
	if m.overlay == overlayNone && len(m.runs) == 0 && m.filter.Value() == "" && len(m.list.marks) == 0 {
		return "there is nothing to cancel, close or clear"
	}
	return ""
}

// escape takes back one thing, the nearest first.
func (m *model) escape() {
	switch {
	case m.overlay != overlayNone:
		m.overlay = overlayNone
	case len(m.runs) > 0:
		m.cancelRuns()
		m.note = "Cancelling what has not been sent; what has been sent is finished."
	case m.filter.Value() != "":
		m.filter.SetValue("")
		m.list.narrow("")
	default:
		clear(m.list.marks)
	}
}

func (m *model) open(o overlay) { m.overlay, m.scroll = o, 0 }

// unknown returns the chosen orgs whose last refresh ended without an answer.
func (m *model) unknown() []tokens.Org {
	var orgs []tokens.Org
	for _, org := range m.chosen() {
		if org.Last != nil && org.Last.Outcome == tokens.OutcomeUnknown && m.live[org.Key] == nil {
			orgs = append(orgs, org)
		}
	}
	return orgs
}

func anywayOff(m *model) string {
	if len(m.unknown()) == 0 {
		return "it is for orgs whose last outcome is unknown"
	}
	return ""
}
