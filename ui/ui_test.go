package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/demo"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

// evenClock stands still, and every duration it measures is 0.4 s, so that what
// the screen shows does not depend on the machine.
type evenClock struct{}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func (evenClock) Now() time.Time { return noon }
func (evenClock) Stopwatch() func() time.Duration {
	return func() time.Duration { return 400 * time.Millisecond }
}

// screen drives a model by hand over real parts: the demo's endpoint over real
// HTTPS, a ledger and a keychain in memory.
type screen struct {
	t      *testing.T
	model  *model
	store  keychain.Store
	msgs   chan tea.Msg
	broken *breaking
	demo   *demo.Demo
	quit   bool // the model has asked the program to end
}

func newScreen(t *testing.T, width, height int) *screen {
	t.Helper()
	return newScreenWith(t, width, height, Options{Demo: true}, keychain.Memory())
}

func newScreenWith(t *testing.T, width, height int, o Options, store keychain.Store) *screen {
	t.Helper()
	d, err := demo.Start(demo.Options{Scenario: demo.Scenario(o.Scene), Clock: evenClock{}, Seed: 1, Speed: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	book, err := ledger.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	broken := &breaking{RoundTripper: d.Transport()}
	k := keeper.New(keeper.Options{
		Store: store, Ledger: book, Journal: journal.Memory(), Clock: evenClock{}, Limits: tokens.DefaultLimits(),
		Endpoint: salesforce.New(salesforce.Options{Transport: broken}), Trigger: "screen",
	})
	if o.Demo {
		for _, saved := range d.Orgs() {
			org, _, err := k.Add(t.Context(), saved.Org, saved.Secrets)
			if err == nil && saved.Org.Last != nil {
				err = book.Record(t.Context(), org, *saved.Org.Last)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	o.Keeper = k
	if o.Orgs, err = k.Orgs(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, model: newModel(t.Context(), o), store: store, broken: broken, demo: d, msgs: make(chan tea.Msg, 4096)}
	s.tell(tea.WindowSizeMsg{Width: width, Height: height})
	return s
}

// tell gives the model a message and starts the command it answers with.
func (s *screen) tell(msg tea.Msg) {
	if _, quit := msg.(tea.QuitMsg); quit {
		s.quit = true
	}
	_, cmd := s.model.Update(msg)
	s.start(cmd)
}

func (s *screen) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				s.start(c)
			}
		case nil:
		default:
			select {
			case s.msgs <- msg:
			case <-s.t.Context().Done():
			}
		}
	}()
}

// press presses keys, named as Bubble Tea names them.
func (s *screen) press(keys ...string) {
	for _, key := range keys {
		s.tell(keyPress(key))
	}
}

func (s *screen) typeText(text string) {
	for _, r := range text {
		s.tell(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// until takes messages until the condition holds.
func (s *screen) until(what string, holds func() bool) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for !holds() {
		select {
		case msg := <-s.msgs:
			s.tell(msg)
		case <-limit:
			s.t.Fatalf("waited in vain for %s; the screen shows\n%s", what, s.text())
		}
	}
}

// settle waits until no refresh is under way.
func (s *screen) settle() {
	s.t.Helper()
	s.until("the refreshes to end", func() bool { return len(s.model.runs) == 0 })
}

// hears waits until a dialog that opened by itself takes keys.
func (s *screen) hears() {
	s.t.Helper()
	s.until("the dialog to take keys", func() bool { return s.model.dialog() != nil && !s.model.dialog().deaf })
}

// rest waits until what the screen reads for the org under the cursor is there.
func (s *screen) rest() {
	s.t.Helper()
	s.until("the history", func() bool {
		p := s.model.past[s.model.list.cursorKey()]
		return p.asked.Equal(p.loaded)
	})
}

// text is what the screen shows, without colours.
func (s *screen) text() string { return ansi.Strip(s.model.View().Content) }

func (s *screen) shows(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if !strings.Contains(s.text(), w) {
			s.t.Errorf("the screen does not show %q:\n%s", w, s.text())
		}
	}
}

func (s *screen) showsNot(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if strings.Contains(s.text(), w) {
			s.t.Errorf("the screen shows %q:\n%s", w, s.text())
		}
	}
}

// goTo moves the cursor to an org by its alias.
func (s *screen) goTo(alias string) {
	s.t.Helper()
	s.press("g")
	for range s.model.list.shown {
		if s.model.currentAlias() == alias {
			return
		}
		s.press("j")
	}
	s.t.Fatalf("no org %s on the screen:\n%s", alias, s.text())
}

func keyPress(key string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "space": tea.KeySpace, "up": tea.KeyUp, "down": tea.KeyDown,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace,
		"left": tea.KeyLeft, "right": tea.KeyRight,
		"tab": tea.KeyTab, "f2": tea.KeyF2, "f5": tea.KeyF5, "f6": tea.KeyF6, "f7": tea.KeyF7, "f8": tea.KeyF8, "f9": tea.KeyF9,
	}
	if key == "shift+tab" {
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	}
	if code, named := codes[key]; named {
		return tea.KeyPressMsg{Code: code}
	}
	if letter, found := strings.CutPrefix(key, "ctrl+"); found {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(key)[0], Text: key}
}
