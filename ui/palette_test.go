package ui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// item returns the place of an item in the open palette.
func (s *screen) item(name string) int {
	s.t.Helper()
	i := slices.IndexFunc(s.model.palette.items, func(one item) bool { return one.name == name })
	if i < 0 {
		s.t.Fatalf("the palette has no %q:\n%s", name, s.text())
	}
	return i
}

func TestEveryActionIsInThePaletteTheHelpAndTheFooter(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 200, 50)
	for _, a := range actions() {
		for _, query := range []string{"", a.name, a.keys[0]} {
			s.press(":")
			s.typeText(query)
			i := s.item(a.name)
			if query == a.keys[0] && i != 0 {
				t.Errorf("%q finds %s at place %d", query, a.name, i+1)
			}
			s.press("esc")
		}
		s.press("?", "/")
		s.typeText(a.name)
		if keys := s.model.helpText(100).keys; !slices.Contains(keys, a.keys[0]) {
			t.Errorf("searching the help for %q finds %v", a.name, keys)
		}
		s.press("esc", "esc")
		if a.footer == 0 || a.keys[0] == "esc" { // which has its place while it does something
			continue
		}
		label := " " + keyLabel(a.keys[0]) + " " + a.name + " "
		lines := strings.Split(s.text(), "\n")
		x := strings.Index(lines[len(lines)-1], label)
		if x < 0 {
			t.Errorf("the footer has no %q: %s", label, lines[len(lines)-1])
			continue
		}
		zone := s.model.zoneAt(x+1, 49)
		if zone == nil || zone.at != (rect{x, 49, len(label), 1}) {
			t.Errorf("%s is drawn at %d, and clicked at %v", a.name, x, zone)
		}
	}
}

// zoneAt returns what a click there goes to.
func (m *model) zoneAt(x, y int) *zone {
	for _, z := range slices.Backward(m.zones()) {
		if z.click != nil && z.at.has(x, y) {
			return &z
		}
	}
	return nil
}

func TestThePaletteRunsAnAction(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	due := len(s.model.stale())
	s.press(":")
	s.typeText("rfs") // the beginnings of its words
	s.shows("Commands and orgs", "refresh all stale", "enter run")
	s.press("down", "up", "enter")
	if s.model.palette != nil || len(s.model.live) != due {
		t.Errorf("%d refreshes, open is %v", len(s.model.live), s.model.palette != nil)
	}
	s.settle()
}

func TestThePaletteHasWhatIsOnFirst(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	for _, query := range []string{"rt", "re", "ma"} {
		s.press(":")
		s.typeText(query)
		first := s.model.palette.items[0]
		if first.org == "" && s.model.offNow(first.action) != "" {
			t.Errorf("%q begins with %s, which is off:\n%s", query, first.name, s.text())
		}
		s.press("esc")
	}
	s.press(":")
	s.typeText("F") // its very key
	if first := s.model.palette.items[0].name; first != "retry failed" {
		t.Errorf("F finds %s first", first)
	}
}

func TestThePaletteSaysWhyAnActionIsOff(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("ctrl+p")
	s.typeText("try any")
	s.shows("Off: it is for orgs whose last outcome is unknown, or t")
	s.press("enter")
	s.shows("try anyway is off: it is for orgs whose last outcome is unknown, or that a", "Commands and orgs")
	s.press("esc", "enter", ":")
	s.typeText("filter")
	s.shows("Off: it works in the list; esc goes back to it.")
	s.press("enter")
	if s.model.filtering {
		t.Error("an action ran on what is not seen")
	}
}

func TestThePaletteGoesToAnOrg(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("/")
	s.typeText("acme")
	s.press("ctrl+p")
	s.tell(tea.PasteMsg{Content: "hoo"})
	s.shows("org       hooli", "scratch@hooli.example")
	s.press("enter")
	if s.model.currentAlias() != "hooli" || s.model.filter.Value() != "" {
		t.Errorf("the cursor is on %s, the filter is %q", s.model.currentAlias(), s.model.filter.Value())
	}
	s.press(":")
	s.typeText("qqqq")
	s.shows("Nothing is called that.")
	s.press("enter", "down", "pgdown", "esc")
	s.showsNot("Commands and orgs")
}

func TestWhatWasFoundStandsOutWhole(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	plain, hit := s.model.theme.Text, s.model.theme.Accent
	family := "\U0001F468\u200D\U0001F469\u200D\U0001F467"
	text := "e\u0301" + family + "b"
	got := marked(text, []int{4}, plain, hit) // within the family
	if want := "e\u0301" + hit.Underline(true).Render(family) + "b"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if at := find("Die Straße, DIE", []string{"die"}); !slices.Equal(at, []int{0, 1, 2, 13, 14, 15}) {
		t.Errorf("found at %v", at)
	}
}

func TestTheHelpIsSearched(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.press("enter", "j", "?", "/")
	s.typeText("Ticket")
	s.shows("Keys /Ticket", "Copy a report", "enter keep the search")
	s.showsNot("Go to the next org.")
	s.press("enter")
	s.shows("esc close")
	s.press("esc")
	s.shows("Refresh the org under the cursor")
	s.press("/")
	s.tell(tea.PasteMsg{Content: "nothing like it"})
	s.shows("No key has the words of the search.")
	s.press("esc", "?")
	if s.model.overlay != overlayDetail || s.model.scroll != 1 {
		t.Errorf("the help went back to %d at line %d", s.model.overlay, s.model.scroll)
	}
}

func TestTheHelpSpeaksOfWhatItLiesOver(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 60)
	s.press("?")
	s.shows("Off now: there is nothing to cancel, close or clear.")
	s.press("esc", "enter", "?")
	s.showsNot("Off now: there is nothing to cancel, close or clear.")
}
