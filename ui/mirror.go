package ui

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// mirroredMsg says which token file is kept in step with an org now.
type mirroredMsg struct {
	org tokens.Org
	err error
}

func setMirror(ctx context.Context, k Keeper, org tokens.Org, path string) tea.Cmd {
	return func() tea.Msg {
		set, err := k.SetMirror(ctx, org, path)
		return mirroredMsg{org: set, err: err}
	}
}

// askMirror asks for the file that is to be kept in step.
func (m *model) askMirror(org tokens.Org) tea.Cmd {
	return m.ask(textDialog("A token file in step with "+org.Alias, "file: ", "", "keep it in step", []string{
		"The file is rewritten after each refresh, sign-in and import; its other fields stay. Where another program has written newer tokens to it, those are taken over. It has the refresh token in plain text.",
	}, func(m *model, text string) tea.Cmd {
		path := strings.TrimSpace(text)
		if path == "" {
			m.note = nothingChanged
			return nil
		}
		return setMirror(m.ctx, m.keeper, org, path)
	}))
}

func (m *model) mirrored(msg mirroredMsg) {
	if i, known := m.list.byKey[msg.org.Key]; known && (msg.err == nil || errors.Is(msg.err, keeper.ErrMirror)) {
		org := m.list.orgs[i] // a refresh may have changed the rest since
		org.Mirror, org.Mirrored = msg.org.Mirror, msg.org.Mirrored
		m.list.replace(org)
	}
	switch {
	case msg.err != nil:
		m.note, m.noteBad = msg.err.Error()+".", true
	case msg.org.Mirror == "":
		m.note, m.noteBad = "No token file is kept in step with "+msg.org.Alias+" any more. The file is still there.", false
	default:
		m.note, m.noteBad = m.seen(msg.org).Mirror+" is kept in step with "+msg.org.Alias+".", false
	}
}

// mirrorText is the token file of an org, and whether it is behind.
func mirrorText(org tokens.Org) string {
	if org.Mirrored < org.Generation {
		return org.Mirror + " (behind)"
	}
	return org.Mirror
}
