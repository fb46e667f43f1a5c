package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// handClock is moved by hand.
type handClock struct {
	evenClock
	now time.Time
}

func (c *handClock) Now() time.Time { return c.now }

// later moves the clock, and lets the screen's tick come.
func (s *screen) later(d time.Duration) {
	clock, moved := s.model.clock.(*handClock)
	if !moved {
		clock = &handClock{now: noon}
		s.model.clock = clock
	}
	clock.now = clock.now.Add(d)
	s.tell(clockTickedMsg{tick: s.model.ticks.last})
}

// watch presses w on an org and waits until that is written down.
func (s *screen) watch(alias string) tokens.Key {
	s.t.Helper()
	s.goTo(alias)
	s.press("w")
	s.until("the note", func() bool { return strings.Contains(s.model.note, "watched") })
	org, _ := s.model.list.current()
	return org.Key
}

func (s *screen) ofKey(key tokens.Key) tokens.Org { return s.model.list.orgs[s.model.list.byKey[key]] }

func TestAWatchedOrgIsRefreshedByItself(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	key := s.watch("acme-prod") // it has more than an hour left
	before := s.ofKey(key)
	s.shows("acme-prod is watched: refreshed by itself below 15m, while the screen or orgkeep refresh --watch runs.", "↻ watching 1", "●↻acme-prod", "on, refreshed below 15m")
	if len(s.model.runs) != 0 || s.model.watch.key != "" {
		t.Fatal("it was refreshed at once")
	}
	s.later(time.Hour)
	if s.model.watch.key != "" {
		t.Fatal("it was refreshed with more left")
	}
	s.press("?") // a note of ours must not be lost by what happens by itself
	s.press("esc")
	s.model.note = "Mine."
	s.later(time.Hour)
	s.until("the refresh", func() bool { return s.ofKey(key).Generation > before.Generation && len(s.model.runs) == 0 })
	if s.model.note != "Mine." || s.model.watch.key != "" {
		t.Errorf("the note is %q", s.model.note)
	}
	whole, err := s.model.keeper.Whole(t.Context(), key)
	if err != nil || !whole.Watched {
		t.Errorf("the ledger does not know that it is watched: %v", err)
	}
}

func TestARefusalStopsTheWatchAndIsSaid(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	key := s.watch("globex")
	s.until("the refusal", func() bool {
		return s.ofKey(key).Last != nil && s.ofKey(key).Last.Failure != nil && len(s.model.runs) == 0
	})
	s.shows("Watching globex has stopped: its last refresh was refused: HTTP 400", "↻ watching 0, 1 stopped", "✗‖globex")
	s.showsNot("globex is watched") // the footer does not go on to say so
	s.press("1")
	s.shows("stopped: its last")
	s.later(time.Hour)
	if s.model.watch.key != "" || len(s.model.runs) != 0 {
		t.Error("a refused org was sent again")
	}
	s.press("w")
	s.until("the note", func() bool { return strings.Contains(s.model.note, "not watched any more") })
	s.press("w")
	s.until("the note", func() bool {
		return strings.Contains(s.model.note, "globex is watched, and stopped for now: its last refresh was refused")
	})
	s.press("w")
	s.until("the note", func() bool { return strings.Contains(s.model.note, "not watched any more") })
	s.showsNot("watching")
}

func TestTheWatchGoesOnWhenTheHostIsBack(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.demo.SetOutage(true)
	key := s.watch("initech")
	s.until("the failure", func() bool {
		return s.ofKey(key).Last != nil && s.ofKey(key).Last.Failure != nil && len(s.model.runs) == 0
	})
	s.shows("The watch tries again in 1m", "↻ watching 1")
	s.later(59 * time.Second)
	if s.model.watch.key != "" {
		t.Fatal("it did not wait")
	}
	s.demo.SetOutage(false)
	s.later(time.Second)
	s.until("the refresh", func() bool { return s.ofKey(key).Last.Failure == nil && len(s.model.runs) == 0 })
}

func TestTheWatchSendsOneAtATime(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.press("ctrl+a", "w")
	s.until("the note", func() bool { return strings.Contains(s.model.note, "orgs are watched") })
	most, seen := 0, 0
	s.until("all to be fresh or stopped", func() bool {
		most = max(most, len(s.model.live))
		if len(s.model.runs) == 0 && s.model.watch.key == "" {
			s.later(time.Second)
			seen++
		}
		return len(s.model.runs) == 0 && s.model.watch.key == "" && seen > 12
	})
	if most != 1 {
		t.Errorf("%d at once", most)
	}
}

// A vault that is locked is not asked for by what happens by itself.
func TestTheWatchAsksNobodyForAPassphrase(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.model.keeper = lockedKeeper{s.model.keeper}
	s.watch("initech")
	s.until("the word", func() bool { return s.model.watch.key == "" && len(s.model.toasts.shown) > 0 })
	s.shows("Watching waits until memory can be used")
	if len(s.model.runs) != 0 || s.model.dialog() != nil {
		t.Error("it was sent, or somebody was asked")
	}
}

// lockedKeeper is one whose store would ask a person.
type lockedKeeper struct{ Keeper }

func (lockedKeeper) StoreOpen(context.Context) error { return keychain.ErrLocked }

func TestWhoCannotBeWatchedSaysWhy(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("initech")
	org, _ := s.model.list.current()
	org.Shared = tokens.Shared{Mode: tokens.SharedReadOnly, Home: "/home/ada/.sfdx", Username: "ada"}
	s.model.list.replace(org)
	s.press("w")
	s.shows("w is off: the Salesforce CLI refreshes initech.")
	s.press("1")
	s.shows("shared     read-only, the Salesforce")
	org.Shared.Mode, org.Shared.Owed = tokens.SharedLocked, true
	s.model.list.replace(org)
	s.press("j", "k")
	s.shows("under its lock; the CLI's", "file is behind")
	org.Shared, org.HasRefreshToken = tokens.Shared{}, false
	s.model.list.replace(org)
	s.press("w")
	s.shows("w is off: initech has no refresh token.")
}

// What the watch has refreshed has the watch in its history, not the screen.
func TestHistoryTellsAWatchFromAPerson(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	key := s.watch("initech") // it is due at once
	s.until("the refresh", func() bool { return s.ofKey(key).Last != nil && len(s.model.runs) == 0 })
	s.goTo("initech")
	s.press("h")
	s.rest()
	s.shows("  watch  ")
	s.showsNot("  screen  ")
	s.press("esc")
	s.goTo("stark")
	s.press("r")
	s.settle()
	s.press("h")
	s.rest()
	s.shows("  screen  ")
	s.showsNot("  watch  ")
}

// A failure that the watch waits out goes by itself, and never has the sign of
// what is fresh.
func TestAFailureOfTheWatchHasTheSignOfAFailure(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.demo.SetOutage(true)
	s.watch("wonka")
	s.until("the failure", func() bool { return len(s.model.toasts.shown) > 0 })
	s.shows("✗ wonka: HTTP 503", "The watch tries again in 1m.")
	s.showsNot("● wonka: HTTP")
	s.tell(toastOverMsg{id: s.model.toasts.shown[0].id})
	s.showsNot("The watch tries again in 1m.")
}

// The failure tab says that the watch has stopped, with the sign of the row.
func TestTheFailureTabSaysThatTheWatchHasStopped(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("globex")
	s.press("r")
	s.settle()
	s.press("3")
	s.showsNot("watch has stopped")
	s.watch("globex")
	s.press("3")
	s.shows("‖ Its watch has stopped.")
	s.press("w")
	s.until("the note", func() bool { return strings.Contains(s.model.note, "not watched any more") })
	s.showsNot("watch has stopped")
}

// In ASCII the sign of a watched org may touch its name, and is nothing that a
// name has.
func TestTheSignOfAWatchIsNoPartOfAName(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 60, 24, Options{Demo: true, ASCII: true}, keychain.Memory())
	s.watch("acme-prod")
	s.goTo("globex")
	s.press("r")
	s.settle()
	s.watch("globex")
	s.press("esc")
	s.shows("o<acme-prod", "x|globex", "o hooli")
	for _, sign := range []string{s.model.theme.Glyphs.Watched, s.model.theme.Glyphs.Halted} {
		if tokens.CheckAlias("a"+sign+"b") == nil && strings.ContainsAny(sign, "abcdefghijklmnopqrstuvwxyz0123456789-_.#@") {
			t.Errorf("%q reads as a part of a name", sign)
		}
	}
}

// Where the header has no room for all, the number of watched orgs goes before a
// count of how the orgs stand.
func TestTheHeaderKeepsItsCountsBeforeTheWatch(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 60, 15)
	counts := func() string {
		head, _, _ := strings.Cut(s.text(), "\n")
		return strings.TrimRight(head, " ")
	}
	before := counts()
	for _, count := range []string{"● ", "◐ ", "○ ", "✗ ", "◇ "} {
		if !strings.Contains(before, count) {
			t.Fatalf("%s is not counted without a watch: %q", count, before)
		}
	}
	s.watch("acme-prod")
	s.press("esc")
	for _, count := range []string{"● ", "◐ ", "○ ", "✗ ", "◇ "} {
		if !strings.Contains(counts(), count) {
			t.Errorf("%s is not counted: %q", count, counts())
		}
	}
	s.tell(tea.WindowSizeMsg{Width: 80, Height: 24})
	s.shows("↻ 1")
}
