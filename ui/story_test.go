package ui

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

func TestARefusedRefreshShowsTheEndpointsWordsAndKeepsTheTokens(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 60)
	s.goTo("globex")
	org, _ := s.model.list.current()
	before, err := s.store.Get(t.Context(), string(org.Key))
	if err != nil {
		t.Fatal(err)
	}
	s.press("r")
	s.settle()
	s.shows("HTTP 400", "The endpoint said", "invalid_grant", "expired access/refresh token", "What it means", "the likeliest first", "1  revoked by the user or an admin", "What to do",
		"who        you", "retry      does not help by itself",
		"The endpoint's answer, as it came", `{"error":"invalid_grant"`, "globex: HTTP 400 invalid_grant: expired access/refresh token. The saved tokens are kept.")
	after, err := s.store.Get(t.Context(), string(org.Key))
	if err != nil {
		t.Fatal(err)
	}
	if before != after {
		t.Error("the saved tokens changed")
	}
}

func TestARefreshedOrgIsFreshAndSaved(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("initech")
	old, _ := s.model.list.current()
	s.press("r")
	s.shows("queued")
	s.settle()
	s.shows("initech refreshed in 0.4 s. New access token saved in memory.")
	i := s.model.list.byKey[old.Key]
	org := s.model.list.orgs[i]
	if org.Generation != old.Generation+1 || !org.IssuedAt.Equal(noon) || org.Clocks(noon, s.model.limits).Health != tokens.Fresh {
		t.Errorf("the org is %+v", org)
	}
	line, err := s.store.Get(t.Context(), string(org.Key))
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := tokens.ParseSecrets(line)
	if err != nil || secrets.Generation != org.Generation {
		t.Errorf("the keychain has generation %d, %v", secrets.Generation, err)
	}
}

func TestRefreshAllStale(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	due := len(s.model.stale())
	if due < 5 {
		t.Fatalf("the demo has %d stale orgs", due)
	}
	s.press("R")
	if len(s.model.live) != due {
		t.Errorf("%d refreshes for %d stale orgs", len(s.model.live), due)
	}
	s.settle()
	s.shows("refreshed in 0.4 s.", " of them need a person (F retries, y copies reports): ")
	s.press("R") // a host that was down for maintenance is tried again, a refused login is not
	if len(s.model.live) != 1 {
		t.Errorf("%d refreshes the second time", len(s.model.live))
	}
	s.settle()
}

func TestNoKeyActsOnWhatIsNotSeen(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.press("?", "r")
	if len(s.model.live) != 0 {
		t.Error("a key went through the help")
	}
	s.shows("r works in the list; esc goes back to it.")
	s.press("esc", "enter", "R")
	if len(s.model.live) != 0 {
		t.Error("R went through the open org")
	}
	s.press("r")
	if len(s.model.live) != 1 {
		t.Error("r does not refresh the open org")
	}
	s.settle()
	s.press("esc")
	s.goTo("umbrella")
	s.press("space", "/")
	s.typeText("hooli")
	s.press("enter")
	if got := s.model.chosen(); len(got) != 1 || got[0].Alias != "hooli" {
		t.Errorf("a mark that the filter hides is acted on: %v", got)
	}
}

func TestATestThatDoesNotReachTheOrgSaysNothingOfTheToken(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.broken.on.Store(true)
	s.goTo("wonka")
	s.press("a")
	s.until("the answer to the test", func() bool { return s.model.noteBad })
	s.shows("could not be tested, so nothing is known of it")
	s.showsNot("does not accept")
}

func TestMarksChooseWhatIsRefreshed(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-uat")
	s.press("space")
	s.goTo("acme-prod")
	s.press("space", "r")
	s.shows("2 marked")
	if len(s.model.live) != 2 {
		t.Errorf("%d refreshes for two marks", len(s.model.live))
	}
	s.settle()
	s.shows("2 of 2 refreshed")
	s.press("esc")
	s.showsNot("2 marked")
}

func TestEscCancelsWhatWasNotSent(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("R", "esc")
	s.shows("Cancelling what has not been sent; what has been sent is finished.")
	s.settle()
	s.shows("cancelled: ")
}

func TestFilterNarrowsAsOneTypes(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	all := len(s.model.list.orgs)
	s.press("/")
	s.typeText("ACME")
	if got := len(s.model.list.shown); got != 2 {
		t.Errorf("%d orgs shown", got)
	}
	s.typeText(" sandbox")
	s.shows("/ACME sandbox", "acme-uat", "1/1 of 12")
	s.press("enter", "r")
	if len(s.model.live) != 1 {
		t.Error("keys are keys again after enter")
	}
	s.settle()
	s.press("esc")
	if len(s.model.list.shown) != all {
		t.Error("esc did not clear the filter")
	}
	s.press("/")
	s.tell(tea.PasteMsg{Content: "nothing\x1b[31m like this"})
	s.shows("hides all 12 orgs. esc clears it.")
	s.press("esc")
	if len(s.model.list.shown) != all || s.model.filtering {
		t.Error("esc did not end the filter")
	}
}

func TestQuittingFinishesWhatWasSent(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("initech")
	s.press("r")
	s.until("the request to be under way", func() bool {
		return slices.ContainsFunc([]*live{s.model.live[s.model.list.cursorKey()]}, func(l *live) bool { return l != nil && l.step == tokens.StepWaiting })
	})
	s.tell(signalledMsg{})
	s.shows("Finishing what was sent, then leaving. 1 under way.")
	s.press("q", "R") // keys no longer count
	s.settle()
	i := s.model.list.byKey[s.model.list.cursorKey()]
	if s.model.list.orgs[i].Last.Outcome != tokens.OutcomeRefreshed {
		t.Errorf("the outcome is %s", s.model.list.orgs[i].Last.Outcome)
	}
	s.until("the program to end", func() bool { return s.quit })
}

func TestQuitAtOnceWhenNothingIsUnderWay(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	_, cmd := s.model.Update(keyPress("q"))
	if _, quit := cmd().(tea.QuitMsg); !quit {
		t.Error("q does not quit")
	}
}

// countingStore counts the calls of a keychain.
type countingStore struct {
	keychain.Store
	calls atomic.Int64
}

func (c *countingStore) Get(ctx context.Context, account string) (string, error) {
	c.calls.Add(1)
	return c.Store.Get(ctx, account)
}

func (c *countingStore) Probe(context.Context) error {
	c.calls.Add(1)
	return keychain.ErrUnavailable
}

func TestFirstFrameComesBeforeAnyKeychainCall(t *testing.T) {
	t.Parallel()
	store := &countingStore{Store: keychain.Memory()}
	s := newScreenWith(t, 120, 30, Options{Demo: true}, store)
	store.calls.Store(0)
	s.shows("globex", "umbrella", "12 orgs")
	init := s.model.Init()
	if n := store.calls.Load(); n != 0 {
		t.Errorf("%d keychain calls before the first frame", n)
	}
	s.start(init)
	s.until("the probe", func() bool { return s.model.storeProblem != nil })
	s.shows("keychain: memory not usable")
}

func TestHelpSaysWhyAKeyIsOff(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 120, 30, Options{}, keychain.Memory())
	s.press("?")
	s.shows("Off now: no org is shown.")
	s.press("esc", "h")
	s.shows("h is off: no org is shown.")
}

func TestEveryActionIsInTheHelp(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 200, 120)
	s.press("?")
	seen := map[string]string{}
	for _, a := range actions() {
		s.shows(strings.Fields(a.about)[0], keyLabel(a.keys[0]))
		for _, key := range a.keys {
			if other := seen[key]; other != "" {
				t.Errorf("%s is the key of %q and %q", key, other, a.name)
			}
			seen[key] = a.name
		}
	}
}

func TestOpenScrollsAndCloses(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 15)
	s.goTo("umbrella")
	s.press("enter", "1")
	s.shows("lines 1–11 of")
	s.press("G")
	s.shows("scopes")
	s.press("j", "k", "pgup", "g")
	s.shows("lines 1–11 of")
	s.press("esc")
	s.shows("sorted by urgency")
}

func TestStatesOfALoginWithoutRefreshToken(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	org := s.model.list.orgs[0]
	org.HasRefreshToken, org.IssuedAt = false, noon.AddDate(0, 0, -1)
	org.ExpiresAt, org.ExpirySource = noon.AddDate(1, 0, 0), tokens.LeftFromJWT
	org.Last = nil
	s.model.list.set([]tokens.Org{org}, noon, s.model.limits)
	s.shows("none: the org cannot be", "as the token says")
	s.press("r")
	s.shows("r is off: " + org.Alias + " has no refresh token.")
}
