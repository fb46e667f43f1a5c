package ui

import (
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
