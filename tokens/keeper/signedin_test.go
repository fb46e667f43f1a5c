package keeper_test

import (
	"fmt"
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// nameless is an org whose user nobody has told yet, as one from the Salesforce
// CLI's files; orgID is empty for one from an auth URL.
func (w *world) nameless(orgID string) tokens.Org {
	w.t.Helper()
	org, secrets := w.unknown("first")
	key, err := tokens.UnknownKey(orgID, "ada@acme.example", "acme")
	if err != nil {
		w.t.Fatal(err)
	}
	org.Key, org.OrgID, org.Alias = key, orgID, "nameless"
	saved, _, err := w.keeper().Add(w.t.Context(), org, secrets)
	if err != nil || saved.UserID != "" {
		w.t.Fatalf("%+v, %v", saved, err)
	}
	return saved
}

// TestSigningInTellsWhoseItIs: the entry stays under its key, and has its ids.
func TestSigningInTellsWhoseItIs(t *testing.T) {
	t.Parallel()
	for _, orgID := range []string{"", "00D41000000F8A0EAK"} {
		w, h := newWorld(t), newSignInHost(t)
		org := w.nameless(orgID)
		signed, err := signIn(t, w.keeper(), keeper.SignInRequest{Again: org, Host: h.URL}).Save(t.Context(), nil)
		if err != nil || signed.Added != keeper.AddedUpdated || signed.Other != keeper.OtherNothing || signed.Org.Key != org.Key || signed.Warning != nil {
			t.Fatalf("org %q: %+v, %v", orgID, signed, err)
		}
		orgs, err := w.ledger.Orgs(t.Context())
		if err != nil || len(orgs) != 1 || orgs[0].UserID != "005410000031xAAAAY" || orgs[0].OrgID != "00D41000000F8A0EAK" || orgs[0].Alias != "nameless" {
			t.Errorf("org %q: %+v, %v", orgID, orgs, err)
		}
		if w.saved(org.Key).RefreshToken.Reveal() != "signed.refresh.1" {
			t.Errorf("org %q: the tokens are not saved", orgID)
		}
		// Signed in once more, it is known, and another user is another login.
		h.fields = fmt.Sprintf(`"refresh_token":"other","instance_url":%q,"id":"https://login.salesforce.com/id/00D41000000F8A0EAK/005410000099zAAAAY"`, h.URL)
		signed, err = signIn(t, w.keeper(), keeper.SignInRequest{Again: orgs[0], Host: h.URL}).Save(t.Context(), nil)
		if err != nil || signed.Other != keeper.OtherUser || signed.Org.Key == org.Key {
			t.Errorf("org %q, another user: %+v, %v", orgID, signed, err)
		}
	}
}

// TestAnotherOrgThanTheNamelessOnes leaves an org whose id is known as it is, though
// its user is not known.
func TestAnotherOrgThanTheNamelessOnes(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	org := w.nameless("00D999999999999AAA")
	signed, err := signIn(t, w.keeper(), keeper.SignInRequest{Again: org, Host: h.URL}).Save(t.Context(), nil)
	if err != nil || signed.Other != keeper.OtherOrg || signed.Org.Key == org.Key || signed.Org.Alias == "nameless" {
		t.Errorf("%+v, %v", signed, err)
	}
	if w.saved(org.Key).RefreshToken.Reveal() != "first" || w.org(org.Key).UserID != "" {
		t.Error("the org that was meant has changed")
	}
}

// TestTheNamelessOneIsALoginThatIsThere: the browser came back as a user whose login
// is saved under a key of its own. One of the two gets the tokens, and no second
// entry of the login is left with its ids.
func TestTheNamelessOneIsALoginThatIsThere(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	known, _ := w.login("acme", true)
	org := w.nameless("")
	signed, err := signIn(t, w.keeper(), keeper.SignInRequest{Again: org, Host: h.URL}).Save(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	orgs, err := w.ledger.Orgs(t.Context())
	if err != nil || len(orgs) != 1 || orgs[0].Key != known.Key || signed.Org.Key != known.Key || signed.Other != keeper.OtherNothing {
		t.Errorf("%+v, %+v, %v", orgs, signed, err)
	}
	if w.saved(known.Key).RefreshToken.Reveal() != "signed.refresh.1" {
		t.Error("the tokens are not saved")
	}
	if _, err := w.store.Get(t.Context(), string(org.Key)); err == nil {
		t.Error("the other entry is still in " + keychain.Memory().Name())
	}
}

// TestASignInFindsALoginUnderAKeyOfItsOwn: it was saved before its ids were known,
// and has learned them.
func TestASignInFindsALoginUnderAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	w, h := newWorld(t), newSignInHost(t)
	org := w.nameless("")
	for range 2 {
		signed, err := signIn(t, w.keeper(), keeper.SignInRequest{Again: org, Host: h.URL}).Save(t.Context(), nil)
		if err != nil || signed.Org.Key != org.Key {
			t.Fatalf("%+v, %v", signed, err)
		}
	}
	signed, err := signIn(t, w.keeper(), keeper.SignInRequest{Host: h.URL}).Save(t.Context(), nil)
	if err != nil || signed.Org.Key != org.Key || signed.Added != keeper.AddedUpdated {
		t.Errorf("%+v, %v", signed, err)
	}
	if orgs, err := w.ledger.Orgs(t.Context()); err != nil || len(orgs) != 1 {
		t.Errorf("%+v, %v", orgs, err)
	}
}
