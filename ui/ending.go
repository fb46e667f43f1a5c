package ui

import tea "charm.land/bubbletea/v2"

// Ending is how the screen was left.
type Ending struct {
	Next     Next
	Scenario string // of the demo that comes next; empty for the usual one
	Chapter  int    // of the tour that comes next, from 1; 0 for no tour
	Paused   bool   // it begins paused, as the chapter before it was left
}

// endWith ends the program for what e says. It is for the demo, which has
// nothing to lose: what is under way there is left where it is.
func (m *model) endWith(e Ending) tea.Cmd {
	m.ending = e
	return tea.Quit
}
