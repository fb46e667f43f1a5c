//go:build unix

package main

import "testing"

// A screen that stays open shows what other commands do with its orgs, at the
// latest when somebody comes back to it.
func TestAnOpenScreenFollowsOtherCommands(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "login1", l))
	l.instance = e.URL
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", l.file(t)).expect(t, 0)
	w := m.open(t, 120, 30)
	w.see("acme", "1 expired")
	const focused = "\x1b[I" // what a terminal sends when its window is looked at
	m.run(t, "rename", "acme", "globex").expect(t, 0)
	w.press(focused)
	w.see("globex", "1 expired")
	m.run(t, "refresh", "globex").expect(t, 0)
	w.press(focused)
	w.see("1 fresh")
	m.run(t, "watch", "globex").expect(t, 0)
	w.press(focused)
	w.see("watching 1", "1 fresh")
	w.leaves()
	if n := len(e.sent()); n != 1 {
		t.Errorf("%d requests", n)
	}
}
