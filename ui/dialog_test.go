package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/demo"
)

// plainDialog has a choice that counts how often it was made.
func plainDialog(title string, made *int) *dialog {
	return &dialog{title: title, text: []string{"Really?"}, choices: []choice{{key: "y", label: "do it", run: func(*model) tea.Cmd { *made++; return nil }}}}
}

func TestDialogsStandOnAStack(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	var first, second int
	s.model.ask(plainDialog("The first", &first))
	s.model.ask(plainDialog("The second", &second))
	s.shows("The second")
	s.showsNot("The first")
	s.press("y")
	s.shows("The first")
	s.press("enter") // the safe choice
	s.shows("Nothing was changed.")
	if first != 0 || second != 1 {
		t.Errorf("chosen %d and %d times", first, second)
	}
}

func TestDialogsThatOpenByThemselvesQueueUp(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	var asked, first, second int
	s.model.ask(plainDialog("Asked for", &asked))
	s.start(s.model.openByItself(plainDialog("The first", &first)))
	s.start(s.model.openByItself(plainDialog("The second", &second)))
	s.start(s.model.openByItself(plainDialog("The second", &second))) // the same warning again
	s.shows("The first", "One moment.")
	s.press("y")
	s.hears()
	s.press("y")
	s.shows("Asked for")
	s.press("y")
	s.shows("The second", "One moment.") // it has its own moment of quiet
	s.press("y")
	s.hears()
	s.press("esc")
	if s.model.dialog() != nil || asked != 1 || first != 1 || second != 0 {
		t.Errorf("chosen %d, %d and %d times", asked, first, second)
	}
}

func TestProductionIsTypedToConfirm(t *testing.T) {
	t.Parallel()
	org := func(alias string, kind tokens.Type) tokens.Org { return tokens.Org{Alias: alias, Type: kind} }
	for name, c := range map[string]struct {
		orgs []tokens.Org
		keys []string
		word string
		done bool
	}{
		"a sandbox takes a key":        {orgs: []tokens.Org{org("box", tokens.Sandbox)}, keys: []string{"y"}, done: true},
		"production takes no key":      {orgs: []tokens.Org{org("prod", tokens.Production)}, keys: []string{"y", "enter"}},
		"enter alone is the safe side": {orgs: []tokens.Org{org("prod", tokens.Production)}, keys: []string{"enter"}},
		"an unknown type takes no key": {orgs: []tokens.Org{org("odd", tokens.TypeUnknown)}, keys: []string{"y", "enter"}},
		"an unknown type is typed":     {orgs: []tokens.Org{org("box", tokens.Sandbox), org("odd", tokens.TypeUnknown)}, word: "odd", done: true},
		"a government cloud is typed":  {orgs: []tokens.Org{org("gov", tokens.Government)}, word: "gov", done: true},
		"what may be counts":           {orgs: []tokens.Org{org("a", tokens.Production), org("b", tokens.TypeUnknown)}, word: "2 orgs", done: true},
		"production is typed":          {orgs: []tokens.Org{org("box", tokens.Sandbox), org("prod", tokens.Production)}, word: "prod", done: true},
		"another word does nothing":    {orgs: []tokens.Org{org("prod", tokens.Production)}, word: "Prod"},
		"several are counted":          {orgs: []tokens.Org{org("a", tokens.Production), org("b", tokens.Production)}, word: "2 production orgs", done: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 80, 24)
			done := false
			s.model.ask(confirmTyped("Forget?", "forget", c.orgs, []string{"Their tokens are gone then."}, func(*model) tea.Cmd { done = true; return nil }))
			s.press(c.keys...)
			if c.word != "" {
				s.tell(tea.PasteMsg{Content: c.word})
				s.press("enter")
			}
			if done != c.done {
				t.Errorf("done is %v; the screen shows\n%s", done, s.text())
			}
			s.press("esc")
			if s.model.dialog() != nil {
				t.Error("esc does not leave it")
			}
		})
	}
}

func TestALongDialogScrollsAboveItsChoices(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 60, 15)
	org, _ := s.model.list.current()
	org.Type, org.Alias = tokens.Production, "acme-production"
	s.model.ask(anywayDialog([]tokens.Org{org}))
	s.shows("This is production. Type acme-production to go on.", "enter  send it again", "esc    stay, and change nothing", "lines 1–")
	s.showsNot("costs nothing")
	s.press("pgdown", "down")
	s.shows("costs nothing", "esc    stay, and change nothing")
	s.fits()
	if c := s.model.View().Cursor; c == nil {
		t.Error("there is no cursor to type at")
	}
}

// No choice of these is cut in the smallest window: what decides stands at the
// end of some.
func TestTheChoicesHaveRoomInTheSmallestWindow(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, MinWidth, MinHeight, Options{Demo: true, Clipboard: &board{}, Scenes: scenesOf(t), Scene: "mixed"}, keychain.Memory())
	for _, key := range []string{"e", "f2"} {
		s.press(key)
		for _, c := range s.model.dialog().choices {
			s.shows(c.key + "    " + strings.TrimSpace(c.label))
		}
		s.showsNot(more)
		s.press("esc")
	}
}

func scenesOf(t *testing.T) []Scene {
	t.Helper()
	var all []Scene
	for _, s := range demo.Scenarios() {
		all = append(all, Scene{Name: string(s), About: s.About()})
	}
	return all
}
