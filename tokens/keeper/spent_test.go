package keeper_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// identified makes the endpoint answer as it does, and tell whose login it is.
func (w *world) identified() {
	w.endpoint.mu.Lock()
	defer w.endpoint.mu.Unlock()
	w.endpoint.id = "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY"
}

// alive makes sure that n requests were sent and the login lives.
func (w *world) alive(first string, n int) {
	w.t.Helper()
	if _, revoked := w.endpoint.current(first); revoked || w.endpoint.sent() != n {
		w.t.Errorf("%d requests, want %d; revoked: %v", w.endpoint.sent(), n, revoked)
	}
}

// TestAnAuthURLIsSentOnce imports an auth URL again after its token was rotated
// out more than once.
func TestAnAuthURLIsSentOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.identified()
	first := w.endpoint.grant("acme", true)
	org, secrets := w.unknown(first)
	saved, added, err := w.keeper().Introduce(t.Context(), org, secrets)
	if err != nil || added != keeper.AddedNew {
		t.Fatalf("%s, %v", added, err)
	}
	for n := range 3 {
		if _, added, err := w.keeper().Introduce(t.Context(), org, secrets); err != nil || added != keeper.AddedKept {
			t.Errorf("after %d refreshes: %s, %v", n+1, added, err)
		}
		w.alive(first, n+1)
		saved = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{saved})).Org
	}
	w.isCurrent(saved, first)
	// With another host in it, it is another entry with the same refresh token.
	org.Key, err = tokens.UnknownKey("", "elsewhere", "acme")
	if err != nil {
		t.Fatal(err)
	}
	if got, added, err := w.keeper().IntroduceAnyway(t.Context(), org, secrets); err != nil || added != keeper.AddedKept || got.Key != saved.Key {
		t.Errorf("%s, %s, %v", got.Key, added, err)
	}
	w.alive(first, 4)
}

// TestAnAuthURLOfAKnownLoginIsSentOnce: the entry that the URL made went when its
// tokens were given to the login that was there.
func TestAnAuthURLOfAKnownLoginIsSentOnce(t *testing.T) {
	t.Parallel()
	for _, rotates := range []bool{true, false} {
		w := newWorld(t)
		known, _ := w.login("acme", true)
		w.identified()
		first := w.endpoint.grant("other", rotates)
		org, secrets := w.unknown(first)
		stays := keeper.AddedKept
		if !rotates {
			stays = keeper.AddedUnchanged
		}
		for n, want := range []keeper.Added{keeper.AddedUpdated, stays, stays} {
			got, added, err := w.keeper().Introduce(t.Context(), org, secrets)
			if err != nil || added != want || got.Key != known.Key {
				t.Errorf("import %d: %s, %s, %v", n, got.Key, added, err)
			}
		}
		w.alive(first, 1)
		w.isCurrent(known, first)
	}
}

func TestASpentTokenOfAForgottenLoginIsNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	old, secrets := w.fresh("acme", first)
	for range 2 {
		org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
	}
	if err := w.keeper().Forget(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.keeper().Add(t.Context(), old, secrets); !errors.Is(err, keeper.ErrRotatedOut) {
		t.Errorf("a file: %v", err)
	}
	unknown, only := w.unknown(first)
	if _, _, err := w.keeper().Introduce(t.Context(), unknown, only); !errors.Is(err, keeper.ErrRotatedOut) {
		t.Errorf("an auth URL: %v", err)
	}
	w.alive(first, 2)
	if orgs, err := w.keeper().Orgs(t.Context()); err != nil || len(orgs) != 0 {
		t.Errorf("%v, %v", orgs, err)
	}
	if _, added, err := w.keeper().AddAnyway(t.Context(), old, secrets); err != nil || added != keeper.AddedNew {
		t.Errorf("anyway: %s, %v", added, err)
	}
}

// TestAnOldFileIsKnownWithoutItsTime: two rotations later, nothing but the ledger
// tells that the tokens are older.
func TestAnOldFileIsKnownWithoutItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	old, secrets := w.fresh("acme", first)
	secrets.IssuedAt = time.Time{}
	for range 2 {
		org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
	}
	for _, add := range []func() (tokens.Org, keeper.Added, error){
		func() (tokens.Org, keeper.Added, error) { return w.keeper().Add(t.Context(), old, secrets) },
		func() (tokens.Org, keeper.Added, error) { return w.keeper().AddAnyway(t.Context(), old, secrets) },
	} {
		if _, added, err := add(); err != nil || added != keeper.AddedKept {
			t.Errorf("%s, %v", added, err)
		}
	}
	w.isCurrent(org, first)
}

func TestAMirrorCannotBringASpentTokenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	const first = "acme.refresh.0"
	for range 2 {
		org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	file["refresh_token"], file["issued_at"] = first, "1795999999000"
	if text, err = json.Marshal(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	if wantOutcome(t, r, tokens.OutcomeRefreshed); !errors.Is(r.Warning, keeper.ErrRotatedOut) {
		t.Errorf("%v", r.Warning)
	}
	w.isCurrent(org, first)
}

// TestAnOldHomeOfTheCLIIsBroughtUpToDate puts back a copy of the CLI's file from
// before two refreshes.
func TestAnOldHomeOfTheCLIIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first, c := w.shared(tokens.SharedLocked)
	k := w.keeperSharing(c)
	for range 2 {
		org = refresh(t, k.Refresh(t.Context(), []tokens.Org{org})).Org
	}
	c.has(first, "old", w.endpoint.URL)
	wantOutcome(t, refresh(t, k.Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	w.isCurrent(org, first)
	if want, _ := w.endpoint.current(first); c.refreshToken(org.Shared) != want {
		t.Errorf("the CLI has %s, the server %s", c.refreshToken(org.Shared), want)
	}
}

// TestACrashBeforeTheLedgerKnewIsMadeGood: the tokens arrived and the ledger was
// not told; whoever adopts them writes down which one is spent.
func TestACrashBeforeTheLedgerKnewIsMadeGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	if err := w.ledger.Issued(t.Context(), tokens.NewSecret(first)); err != nil { // as if never told
		t.Fatal(err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeAdopted)
	if spent, err := w.ledger.Spent(t.Context(), tokens.NewSecret(first)); err != nil || !spent {
		t.Errorf("%v, %v", spent, err)
	}
}
