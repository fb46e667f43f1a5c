package keeper_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// signedAgain signs an org in again.
func (w *world) signedAgain(org tokens.Org) keeper.SignedIn {
	w.t.Helper()
	h := newSignInHost(w.t)
	s := signIn(w.t, w.keeper(), keeper.SignInRequest{Again: org, Host: h.URL})
	signed, err := s.Save(w.t.Context(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return signed
}

func TestTheMirrorFollowsASignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	signed := w.signedAgain(org)
	if signed.Warning != nil || signed.Org.Mirrored != signed.Org.Generation {
		t.Errorf("%+v", signed)
	}
	w.inStep(signed.Org, path)
	if !strings.Contains(w.textOf(path), "zebra") {
		t.Error("the other fields are gone")
	}
}

// What another program wrote, and what cannot be read, a sign-in does not write over;
// it succeeds, and says so.
func TestASignInLeavesAChangedMirror(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(text string) string{
		"half a file": func(string) string { return `{"half` },
		"unmoved":     func(text string) string { return strings.ReplaceAll(text, "acme.refresh.0", "theirs") },
		"newer": func(text string) string {
			return strings.NewReplacer("acme.refresh.0", "theirs", "1763890200000", "1763893800000").Replace(text)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			org, path := w.mirrored()
			w.put(path, change(w.textOf(path)))
			changed := w.textOf(path)
			signed := w.signedAgain(org)
			if !errors.Is(signed.Warning, keeper.ErrMirror) || signed.Held != keeper.HeldNowhere || strings.Contains(signed.Warning.Error(), "theirs") {
				t.Errorf("%v, %s", signed.Warning, signed.Held)
			}
			if _, _, err := w.keeper().Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			if w.textOf(path) != changed {
				t.Error("the file was written over")
			}
			// The next refresh sends the new login's token, and replaces the older ones of the file with a word.
			r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{signed.Org}))
			if wantOutcome(t, r, tokens.OutcomeRefreshed); !errors.Is(r.Warning, keeper.ErrMirror) {
				t.Errorf("nothing was said: %v", r.Warning)
			}
			if name != "half a file" {
				w.inStep(r.Org, path)
			}
		})
	}
}

func TestTheMirrorFollowsAnImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	given, secrets := w.fresh("acme", "imported.refresh")
	secrets.AccessToken, secrets.IssuedAt = tokens.NewSecret("00Dxx!imported"), now
	secrets.IssuedAtText = "1795426200000"
	secrets.IssuedAt = time.UnixMilli(1795426200000).UTC()
	saved, added, err := w.keeper().Add(t.Context(), given, secrets)
	if err != nil || added != keeper.AddedUpdated || saved.Mirrored != saved.Generation {
		t.Errorf("%s, %v, %+v", added, err, saved)
	}
	w.inStep(org, path)

	w.put(path, strings.ReplaceAll(w.textOf(path), "imported.refresh", "theirs"))
	changed := w.textOf(path)
	secrets.RefreshToken, secrets.AccessToken = tokens.NewSecret("imported.2"), tokens.NewSecret("00Dxx!imported.2")
	saved, added, err = w.keeper().Add(t.Context(), given, secrets)
	if !keeper.OfMirrorOnly(err) || added != keeper.AddedUpdated || saved.Alias != "acme" {
		t.Errorf("%s, %v", added, err)
	}
	if got := w.saved(org.Key).RefreshToken.Reveal(); got != "imported.2" || w.textOf(path) != changed {
		t.Errorf("saved is %s, or the file was written over", got)
	}
}
