package keeper_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// TestAnOldFileCannotPushAWaitingTokenOut imports the old tokens again while the
// only valid refresh token waits in memory or in the journal: generations then
// say nothing, the time of issue does.
func TestAnOldFileCannotPushAWaitingTokenOut(t *testing.T) {
	t.Parallel()
	w, k, org, first := heldInMemory(t)
	w.store.failing(nil)
	old, secrets := w.fresh("acme", first)
	for range 2 {
		if err := w.store.Set(t.Context(), string(old.Key), line(t, secrets, 2)); err != nil {
			t.Fatal(err)
		}
		secrets.AccessToken = tokens.NewSecret("another")
	}
	w.journalBack()
	if _, waiting, err := k.Recover(t.Context()); err != nil || len(waiting) != 0 {
		t.Fatalf("waiting %v, %v", waiting, err)
	}
	w.isCurrent(org, first)
}

func line(t *testing.T, s tokens.Secrets, generation int64) string {
	t.Helper()
	s.Generation = generation
	text, err := s.Line()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAWriterInThePauseIsAdopted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	w.endpoint.does(func(n int, rw http.ResponseWriter, _ func()) {
		if n > 1 {
			t.Error("the old refresh token was sent again")
		}
		s := w.saved(org.Key)
		s.RefreshToken = tokens.NewSecret("from elsewhere")
		if err := w.store.Store.Set(t.Context(), string(org.Key), line(t, s, s.Generation+1)); err != nil {
			t.Error(err)
		}
		rw.WriteHeader(http.StatusTooManyRequests)
	})
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeAdopted)
	if r.Attempt.Tries != 1 {
		t.Errorf("%d tries", r.Attempt.Tries)
	}
}

func TestTokensThatWereRotatedOutAreNotTakenIntoAnEmptyStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	if err := w.store.Delete(t.Context(), string(org.Key)); err != nil {
		t.Fatal(err)
	}
	old, secrets := w.fresh("acme", first)
	secrets.IssuedAt = w.org(org.Key).IssuedAt.Add(-time.Hour)
	if _, _, err := w.keeper().Add(t.Context(), old, secrets); !errors.Is(err, keeper.ErrRotatedOut) {
		t.Errorf("%v", err)
	}
}
