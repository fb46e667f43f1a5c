package ui

import (
	"path/filepath"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/demo"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

// sharing is a screen on a ledger in a file, and the keeper of another process
// with the same ledger, keychain and locks.
func sharing(t *testing.T) (*screen, *keeper.Keeper) {
	t.Helper()
	d, err := demo.Start(demo.Options{Clock: evenClock{}, Seed: 1, Speed: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	folder, store := t.TempDir(), keychain.Memory()
	process := func() *keeper.Keeper {
		book, err := ledger.Open(t.Context(), filepath.Join(folder, "ledger.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = book.Close() })
		return keeper.New(keeper.Options{
			Store: store, Ledger: book, Journal: journal.Open(filepath.Join(folder, "journal")), Locks: filepath.Join(folder, "locks"), Clock: evenClock{},
			Limits: tokens.DefaultLimits(), Endpoint: salesforce.New(salesforce.Options{Transport: d.Transport()}), Trigger: "screen",
		})
	}
	here, other := process(), process()
	for _, saved := range d.Orgs()[:4] {
		if _, _, err := here.Add(t.Context(), saved.Org, saved.Secrets); err != nil {
			t.Fatal(err)
		}
	}
	o := Options{Keeper: here}
	if o.Seen, err = here.Version(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o.Orgs, err = here.Orgs(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, model: newModel(t.Context(), o), store: store, demo: d, msgs: make(chan tea.Msg, 4096)}
	s.tell(tea.WindowSizeMsg{Width: 120, Height: 30})
	return s, other
}

// ticked lets the clock's tick come, and waits for what it asks.
func (s *screen) ticked() {
	s.t.Helper()
	s.later(time.Second)
	s.until("the answer", func() bool { return !s.model.elsewhere.asking })
}

func TestTheScreenFollowsWhatOtherProcessesDo(t *testing.T) {
	t.Parallel()
	s, other := sharing(t)
	s.ticked()
	orgs, seen, version := s.model.list.orgs, s.model.elsewhere.seen, s.model.list.version
	fresh, last := orgs[3], orgs[2]
	s.goTo(last.Alias)
	s.press("space", "k", "enter") // marking goes on to the next

	if _, err := other.SetWatched(t.Context(), []tokens.Org{fresh}, true); err != nil {
		t.Fatal(err)
	}
	s.ticked()
	s.press("esc")
	s.shows("watching 1")
	if s.model.elsewhere.seen == seen || s.model.list.version == version || s.model.currentAlias() != last.Alias || len(s.model.list.marks.set) != 1 {
		t.Errorf("the cursor is on %s, %+v", s.model.currentAlias(), s.model.list.marks)
	}

	changed, err := other.Rename(t.Context(), last, "renamed-elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	s.tell(tea.FocusMsg{})
	s.until("the name", func() bool { return s.model.currentAlias() == "renamed-elsewhere" })

	s.press("enter")
	if err := other.Forget(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	s.ticked()
	s.showsNot("renamed-elsewhere")
	if s.model.overlay != overlayNone || len(s.model.list.orgs) != 3 || len(s.model.list.marks.set) != 0 {
		t.Errorf("%d orgs, overlay %d, %+v", len(s.model.list.orgs), s.model.overlay, s.model.list.marks)
	}
	version = s.model.list.version
	s.ticked()
	if s.model.list.version != version {
		t.Error("the list was read again, and nothing had changed")
	}
}

// What a refresh of another process brings is shown, and what happens here in the
// meantime is not undone by what was read before.
func TestWhatHappensHereIsNotUndoneByWhatWasRead(t *testing.T) {
	t.Parallel()
	s, other := sharing(t)
	s.ticked()
	org := s.model.list.orgs[3] // fresh, and its endpoint is well
	for e := range other.Refresh(t.Context(), []tokens.Org{org}) {
		if e.Result != nil && e.Result.Attempt.Outcome != tokens.OutcomeRefreshed {
			t.Fatalf("%+v", e.Result.Attempt.Failure)
		}
	}
	s.ticked()
	if now := s.ofKey(org.Key); now.Generation != org.Generation+1 || now.Last == nil {
		t.Errorf("the refresh elsewhere is not shown: %+v", now)
	}

	// Read, then changed here, then it arrives.
	if _, err := other.Retag(t.Context(), []tokens.Org{org}, tokens.TagChange{Add: []string{"elsewhere"}}); err != nil {
		t.Fatal(err)
	}
	read := askElsewhere(t.Context(), s.model.keeper, s.model.elsewhere.seen, s.model.list.version)()
	s.goTo(org.Alias)
	s.press("*")
	s.until("the favourite", func() bool { return s.ofKey(org.Key).Favourite })
	s.tell(read)
	if now := s.ofKey(org.Key); !now.Favourite || len(now.Tags) != len(org.Tags) {
		t.Errorf("what was read before has replaced what happened here: %+v", now)
	}
	s.ticked()
	if now := s.ofKey(org.Key); !now.Favourite || len(now.Tags) != len(org.Tags)+1 {
		t.Errorf("it was not read again: %+v", now)
	}

	// Under a question nothing moves.
	s.press("x")
	if s.model.dialog() == nil {
		t.Fatal("no question")
	}
	if _, err := other.Retag(t.Context(), []tokens.Org{org}, tokens.TagChange{Remove: []string{"elsewhere"}}); err != nil {
		t.Fatal(err)
	}
	s.later(time.Second)
	if s.model.elsewhere.asking {
		t.Error("it is asked for under a question")
	}
	s.press("esc")
	s.ticked()
	if now := s.ofKey(org.Key); len(now.Tags) != len(org.Tags) {
		t.Errorf("after the question: %+v", now)
	}
}

func TestOfAnOrgTheNewerIsShown(t *testing.T) {
	t.Parallel()
	at := func(ms int64, body string) *tokens.Attempt {
		return &tokens.Attempt{At: time.UnixMilli(ms).Add(7 * time.Microsecond), Failure: &tokens.Failure{Body: body}}
	}
	for name, c := range map[string]struct {
		read, shown tokens.Org
		body        string
		generation  int64
	}{
		"tokens that are not in the keychain yet": {tokens.Org{Generation: 1, Last: at(5, "read")}, tokens.Org{Generation: 2, Last: at(4, "shown")}, "shown", 2},
		"tokens of another process":               {tokens.Org{Generation: 2, Last: at(4, "read")}, tokens.Org{Generation: 1, Last: at(5, "shown")}, "read", 2},
		"a refresh that was not written down":     {tokens.Org{Generation: 1, Last: at(4, "read")}, tokens.Org{Generation: 1, Last: at(5, "shown")}, "shown", 1},
		"the first that was not written down":     {tokens.Org{Generation: 1}, tokens.Org{Generation: 1, Last: at(5, "shown")}, "shown", 1},
		"a later refusal elsewhere":               {tokens.Org{Generation: 1, Last: at(6, "read")}, tokens.Org{Generation: 1, Last: at(5, "shown")}, "read", 1},
		"the same, of which a list has less":      {tokens.Org{Generation: 1, Last: at(5, "")}, tokens.Org{Generation: 1, Last: at(5, "shown")}, "shown", 1},
		"the first refresh":                       {tokens.Org{Generation: 1, Last: at(5, "read")}, tokens.Org{Generation: 1}, "read", 1},
	} {
		read := c.read
		keepNewer(&read, &c.shown)
		if read.Generation != c.generation || read.Last.Failure.Body != c.body {
			t.Errorf("%s: generation %d, %q", name, read.Generation, read.Last.Failure.Body)
		}
	}
}

// In lines, too, the list is the one that other processes have left.
func TestLinesFollowWhatOtherProcessesDo(t *testing.T) {
	t.Parallel()
	s, other := sharing(t)
	x := &speech{screen: s}
	x.l = newLinear(t.Context(), Options{
		Keeper: s.model.keeper, Orgs: s.model.list.orgs, Seen: s.model.elsewhere.seen, In: nobody{}, Out: &x.out,
	})
	x.model = x.l.m
	x.start(x.l.Init())
	if _, err := other.Rename(t.Context(), x.model.list.orgs[0], "renamed-elsewhere"); err != nil {
		t.Fatal(err)
	}
	x.line("list")
	x.until("the name", func() bool { return x.model.list.orgs[0].Alias == "renamed-elsewhere" })
	x.line("list")
	x.says("renamed-elsewhere")
}
