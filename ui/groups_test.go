package ui

import "testing"

func TestPrivateModeHidesTheNamesOfGroups(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("p", "o")
	s.shows("grouped by tag", "tag-01")
	s.showsNot("acme", "customer")
	s.press("o")
	s.shows("grouped by type", "production")
	s.press("o")
	s.shows("host-01")
	s.showsNot("acme", "salesforce.com")
}
