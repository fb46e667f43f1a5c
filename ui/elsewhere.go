package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// elsewhere is how the screen learns what other processes do with the orgs: a
// refresh by cron, a watch in another terminal. It asks with the ticks of the clock.
type elsewhere struct {
	seen   int64 // the version of the ledger that the list shows
	asking bool
}

// elsewhereMsg is the list as other processes have left it.
type elsewhereMsg struct {
	list    int // the version of the list when it was asked for
	orgs    []tokens.Org
	changed bool
	version int64 // of the ledger
	err     error
}

func askElsewhere(ctx context.Context, k Keeper, since int64, list int) tea.Cmd {
	return func() tea.Msg {
		orgs, changed, version, err := k.Elsewhere(ctx, since)
		return elsewhereMsg{list: list, orgs: orgs, changed: changed, version: version, err: err}
	}
}

// lookElsewhere asks what has changed, unless something is going on here: the rows
// do not change under a question, and what a run brings is newer than the ledger.
func (m *model) lookElsewhere() tea.Cmd {
	if m.demo || m.elsewhere.asking || m.busyHere() { // the demo's orgs are its own
		return nil
	}
	m.elsewhere.asking = true
	return askElsewhere(m.ctx, m.keeper, m.elsewhere.seen, m.list.version)
}

func (m *model) busyHere() bool {
	return len(m.runs) > 0 || m.leaving || m.dialog() != nil || m.removal.busy || m.adding.open || m.signIn.stage != signInClosed
}

// changedElsewhere takes the list over. Where something has happened here since it
// was asked for, it may be older than what is shown, and is asked for again. A
// ledger that cannot be read says so when something is done with it.
func (m *model) changedElsewhere(msg elsewhereMsg) {
	m.elsewhere.asking = false
	if msg.err != nil || !msg.changed || msg.list != m.list.version || m.busyHere() {
		return
	}
	m.elsewhere.seen = msg.version
	under, open := m.list.cursorKey(), m.overlay == overlayDetail
	for i := range msg.orgs {
		org := &msg.orgs[i]
		if at, known := m.list.byKey[org.Key]; known {
			keepNewer(org, &m.list.orgs[at])
		}
	}
	m.pauses = newPauses(msg.orgs)
	m.list.set(msg.orgs, m.now, m.limits)
	if _, there := m.list.byKey[under]; open && under != "" && !there {
		m.overlay = overlayNone
	}
}

// keepNewer leaves an org as it is shown where that is newer than what the ledger
// has of it: tokens that the keychain has not taken yet, a refresh that could not be
// written down. Of the same refresh the screen may know more than a list does.
func keepNewer(read, shown *tokens.Org) {
	switch {
	case shown.Generation > read.Generation:
		*read = *shown
	case shown.Generation < read.Generation, shown.Last == nil:
	case read.Last == nil, shown.Last.At.UnixMilli() > read.Last.At.UnixMilli():
		*read = *shown
	case shown.Last.At.UnixMilli() == read.Last.At.UnixMilli():
		read.Last = shown.Last
	}
}
