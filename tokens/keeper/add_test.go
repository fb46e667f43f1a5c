package keeper_test

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

type httpWriter = http.ResponseWriter

func itoa(n int) string { return strconv.Itoa(n) }

func TestTheSameLoginAgainIsUpdated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.endpoint.grant("acme", true)
	org, secrets := w.fresh("acme", first)
	secrets.ClientSecret = tokens.NewSecret("client secret")
	org.LoginURL = "https://login.example"
	if _, _, err := w.keeper().Add(t.Context(), org, secrets); err != nil {
		t.Fatal(err)
	}
	org.LoginURL, org.Alias = "", ""
	secrets.ClientSecret, secrets.RefreshToken, secrets.IssuedAt = tokens.Secret{}, tokens.NewSecret("second"), now
	saved, added, err := w.keeper().Add(t.Context(), org, secrets)
	if err != nil || added != keeper.AddedUpdated {
		t.Fatalf("%s, %v", added, err)
	}
	if saved.Alias != "acme" || saved.LoginURL != "https://login.example" || saved.Generation != 2 {
		t.Errorf("%+v", saved)
	}
	if got := w.saved(org.Key); got.RefreshToken.Reveal() != "second" || got.ClientSecret.Reveal() != "client secret" || got.Generation != 2 {
		t.Errorf("%d, %v, %v", got.Generation, got.RefreshToken.Reveal(), got.ClientSecret.Reveal())
	}
}

func TestOlderTokensChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	refreshed := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
	old, secrets := w.fresh("renamed", first)
	old.Key = org.Key
	secrets.IssuedAt = now.Add(-24 * time.Hour)
	saved, added, err := w.keeper().Add(t.Context(), old, secrets)
	if err != nil || added != keeper.AddedKept {
		t.Fatalf("%s, %v", added, err)
	}
	if saved.Alias != "renamed" || saved.Generation != refreshed.Generation || saved.Last == nil {
		t.Errorf("%+v", saved)
	}
	w.isCurrent(org, first)
}

func TestALedgerThatRefusesLeavesNoHalf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	other, secrets := w.fresh("other", "x")
	other.Alias = org.Alias
	if _, _, err := w.keeper().Add(t.Context(), other, secrets); !errors.Is(err, ledger.ErrAliasTaken) {
		t.Errorf("%v", err)
	}
	if _, err := w.store.Get(t.Context(), string(other.Key)); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("the keychain has a login that the ledger has not: %v", err)
	}
	third, _ := w.login("third", true)
	again, secrets := w.fresh("third", "newer")
	again.Key, again.Alias, secrets.IssuedAt = third.Key, org.Alias, now
	if _, _, err := w.keeper().Add(t.Context(), again, secrets); !errors.Is(err, ledger.ErrAliasTaken) {
		t.Errorf("%v", err)
	}
	if got := w.saved(third.Key); got.RefreshToken.Reveal() != "third.refresh.0" {
		t.Errorf("the keychain was not put back: %s", got.RefreshToken.Reveal())
	}
}

func TestAKeychainThatRefusesSavesNothing(t *testing.T) {
	t.Parallel()
	for k := 1; k <= 3; k++ {
		w := newWorld(t)
		w.store.failing(func(n int) bool { return n >= k })
		org, secrets := w.fresh("acme", "x")
		if _, _, err := w.keeper().Add(t.Context(), org, secrets); !errors.Is(err, keychain.ErrUnavailable) {
			t.Errorf("k=%d: %v", k, err)
		}
		if orgs, err := w.ledger.Orgs(t.Context()); err != nil || len(orgs) != 0 {
			t.Errorf("k=%d: the ledger has %v, %v", k, orgs, err)
		}
	}
}
