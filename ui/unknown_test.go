package ui

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// breaking is a transport that sends the request of one host and loses the
// answer, as long as it is on.
type breaking struct {
	http.RoundTripper
	on   atomic.Bool
	sent atomic.Int64
}

func (b *breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err != nil || !b.on.Load() {
		return answer, err
	}
	b.sent.Add(1)
	_ = answer.Body.Close()
	return nil, errors.New("connection reset by peer")
}

func TestALostAnswerIsShownWithItsChoices(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.broken.on.Store(true)
	s.goTo("wonka") // it rotates
	s.press("!")
	s.shows("! is off: it is for orgs whose last outcome is unknown, or that a pause holds back.")
	s.press("r")
	s.settle()
	s.shows("outcome unknown", "no answer", "wonka: sent, and no answer came; the refresh token may be used up. a tests the access token, ! tries anyway.",
		"a  test access token", "!  try anyway")
	s.press("r")
	s.settle()
	if n := s.broken.sent.Load(); n != 1 {
		t.Errorf("%d requests: r sent it again", n)
	}
	s.broken.on.Store(false)
	s.press("!")
	s.shows("Try anyway?", "the login, and its access tokens too", "stay, and change nothing")
	s.press("enter") // the safe choice
	s.shows("Nothing was changed.")
	s.press("a")
	s.until("the answer to the test", func() bool { return strings.Contains(s.model.note, "access token") })
	s.shows("wonka accepts the access token, as ")
	s.press("!")
	s.typeText("wanka")
	s.press("enter")
	s.shows("That is not wonka. Nothing was changed.", "Try anyway?")
	s.typeText("wonka")
	s.press("enter")
	s.settle()
	// The endpoint carried the first request out, so the second one is a reuse.
	s.shows("expired access/refresh token")
}

// refusing is a keychain that takes nothing new while it is on.
type refusing struct {
	keychain.Store
	on atomic.Bool
}

func (r *refusing) Set(ctx context.Context, account, value string) error {
	if r.on.Load() {
		return &keychain.Error{Keychain: "memory", Kind: keychain.ErrUnavailable}
	}
	return r.Store.Set(ctx, account, value)
}

func TestATokenThatTheKeychainRefusesIsInTheJournal(t *testing.T) {
	t.Parallel()
	store := &refusing{Store: keychain.Memory()}
	s := newScreenWith(t, 120, 30, Options{Demo: true}, store)
	s.goTo("wonka")
	s.press("r")
	s.settle() // the journal has its key now
	store.on.Store(true)
	s.press("r")
	s.settle()
	s.until("the banner", func() bool { return len(s.model.waiting) == 1 })
	s.shows("wonka: the new token is safe in the journal (encrypted), not yet in the keychain. Trying again every 5 s.")
	s.fits()
	s.press("q")
	s.shows("Leave now?", "brought to the keychain")
	s.press("y") // a key in flight
	s.shows("Leave now?")
	s.hears()
	s.press("esc")
	s.showsNot("Leave now?")
	store.on.Store(false)
	s.tell(recoverDueMsg{})
	s.until("the keychain to take it", func() bool { return len(s.model.waiting) == 0 })
	s.shows("The keychain has taken the new token of wonka.")
	s.showsNot("not yet in the keychain")
	_, cmd := s.model.Update(keyPress("q"))
	if cmd == nil {
		t.Error("q does not quit once everything is saved")
	}
}

func TestLeavingAsksOnceTheTokenIsInTheJournal(t *testing.T) {
	t.Parallel()
	store := &refusing{Store: keychain.Memory()}
	s := newScreenWith(t, 120, 30, Options{Demo: true}, store)
	s.goTo("wonka")
	s.press("r")
	s.settle()
	store.on.Store(true)
	s.press("r")
	s.until("the token to be saved", func() bool {
		l := s.model.live[s.model.list.cursorKey()]
		return l != nil && l.step == tokens.StepSaving
	})
	s.press("q")
	s.until("the question", func() bool { return s.model.dialog() != nil })
	s.shows("Leave now?")
	s.hears()
	s.press("y")
	s.until("the program to end", func() bool { return s.quit })
}

func TestLeavingDoesNotWaitForever(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.model.runs[7] = &run{id: 7, cancel: func() {}}
	s.press("q", "q")
	if s.quit {
		t.Fatal("it left at once")
	}
	s.tell(leaveDueMsg{})
	s.shows("q leaves now")
	s.press("q")
	s.until("the program to end", func() bool { return s.quit })
}

// losing is a keeper that has tokens in memory only.
type losing struct {
	Keeper
	saved     tokens.Secret
	path      string
	discarded bool
}

func (l *losing) InMemory() []string {
	if l.discarded || l.path != "" {
		return nil
	}
	return []string{"wonka"}
}
func (l *losing) Discard() { l.discarded = true }
func (l *losing) SaveHeld(path string, passphrase tokens.Secret) (int, error) {
	if len(passphrase.Reveal()) < 8 {
		return 0, keeper.ErrPassphrase
	}
	l.saved, l.path = passphrase, path
	return 1, nil
}

func TestQuitIsBlockedWhileTokensAreInMemoryOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join("somewhere", "rescue.age")
	s := newScreenWith(t, 120, 30, Options{Demo: true, RescueFile: path}, keychain.Memory())
	k := &losing{Keeper: s.model.keeper}
	s.model.keeper = k
	s.press("q")
	s.shows("Tokens would be lost", "wonka", "One moment.")
	s.press("d") // a key in flight
	s.hears()
	s.shows("discard them and leave", "save them to a file with a passphrase")
	if s.press("q"); s.quit || k.discarded {
		t.Fatal("q leaves, or the key in flight was taken")
	}
	s.press("q")
	s.hears()
	s.press("s")
	s.shows("Save to a file", path, "passphrase:")
	s.typeText("short")
	s.press("enter")
	s.typeText("other")
	s.press("enter")
	s.shows("The two were not the same.")
	for range 2 {
		s.typeText("short")
		s.press("enter")
	}
	s.until("the refusal", func() bool { return s.model.noteBad })
	s.shows("the passphrase has fewer than 8 characters", "Tokens would be lost")
	s.hears()
	s.press("s")
	for range 2 {
		s.typeText("correct horse")
		s.showsNot("correct horse")
		s.press("enter")
	}
	s.until("the program to end", func() bool { return s.quit })
	if k.saved.Reveal() != "correct horse" || k.path != path {
		t.Errorf("saved to %q", k.path)
	}
}

func TestDiscardLeaves(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	k := &losing{Keeper: s.model.keeper}
	s.model.keeper = k
	s.press("q")
	s.hears()
	s.press("d")
	s.until("the program to end", func() bool { return s.quit })
	if !k.discarded {
		t.Error("it was not discarded")
	}
}
