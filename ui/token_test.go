package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// tabText is the whole token page of the org under the cursor at a width, also
// what is scrolled away.
func (s *screen) tabText(w int) string {
	s.t.Helper()
	return ansi.Strip(strings.Join(s.model.detailLines(w), "\n"))
}

// All 64 digits of both SHA-256 can be seen at every size, in one piece or in
// halves, and never cut.
func TestTheWholeSHA256IsShown(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newScreen(t, size.w, size.h)
		s.goTo("acme-prod")
		s.press("2")
		s.untilRead()
		a := s.model.reveal.anatomy
		l := s.model.layout()
		for _, w := range []int{l.over.inner(), l.detail.inner()} {
			if w == 0 {
				continue
			}
			text := s.tabText(w)
			for _, sum := range []string{a.Access.SHA256, a.Refresh.SHA256} {
				whole := strings.Contains(text, sum)
				if w >= 76 && !whole {
					t.Errorf("%d cells have room for the whole of %s:\n%s", w, sum, text)
				}
				halves := strings.Contains(text, " "+sum[:32]) && strings.Contains(text, " "+sum[32:])
				if !whole && !halves {
					t.Errorf("%d cells show neither %s nor its halves:\n%s", w, sum, text)
				}
			}
			for line := range strings.SplitSeq(text, "\n") {
				if ansi.StringWidth(line) > w {
					t.Errorf("%d cells: %q", w, line)
				}
			}
		}
	}
}

// What matters first stands first: the clocks with how they are known, then the
// signature, then the scopes, and the JWT last.
func TestTheTokenTabHasAnOrder(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("cyberdyne")
	s.press("2")
	s.untilRead()
	text, at := s.tabText(116), 0
	for _, part := range []string{
		"Access token   eyJ", "left       24m", "known by   the token itself", "Refresh token  5Aep8", "idle       29d", "known by   its last use",
		"Signature", "answer ", "JWT        not checked offline: it is signed with RS256", "Scopes", "api ", "Where they belong", "JWT header", "JWT claims", ", in 24m",
	} {
		i := strings.Index(text[at:], part)
		if i < 0 {
			t.Fatalf("%q is not there, or before what it follows:\n%s", part, text)
		}
		at += i
	}
}

// The window of the README's picture shows the signature's verdict and scopes
// without scrolling.
func TestTheTokenTabFitsItsPicture(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-prod")
	s.press("2")
	s.untilRead()
	s.press("enter")
	s.shows("answer     verified: id and issued_at", "Scopes", "Use the org's APIs", "Get a refresh token")
}

func TestEachSourceOfAnEndIsSaid(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	d := &page{m: s.model, w: 100}
	seen := map[string]bool{}
	for source, want := range map[tokens.LeftSource]string{
		tokens.LeftFromJWT: "the token itself", tokens.LeftFromIntrospection: "the endpoint", tokens.LeftConfigured: "your setting: a life of 2h 00m",
		tokens.LeftFromAnswer: "an answer: ", tokens.LeftEstimated: "an estimate", tokens.LeftUnknown: "nothing: ",
	} {
		got := d.sourceOf(source)
		if !strings.HasPrefix(got, want) || seen[got] {
			t.Errorf("%s: %s", source, got)
		}
		seen[got] = true
	}
}

// An answer to i is seen at once, at the top; tokens that are revealed stand
// before it.
func TestWhatWasAskedOnlineIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.goTo("hooli")
	s.look()
	s.shows("Asked online", "● userinfo", "GET /services/oauth2/userinfo")
	text := s.tabText(76)
	for _, want := range []string{"kind            scratch org", "trial ends at   2026-11-30", ", in 7d 00h", "edition ", "newest          65.0", "DailyApiRequests  2412 of 15000"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
	s.press("v")
	s.untilRead()
	text = s.tabText(76)
	if shown, asked := strings.Index(text, "Shown for"), strings.Index(text, "Asked online"); shown < 0 || asked < shown {
		t.Errorf("the revealed token is not first:\n%s", text)
	}
}

// unbroken is a text without white space: where lines break does not matter.
func unbroken(text string) string { return strings.Join(strings.Fields(text), "") }

// Every row that was asked has its request and its cost, at every width.
func TestEveryOnlineRowHasItsRequestAndCost(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("cyberdyne")
	s.look()
	for _, w := range []int{41, 56, 76, 116} {
		text := unbroken(s.tabText(w))
		for i := range s.model.looking.found {
			f := &s.model.looking.found[i]
			if f.Skipped != "" {
				continue
			}
			begin, _, _ := strings.Cut(f.Request, "(")
			if !strings.Contains(text, unbroken(begin)) || !strings.Contains(text, unbroken(costText(f))) {
				t.Errorf("%d cells, %s: %q or %q is missing:\n%s", w, f.Part, begin, costText(f), s.tabText(w))
			}
		}
	}
}

// The limit of a day's API calls is there however little of it is used, and what
// is left out is counted.
func TestTheLimitsThatAreShown(t *testing.T) {
	t.Parallel()
	all := []keeper.Limit{{Name: "DailyApiRequests", Max: 100, Remaining: 99}}
	for _, name := range []string{"A", "B", "C", "D", "E", "F"} {
		all = append(all, keeper.Limit{Name: name, Max: 10, Remaining: 5})
	}
	s := newScreen(t, 120, 30)
	d := &page{m: s.model, w: 60}
	d.limits(all, 0)
	text := ansi.Strip(strings.Join(d.lines, "\n"))
	if lines := strings.Split(text, "\n"); len(lines) != limitsMost+1 || !strings.Contains(lines[0], "1% DailyApiRequests  1 of 100") || !strings.Contains(lines[5], "and 2 more") {
		t.Errorf("%s", text)
	}
}

// A 401 is not taken for the end of a token unless it says so, and that is seen.
func TestA401IsToldFromExpiryOnTheScreen(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	for body, want := range map[string]string{
		"":                                       "This 401 does not say that the access token has ended",
		"not attached to Agent":                  "This 401 does not",
		"Connected app is not attached to Agent": "This is no expiry",
	} {
		d := &page{m: s.model, w: 100}
		d.finding(&keeper.Finding{
			Part: keeper.PartLimits, Request: "GET /x", Took: time.Second, Calls: 1,
			Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 401, Body: body},
		}, map[string]keeper.Part{})
		if text := ansi.Strip(strings.Join(d.lines, "\n")); !strings.Contains(text, want) || strings.Contains(text, "has ended.") {
			t.Errorf("%q: %s", body, text)
		}
	}
}

// The signature of a JWT is checked once the org's keys were asked for, and its
// verdict stands beside the other.
func TestTheVerdictOnAJWT(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("cyberdyne")
	s.press("2")
	s.untilRead()
	if text := s.tabText(116); !strings.Contains(text, "JWT        not checked offline: it is signed with RS256") {
		t.Errorf("%s", text)
	}
	s.look()
	if text := s.tabText(116); !strings.Contains(text, "JWT        verified: signed with RS256 by the published key demo") || strings.Contains(text, "not checked yet") {
		t.Errorf("%s", text)
	}
}
