package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// A finished row shows its result in bold for two seconds, and stays where it is
// although the filter may ask for what it was. One clock counts for all of them.
const (
	holdStep  = 500 * time.Millisecond
	holdSteps = 4
)

// heldTickedMsg moves the finished rows on.
type heldTickedMsg struct{}

// hold begins to hold a result, if its row is shown.
func (m *model) hold(key tokens.Key) tea.Cmd {
	l := &m.list
	if i, known := l.byKey[key]; !known || l.places[i] < 0 {
		return nil
	}
	if l.held == nil {
		l.held = map[tokens.Key]int{}
	}
	l.held[key] = holdSteps
	if m.holding {
		return nil
	}
	m.holding = true
	return m.after(holdStep, heldTickedMsg{})
}

// heldTicked lets go of the rows whose time is over, and asks the filter again
// when there is none left.
func (m *model) heldTicked() tea.Cmd {
	held := m.list.held
	for key := range held {
		if held[key]--; held[key] <= 0 {
			delete(held, key)
		}
	}
	if len(held) > 0 {
		return m.after(holdStep, heldTickedMsg{})
	}
	m.holding = false
	if m.list.filter.filter.NeedsClocks() {
		m.list.renew()
	}
	return nil
}
