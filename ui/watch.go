package ui

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// watching keeps the watched orgs fresh, one attempt at a time, by the ticks that
// move the ages.
type watching struct {
	plan *keeper.Watch
	key  tokens.Key // of the attempt under way; empty between two
	note string     // what the footer said of it last
}

// watchState is whether an org is watched, and whether that has stopped.
type watchState int

const (
	watchOff watchState = iota
	watchOn
	watchHalted

	numWatchStates = int(iota)
)

// String is the word for how the watch of an org stands.
func (w watchState) String() string {
	return [numWatchStates]string{watchOff: "off", watchOn: "on", watchHalted: "on, stopped"}[w]
}

func watchOf(org *tokens.Org) watchState {
	switch {
	case !org.Watched:
		return watchOff
	case keeper.Halted(org) != "":
		return watchHalted
	}
	return watchOn
}

// watchedMsg says which orgs are watched now, or are no longer.
type watchedMsg struct {
	orgs []tokens.Org
	err  error
}

// watchReadyMsg says whether the store can be used for a refresh that nobody has
// asked for.
type watchReadyMsg struct {
	key tokens.Key
	err error
}

func setWatched(ctx context.Context, k Keeper, orgs []tokens.Org, on bool) tea.Cmd {
	return func() tea.Msg {
		changed, err := k.SetWatched(ctx, orgs, on)
		return watchedMsg{orgs: changed, err: err}
	}
}

// askStoreOpen asks of the store what nobody has to answer.
func askStoreOpen(ctx context.Context, k Keeper, key tokens.Key) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, probeLimit)
		defer cancel()
		return watchReadyMsg{key: key, err: k.StoreOpen(ctx)}
	}
}

// watchOn reports whether some org is watched, so that the clock has to go on.
func (m *model) watchOn() bool { return m.census.watch[watchOn] > 0 }

// watchOver begins the refresh of a watched org that is due, unless something is
// being refreshed already.
func (m *model) watchOver() tea.Cmd {
	w := &m.watch
	if !m.watchOn() || w.key != "" || len(m.runs) > 0 || m.leaving {
		return nil
	}
	i, due := w.plan.Next(m.list.orgs, m.now, m.limits, func(org *tokens.Org) bool {
		_, paused := m.pauses.of(*org, m.now)
		return paused
	})
	if !due {
		return nil
	}
	w.key = m.list.orgs[i].Key
	return askStoreOpen(m.ctx, m.keeper, w.key)
}

// watchReady sends the refresh, unless things have changed meanwhile.
func (m *model) watchReady(msg watchReadyMsg) tea.Cmd {
	i, known := m.list.byKey[msg.key]
	switch {
	case msg.err != nil:
		m.watch.key = ""
		m.watch.plan.Failed(msg.key, m.now)
		return m.toastOf("watch", "Watching waits until "+m.storeWords()+" can be used: "+msg.err.Error()+".", true)
	case !known, !m.list.orgs[i].Watched, len(m.runs) > 0, m.leaving:
		m.watch.key = ""
		return nil
	}
	cmd := m.start([]tokens.Org{m.list.orgs[i]}, m.keeper.RefreshWatched)
	m.totals.byWatch = true
	return cmd
}

// watchEnded takes the end of a refresh, and says where the watch of an org stops
// or has to wait.
func (m *model) watchEnded(r keeper.Result) tea.Cmd {
	if m.watch.key != r.Org.Key {
		return nil
	}
	m.watch.key = ""
	wait := m.watch.plan.Ended(r, m.now)
	switch why := keeper.Halted(&r.Org); {
	case why != "":
		if m.note == m.watch.note { // it said that the org is watched
			m.note = ""
		}
		return m.toast("Watching "+r.Org.Alias+" has stopped: "+why+".", true)
	case wait > 0:
		return m.toastFailed("watch", fmt.Sprintf("%s: %s. The watch tries again in %s.", r.Org.Alias, r.Attempt.Failure.Error(), tokens.FormatRough(wait)))
	}
	return nil
}

// watched shows what is watched now, and begins with what is due.
func (m *model) watched(msg watchedMsg) tea.Cmd {
	if msg.err != nil {
		m.note, m.noteBad = msg.err.Error()+".", true
		return nil
	}
	for _, changed := range msg.orgs {
		if i, known := m.list.byKey[changed.Key]; known {
			org := m.list.orgs[i] // a refresh may have changed the rest since
			org.Watched = changed.Watched
			m.list.replace(org)
		}
	}
	m.recount()
	if n := len(msg.orgs); n > 0 {
		m.note = watchedText(msg.orgs[0], n, m.watch.plan.BelowText(msg.orgs, m.now, m.limits))
		m.watch.note = m.note
	}
	return tea.Batch(m.watchOver(), m.tick())
}

func watchedText(org tokens.Org, n int, below string) string {
	who, verb := org.Alias, "is"
	if n > 1 {
		who, verb = fmt.Sprintf("%d orgs", n), "are"
	}
	if why := keeper.Halted(&org); n == 1 && org.Watched && why != "" {
		return org.Alias + " is watched, and stopped for now: " + why + "."
	}
	if org.Watched {
		return fmt.Sprintf("%s %s watched: refreshed by itself %s, while the screen or orgkeep refresh --watch runs.", who, verb, below)
	}
	return who + " " + verb + " not watched any more."
}

// watchText counts for the header what is watched; empty where nothing is. Without
// words the sign stands for what is counted.
func (m *model) watchText(words bool) string {
	on, halted := m.census.watch[watchOn], m.census.watch[watchHalted]
	if on+halted == 0 {
		return ""
	}
	sign := m.theme.Glyphs.Watched
	if words {
		sign += " watching"
	}
	text := m.theme.Accent.Render(fmt.Sprintf("%s %d", sign, on))
	if halted > 0 {
		text += m.theme.Failed.Render(fmt.Sprintf(", %d stopped", halted))
	}
	return text
}

// watchWords say in the detail how the watch of an org stands.
func (m *model) watchWords(org *tokens.Org) string {
	if why := keeper.Halted(org); why != "" {
		return "stopped: " + m.veil(why)
	}
	text := "on, refreshed " + m.watch.plan.BelowText([]tokens.Org{*org}, m.now, m.limits)
	if until := m.watch.plan.Until(org.Key, m.now); !until.IsZero() {
		text += "; again in " + tokens.FormatRough(until.Sub(m.now)) + " after a failure"
	}
	return text
}

// sharedWords say who else has the refresh token, and who refreshes.
func sharedWords(s tokens.Shared) string {
	text := "with the Salesforce CLI, under its lock"
	if s.Mode == tokens.SharedReadOnly {
		text = "read-only, the Salesforce CLI refreshes it"
	}
	if s.Owed {
		text += "; the CLI's file is behind"
	}
	return text
}

// watchable returns the chosen orgs that w is about: those that are not watched
// and can be, else those that are watched, to end that.
func (m *model) watchable() (orgs []tokens.Org, on bool) {
	var ending []tokens.Org
	for org := range m.eachChosen() {
		switch {
		case org.Watched:
			ending = append(ending, *org)
		case org.HasRefreshToken && org.Shared.Mode != tokens.SharedReadOnly:
			orgs = append(orgs, *org)
		}
	}
	if len(orgs) > 0 {
		return orgs, true
	}
	return ending, false
}

func watchActions() []action {
	return []action{{
		keys: []string{"w"}, name: "watch", group: groupOrgs, onOrg: true, off: watchingOff,
		about: "Keep the org, or the marked ones, fresh while the screen or refresh --watch runs: refresh when less than 15 minutes are left (watch_under), or no longer. A refusal or a missing answer stops it. is:watched shows them alone.",
		run: func(m *model) tea.Cmd {
			orgs, on := m.watchable()
			return setWatched(m.ctx, m.keeper, orgs, on)
		},
	}}
}

// watchingOff wants one of the chosen orgs to be watched, or to be able to.
func watchingOff(m *model) string {
	able := false
	var one *tokens.Org
	for org := range m.eachChosen() {
		able = able || org.Watched || org.HasRefreshToken && org.Shared.Mode != tokens.SharedReadOnly
		one = org
	}
	switch {
	case able:
		return ""
	case one == nil:
		return noneShown
	case !one.HasRefreshToken:
		return one.Alias + " has no refresh token"
	}
	return "the Salesforce CLI refreshes " + one.Alias
}
