package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// secrets are what the keychain has for an org.
func (s *screen) secrets(alias string) tokens.Secrets {
	s.t.Helper()
	for _, org := range s.model.list.orgs {
		if org.Alias != alias {
			continue
		}
		line, err := s.store.Get(s.t.Context(), string(org.Key))
		if err != nil {
			s.t.Fatal(err)
		}
		secrets, err := tokens.ParseSecrets(line)
		if err != nil {
			s.t.Fatal(err)
		}
		return secrets
	}
	s.t.Fatalf("no org %s", alias)
	return tokens.Secrets{}
}

// leaks reports whether a telling part of a secret stands on the screen, also
// where a line's end or the border breaks it.
func (s *screen) leaks(secrets ...tokens.Secret) bool {
	var unbroken strings.Builder
	for line := range strings.SplitSeq(s.text(), "\n") {
		_, pane, _ := strings.Cut(line, "││")
		if pane == "" {
			pane = line
		}
		unbroken.WriteString(strings.Trim(pane, "│ "))
	}
	return slices.ContainsFunc(secrets, func(secret tokens.Secret) bool {
		text := secret.Reveal()
		part := text[len(text)/2 : max(len(text)/2, len(text)-5)]
		return part != "" && (strings.Contains(unbroken.String(), part) || strings.Contains(s.model.View().WindowTitle, part))
	})
}

func (s *screen) untilRead() {
	s.t.Helper()
	s.until("the tokens to be read", func() bool { return !s.model.reveal.reading })
}

func TestATokenIsShownForAWhileAndThenHidden(t *testing.T) {
	t.Parallel()
	for _, width := range []int{80, 120} {
		s := newScreen(t, width, 40)
		s.goTo("acme-prod")
		secrets := s.secrets("acme-prod")
		s.press("2")
		s.untilRead()
		s.shows(secrets.AccessToken.Mask(), secrets.RefreshToken.Mask(), secrets.AccessToken.Fingerprint(), "opaque, 112", "an estimate:", "its last use that orgkeep")
		if s.leaks(secrets.AccessToken, secrets.RefreshToken) {
			t.Fatal("a masked token is on the screen")
		}
		s.press("v")
		s.untilRead()
		s.shows("Shown for 10 s more")
		if !s.leaks(secrets.AccessToken) || !s.leaks(secrets.RefreshToken) {
			t.Errorf("the tokens are not shown:\n%s", s.text())
		}
		tick := revealTickedMsg{asked: s.model.reveal.asked}
		s.tell(revealTickedMsg{asked: tick.asked - 1}) // of an earlier one
		for range 9 {
			s.tell(tick)
		}
		s.shows("Shown for 1 s more")
		s.tell(tick)
		s.hidden(secrets)
		s.shows(secrets.AccessToken.Mask())
	}
}

// hidden makes sure that neither screen nor model has a token.
func (s *screen) hidden(secrets tokens.Secrets) {
	s.t.Helper()
	if s.model.reveal.shown() || s.leaks(secrets.AccessToken, secrets.RefreshToken) {
		s.t.Errorf("a token is still there:\n%s", s.text())
	}
}

func TestWhateverElseIsLookedAtHidesTheToken(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*screen){
		"another org": func(s *screen) { s.press("k") },
		"another tab": func(s *screen) { s.press("3") },
		"v again":     func(s *screen) { s.press("v") },
		"help":        func(s *screen) { s.press("?") },
		"filter":      func(s *screen) { s.press("/") },
		"private":     func(s *screen) { s.press("p") },
		"blur":        func(s *screen) { s.tell(tea.BlurMsg{}) },
		"narrow":      func(s *screen) { s.tell(tea.WindowSizeMsg{Width: 80, Height: 24}) },
		"a dialog": func(s *screen) {
			s.tell(askedMsg{question: Question{Title: "Passphrase", Answer: make(chan tokens.Secret, 1)}})
		},
		"leaving":   func(s *screen) { s.model.leaving = true; s.tell(nil) },
		"a refresh": func(s *screen) { s.press("r"); s.settle() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 120, 40)
			s.goTo("acme-prod")
			secrets := s.secrets("acme-prod")
			s.press("v")
			s.untilRead()
			if !s.leaks(secrets.AccessToken) {
				t.Fatal("the token is not shown")
			}
			leave(s)
			s.hidden(secrets)
		})
	}
}

func TestATokenThatComesTooLateIsNotShown(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("acme-prod")
	secrets := s.secrets("acme-prod")
	org, _ := s.model.list.current()
	s.press("v")
	late, is := readTokens(t.Context(), s.model.keeper, org.Key, s.model.reveal.asked, true)().(tokensReadMsg)
	if !is || !late.access.Equal(secrets.AccessToken) {
		t.Fatal("the effect does not read the token")
	}
	s.press("k")
	s.tell(late)
	s.hidden(secrets)
	s.press("j")
	s.hidden(secrets)
}

// The keychain is asked when the user asks, and at no other time.
func TestMovingTheCursorReadsNoKeychain(t *testing.T) {
	t.Parallel()
	store := &countingStore{Store: keychain.Memory()}
	s := newScreenWith(t, 120, 30, Options{Demo: true}, store)
	s.goTo("acme-prod")
	s.press("tab")
	s.untilRead()
	store.calls.Store(0)
	s.press("g", "j", "j", "k", "1", "3", "4", "1")
	s.goTo("acme-prod")
	s.shows("The tokens have not been read")
	s.press("tab", "shift+tab")
	if n := store.calls.Load(); n != 0 {
		t.Errorf("%d keychain calls", n)
	}
}

func TestALockedKeychainIsToldInTheTab(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 200, 40, Options{Demo: true}, keychain.Memory())
	org, _ := s.model.list.current()
	s.press("2")
	s.untilRead()
	err := &tokens.Failure{Kind: tokens.FailedKeychain, Problem: "the keychain is locked"}
	s.model.readTokens(org, true)
	s.tell(tokensReadMsg{asked: s.model.reveal.asked, err: err})
	s.shows("The tokens cannot be read: the keychain is locked.", "Unlock")
	s.hidden(s.secrets(org.Alias))
	// What says itself what to do is not followed by the same in other words.
	err = &tokens.Failure{Kind: tokens.FailedKeychain, Problem: "the keychain is locked; unlock it in the desktop's settings"}
	s.model.readTokens(org, true)
	s.tell(tokensReadMsg{asked: s.model.reveal.asked, err: err})
	s.shows("the keychain is locked; unlock it in the")
	s.showsNot("Unlock the keychain")
}

// Planted secrets stand on no frame but the one that reveals them.
func TestNoFrameHasASecret(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newScreenWith(t, size.w, size.h, Options{Demo: true, Clipboard: &board{}}, keychain.Memory())
		var planted []tokens.Secret
		for _, org := range s.model.list.orgs {
			secrets := s.secrets(org.Alias)
			planted = append(planted, secrets.AccessToken, secrets.RefreshToken, secrets.ClientSecret, secrets.Signature)
		}
		s.goTo("globex")
		steps := [][]string{{"r"}, {"1"}, {"2"}, {"3"}, {"4"}, {"c"}, {"y"}, {"a"}, {"enter"}, {"G"}, {"tab"}, {"tab"}, {"pgdown"}, {"esc"}, {"p"}, {"2"}, {"c"}, {"p"}, {"?"}, {"G"}}
		for _, keys := range steps {
			s.press(keys...)
			s.settle()
			s.untilRead()
			if s.leaks(planted...) {
				t.Fatalf("after %v a secret is on the screen:\n%s", keys, s.text())
			}
		}
		s.press("esc", "esc")
		s.goTo("acme-prod")
		s.press("v")
		s.untilRead()
		if !s.leaks(planted...) {
			t.Errorf("at %v the secret that is revealed would not be found:\n%s", size, s.text())
		}
		s.fits()
	}
}

func TestTheTabGoesToAFailureByItself(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 50)
	s.goTo("globex")
	s.shows("[1 overview]", "until the limit of")
	s.press("4")
	s.shows("[4 history]")
	s.press("r")
	s.settle()
	s.shows("[3 failure]", "invalid_grant")
	s.press("1")
	s.shows("[1 overview]")
	s.press("shift+tab")
	s.shows("[4 history]")
	s.press("tab")
	s.shows("[1 overview]")
	s.goTo("acme-prod")
	s.press("3")
	s.shows("The last refresh of this org did not")
	s.goTo("globex")
	s.shows("[1 overview]")
	i := s.model.list.byKey[s.model.list.cursorKey()]
	last := *s.model.list.orgs[i].Last
	last.At = last.At.Add(time.Minute)
	s.model.list.orgs[i].Last = &last
	s.shows("[3 failure]") // a failure that is newer than the choice
}

func TestTheBarOfTabsFits(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	for w := 12; w < 60; w++ {
		for _, key := range []string{"1", "2", "3", "4"} {
			s.press(key)
			if bar := s.model.tabBar(w); len([]rune(stripped(bar))) > w || !strings.Contains(stripped(bar), "["+key) {
				t.Errorf("at %d: %q", w, stripped(bar))
			}
		}
	}
}
