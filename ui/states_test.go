package ui

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// closable is a keychain that gives an error or nothing instead of an item, when
// it is told to.
type closable struct {
	keychain.Store
	err  error
	held bool // it does not answer
}

func (c *closable) Get(ctx context.Context, account string) (string, error) {
	if c.held {
		<-ctx.Done()
		return "", ctx.Err()
	}
	if c.err != nil {
		return "", c.err
	}
	return c.Store.Get(ctx, account)
}

// unreadable is a keeper whose ledger gives no history, while it is told so.
type unreadable struct {
	Keeper
	err error
}

func (u *unreadable) History(ctx context.Context, key tokens.Key, limit int) ([]tokens.Attempt, error) {
	if u.err != nil {
		return nil, u.err
	}
	return u.Keeper.History(ctx, key, limit)
}

// TestGoldenStates compares what the views show where there is nothing, nothing
// yet, or nothing to be had.
func TestGoldenStates(t *testing.T) {
	t.Parallel()
	read := func(s *screen) {
		s.until("the tokens", func() bool { return !s.model.reveal.reading })
	}
	views := map[string]func(*screen, *closable){
		"filtered": func(s *screen, _ *closable) { s.press("/"); s.typeText("is:failed tag:nobody"); s.press("enter") },
		"reading":  func(s *screen, c *closable) { s.goTo("acme-prod"); c.held = true; s.press("2") },
		"locked": func(s *screen, c *closable) {
			s.goTo("acme-prod")
			c.err = errLockedKeychain
			s.press("2")
			read(s)
		},
		"lost": func(s *screen, c *closable) {
			s.goTo("acme-prod")
			c.err = &keychain.Error{Keychain: "Secret Service", Op: "reading", Kind: keychain.ErrNotFound}
			s.press("2")
			read(s)
		},
		"unfailed":    func(s *screen, _ *closable) { s.goTo("acme-prod"); s.press("3") },
		"unrefreshed": func(s *screen, _ *closable) { s.goTo("hooli"); s.press("4") },
		"unreadable": func(s *screen, _ *closable) {
			s.rest() // no answer of before comes in between
			s.model.keeper = &unreadable{Keeper: s.model.keeper, err: errors.New("reading the history of umbrella: the ledger cannot be used: disk I/O error (10)")}
			clear(s.model.past)
			s.goTo("umbrella")
			s.press("4")
		},
		"unnamed": func(s *screen, _ *closable) { s.press(":"); s.typeText("qqq") },
		"unfound": func(s *screen, _ *closable) { s.press("?", "/"); s.typeText("qqq") },
	}
	for name, arrive := range views {
		for _, size := range []struct{ w, h int }{{60, 15}, {120, 30}} {
			t.Run(fmt.Sprintf("%s_%dx%d", name, size.w, size.h), func(t *testing.T) {
				t.Parallel()
				store := &closable{Store: keychain.Memory()}
				s := newScreenWith(t, size.w, size.h, Options{Demo: true}, store)
				s.model.first.probed = true
				arrive(s, store)
				s.rest()
				s.fits()
				golden.RequireEqual(t, s.text()+"\n")
			})
		}
	}
}

func TestAHistoryThatCannotBeReadIsReadAgain(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.rest() // no answer of before comes in between
	u := &unreadable{Keeper: s.model.keeper, err: errors.New("the ledger cannot be used")}
	s.model.keeper = u
	clear(s.model.past)
	s.goTo("umbrella")
	s.press("4")
	s.rest()
	s.shows("The history cannot be read: the ledger", "4 reads it again.")
	u.err = nil
	s.press("4")
	s.rest()
	s.shows("the last one")
	s.showsNot("cannot be read")
}

func TestTheTabsTakeClicks(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newScreen(t, size.w, size.h)
		s.goTo("globex")
		s.press("r")
		s.settle()
		if s.model.layout().detail.w == 0 {
			s.press("enter")
		}
		for _, to := range []tab{tabHistory, tabOverview, tabToken, tabFailure, tabOverview} {
			x, y, found := s.find(strconv.Itoa(int(to) + 1))
			if !found {
				t.Fatalf("%dx%d: no tab %d:\n%s", size.w, size.h, to, s.text())
			}
			s.tell(tea.MouseClickMsg{Button: tea.MouseLeft, X: x, Y: y})
			if s.model.tab() != to {
				t.Errorf("%dx%d: a click on tab %d shows tab %d", size.w, size.h, to, s.model.tab())
			}
		}
	}
}

// find is where a name of the bar of tabs stands.
func (s *screen) find(name string) (x, y int, found bool) {
	l := s.model.layout()
	r := l.detail
	if s.model.overlay != overlayNone || r.w == 0 {
		r = l.over
	}
	for _, z := range s.model.zones() {
		if z.at.y == r.y+1 && z.at.x >= r.x && z.at.h == 1 && z.at.w < r.w-4 && z.click != nil {
			line := []rune(strings.Split(s.text(), "\n")[z.at.y])
			for x := z.at.x; x < z.at.x+z.at.w; x++ {
				if string(line[x]) == name {
					return x, z.at.y, true
				}
			}
		}
	}
	return 0, 0, false
}

func TestTheWheelScrollsThePane(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 20)
	s.goTo("globex")
	s.press("r")
	s.settle()
	r := s.model.layout().detail
	top, at := s.model.list.top, s.model.list.cursor
	wheel := func(b tea.MouseButton) { s.tell(tea.MouseWheelMsg{Button: b, X: r.x + 5, Y: r.y + 5}) }
	s.shows("enter shows the rest")
	wheel(tea.MouseWheelDown)
	s.shows("lines 4–")
	if s.model.list.top != top || s.model.list.cursor != at {
		t.Error("the list scrolled too")
	}
	for range 50 {
		wheel(tea.MouseWheelDown)
	}
	n := len(s.model.detailLines(r.inner()))
	s.shows(fmt.Sprintf("–%d of %d", n, n))
	s.fits()
	wheel(tea.MouseWheelUp)
	s.press("2")
	s.shows("[2 token]") // another page begins at its top
	s.press("3")
	s.press("j", "k")
	s.shows("lines ") // and the one that was scrolled stays where it was
}

// In the pane beside the list no figure of the history is cut.
func TestTheHistoryInThePaneIsWhole(t *testing.T) {
	t.Parallel()
	for _, width := range []int{100, 120} {
		s := newScreen(t, width, 30)
		s.press("4")
		s.rest()
		s.shows("ago  screen", "took 0.4 s  1 attempt")
		s.fits()
	}
}

// Every sign of the rows is explained.
func TestTheHelpHasEverySign(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("?", "G")
	s.shows("↻             watched: ", "–             in IDLE: no refresh token", "idle limit is near, or over", "★             a favourite")
}

// An idle limit that has passed is marked as one that is near, in the same place.
func TestAnIdleLimitThatIsOverIsMarked(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	line := func(alias string) string {
		for line := range strings.SplitSeq(s.text(), "\n") {
			if strings.Contains(line, " "+alias+" ") {
				return line
			}
		}
		t.Fatalf("no %s:\n%s", alias, s.text())
		return ""
	}
	near := strings.Index(line("globex"), "2d !") + len("2d ")
	s.model.now = noon.Add(3 * 24 * time.Hour)
	if over := strings.Index(line("globex"), "over!") + len("over"); near < len("2d ") || over != near {
		t.Errorf("the sign is at %d, and then at %d:\n%s", near, over, s.text())
	}
}
