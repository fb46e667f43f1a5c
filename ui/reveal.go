package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// reveal is what the screen has of the tokens of the org under the cursor: what
// they tell of themselves, and the tokens only while they are shown.
type reveal struct {
	span time.Duration // how long tokens are shown

	asked   int        // counts the readings, so that a late one is known as such
	key     tokens.Key // the org that was read; empty when none was
	reading bool
	err     error

	generation      int64 // of the tokens that were read
	anatomy         tokens.Anatomy
	access, refresh tokens.Secret // absent unless they are shown
	left            time.Duration // until they are hidden
}

// has reports whether the org's tokens have been read, or are being read.
func (r *reveal) has(key tokens.Key) bool { return r.key == key && r.err == nil }

// shown reports whether a token is on the screen.
func (r *reveal) shown() bool { return !r.access.IsZero() || !r.refresh.IsZero() }

// hide drops the tokens and keeps what they tell.
func (r *reveal) hide() { r.access, r.refresh, r.left = tokens.Secret{}, tokens.Secret{}, 0 }

// forget drops all that was read, and whatever is still being read.
func (r *reveal) forget() { *r = reveal{span: r.span, asked: r.asked + 1} }

// readTokens reads the tokens of an org; show says that they are to be seen, not
// only what they tell.
func (m *model) readTokens(org tokens.Org, show bool) tea.Cmd {
	m.reveal.forget()
	m.reveal.key, m.reveal.reading = org.Key, true
	return readTokens(m.ctx, m.keeper, org.Key, m.reveal.asked, show)
}

// readTokens is the effect. A token leaves it only where it is to be shown.
func readTokens(ctx context.Context, k Keeper, key tokens.Key, asked int, show bool) tea.Cmd {
	return func() tea.Msg {
		s, err := k.Reveal(ctx, key)
		msg := tokensReadMsg{
			asked: asked, generation: s.Generation, err: err,
		}
		if err == nil {
			msg.anatomy, msg.err = k.Anatomy(ctx, key)
		}
		if show {
			msg.access, msg.refresh = s.AccessToken, s.RefreshToken
		}
		return msg
	}
}

func (m *model) tokensRead(msg tokensReadMsg) tea.Cmd {
	r := &m.reveal
	if msg.asked != r.asked {
		return nil
	}
	r.reading, r.err, r.generation, r.anatomy = false, msg.err, msg.generation, msg.anatomy
	r.access, r.refresh = msg.access, msg.refresh
	if !r.shown() {
		return nil
	}
	r.left = r.span
	return m.after(secondStep, revealTickedMsg{asked: r.asked})
}

// revealTicked counts a second down.
func (m *model) revealTicked(msg revealTickedMsg) tea.Cmd {
	r := &m.reveal
	if msg.asked != r.asked || !r.shown() {
		return nil
	}
	if r.left -= secondStep; r.left <= 0 {
		r.hide()
		return nil
	}
	return m.after(secondStep, revealTickedMsg{asked: r.asked})
}

// toggleReveal shows the tokens of the org under the cursor, or hides them.
func (m *model) toggleReveal() tea.Cmd {
	if m.reveal.shown() {
		m.reveal.hide()
		return nil
	}
	org, _ := m.list.current()
	read := m.readTokens(org, true)
	return tea.Batch(read, m.chooseTab(tabToken))
}

// guard hides tokens the moment that the user looks at something else, and
// forgets what it knows of another org's, or of tokens that have been replaced.
func (m *model) guard() {
	org, _ := m.list.current()
	r := &m.reveal
	switch {
	case r.key == "":
	case r.key != org.Key, !r.reading && r.err == nil && r.generation < org.Generation:
		r.forget()
	case !m.tokensInView():
		r.hide()
	}
}

// tokensInView reports whether the token page is on the screen and somebody is
// in front of it.
func (m *model) tokensInView() bool {
	l := m.layout()
	place := m.overlay == overlayDetail || m.overlay == overlayNone && l.detail.w > 0
	return place && !l.tooSmall && m.tab() == tabToken && m.focused && !m.filtering && m.dialog() == nil && m.signIn.stage == signInClosed && !m.adding.open && !m.leaving && !m.private.on
}

func revealOff(m *model) string {
	if m.private.on {
		return "private mode is on; p ends it"
	}
	return emptyOff(m)
}

// secretActions are the keys that have to do with the tokens themselves.
func secretActions() []action {
	return []action{
		{
			keys: []string{"v"}, name: "reveal", group: groupDetail, onOrg: true, off: revealOff,
			about: "Show the org's tokens in the clear for 10 seconds, or hide them. Another org, another tab or another window hides them at once.",
			run:   (*model).toggleReveal,
		},
		{
			keys: []string{"c"}, name: "copy access token", group: groupDetail, onOrg: true, off: copyOff,
			about: "Copy the org's access token. After 45 seconds, or when orgkeep ends, the clipboard is cleared if it still holds the token.",
			run:   (*model).copyToken,
		},
	}
}
