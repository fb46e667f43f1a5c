package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// signInMsg is one step of a sign-in.
type signInMsg struct {
	id      int
	started *keeper.SigningIn
	opened  error // why no browser was opened
	back    bool  // the browser has come back, or its address was given
	step    tokens.Step
	steps   <-chan tokens.Step
	signed  *keeper.SignedIn
	err     error
}

// signInLimit is how long the browser is waited for.
const signInLimit = 15 * time.Minute

// startSignIn makes the sign-in ready and sends the browser off.
func startSignIn(ctx context.Context, k Keeper, browser func(context.Context, string) error, id int, r keeper.SignInRequest) tea.Cmd {
	return func() tea.Msg {
		s, err := k.StartSignIn(ctx, r)
		if err != nil {
			return signInMsg{id: id, err: err}
		}
		return signInMsg{id: id, started: s, opened: browser(ctx, s.URL())}
	}
}

// awaitBrowser waits for the browser.
func awaitBrowser(ctx context.Context, id int, s *keeper.SigningIn) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, signInLimit)
		defer cancel()
		err := s.Wait(ctx)
		return signInMsg{id: id, back: err == nil, err: err}
	}
}

// saveSignIn fetches the tokens and saves them. The steps are few: the channel
// has room for them all, so that saving never waits for whoever reads it.
func saveSignIn(ctx context.Context, id int, s *keeper.SigningIn) tea.Cmd {
	steps := make(chan tokens.Step, 16)
	save := func() tea.Msg {
		defer close(steps)
		defer s.Close()
		signed, err := s.Save(ctx, func(step tokens.Step) { steps <- step })
		return signInMsg{id: id, signed: &signed, err: err}
	}
	return tea.Batch(save, signInStep(id, steps))
}

func signInStep(id int, steps <-chan tokens.Step) tea.Cmd {
	return func() tea.Msg {
		step, more := <-steps
		if !more {
			return nil
		}
		return signInMsg{id: id, step: step, steps: steps}
	}
}

// hangUp gives the port of a sign-in back.
func hangUp(s *keeper.SigningIn) tea.Cmd {
	if s == nil {
		return nil
	}
	return func() tea.Msg {
		s.Close()
		return nil
	}
}

// signInStepped takes one step of the sign-in.
func (m *model) signInStepped(msg signInMsg) tea.Cmd {
	s := &m.signIn
	if msg.id != s.id {
		return hangUp(msg.started) // it was called off before it had begun
	}
	switch {
	case msg.err != nil:
		return m.signInFailed(msg.err)
	case msg.started != nil:
		s.stage, s.waiting, s.opened = signInBrowser, msg.started, msg.opened
		ctx, cancel := context.WithCancel(m.ctx)
		s.cancel = cancel
		return awaitBrowser(ctx, s.id, s.waiting)
	case msg.back:
		s.stage, s.paste, s.code = signInSaving, false, nil
		return saveSignIn(m.ctx, s.id, s.waiting)
	case msg.signed != nil:
		return m.signedIn(*msg.signed)
	}
	s.step = msg.step
	return signInStep(msg.id, msg.steps)
}

func (m *model) signInFailed(err error) tea.Cmd {
	s := &m.signIn
	waiting := s.waiting
	s.stage, s.waiting, s.paste, s.code = signInEnded, nil, false, nil
	s.told = m.whyNot(err)
	if errors.Is(err, context.DeadlineExceeded) {
		s.told[0] = fmt.Sprintf("The browser has not come back within %s.", tokens.FormatSpan(signInLimit))
	}
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
	return hangUp(waiting)
}

// signedIn takes a login that is saved.
func (m *model) signedIn(signed keeper.SignedIn) tea.Cmd {
	s, org := &m.signIn, signed.Org
	if _, known := m.list.byKey[org.Key]; known {
		m.list.replace(org)
	} else {
		m.list.set(append(m.list.orgs, org), m.now, m.limits)
	}
	if s.cancel != nil {
		s.cancel()
	}
	other := signed.Other
	again := s.again
	*s = signIn{id: s.id + 1}
	m.note, m.noteBad = m.signedInWords(signed), signed.Warning != nil || signed.Held != keeper.HeldNowhere
	if other != keeper.OtherNothing {
		s.stage = signInEnded
		s.told = []string{
			"Another login than that of " + again.Alias + ": " + other.Words() + ".",
			fmt.Sprintf("It is %s of org %s, and is kept as %s. %s is as it was.", org.User(), org.OrgID, org.Alias, again.Alias),
			"Sign in again with the right user for " + again.Alias + "; x forgets what is not wanted.",
		}
	}
	if signed.Held != keeper.HeldNowhere {
		return recoverHeld(m.ctx, m.keeper, false) // its banner stays until the keychain has taken them
	}
	return nil
}

func (m *model) signedInWords(signed keeper.SignedIn) string {
	alias := signed.Org.Alias
	switch {
	case signed.Held == keeper.HeldInJournal:
		return alias + " is signed in. The new tokens are safe in the journal (encrypted), not yet in " + m.keeper.StoreName() + "."
	case signed.Held == keeper.HeldInMemory:
		return alias + " is signed in. The new tokens are in memory only: neither " + m.keeper.StoreName() + " nor the journal takes them."
	case signed.Warning != nil:
		return alias + " is signed in. " + tokens.Clean(signed.Warning.Error()) + "."
	}
	return alias + " is signed in. New access token saved in " + m.keeper.StoreName() + "."
}
