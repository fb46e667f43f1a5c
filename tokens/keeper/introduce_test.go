package keeper_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
)

// unknown is a login of an auth URL, which tells nobody's ids.
func (w *world) unknown(refresh string) (tokens.Org, tokens.Secrets) {
	w.t.Helper()
	u := transfer.AuthURL{ClientID: "acme", RefreshToken: tokens.NewSecret(refresh), InstanceURL: w.endpoint.URL}
	org, secrets, err := u.NewOrg(transfer.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	return org, secrets
}

// identifies makes the endpoint's answers tell whose they are.
func (w *world) identifies(refresh string) {
	w.endpoint.does(func(n int, r http.ResponseWriter, _ func()) {
		r.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(r).Encode(map[string]string{
			"access_token": fmt.Sprintf("00Dxx!%d", n), "refresh_token": refresh, "instance_url": w.endpoint.URL,
			"id": "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY", "issued_at": "1795426200000",
		})
	})
}

func TestOneRefreshTellsWhoseItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.identifies("rotated")
	org, secrets := w.unknown("first")
	saved, added, err := w.keeper().Introduce(t.Context(), org, secrets)
	if err != nil || added != keeper.AddedNew || saved.OrgID != "00D41000000F8A0EAK" || saved.UserID != "005410000031xAAAAY" {
		t.Fatalf("%+v, %s, %v", saved, added, err)
	}
	if got := w.org(org.Key); got.UserID != saved.UserID || w.saved(org.Key).RefreshToken.Reveal() != "rotated" {
		t.Errorf("%+v", got)
	}
	// The same auth URL again is older than what is saved, and not sent.
	if _, added, err := w.keeper().Introduce(t.Context(), org, secrets); err != nil || added != keeper.AddedKept || w.endpoint.sent() != 1 {
		t.Errorf("%s, %v", added, err)
	}
	// Known by its ids from now on, it is found by them.
	again, secrets := w.fresh("acme", "signed in")
	secrets.IssuedAt = now
	again.Alias = ""
	if got, added, err := w.keeper().Add(t.Context(), again, secrets); err != nil || added != keeper.AddedUpdated || got.Key != org.Key {
		t.Errorf("%+v, %s, %v", got, added, err)
	}
}

func TestALoginThatIsThereAlreadyGetsTheTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	known, _ := w.login("acme", true)
	w.identifies("rotated")
	org, secrets := w.unknown("another approval")
	saved, added, err := w.keeper().Introduce(t.Context(), org, secrets)
	if err != nil || added != keeper.AddedUpdated || saved.Key != known.Key || saved.Alias != "acme" {
		t.Fatalf("%+v, %s, %v", saved, added, err)
	}
	orgs, err := w.keeper().Orgs(t.Context())
	if err != nil || len(orgs) != 1 || w.saved(known.Key).RefreshToken.Reveal() != "rotated" {
		t.Errorf("%+v, %v", orgs, err)
	}
}

func TestALoginThatIsRefusedIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, secrets := w.unknown("dead")
	_, _, err := w.keeper().Introduce(t.Context(), org, secrets)
	if f, ok := errors.AsType[*tokens.Failure](err); !ok || f.Code != "invalid_grant" {
		t.Errorf("%v", err)
	}
	if orgs, err := w.keeper().Orgs(t.Context()); err != nil || len(orgs) != 0 {
		t.Errorf("%+v, %v", orgs, err)
	}
	// One that got no whole answer stays: its refresh token may have been rotated.
	w.endpoint.does(func(_ int, r http.ResponseWriter, _ func()) { r.WriteHeader(http.StatusBadGateway) })
	saved, added, err := w.keeper().Introduce(t.Context(), org, secrets)
	if err == nil || added != keeper.AddedNew || saved.UserID != "" || saved.Last == nil || saved.Last.Outcome != tokens.OutcomeUnknown {
		t.Errorf("%+v, %s, %v", saved, added, err)
	}
	if orgs, err := w.keeper().Orgs(t.Context()); err != nil || len(orgs) != 1 {
		t.Errorf("%+v, %v", orgs, err)
	}
}

func TestTheAnswerOfAnotherOrgIsNotBelieved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.identifies("rotated")
	org, secrets := w.unknown("first")
	key, err := tokens.UnknownKey("00D999999999999", "ada@acme.example", "acme")
	if err != nil {
		t.Fatal(err)
	}
	org.Key, org.OrgID = key, "00D999999999999AAA"
	_, _, err = w.keeper().Introduce(t.Context(), org, secrets)
	if err == nil || w.org(key).UserID != "" || w.saved(key).RefreshToken.Reveal() != "rotated" {
		t.Errorf("%v, %+v", err, w.org(key))
	}
}
