package keeper_test

import (
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// imports foresees an auth URL and introduces it.
func (w *world) imports(k *keeper.Keeper, refresh string, want keeper.Added, sends bool) tokens.Org {
	w.t.Helper()
	org, secrets := w.unknown(refresh)
	f, err := k.Foresee(w.t.Context(), org, secrets, true)
	if err != nil || f.Added != want && len(f.MayBe) == 0 || f.Sends != sends {
		w.t.Errorf("foreseen %+v, %v", f, err)
	}
	sent := w.endpoint.sent()
	saved, added, err := k.Introduce(w.t.Context(), org, secrets)
	if err != nil || added != want || w.endpoint.sent() > sent != sends {
		w.t.Errorf("done %s, %v, %d sent", added, err, w.endpoint.sent()-sent)
	}
	return saved
}

func TestTheAuthURLOfASavedOrgIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first, c := w.shared(tokens.SharedLocked)
	got := w.imports(w.keeperSharing(c), first, keeper.AddedUnchanged, false)
	if got.Key != org.Key || got.Shared != org.Shared || c.refreshToken(org.Shared) != first {
		t.Errorf("%+v", got)
	}
	w.alive(first, 0)
}

func TestWhatTheCLIHasRefreshedIsTakenOverByItsAuthURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _, c := w.shared(tokens.SharedLocked)
	theirs := w.endpoint.grant("theirs", true)
	c.has(theirs, "00Dxx!theirs", w.endpoint.URL)
	got := w.imports(w.keeperSharing(c), theirs, keeper.AddedUpdated, false)
	if got.Key != org.Key || got.Shared != org.Shared || w.saved(org.Key).RefreshToken.Reveal() != theirs {
		t.Errorf("%+v", got)
	}
	w.alive(theirs, 0)
}

func TestAnotherLoginOfASharedOrgEndsTheSharing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.identified()
	org, first, c := w.shared(tokens.SharedLocked)
	other := w.endpoint.grant("other", true)
	got := w.imports(w.keeperSharing(c), other, keeper.AddedUpdated, true)
	if got.Key != org.Key || got.Shared.Mode != tokens.SharedNot || c.refreshToken(org.Shared) != first {
		t.Errorf("%+v", got)
	}
	w.isCurrent(got, other)
}
