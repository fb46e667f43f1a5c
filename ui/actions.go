package ui

import (
	"slices"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// action is one thing the user can do. The table of them feeds the keys, the
// footer and the help, so that none of them can say what another does not do.
type action struct {
	keys  []string // as Bubble Tea names them; the first is the one shown
	name  string   // for the footer: two or three words
	brief string   // the name in a narrow footer, where that is another one
	about string   // for the help: a sentence
	group string
	// footer is the place in the footer, from 1; 0 keeps it out.
	footer int
	// goes is the turn in which it gives up its place in the footer of a narrow
	// window, the first one 1; 0 stays longest.
	goes int
	// onOrg says that the action is about the org under the cursor, so that it
	// also works where that org is open.
	onOrg bool
	// onDetail says that it is not, and works there all the same.
	onDetail bool
	// anywhere says that the action works whatever is open.
	anywhere bool
	// off says why the action does nothing now; empty when it does something.
	off func(*model) string
	run func(*model) tea.Cmd
}

const (
	groupOrgs   = "Orgs"
	groupDetail = "Detail"
	groupMove   = "Move"
	groupApp    = "orgkeep"
)

// actions is the table. The first action that has a key gets it. It is made at
// the first call, since what the actions do needs the table itself.
func actions() []action {
	made.Do(func() {
		made.table = slices.Concat(orgActions(), markActions(), orderingActions(), groupActions(), favouriteActions(), watchActions(), editActions(), timesActions(),
			tabActions(), secretActions(), inspectActions(), moveActions(), firstActions(), appActions(), sceneActions(), stageActions())
	})
	return made.table
}

// made is the table, which is put together once.
var made struct {
	sync.Once
	table []action
}

// orgActions are those on orgs.
func orgActions() []action {
	return []action{
		{
			keys: []string{"r"}, name: "refresh", group: groupOrgs, footer: 1, onOrg: true,
			about: "Refresh the org under the cursor, or the marked ones; on a header, the orgs of the group.",
			off:   refreshOff,
			run:   func(m *model) tea.Cmd { return m.refresh(m.chosen()) },
		},
		{
			keys: []string{"R"}, name: "refresh all stale", brief: "all stale", group: groupOrgs, footer: 3, goes: 2,
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
			keys: []string{"enter"}, name: "open", group: groupOrgs, footer: 5, goes: 4,
			about: "Open all that is known of the org, with the endpoint's whole answer; on a header, fold or unfold the group.",
			off:   linesOff,
			run:   (*model).enter,
		},
		{
			keys: []string{"/"}, name: "filter", group: groupOrgs, footer: 4, goes: 5,
			about: "Show only the orgs that have the words typed, and terms such as is:expired, is:marked, tag:acme, -type:sandbox, left:<15m. Enter keeps the filter, esc clears it.",
			off:   noneSavedOff,
			run:   openFilter,
		},
		{
			keys: []string{"h"}, name: "history", group: groupOrgs, onOrg: true,
			about: "Show every refresh of the org: when, who asked, how it ended, how long it took.",
			off:   emptyOff,
			run:   func(m *model) tea.Cmd { m.open(overlayDetail); return m.chooseTab(tabHistory) },
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
			about: "Copy a report of the last refresh for a ticket, in Markdown: the endpoint's words, what they mean, what to do. No secrets. Marked orgs, and after a run the failed ones, go together. Where nothing can copy, it is shown.",
			off:   reportOff,
			run:   func(m *model) tea.Cmd { return report(m.ctx, m.keeper, m.reportable(), m.version) },
		},
		{
			keys: []string{"!"}, name: "try anyway", group: groupOrgs, onOrg: true,
			about: "Refresh an org whose last outcome is unknown, or that a pause holds back, after a warning. A refresh token that was used up and is sent again ends the login.",
			off:   anywayOff,
			run:   (*model).tryAnyway,
		},
		{
			keys: []string{"l"}, name: "sign in", group: groupOrgs, onOrg: true,
			about: "Sign in with the browser: again the org under the cursor where its last refresh failed, else a new one.",
			off:   signInOff,
			run:   (*model).openSignIn,
		},
		{
			keys: []string{"esc"}, name: "cancel", group: groupOrgs, footer: 6, goes: 3,
			about: "Close what is open; else cancel the refreshes that have not been sent; else clear the filter, then the marks.",
			off:   escapeOff,
			run:   func(m *model) tea.Cmd { m.escape(); return nil },
		},
	}
}

// moveActions are those that move the cursor.
func moveActions() []action {
	return []action{
		move([]string{"j", "down"}, "down", "Go to the next org.", 1),
		move([]string{"k", "up"}, "up", "Go to the org before.", -1),
		movePage([]string{"pgdown", "ctrl+d"}, "page down", "Go a page down.", 1),
		movePage([]string{"pgup", "ctrl+u"}, "page up", "Go a page up.", -1),
		move([]string{"g", "home"}, "first", "Go to the first org.", -1<<30),
		move([]string{"G", "end"}, "last", "Go to the last org.", 1<<30),
	}
}

func appActions() []action {
	return []action{
		privateAction(),
		doctorAction(),
		{
			keys: []string{"ctrl+t"}, name: "theme", group: groupApp,
			about: "Go to the next theme, until you leave. The settings keep one.",
			run:   func(m *model) tea.Cmd { m.nextTheme(); return nil },
		},
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
		keys: keys, name: name, about: about, group: groupMove, off: linesOff,
		run: func(m *model) tea.Cmd { m.list.move(rows); return nil },
	}
}

func movePage(keys []string, name, about string, pages int) action {
	return action{
		keys: keys, name: name, about: about, group: groupMove, off: linesOff,
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
	return has(text, words)
}

func has(text string, words []string) bool {
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
		m.note = keyLabel(key) + " is off: " + why + "."
		return nil
	}
	return a.run(m)
}
