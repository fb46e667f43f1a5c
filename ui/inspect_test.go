package ui

import (
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// evenTimes gives all requests of a look the same time: how long one takes differs
// from run to run.
func (s *screen) evenTimes() {
	for i := range s.model.looking.found {
		if f := &s.model.looking.found[i]; f.Request != "" {
			f.Took = 12 * time.Millisecond
		}
	}
}

func (s *screen) look() {
	s.t.Helper()
	s.press("i")
	s.until("the answers", func() bool { return !s.model.looking.running && !s.model.reveal.reading })
}

func TestTheTokenTabShowsTheAnatomy(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 90)
	s.goTo("acme-prod")
	s.press("2")
	s.until("the tokens", func() bool { return !s.model.reveal.reading })
	s.shows("Scopes that are missing", "The access token cannot open the org", "Where they belong", "Signature", "identity")
	s.showsNot("Asked online")
	s.press("p")
	org, _ := s.model.list.current()
	s.showsNot(org.OrgID, org.UserID)
}

func TestLookOnline(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 120)
	s.goTo("acme-prod")
	before, _ := s.model.list.current()
	s.press("i")
	s.shows("Asking ...")
	s.look()
	s.shows("Asked online", "GET /services/oauth2/userinfo", "1 API call", "GET /services/data/v65.0/limits", "Demo of acme-prod", "DailyApiRequests")
	if len(s.model.looking.found) != 6 {
		t.Errorf("%d findings", len(s.model.looking.found))
	}
	if after, _ := s.model.list.current(); after.Generation != before.Generation {
		t.Error("a refresh token was used")
	}
	s.press("p")
	s.showsNot(before.Username, before.OrgID)
	s.press("p", "j")
	s.showsNot("Asked online")
}

// The end that introspection tells stands in the row at once.
func TestLookOnlineTellsTheExactEnd(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 60)
	for _, org := range s.model.list.orgs {
		saved, err := s.model.keeper.Anatomy(t.Context(), org.Key)
		if err != nil || !saved.HasClientSecret || org.Clocks(noon, s.model.limits).Health != tokens.Fresh || org.ExpirySource == tokens.LeftFromJWT {
			continue
		}
		s.goTo(org.Alias)
		s.look()
		after, _ := s.model.list.current()
		if after.ExpirySource != tokens.LeftFromIntrospection {
			t.Errorf("%s: %+v", org.Alias, s.model.looking.found[0])
		}
		return
	}
	t.Fatal("no fresh org of the demo has a client secret")
}

func TestLookOnlineAtADeadToken(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 90)
	s.goTo("umbrella")
	s.look()
	s.shows("This answer shows that the access", "not asked: userinfo showed that")
}

// What an answer has shown of a token holds for its row, not only for that answer.
func TestATokenThatAnAnswerShowsDeadIsOver(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"enter", "2", "i", "esc", "esc"}, {"a"}} {
		s := newScreen(t, 120, 40)
		s.model.stage = s.demo
		s.goTo("acme-prod")
		if org, _ := s.model.list.current(); org.Clocks(s.model.now, s.model.limits).Health != tokens.Fresh {
			t.Fatal("acme-prod is not fresh to begin with")
		}
		s.press("f6")
		for _, key := range keys {
			s.press(key)
			s.settle()
			s.until("the answers", func() bool { return !s.model.looking.running })
		}
		s.until("the end", func() bool {
			org, _ := s.model.list.current()
			return org.ExpirySource == tokens.LeftFromAnswer
		})
		org, _ := s.model.list.current()
		if c := org.Clocks(s.model.now, s.model.limits); org.Alias != "acme-prod" || c.Health != tokens.Expired || !c.Stale() {
			t.Errorf("after %v: %s %+v", keys, org.Alias, c)
		}
		for line := range strings.Lines(s.text()) {
			if strings.Contains(line, "acme-prod  PROD") && !strings.Contains(line, "○ acme-prod") {
				t.Errorf("after %v the row is %q", keys, line)
			}
		}
	}
}

// A look that is asked for again ends the one before; what that one still tells is
// not shown.
func TestASecondLookEndsTheFirst(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 60)
	s.goTo("acme-prod")
	s.press("i")
	first := s.model.looking.asked
	s.look()
	s.tell(foundMsg{asked: first})
	if n := len(s.model.looking.found); n != 6 {
		t.Errorf("%d findings", n)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.press("=")
	s.shows("= is off: mark two orgs first, with space.")
	s.goTo("acme-prod")
	s.press("space")
	s.goTo("globex")
	s.press("space", "=")
	s.shows("Two orgs side by side", "acme-prod", "globex", "differs")
	if s.press("r"); len(s.model.live) != 0 {
		t.Error("a key acted on an org that is not seen")
	}
	s.press("esc", "p", "=")
	s.showsNot("acme-prod", "globex")
	s.press("esc", "p", "g", "space")
	if len(s.model.list.marks.set) == 3 {
		s.press("=")
		s.shows("= is off: more than two orgs are marked.")
	}
}

func TestLikenessesTellScopesApart(t *testing.T) {
	t.Parallel()
	got := scopeLikenesses([]string{"web", "api"}, []string{"api", "id"})
	want := []likeness{{"scopes", "api", "api"}, {"", "", "id"}, {"", "web", ""}}
	if len(got) != len(want) {
		t.Fatal(got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
}

// The signature of a JWT is another one than the answer's: it is not checked until
// the org's published keys are there, and then the tab says so once.
func TestTheSignatureOfAJWT(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 400, 160)
	s.goTo("hooli")
	s.press("2")
	s.until("the tokens", func() bool { return !s.model.reveal.reading })
	s.shows("those are for REST APIs alone", "not checked offline: it is signed with RS256", "i asks for those", "it ends in")
	s.showsNot("wrong: ")
	s.look()
	s.shows("verified: signed with RS256 by the", "found at")
	s.showsNot("not checked offline", "does not match")
	for i := range s.model.looking.found {
		if told := &s.model.looking.found[i].Signature; told.Verdict == tokens.CheckVerified {
			told.Verdict = tokens.CheckMismatch
		}
	}
	s.press("tab", "2")
	s.shows("wrong: the access token's signature does not match: signed")
}

// What does not hold together is said in the tab, and nothing of it in private mode.
func TestTheTokenTabSaysWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 400, 160)
	s.goTo("acme-prod")
	s.press("2")
	s.until("the tokens", func() bool { return !s.model.reveal.reading })
	s.showsNot("wrong: ")
	i := s.model.list.byKey[s.model.reveal.key]
	s.model.list.orgs[i].OrgID, s.model.list.orgs[i].UserID = "00DKS00000ZzYyX2AV", "005410000031xAAAAZ"
	s.model.list.orgs[i].IssuedAt, s.model.list.orgs[i].RefreshUsedAt = noon.Add(9000*time.Hour), noon.Add(9000*time.Hour)
	s.press("tab", "2")
	s.shows("wrong: the saved org id is", "00DKS00000ZzYyX2AV", "has the check characters AAZ", "wrong: issued_at lies in the future",
		"nothing: issued_at lies in the future", "nothing: its last use lies in the future")
	s.press("1")
	s.shows("? (issued_at lies in the future)")
	s.press("2")
	s.press("p")
	s.showsNot("00DKS00000ZzYyX2AV", "005410000031xAAAAZ", "00DKS00000ZzYyX")
}
