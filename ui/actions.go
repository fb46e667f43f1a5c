package ui

import (
	"iter"
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
			about: "Copy a report of the last refresh for a ticket, in Markdown: the endpoint's words, what they mean, what to do. No secrets. Marked orgs, and after a run the failed ones, go together.",
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

const noneShown = "no org is shown"

// linesOff is for what needs a line under the cursor, an org's or a header.
func linesOff(m *model) string {
	if len(m.list.lines) == 0 {
		return noneShown
	}
	return ""
}

// emptyOff is for what needs an org under the cursor.
func emptyOff(m *model) string {
	if _, ok := m.list.header(); ok {
		return "the cursor is on a group, not on an org"
	}
	return linesOff(m)
}

func refreshOff(m *model) string {
	var first *tokens.Org
	n := 0
	for org := range m.eachChosen() {
		if org.HasRefreshToken && m.live[org.Key] == nil {
			return ""
		}
		if n == 0 {
			first = org
		}
		n++
	}
	_, onHeader := m.list.header()
	switch {
	case n == 0 && onHeader:
		return "every org of the group waits for a person"
	case n == 0:
		return noneShown
	case n > 1 && onHeader && m.list.marks.shown == 0:
		return "every org of the group is being refreshed or has no refresh token"
	case n > 1:
		return "every marked org is being refreshed or has no refresh token"
	case m.live[first.Key] != nil:
		return first.Alias + " is being refreshed"
	}
	return first.Alias + " has no refresh token"
}

// chosen returns what an action is about: the marked orgs, else the one under
// the cursor, else those of the group under it; with an org open, that one.
func (m *model) chosen() []tokens.Org {
	var orgs []tokens.Org
	for org := range m.eachChosen() {
		orgs = append(orgs, *org)
	}
	return orgs
}

// eachChosen goes through what chosen returns without copying it, for what only
// asks whether there is one of a kind.
func (m *model) eachChosen() iter.Seq[*tokens.Org] {
	l := &m.list
	if l.marks.shown > 0 && m.overlay == overlayNone {
		return l.eachMarked()
	}
	if i, ok := l.under(); ok {
		return func(yield func(*tokens.Org) bool) { yield(&l.orgs[i]) }
	}
	return m.eachOfGroup()
}

func staleOff(m *model) string {
	if m.census.stale == 0 {
		if len(m.list.shown) < len(m.list.orgs) {
			return "no org that is shown is stale"
		}
		return "no org is stale"
	}
	return ""
}

// stale returns the shown orgs that are due for a refresh and not in one.
func (m *model) stale() []tokens.Org {
	var orgs []tokens.Org
	for _, i := range m.list.shown {
		org := &m.list.orgs[i]
		if m.due(org) {
			orgs = append(orgs, *org)
		}
	}
	return orgs
}

func escapeOff(m *model) string {
	if m.overlay == overlayNone && len(m.runs) == 0 && len(m.removal.queue) == 0 && m.filter.Value() == "" && len(m.list.marks.set) == 0 {
		return "there is nothing to cancel, close or clear"
	}
	return ""
}

// escape takes back one thing, the nearest first.
func (m *model) escape() {
	switch {
	case m.overlay != overlayNone:
		m.overlay = overlayNone
	case len(m.removal.queue) > 0:
		m.removal.queue = nil
		m.note = "The org that is being forgotten is the last; the rest stays."
	case len(m.runs) > 0:
		m.cancelRuns()
		m.note = "Cancelling what has not been sent; what has been sent is finished."
	case m.filter.Value() != "":
		m.filter.SetValue("")
		m.list.narrow("")
	default:
		m.list.marks.clear()
	}
}

func (m *model) open(o overlay) { m.overlay, m.scroll = o, 0 }

// unknown returns the chosen orgs whose last refresh ended without an answer.
func (m *model) unknown() []tokens.Org {
	var orgs []tokens.Org
	for org := range m.eachChosen() {
		if org.Last != nil && org.Last.Outcome == tokens.OutcomeUnknown && m.live[org.Key] == nil {
			orgs = append(orgs, *org)
		}
	}
	return orgs
}

func anywayOff(m *model) string {
	if len(m.unknown()) == 0 && len(m.held()) == 0 {
		return "it is for orgs whose last outcome is unknown, or that a pause holds back"
	}
	return ""
}
