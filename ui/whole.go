package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// wholeCame takes the whole of a failure, if it is still the org's last one.
func (m *model) wholeCame(msg wholeMsg) {
	i, known := m.list.byKey[msg.org.Key]
	if msg.err != nil || !known || m.list.orgs[i].Last == nil || msg.org.Last == nil || !m.list.orgs[i].Last.At.Equal(msg.org.Last.At) {
		return
	}
	m.list.replace(msg.org)
}

// wantWhole asks once for the body of the failure under the cursor, where the
// list has left it out.
func (m *model) wantWhole() tea.Cmd {
	org, ok := m.list.current()
	if !ok || org.Last == nil || org.Last.Failure == nil || org.Last.Failure.Kind != tokens.FailedAnswer || org.Last.Failure.Body != "" {
		return nil
	}
	if m.asked[org.Key].Equal(org.Last.At) {
		return nil
	}
	m.asked[org.Key] = org.Last.At
	return loadWhole(m.ctx, m.keeper, org.Key)
}

// loadWhole gets what the list leaves out: the long body of a failure.
func loadWhole(ctx context.Context, k Keeper, key tokens.Key) tea.Cmd {
	return func() tea.Msg {
		org, err := k.Whole(ctx, key)
		return wholeMsg{org: org, err: err}
	}
}
