package ui

import (
	"slices"
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
	want := []likeness{
		{label: "scopes", left: "api", right: "api"}, {left: "–", right: "id", differs: true}, {left: "web", right: "–", differs: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	got = scopeLikenesses(nil, []string{"api", "id"})
	want = []likeness{{label: "scopes", left: "not known", right: "api"}, {left: " ", right: "id"}}
	if !slices.Equal(got, want) {
		t.Errorf("of one org they are not known: %v, want %v", got, want)
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

// What was told of a token is not shown beside the one that has taken its place,
// and when it was asked is always said.
func TestALookIsOfTheTokenThatWasAsked(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 200, 120)
	s.goTo("wonka") // with a client secret, so that introspection tells
	s.look()
	s.shows("Asked online just now", "introspection", "active", "userinfo", "organization", "limits")
	key := s.model.list.cursorKey()
	s.later(3*time.Minute + 5*time.Second)
	s.shows("Asked online 3m ago")
	s.press("r")
	s.settle()
	if s.ofKey(key).Generation == s.model.looking.generation {
		t.Fatalf("it was not refreshed:\n%s", s.text())
	}
	s.press("2")
	s.until("the tokens", func() bool { return !s.model.reveal.reading })
	s.shows("Asked online 3m ago", "with the token before this one", "organization", "DailyApiRequests")
	s.showsNot("introspection", "active  ", "userinfo")
	if page := strings.Join(s.model.detailLines(400), "\n"); !strings.Contains(page, "What was told of it is left out; i asks again.") {
		t.Errorf("it does not say what is left out:\n%s", page)
	}
	s.later(2 * time.Minute)
	s.shows("Asked online 5m ago", "with the token before this one")
	s.look()
	s.shows("Asked online just now", "introspection")
	s.showsNot("before this one", "is left out")
}

// The signature of a token that is gone says nothing of the new one.
func TestASignatureIsOfTheTokenThatWasAsked(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 400, 160)
	s.goTo("cyberdyne")
	s.look()
	s.shows("verified: signed with RS256 by the")
	s.press("r")
	s.settle()
	s.press("2")
	s.until("the tokens", func() bool { return !s.model.reveal.reading })
	s.shows("not checked offline: it is signed with RS256", "with the token before this one")
	s.showsNot("verified: signed with RS256 by the")
}

// What is wrong stands far down in the token tab, so the top and the overview say
// that there is something.
func TestWhatIsWrongIsSaidAtTheTop(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 60)
	s.goTo("acme-prod")
	s.press("2")
	s.until("the tokens", func() bool { return !s.model.reveal.reading })
	s.showsNot("wrong with these tokens")
	i := s.model.list.byKey[s.model.reveal.key]
	for n, change := range []func(*tokens.Org){
		func(o *tokens.Org) { o.UserID = "005xx000006uHrZAAU" },
		func(o *tokens.Org) { o.IssuedAt = noon.Add(9000 * time.Hour) },
	} {
		change(&s.model.list.orgs[i])
		s.press("1")
		words := []string{"1 thing is wrong with these tokens", "2 things are wrong with these tokens"}[n]
		s.shows(words, "has more.")
		s.press("enter", "2")
		s.shows(words + ", see below.")
		full := strings.Join(s.model.detailLines(400), "\n")
		if found := strings.Count(full, "wrong: "); found != n+1 {
			t.Errorf("%d things are wrong, not %d:\n%s", found, n+1, full)
		}
		s.press("esc")
	}
	s.press("1", "j")
	s.showsNot("wrong with these tokens")
}

// Where the page is open and the tokens have been dropped, the page says which key
// reads them.
func TestTheTokenTabSaysHowToReadAgain(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 60)
	s.goTo("acme-prod")
	s.press("2")
	s.until("the tokens", func() bool { return !s.model.reveal.reading })
	s.showsNot("have not been read")
	s.press("r")
	s.settle()
	for _, why := range []string{"the refresh", "moving on"} {
		s.shows("The tokens have not been read", "2  read them")
		s.showsNot("2  token ")
		s.press("2")
		s.until("the tokens", func() bool { return !s.model.reveal.reading })
		s.shows("sha-256")
		s.showsNot("have not been read")
		if why == "the refresh" {
			s.press("j", "2", "k", "k", "j")
			s.goTo("acme-prod")
		}
	}
}
