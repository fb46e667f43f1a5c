package keeper_test

import (
	"testing"

	"orgkeep/tokens"
)

// TestTwoEntriesOfOneLoginComeTogether fails at every call of the keychain, and
// from every call on for good, as a process that is killed there. Whatever is left,
// neither entry sends what the other has sent, and the next start makes one of two.
func TestTwoEntriesOfOneLoginComeTogether(t *testing.T) {
	t.Parallel()
	halfway := 0
	for _, way := range []struct{ forGood, refreshes bool }{{false, false}, {true, false}, {false, true}, {true, true}} {
		for k := 1; ; k++ {
			w := newWorld(t)
			known, _ := w.login("acme", true)
			w.identified()
			first := w.endpoint.grant("other", true)
			org, secrets := w.unknown(first)
			added, _, err := w.keeper().Add(t.Context(), org, secrets)
			if err != nil {
				t.Fatal(err)
			}
			added = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{added})).Org
			w.store.failing(func(n int) bool { return n == k || way.forGood && n > k })
			_, _, failed := w.keeper().Settle(t.Context(), added)
			calls := w.store.calls
			w.store.failing(nil)
			orgs, err := w.ledger.Orgs(t.Context())
			if err != nil || failed == nil && len(orgs) != 1 {
				t.Fatalf("k=%d: %v, %v, %v", k, orgs, failed, err)
			}
			if len(orgs) == 2 && way.refreshes { // before the next start, as a command that does not recover
				halfway++
				for _, org := range orgs {
					refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
				}
			}
			if _, waiting, err := w.keeper().Recover(t.Context()); err != nil || len(waiting) != 0 {
				t.Errorf("k=%d: waiting %v, %v", k, waiting, err)
			}
			if orgs, err = w.ledger.Orgs(t.Context()); err != nil || len(orgs) != 1 || orgs[0].Key != known.Key || orgs[0].Alias != "acme" {
				t.Fatalf("k=%d: %+v, %v", k, orgs, err)
			}
			r := refresh(t, w.keeper().Refresh(t.Context(), orgs))
			wantOutcome(t, r, tokens.OutcomeRefreshed)
			if _, revoked := w.endpoint.current(first); revoked {
				t.Errorf("k=%d, forGood %v, refreshes %v: the login was ended", k, way.forGood, way.refreshes)
			}
			if k > calls {
				break
			}
		}
	}
	if halfway == 0 {
		t.Error("no fault left two entries")
	}
}

// TestAnEntryWhoseOtherHasGoneIsItsOwn: what was on its way stays where it is.
func TestAnEntryWhoseOtherHasGoneIsItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	other, _ := w.login("globex", true)
	if err := w.ledger.Settling(t.Context(), org.Key, other.Key); err != nil {
		t.Fatal(err)
	}
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	if wantOutcome(t, r, tokens.OutcomeFailed); w.endpoint.sent() != 0 {
		t.Error("its refresh token was sent")
	}
	if err := w.keeper().Forget(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	w.isCurrent(org, first)
}

// TestAnIntroducedLoginIsNeverLost imports an auth URL of a login that is here, with
// a keychain that fails at every call in turn: the token that the endpoint takes is
// saved in the end, once.
func TestAnIntroducedLoginIsNeverLost(t *testing.T) {
	t.Parallel()
	for _, forGood := range []bool{false, true} {
		for k := 1; ; k++ {
			w := newWorld(t)
			known, _ := w.login("acme", true)
			w.identified()
			first := w.endpoint.grant("other", true)
			org, secrets := w.unknown(first)
			w.store.failing(func(n int) bool { return n == k || forGood && n > k })
			_, _, failed := w.keeper().Introduce(t.Context(), org, secrets)
			calls := w.store.calls
			w.store.failing(nil)
			for range 2 { // what is settled, and what that has brought home
				if _, waiting, err := w.keeper().Recover(t.Context()); err != nil || len(waiting) != 0 {
					t.Errorf("k=%d: waiting %v, %v", k, waiting, err)
				}
			}
			orgs, err := w.ledger.Orgs(t.Context())
			if err != nil || failed == nil && len(orgs) != 1 {
				t.Fatalf("k=%d: %v, %v, %v", k, orgs, failed, err)
			}
			has := 0
			current, _ := w.endpoint.current(first)
			for _, org := range orgs {
				if w.saved(org.Key).RefreshToken.Reveal() == current {
					has++
				}
			}
			if w.endpoint.sent() > 0 && has != 1 || len(orgs) == 1 && orgs[0].Key != known.Key {
				t.Errorf("k=%d, forGood %v: %d of %d entries have the token (%v)", k, forGood, has, len(orgs), failed)
			}
			if k > calls {
				break
			}
		}
	}
}
