package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

// hostileNames are names that orgs, users and tags have somewhere, or that
// somebody would give them to break a screen.
var hostileNames = []string{
	"acme",
	"東京株式会社 営業部",
	"👩‍👩‍👧‍👦 family 🏳️‍🌈 👍🏽 🇩🇪🇫🇷",
	"שלום עולם \u202eevil\u202c مرحبا",
	"Z\u0351\u036b\u0343a\u0322\u0323l\u0321\u034ag\u0306\u0310o\u0300\u0301",
	strings.Repeat("x", 300),
	strings.Repeat("東", 300),
	strings.Repeat("e\u0301", 300),
	"\u0301\u0301starts with marks",
	"\x1b[31mred\x1b]0;title\a\x9b2J",
	"a\tb\r\nc\x00d\u200b\u2066e",
	"\xff\xfenot utf-8\xc3",
	"ﷺ ꧅ 𒐫 ⸻",
	"한국어 ᄒ\u1161\u11ab ไทย นี่ हिन्दी க்ஷ",
	"", " ", "…", "-dash", "\"quoted\" is:expired",
}

// hostileOrgs are orgs with a name wherever text from outside stands. As the
// keeper does, it passes tokens.Clean once.
func hostileOrgs(t testing.TB, names ...string) []tokens.Org {
	t.Helper()
	var orgs []tokens.Org
	for i, name := range names {
		key, err := tokens.NewKey("00D41000000F8A0", fmt.Sprintf("0054100000%05d", i), "app")
		if err != nil {
			t.Fatal(err)
		}
		name = tokens.Clean(name)
		orgs = append(orgs, tokens.Org{
			Key: key, Alias: name, Username: name + "@" + name, Type: tokens.Types()[i%len(tokens.Types())], OrgID: name, UserID: name,
			Tags: []string{name, "eu"}, Favourite: i%5 == 0, Scopes: []string{"api", name}, ClientID: name,
			InstanceURL: "https://" + name + ".my.salesforce.com", LoginURL: "https://" + name, HasRefreshToken: true,
			IssuedAt: noon.AddDate(0, 0, -i), RefreshUsedAt: noon.AddDate(0, 0, -i),
			Last: &tokens.Attempt{At: noon, Outcome: tokens.OutcomeFailed, Tries: 1, Failure: &tokens.Failure{
				Kind: tokens.FailedAnswer, HTTPStatus: 400, Host: name, Code: name, Description: name, Body: name + "\n" + name, RequestID: name,
			}},
		})
	}
	return orgs
}

// FuzzHostileNames makes sure that no name draws beyond the window, reaches the
// terminal as anything but text, or brings the screen down.
func FuzzHostileNames(f *testing.F) {
	for i, name := range hostileNames {
		size := sizes[i%len(sizes)]
		f.Add(uint8(size.w), uint8(size.h), name, []byte("jo\x01oj?:e\x00p\x01124\x00ty/e\x01S"))
		f.Add(uint8(size.w), uint8(size.h), name, []byte(" \x0eV!\x0f\x00\x10\x01\x02\x81\xa0\xc5"))
	}
	f.Fuzz(func(t *testing.T, w, h uint8, name string, keys []byte) {
		if len(name) > 4096 {
			return
		}
		orgs := hostileOrgs(t, append([]string{name, name + name, strings.ToUpper(name)}, hostileNames...)...)
		s := &screen{t: t, model: modelOf(t, orgs, int(w), int(h)), msgs: make(chan tea.Msg, 4096)}
		s.fits()
		for _, key := range keys[:min(len(keys), 32)] {
			s.fuzzed(key)
			s.fits()
			s.plain()
		}
	})
}

// plain makes sure that the frame has no control, bidi or zero-width character.
func (s *screen) plain() {
	s.t.Helper()
	for line := range strings.SplitSeq(ansi.Strip(s.model.View().Content), "\n") {
		if tokens.Clean(line) != line {
			s.t.Errorf("the screen was sent %q", line)
		}
	}
}
