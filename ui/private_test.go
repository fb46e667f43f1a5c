package ui

import (
	"fmt"
	"strings"
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/ui/settings"
)

// namesOf are all the words that say which orgs these are.
func namesOf(orgs []tokens.Org) []string {
	var names []string
	for _, org := range orgs {
		names = append(names, org.Alias, org.Username, org.OrgID, org.OrgID[:15], org.UserID, strings.TrimPrefix(org.InstanceURL, "https://"))
		if org.ClientID != publicClient {
			names = append(names, org.ClientID)
		}
	}
	return names
}

// nameless makes sure that no name is on the screen, also not the start of one
// that was cut.
func (s *screen) nameless(after string) {
	s.t.Helper()
	text, title := s.text(), s.model.View().WindowTitle
	for _, name := range namesOf(s.model.list.orgs) {
		start := name[:min(len(name), 8)]
		if strings.HasPrefix(start, "00") {
			start = name // ids all begin alike
		}
		if name != "" && (strings.Contains(text, start) || strings.Contains(title, start)) {
			s.t.Fatalf("after %s the screen shows %q of %q:\n%s", after, start, name, text)
		}
	}
}

func TestPrivateModeHidesEveryName(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size.w, size.h), func(t *testing.T) {
			t.Parallel()
			s := newScreenWith(t, size.w, size.h, Options{Demo: true, Clipboard: &board{}}, keychain.Memory())
			s.goTo("globex")
			s.press("p")
			s.shows("PRIVATE")
			for _, key := range []string{
				"r", "1", "2", "3", "4", "c", "a", "y", "enter", "G", "tab", "tab", "tab", "esc", "esc", "space", "g", "space", "r", "j", "enter", "esc", "?", "esc", "!", "esc",
			} {
				s.press(key)
				s.nameless(key)
				s.settle()
				s.untilRead()
				s.rest()
				s.nameless(key)
				s.fits()
			}
			s.press("esc", "esc", "esc", "p")
			s.showsNot("PRIVATE")
			s.shows("acme-uat")
		})
	}
}

func TestAStandInStaysWithItsOrg(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("globex")
	s.press("p")
	name := s.model.currentName()
	s.press("r")
	s.settle()
	s.shows(name + ": HTTP 400 invalid_grant")
	s.press("p", "p")
	if got := s.model.currentName(); got != name {
		t.Errorf("%s was %s before", got, name)
	}
	i := s.model.list.byKey[s.model.list.cursorKey()]
	s.model.list.orgs[i].Alias = "globex-new"
	s.model.list.version++
	s.tell(nil)
	if got := s.model.veil("globex-new's and globex, globex."); got != name+"'s and "+name+", "+name+"." && got != "globex-new" {
		t.Errorf("a new alias shows as %q", got)
	}
}

func TestTheFilterLooksForRealNamesAndShowsDots(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("p", "/")
	s.typeText("acme")
	s.shows("/••••", "1/2")
	s.nameless("typing")
	s.press("enter", "p")
	s.shows("/acme", "acme-prod")
}

func TestAReportSaysThatItHasTheNames(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 120, 30, Options{Demo: true, Settings: allowing(settings.OSC52Always)}, keychain.Memory())
	s.goTo("umbrella")
	s.press("p", "y")
	s.until("the report", func() bool { return strings.Contains(s.model.note, "copied") })
	s.shows("without secrets but with the real names.")
	s.nameless("y")
	s.press("v")
	s.shows("v is off: private mode is on; p ends it.")
}

func TestVeil(t *testing.T) {
	t.Parallel()
	m := &model{}
	org := tokens.Org{Key: "00Daaaaaaaaaaaaaaa.005aaaaaaaaaaaaaaa.00000000", Alias: "a(b)", Username: "ada@acme.example", OrgID: "00Dxx0000000001AAA", InstanceURL: "https://acme.my.salesforce.com"}
	m.private.on = true
	m.private.learn([]tokens.Org{org}, 1)
	for text, want := range map[string]string{
		"a(b) refreshed in 0.4 s.":                          "org-01 refreshed in 0.4 s.",
		"Ada@acme.example: no.":                             "user-01: no.",
		"see https://acme.my.salesforce.com/x?y=1 there":    "see hidden there",
		"acme.my.salesforce.com: lookup failed":             "host-01: lookup failed",
		"eve@other.example at 00Dxx0000000002 and 10.0.0.7": "hidden at hidden and hidden",
		"issued to the app 3MVG9other.app_id, and not":      "issued to the app hidden, and not",
		"A refresh costs nothing.":                          "A refresh costs nothing.",
	} {
		if got := m.veil(text); got != want {
			t.Errorf("%q shows as %q, want %q", text, got, want)
		}
	}
	m.private.on = false
	if got := m.veil("a(b)"); got != "a(b)" {
		t.Errorf("without the mode it shows %q", got)
	}
}

// A fingerprint tells a token apart in a recording, and v does nothing then.
func TestPrivateModeHidesFingerprintsAndOffersNoReveal(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 60)
	s.goTo("acme-prod")
	s.press("2")
	s.until("the tokens", func() bool { return !s.model.reveal.reading })
	digits := s.model.reveal.anatomy.Access.SHA256
	if len(digits) != 64 {
		t.Fatalf("the fingerprint is %q", digits)
	}
	s.shows(digits[:8], "v reveal")
	s.press("p")
	s.shows("sha-256    hidden in private mode", "c copy access token")
	s.showsNot(digits[:8], digits[32:40], "v reveal", "v  reveal")
	s.press("p", "r")
	s.settle()
	s.shows("v  reveal")
	s.press("p")
	s.showsNot("v  reveal")
}
