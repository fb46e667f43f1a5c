package keeper_test

import (
	"errors"
	"strings"
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

func TestRevealReadsTheKeychainAndChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	before, err := w.store.Get(t.Context(), string(org.Key))
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.keeper().Reveal(t.Context(), org.Key)
	if err != nil || s.RefreshToken.Reveal() != first || s.AccessToken.Reveal() != "00Dxx!acme.access.0" {
		t.Errorf("it reads %q, %v", s.RefreshToken.Reveal(), err)
	}
	if !s.ClientSecret.IsZero() || !s.Signature.IsZero() {
		t.Error("more than the tokens was read")
	}
	if after, _ := w.store.Get(t.Context(), string(org.Key)); after != before {
		t.Error("the keychain has changed")
	}
}

// A new token that the keychain has refused is the one that is valid.
func TestRevealPrefersWhatWaitsInTheJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	w.keepInJournal(org)
	want, _ := w.endpoint.current(first)
	if want == first {
		t.Fatal("the endpoint has not rotated")
	}
	for range 2 { // looking leaves it where it is
		s, err := w.keeper().Reveal(t.Context(), org.Key)
		if err != nil || s.RefreshToken.Reveal() != want {
			t.Errorf("it reads %q, want %q, %v", s.RefreshToken.Reveal(), want, err)
		}
	}
}

// keepInJournal refreshes an org so that the keychain refuses the answer.
func (w *world) keepInJournal(org tokens.Org) {
	w.t.Helper()
	saving := false
	w.store.refuses = func(account string) bool { saving = account == string(org.Key); return saving }
	defer func() { w.store.refuses = nil }()
	r := refresh(w.t, w.keeper().Refresh(w.t.Context(), []tokens.Org{org}))
	wantOutcome(w.t, r, tokens.OutcomeRefreshed)
	if !saving || r.Held != keeper.HeldInJournal {
		w.t.Fatalf("the keychain took the token: %+v", r)
	}
}

func TestRevealSaysThatTheKeychainRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	w.store.failing(func(int) bool { return true })
	_, err := w.keeper().Reveal(t.Context(), org.Key)
	f, failed := errors.AsType[*tokens.Failure](err)
	if !failed || f.Kind != tokens.FailedKeychain || !errors.Is(err, keychain.ErrUnavailable) || strings.Contains(err.Error(), "acme.access") {
		t.Errorf("it says %v", err)
	}
}

// A long access token lies in parts.
func TestRevealJoinsTheParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.store.limit = 400
	org, secrets := w.fresh("acme", w.endpoint.grant("acme", true))
	secrets.AccessToken = tokens.NewSecret("00Dxx!" + strings.Repeat("long", 300))
	saved, _, err := w.keeper().Add(t.Context(), org, secrets)
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.keeper().Reveal(t.Context(), saved.Key)
	if err != nil || !s.AccessToken.Equal(secrets.AccessToken) {
		t.Errorf("the parts do not give the token: %v", err)
	}
}
