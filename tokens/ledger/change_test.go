package ledger

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestChangesOfAPersonAreOfThatFieldAlone(t *testing.T) {
	t.Parallel()
	l := memory(t)
	want, other := save(t, l, full(t)), save(t, l, login(t, 1))
	attempt := tokens.Attempt{At: at(5), Outcome: tokens.OutcomeRefreshed}
	record(t, l, want, attempt)
	want.Last = &attempt

	renamed, err := l.Rename(t.Context(), want.Key, "new")
	if err != nil {
		t.Fatal(err)
	}
	want.Alias = "new"
	same(t, renamed, want)

	tagged, err := l.Retag(t.Context(), []tokens.Key{want.Key, other.Key}, tokens.TagChange{Add: []string{"us"}, Remove: []string{"EU"}})
	if err != nil {
		t.Fatal(err)
	}
	want.Tags, other.Tags = []string{"two words", `"q"`, "us"}, []string{"us"}
	same(t, tagged, []tokens.Org{want, other})

	starred, err := l.SetFavourite(t.Context(), []tokens.Key{want.Key}, true)
	if err != nil {
		t.Fatal(err)
	}
	want.Favourite = true
	same(t, starred, []tokens.Org{want})
	same(t, read(t, l, want.Key), want)
	same(t, read(t, l, other.Key), other)
}

func TestAChangeOfManyIsOfAllOrOfNone(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org, other := save(t, l, full(t)), save(t, l, login(t, 1))
	keys := []tokens.Key{org.Key, login(t, 2).Key}
	if _, err := l.Retag(t.Context(), keys, tokens.TagChange{Add: []string{"us"}}); !errors.Is(err, ErrNotFound) {
		t.Errorf("tags: %v", err)
	}
	if _, err := l.SetFavourite(t.Context(), keys, true); !errors.Is(err, ErrNotFound) {
		t.Errorf("favourites: %v", err)
	}
	if _, err := l.Rename(t.Context(), org.Key, other.Alias); !errors.Is(err, ErrAliasTaken) {
		t.Errorf("taken: %v", err)
	}
	if _, err := l.Rename(t.Context(), org.Key, "two words"); !errors.Is(err, tokens.ErrAlias) {
		t.Errorf("no alias: %v", err)
	}
	same(t, read(t, l, org.Key), org)
}

func TestNothingButSetFavouriteChangesFavourite(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, full(t))
	if _, err := l.SetFavourite(t.Context(), []tokens.Key{org.Key}, true); err != nil {
		t.Fatal(err)
	}
	if again := save(t, l, full(t)); !again.Favourite {
		t.Error("Save took it back")
	}
	record(t, l, full(t), tokens.Attempt{Outcome: tokens.OutcomeRefreshed})
	if edited, err := l.Edit(t.Context(), tokens.Org{Key: org.Key}); err != nil || !edited.Favourite {
		t.Errorf("Edit took it back: %v", err)
	}
	if !listed(t, l)[0].Favourite {
		t.Error("the list does not know")
	}
	fresh := login(t, 3)
	fresh.Favourite = true
	if save(t, l, fresh).Favourite {
		t.Error("Save made a favourite")
	}
}

func TestAnOrgThatIsBeingForgottenSaysSo(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, full(t))
	whole := tokens.Attempt{At: at(5), Outcome: tokens.OutcomeRefreshed}
	record(t, l, org, whole)
	mark := func(when time.Time) {
		t.Helper()
		if err := l.Forgetting(t.Context(), org.Key, when); err != nil {
			t.Fatal(err)
		}
	}
	for name, mend := range map[string]func(){
		"it is taken back": func() { mark(time.Time{}) },
		"it is refreshed":  func() { record(t, l, org, whole) },
	} {
		mark(at(9))
		half := read(t, l, org.Key).Last
		if !half.At.Equal(at(9)) || half.Outcome != tokens.OutcomeFailed || half.Failure.Problem != tokens.ProblemHalfForgotten {
			t.Errorf("%+v", half)
		}
		same(t, *listed(t, l)[0].Last, *half)
		mend()
		if last := read(t, l, org.Key).Last; last == nil || last.Outcome != tokens.OutcomeRefreshed {
			t.Errorf("%s: %+v", name, last)
		}
	}
	mark(at(9))
	if last := save(t, l, org).Last; last != nil {
		t.Errorf("it is saved anew: %+v", last)
	}
	if err := l.Forgetting(t.Context(), login(t, 1).Key, at(9)); !errors.Is(err, ErrNotFound) {
		t.Errorf("an org that is not there: %v", err)
	}
}

// TestMigrationFromTheThirdSchema reads and goes on with what the third schema
// wrote.
func TestMigrationFromTheThirdSchema(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/ledger.db"
	key := login(t, 1).Key
	foreign(t, path, schema1+schema2+schema3+fmt.Sprintf(`;PRAGMA journal_mode = WAL;
		INSERT INTO orgs VALUES ('%s', 'acme', '', '', '', '', '', '', '', '', '["eu"]', 0, 0, '', 0, 1, '', 1, 1);
		INSERT INTO history VALUES (NULL, '%[1]s', 5, 'command', 'refreshed', 412, 1, 0, '', '', '', '')`, key))
	l := open(t, path)
	if org := read(t, l, key); org.Favourite || org.Last == nil || org.Last.Outcome != tokens.OutcomeRefreshed {
		t.Errorf("%+v", org)
	}
	orgs, err := l.SetFavourite(t.Context(), []tokens.Key{key}, true)
	if err != nil || !orgs[0].Favourite || len(orgs[0].Tags) != 1 {
		t.Errorf("%+v, %v", orgs, err)
	}
}
