package keeper_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
)

// Tokens that are taken over from the Salesforce CLI come to the token file too,
// with the new access token's age unknown: not the one of the token before.
func TestTheMirrorOfASharedOrgFollowsTheCLI(t *testing.T) {
	t.Parallel()
	for _, mode := range []tokens.SharedMode{tokens.SharedReadOnly, tokens.SharedLocked} {
		w := newWorld(t)
		org, first, c := w.shared(mode)
		k := w.keeperSharing(c)
		path := filepath.Join(t.TempDir(), "tokens.json")
		org, err := k.SetMirror(t.Context(), org, path)
		if err != nil {
			t.Fatal(err)
		}
		made, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		w.put(path, strings.Replace(string(made), "{", `{"issued_at": "1763890200000", "signature": "of the old one",`, 1))
		c.has(first, "00Dxx!cli", w.endpoint.URL)
		if mode == tokens.SharedLocked {
			c.has("rotated-by-the-CLI", "00Dxx!cli", w.endpoint.URL)
		}
		r := refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
		if r.Attempt.Outcome != tokens.OutcomeAdopted || r.Warning != nil {
			t.Fatalf("%s: %+v, %v", mode, r.Attempt, r.Warning)
		}
		w.inStep(r.Org, path)
		text, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(text), "issued_at") || strings.Contains(string(text), "of the old one") {
			t.Errorf("%s: the file tells what was true of another token: %v", mode, err)
		}
	}
}

// A file that was behind when the CLI went on is older by its refresh token, though
// nobody knows when either was issued.
func TestAFileWithARotatedOutTokenIsOlder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _, c := w.shared(tokens.SharedReadOnly)
	k := w.keeperSharing(c)
	path := filepath.Join(t.TempDir(), "tokens.json")
	org, err := k.SetMirror(t.Context(), org, path)
	if err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if org, err = k.SetMirror(t.Context(), org, ""); err != nil {
		t.Fatal(err)
	}
	c.has("rotated-by-the-CLI", "00Dxx!cli", w.endpoint.URL)
	r := refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
	w.put(path, string(made))
	set, err := k.SetMirror(t.Context(), r.Org, path)
	if err != nil {
		t.Fatal(err)
	}
	w.inStep(set, path)

	// One that nobody knows is left alone.
	w.put(path, strings.ReplaceAll(string(made), "refresh_token\": \"", "refresh_token\": \"other."))
	if _, err := k.SetMirror(t.Context(), set, path); !errors.Is(err, keeper.ErrMirror) {
		t.Errorf("a file that another program has changed: %v", err)
	}
}

// A login whose user id is not known yet has a token file of its own like any other,
// with its id once a refresh has told it.
func TestTheMirrorOfALoginOfUnknownUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, secrets := w.fresh("acme", w.endpoint.grant("acme", true))
	w.endpoint.id = "https://login.salesforce.com/id/" + org.OrgID + "/" + org.UserID
	org.UserID, org.Username, secrets.ID = "", "ada@acme.example", ""
	var err error
	if org.Key, err = tokens.UnknownKey(org.OrgID, org.Username, org.ClientID); err != nil {
		t.Fatal(err)
	}
	if org, _, err = w.keeper().Add(t.Context(), org, secrets); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tokens.json")
	if org, err = w.keeper().SetMirror(t.Context(), org, path); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
		if r.Attempt.Outcome != tokens.OutcomeRefreshed || r.Warning != nil {
			t.Fatalf("%+v, %v", r.Attempt, r.Warning)
		}
		org = r.Org
		w.inStep(org, path)
	}
	if grant, err := transfer.ReadTokenFile(path); err != nil || grant.UserID != org.UserID || org.UserID == "" {
		t.Errorf("the file is of %q, the org of %q (%v)", grant.UserID, org.UserID, err)
	}
}
