package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// aliases are the orgs on the screen, from its top.
func (s *screen) aliases() []string {
	var names []string
	for _, i := range s.model.list.shown {
		names = append(names, s.model.list.orgs[i].Alias)
	}
	return names
}

// lineOf is the line of the screen that holds a word.
func (s *screen) lineOf(word string) int {
	s.t.Helper()
	for i, line := range strings.Split(s.text(), "\n") {
		if strings.Contains(line, word) {
			return i
		}
	}
	s.t.Fatalf("no line holds %q:\n%s", word, s.text())
	return 0
}

func TestSortingKeepsTheCursorOnItsOrgAndLine(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 15)
	s.goTo("wayne")
	for _, by := range []string{"alias", "user", "type", "host", "age", "left", "idle", "last", "urgency"} {
		s.press("s")
		s.shows("sorted by " + by)
		if got := s.model.currentAlias(); got != "wayne" {
			t.Errorf("by %s the cursor is on %s", by, got)
		}
	}
	s.press("s")
	if got := s.aliases(); !slices.IsSorted(got) {
		t.Errorf("by alias: %v", got)
	}
	s.press("S")
	s.shows("sorted by alias, reversed")
	if got := s.aliases(); !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("by alias, reversed: %v", got)
	}
	// In the middle of a long list the row stays where the eye is.
	var many []tokens.Org
	for i := range 100 {
		org := s.model.list.orgs[i%12]
		org.Key, org.Alias = tokens.Key(fmt.Sprintf("key%d", i)), fmt.Sprintf("org-%02d", i)
		many = append(many, org)
	}
	s.model.list.set(many, noon, s.model.limits)
	s.press("g")
	s.goTo("org-60")
	s.press("k", "k", "k")
	alias := s.model.currentAlias()
	for _, key := range []string{"s", "S", "s", "s", "S", "s", "s", "S", "s", "s", "S", "s", "s"} {
		line := s.lineOf("▌")
		s.press(key)
		place := s.model.list.cursor
		if got := s.lineOf("▌"); s.model.currentAlias() != alias || place > 10 && place < 90 && got != line {
			t.Errorf("the row under the cursor went from line %d to %d, %s", line, got, s.model.currentAlias())
		}
	}
}

func TestAFilterThatCannotBeReadLeavesTheLastResult(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 200, 30)
	s.press("/")
	s.typeText("tag:acme")
	s.shows("1/2 of 12")
	s.typeText(" is:")
	s.shows("1/2 of 12", "is: ", "expired", "marked")
	s.typeText("ageing")
	s.shows("1/1 of 12", "acme-uat", "enter keep the filter")
	s.typeText(" left:soon")
	s.shows("1/1 of 12", "left: wants < or > and a span, as in <15m")
	s.press("enter")
	if !s.model.filtering {
		t.Error("enter keeps a filter that cannot be read")
	}
	s.shows("The filter is not kept: one of its terms cannot be read.")
	s.press("esc")
	if len(s.aliases()) != 12 {
		t.Errorf("esc left %v", s.aliases())
	}
}

// A term that can become one thing only is that already.
func TestATermThatIsNearlyTypedIsCompleted(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]struct{ by, filter string }{
		"is:fail":     {"enter", "is:failed"},
		"-is:fail":    {"tab", "-is:failed"},
		"acme is:fa":  {"tab", "acme is:fa"}, // failed or favourite
		"is:mar":      {"enter", "is:marked"},
		"tag:ac":      {"tab", "tag:acme"},
		"is:expired ": {"tab", "is:expired "},
	} {
		s := newScreen(t, 120, 30)
		s.press("space", "/")
		s.typeText(typed)
		shown := s.aliases()
		s.press(want.by)
		if got := s.model.filter.Value(); got != want.filter {
			t.Errorf("%s makes %q of %q", want.by, got, typed)
		}
		if want.by == "enter" && (s.model.filtering || len(shown) != 1 || !slices.Equal(s.aliases(), shown)) {
			t.Errorf("%q shows %v, and kept %v", typed, shown, s.aliases())
		}
	}
}

func TestMarksOutliveAFilterAndWhatIsHiddenIsNotActedOn(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("s") // by alias
	s.goTo("cyberdyne")
	s.press("space")
	s.goTo("initech")
	s.press("V")
	s.shows("4 marked") // cyberdyne globex hooli initech
	s.press("/")
	s.typeText("-is:marked")
	s.press("enter")
	s.shows("of 12, 4 marked, 4 hidden")
	if slices.Contains(s.aliases(), "globex") {
		t.Error("-is:marked shows a marked org")
	}
	s.press("V")
	s.shows("V is off: no mark is shown for the range to begin at.")
	s.press("/")
	s.press("esc", "/")
	s.typeText("is:marked -hooli")
	s.press("enter")
	s.shows("/3 of 12, 4 marked, 1 hidden")
	s.press("r")
	if len(s.model.live) != 3 {
		t.Errorf("%d refreshes, want those of the three marked orgs that are shown", len(s.model.live))
	}
	s.settle()
	s.press("ctrl+a")
	s.shows("1 marked, 1 hidden")
	s.press("esc", "ctrl+a")
	s.shows("12 marked")
	s.press("ctrl+a")
	s.showsNot("marked")
}

func TestGroupsFoldAndAreRefreshedFromTheirHeaders(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("wonka")
	s.press("o", "o")
	s.shows("grouped by type, sorted by urgency", "production", "sandbox")
	if got := s.model.currentAlias(); got != "wonka" {
		t.Fatalf("grouping took the cursor to %s", got)
	}
	s.press("left")
	s.shows("Type production", "How they stand", "5 orgs")
	s.press("h")
	s.shows("h is off: the cursor is on a group, not on an org.")
	s.press("left")
	s.showsNot("@wonka")
	s.press("space")
	s.shows("space is off: the orgs of the group are folded away; right shows them.")
	s.press("enter")
	s.shows("@wonka")
	s.press("space")
	s.shows("5 marked")
	s.press("left", "left")
	s.shows("5 marked, 5 hidden")
	s.press("esc")
	s.press("r") // on the folded header
	if len(s.model.live) != 5 {
		t.Errorf("%d refreshes for a group of 5", len(s.model.live))
	}
	s.settle()
	s.shows("2 of 5 refreshed")
	s.press("r") // globex and stark have been refused meanwhile and wait for a person
	if _, asked := s.model.live[s.keyOf("globex")]; asked || len(s.model.live) != 3 {
		t.Errorf("%d refreshes, globex among them: %v", len(s.model.live), asked)
	}
	s.settle()
	s.press("o", "o", "o")
	s.showsNot("grouped by")
}

// keyOf is the key of an org by its alias.
func (s *screen) keyOf(alias string) tokens.Key {
	s.t.Helper()
	for _, org := range s.model.list.orgs {
		if org.Alias == alias {
			return org.Key
		}
	}
	s.t.Fatalf("no org %s", alias)
	return ""
}

func TestAFoldHidesOrgsFromKeys(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.press("left")
	s.shows("left is off: the list is not grouped; o groups it.")
	all := len(s.model.stale())
	s.press("o", "o", "g", "left")
	if folded := len(s.model.stale()); folded >= all || s.model.census.stale != folded {
		t.Errorf("%d orgs are stale with a group folded, %d without, the census counts %d", folded, all, s.model.census.stale)
	}
	s.press("j", "right", "left")
}

func TestFavouritesStayOnTopAndAreSaved(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("hooli")
	s.press("*")
	s.until("the favourite", func() bool { return s.model.note != "" })
	s.shows("hooli is on top now, in every order.", "★● hooli")
	for range tokens.Orders() {
		s.press("s")
		s.press("S")
		if got := s.aliases()[0]; got != "hooli" {
			t.Errorf("%s is on top", got)
		}
	}
	book, _ := s.model.keeper.(interface {
		Orgs(ctx context.Context) ([]tokens.Org, error)
	})
	saved, err := book.Orgs(t.Context())
	if err != nil || !slices.ContainsFunc(saved, func(o tokens.Org) bool { return o.Alias == "hooli" && o.Favourite }) {
		t.Errorf("the ledger does not have the favourite, %v", err)
	}
	s.press("/")
	s.typeText("is:favourite")
	s.press("enter")
	s.shows("1/1 of 12")
	s.press("r")
	s.settle()
	s.press("*")
	s.until("the note", func() bool { return strings.Contains(s.model.note, "favourite") })
	s.shows("hooli is no favourite any more.")
	s.showsNot("★")
}

func TestAFinishedRowHoldsItsResult(t *testing.T) {
	t.Parallel()
	for _, still := range []bool{false, true} {
		s := newScreenWith(t, 120, 30, Options{Demo: true, Still: still}, keychain.Memory())
		s.press("/")
		s.typeText("is:expired initech")
		s.press("enter", "r")
		s.settle()
		bold := func() bool {
			i := s.model.list.byKey[s.keyOf("initech")]
			p := share(s.model.list.widths, s.model.columns, s.model.times, 70)
			return strings.Contains(s.model.row(&s.model.list.orgs[i], false, p, 71), "\x1b[1")
		}
		s.shows("1/1 of 12", "ok 0.4s")
		if bold() == still {
			t.Errorf("still %v: the row is bold: %v", still, bold())
		}
		s.until("the row to settle", func() bool { return !s.model.holding })
		if bold() {
			t.Error("the row stays bold")
		}
		s.shows("hides all 12 orgs. esc clears it.")
	}
}

func TestAnOrgThatExpiresGoesToItsPlace(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("stark")
	before := slices.Index(s.aliases(), "acme-uat")
	s.model.now = noon.Add(time.Hour)
	s.model.passed()
	s.model.recount()
	if after := slices.Index(s.aliases(), "acme-uat"); after >= before || s.model.currentAlias() != "stark" {
		t.Errorf("acme-uat went from place %d to %d, the cursor to %s", before, after, s.model.currentAlias())
	}
}

func TestMarkedIsReadByTheScreen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, rest  string
		marked, not bool
	}{
		{"is:marked", "         ", true, false},
		{"acme -IS:Marked tag:x", "acme            tag:x", false, true},
		{"is:markedly", "is:markedly", false, false},
		{`user:"a is:marked b"`, `user:"a is:marked b"`, false, false},
		{"is:marked -is:marked", "                    ", true, true},
	} {
		rest, marked, not := cutMarked(c.text)
		if rest != c.rest || marked != c.marked || not != c.not {
			t.Errorf("%q is read as %q, %v, %v", c.text, rest, marked, not)
		}
	}
}
