package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// looking is what the latest online look has told so far.
type looking struct {
	asked      int        // counts the looks, so that a late finding is known as such
	key        tokens.Key // of the org; empty when there was no look
	at         time.Time  // when it was asked
	generation int64      // of the tokens that were looked at
	running    bool
	found      []keeper.Finding
	cancel     context.CancelFunc
}

// lookOnline asks the org under the cursor what it knows of the login. A look that
// still runs is ended: what it has not asked yet is not asked.
func (m *model) lookOnline() tea.Cmd {
	org, _ := m.list.current()
	if m.looking.cancel != nil {
		m.looking.cancel()
	}
	ctx, cancel := context.WithCancel(m.ctx)
	m.looking = looking{asked: m.looking.asked + 1, key: org.Key, at: m.clock.Now(), generation: org.Generation, running: true, cancel: cancel}
	return tea.Batch(m.chooseTab(tabToken), inspectOrg(ctx, m.keeper, org, m.looking.asked))
}

// inspectOrg begins an online look.
func inspectOrg(ctx context.Context, k Keeper, org tokens.Org, asked int) tea.Cmd {
	return func() tea.Msg { return nextFinding(asked, k.Inspect(ctx, org)) }
}

func nextFinding(asked int, found <-chan keeper.Finding) foundMsg {
	finding, more := <-found
	return foundMsg{asked: asked, finding: finding, more: found, ended: !more}
}

// foundOnline takes a finding, and what it told of the org for the list.
func (m *model) foundOnline(msg foundMsg) tea.Cmd {
	l := &m.looking
	if msg.asked != l.asked {
		return nil
	}
	if msg.ended {
		l.running = false
		l.cancel()
		return nil
	}
	l.found = append(l.found, msg.finding)
	m.takeTold(msg.finding.Org)
	return func() tea.Msg { return nextFinding(msg.asked, msg.more) }
}

// takeTold puts into the list what a look has told, unless the tokens have been
// replaced meanwhile.
func (m *model) takeTold(told tokens.Org) {
	i, known := m.list.byKey[told.Key]
	if !known || m.list.orgs[i].Generation != told.Generation {
		return
	}
	org := m.list.orgs[i]
	org.Username, org.Type, org.ExpiresAt, org.ExpirySource = told.Username, knownType(org.Type, told.Type), told.ExpiresAt, told.ExpirySource
	m.list.replace(org)
}

// lookHolds reports whether the tokens that were looked at are still those of the
// org: what was told of others says nothing of these.
func (m *model) lookHolds() bool {
	i, known := m.list.byKey[m.looking.key]
	return known && m.list.orgs[i].Generation == m.looking.generation
}

// signature is what the keys that an org publishes have told of the access token's
// own signature; zero where they were not asked for, or for another token.
func (m *model) signature(key tokens.Key) tokens.Check {
	l := &m.looking
	if l.key != key || !m.lookHolds() {
		return tokens.Check{}
	}
	for i := range l.found {
		if told := l.found[i].Signature; told.Verdict != "" {
			return told
		}
	}
	return tokens.Check{}
}

// inspectActions are the keys that look into a login.
func inspectActions() []action {
	return []action{
		{
			keys: []string{"i"}, name: "look online", group: groupDetail, onOrg: true, off: emptyOff,
			about: "Ask the org what it knows of the login: the user, its own record, its limits, and when the access token ends. Uses some API calls, no refresh token.",
			run:   (*model).lookOnline,
		},
		{
			keys: []string{"="}, name: "compare", group: groupOrgs, off: compareOff,
			about: "Show two marked orgs side by side; what differs stands out.",
			run:   (*model).compare,
		},
	}
}
