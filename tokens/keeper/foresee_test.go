package keeper_test

import (
	"errors"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

// foreseen makes sure that what was told beforehand is what then happens.
func (w *world) foreseen(name string, org tokens.Org, secrets tokens.Secrets, want keeper.Added, wantKnown string) {
	w.t.Helper()
	f, err := w.keeper().Foresee(w.t.Context(), org, secrets, false)
	if err != nil || f.Added != want || f.Known.Alias != wantKnown || f.Unread != nil {
		w.t.Errorf("%s: foreseen %s of %q, %v, %v", name, f.Added, f.Known.Alias, f.Unread, err)
	}
	if _, added, err := w.keeper().Add(w.t.Context(), org, secrets); err != nil || added != want {
		w.t.Errorf("%s: done %s, %v", name, added, err)
	}
}

func TestWhatAnAddDoesIsForeseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.endpoint.grant("acme", true)
	org, secrets := w.fresh("acme", first)
	secrets.IssuedAt = now.Add(-time.Hour)
	w.foreseen("a new login", org, secrets, keeper.AddedNew, "")
	before, generation := w.org(org.Key), w.saved(org.Key).Generation
	w.foreseen("the same again", org, secrets, keeper.AddedUnchanged, "acme")
	org.Alias = ""
	w.foreseen("the same without an alias", org, secrets, keeper.AddedUnchanged, "acme")
	if got := w.org(org.Key); got.Generation != before.Generation || w.saved(org.Key).Generation != generation {
		t.Errorf("generation %d and %d were written for nothing", got.Generation, w.saved(org.Key).Generation)
	}
	org.Alias = "other"
	w.foreseen("another alias", org, secrets, keeper.AddedUpdated, "acme")
	if got := w.org(org.Key); got.Alias != "other" || got.Generation != before.Generation {
		t.Errorf("%+v", got)
	}
	org.Alias, secrets.ClientSecret = "", tokens.NewSecret("hush")
	w.foreseen("a client secret", org, secrets, keeper.AddedUpdated, "other")
	w.foreseen("the same client secret", org, secrets, keeper.AddedUnchanged, "other")
	secrets.AccessToken, secrets.IssuedAt = tokens.NewSecret("00Dxx!newer"), now
	w.foreseen("newer tokens", org, secrets, keeper.AddedUpdated, "other")
	secrets.IssuedAt = now.Add(-2 * time.Hour)
	w.foreseen("older tokens", org, secrets, keeper.AddedKept, "other")
}

func TestAnAddThatWouldBeRefusedIsForeseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login("acme", true)
	other, secrets := w.fresh("other", "x")
	other.Alias = "acme"
	if _, err := w.keeper().Foresee(t.Context(), other, secrets, false); !errors.Is(err, ledger.ErrAliasTaken) {
		t.Errorf("%v", err)
	}
	org, first := w.login("globex", true)
	old, oldSecrets := w.fresh("globex", first)
	org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
	if err := w.keeper().Forget(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	if _, err := w.keeper().Foresee(t.Context(), old, oldSecrets, false); !errors.Is(err, keeper.ErrRotatedOut) {
		t.Errorf("%v", err)
	}
}

// A store that cannot be read leaves a plan that says so.
func TestAStoreThatCannotBeReadLeavesItOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	again, secrets := w.fresh("acme", first)
	w.store.failing(func(int) bool { return true })
	f, err := w.keeper().Foresee(t.Context(), again, secrets, false)
	if err != nil || f.Added != keeper.AddedUpdated || f.Known.Key != org.Key || !errors.Is(f.Unread, keychain.ErrUnavailable) {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestAnAuthURLIsForeseenByItsRefreshToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.identifies("rotated.once")
	org, secrets := w.unknown("first")
	if f, err := w.keeper().Foresee(t.Context(), org, secrets, true); err != nil || f.Added != keeper.AddedNew || f.Known.Key != "" {
		t.Errorf("%+v, %v", f, err)
	}
	saved, _, err := w.keeper().Introduce(t.Context(), org, secrets)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := w.keeper().Foresee(t.Context(), org, secrets, true); err != nil || f.Added != keeper.AddedKept || f.Known.Key != saved.Key {
		t.Errorf("%+v, %v", f, err)
	}
}
