package ui

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// What differs is told without colour at every size, and the sentence above says
// it of org, user, app and scopes.
func TestWhatDiffersIsToldWithoutColour(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newScreen(t, size.w, size.h)
		s.model.theme = theme.New(theme.Options{ASCII: true, Profile: colorprofile.ASCII})
		s.goTo("acme-prod")
		s.press("space", "space", "=") // and hooli below it
		s.fits()
		s.shows("Another org, another user, another app.", "refresh_token")
		mark := "differs"
		if size.w < 80 {
			mark = "* "
		}
		lines := s.model.compareLines(s.model.layout().over.inner())
		told := map[string]bool{}
		for _, line := range lines {
			for _, value := range []string{"3MVG9", "refresh_token  ", "ada@acme", "api  "} {
				if strings.Contains(line, value) && !strings.Contains(line, "Only") {
					told[value] = strings.Contains(line, mark)
				}
			}
		}
		if !told["3MVG9"] || !told["refresh_token  "] || !told["ada@acme"] || told["api  "] {
			t.Errorf("%dx%d: %v\n%s", size.w, size.h, told, s.text())
		}
	}
}

func TestTheContrastOfTwoOrgs(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	org := func(alias, id, user, app string, scopes ...string) tokens.Org {
		return tokens.Org{Alias: alias, OrgID: id, UserID: user, ClientID: app, Scopes: scopes}
	}
	one := org("one", "00D1", "0051", "app", "api", "web")
	for want, other := range map[string]tokens.Org{
		"Same org, same user, same app. The same scopes.":                                      org("two", "00D1", "0051", "app", "web", "api"),
		"Same org, another user, another app. Only one has web.":                               org("two", "00D1", "0052", "other", "api"),
		"Another org, user not known, same app. Only one has api, web. Only two has id, full.": org("two", "00D2", "", "app", "id", "full"),
	} {
		if got := s.model.contrast(one, other); got != want {
			t.Errorf("%s", got)
		}
	}
}

// In private mode the sentence has the cover names.
func TestTheContrastHidesNames(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-prod")
	s.press("space", "space", "p", "=")
	s.shows("Another org, another user, another app.")
	s.showsNot("acme-prod", "hooli")
}

// fieldOf is the only line of the screen that has a label in a column of its own.
func (s *screen) fieldOf(label string) string {
	s.t.Helper()
	found := ""
	for line := range strings.Lines(s.text()) {
		if strings.Contains(line, "│ "+label+"  ") {
			if found != "" {
				s.t.Fatalf("two lines have %s:\n%s", label, s.text())
			}
			found = line
		}
	}
	if found == "" {
		s.t.Fatalf("no line has %s:\n%s", label, s.text())
	}
	return found
}

// compareWith compares acme-prod with another org, made out of it.
func (s *screen) compareWith(change func(*tokens.Org)) {
	s.t.Helper()
	s.goTo("globex")
	s.press("space")
	other, _ := s.model.list.current()
	for _, org := range s.model.list.orgs {
		if org.Alias == "globex" {
			other = org
		}
	}
	s.goTo("acme-prod")
	org, _ := s.model.list.current()
	org.Key, org.Alias = other.Key, "globex"
	change(&org)
	s.model.list.replace(org)
	s.press("space", "=")
	s.shows("Two orgs side by side")
}

// What is not known of one of the two is no difference.
func TestWhatIsNotKnownDoesNotDiffer(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.compareWith(func(o *tokens.Org) {
		o.Username, o.ClientID, o.Type, o.Rotates, o.Scopes = "", "", tokens.TypeUnknown, tokens.RotationUnknown, nil
	})
	s.showsNot("differs")
	s.shows("Same org, same user, app not known. The scopes are not known of both.")
	for _, label := range []string{"user", "app", "type", "rotates", "scopes"} {
		if line := s.fieldOf(label); !strings.Contains(line, "not known") {
			t.Errorf("%q", line)
		}
	}
}

// How two orgs stand differs nearly always, so only what they are is marked.
func TestOnlyWhatTheOrgsAreIsMarked(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.compareWith(func(o *tokens.Org) {
		o.Rotates, o.LoginURL, o.Tags, o.Watched = tokens.RotationYes, "https://test.salesforce.com", []string{"eu"}, true
		o.IssuedAt, o.RefreshUsedAt, o.Last = noon.AddDate(0, 0, -1), noon.AddDate(0, 0, -9), nil
	})
	for label, differs := range map[string]bool{
		"rotates": true, "login": true, "alias": false, "tags": false, "watch": false, "state": false, "age": false, "left": false, "idle limit": false, "last": false, "org id": false,
	} {
		line := s.fieldOf(label)
		if strings.Contains(line, "differs") != differs {
			t.Errorf("%q", line)
		}
		if !differs && label != "org id" { // the test is of rows that are not the same
			values := strings.Fields(line[strings.Index(line, label)+len(label):])
			if len(values) < 2 || values[0] == values[1] {
				t.Errorf("the two are the same: %q", line)
			}
		}
	}
	if line := s.fieldOf("watch"); !strings.Contains(line, "off") || !strings.Contains(line, "on ") {
		t.Errorf("%q", line)
	}
}

// In private mode a hidden value is hidden on both sides, and differs is said all
// the same; p is taken where the two are compared.
func TestPrivateModeInTheComparison(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("acme-prod")
	s.press("space", "space", "=")
	s.shows("acme-prod", "differs")
	marks := strings.Count(s.text(), "differs")
	s.press("p")
	s.shows("PRIVATE", "Two orgs side by side")
	s.showsNot(hidden+", another", "works in the list")
	s.nameless("p")
	for _, label := range []string{"org id", "user id"} {
		if line := s.fieldOf(label); !strings.Contains(line, "differs") || strings.Count(line, hidden) != 2 {
			t.Errorf("%q", line)
		}
	}
	if now := strings.Count(s.text(), "differs"); now != marks {
		t.Errorf("%d rows differ, before %d", now, marks)
	}
	s.press("p")
	s.shows("acme-prod")
}

// Keys that work whatever is open do so there too.
func TestKeysThatWorkAnywhereWorkInTheComparison(t *testing.T) {
	t.Parallel()
	for _, a := range actions() {
		if !a.anywhere || slices.Contains(a.keys, "q") || a.group == groupStage {
			continue
		}
		s := newScreen(t, 120, 40)
		s.goTo("acme-prod")
		s.press("space", "space", "=")
		before := s.text()
		s.press(a.keys[0])
		if s.text() == before || strings.Contains(s.model.note, "works in the list") {
			t.Errorf("%s does nothing", a.keys[0])
		}
	}
}
