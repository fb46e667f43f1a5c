package keeper_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
)

// mirrored is an org of a rotating app with a token file that another program
// made, and the file.
func (w *world) mirrored() (tokens.Org, string) {
	w.t.Helper()
	org, secrets := w.fresh("acme", w.endpoint.grant("acme", true))
	secrets.ID, secrets.IssuedAtText = "https://login.salesforce.com/id/"+org.OrgID+"/"+org.UserID, "1763890200000"
	secrets.IssuedAt = time.UnixMilli(1763890200000).UTC()
	saved, _, err := w.keeper().Add(w.t.Context(), org, secrets)
	if err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.t.TempDir(), "tokens.json")
	w.put(path, strings.Replace(w.text(saved), "{", `{"zebra": {"b": 1, "a": [2]}, "id_token": "kept",`, 1))
	if saved, err = w.keeper().SetMirror(w.t.Context(), saved, path); err != nil {
		w.t.Fatal(err)
	}
	return saved, path
}

// text is the token file of what is saved.
func (w *world) text(org tokens.Org) string {
	w.t.Helper()
	text, err := w.keeper().Written(w.t.Context(), org, keeper.FormTokenFile)
	if err != nil {
		w.t.Fatal(err)
	}
	return text.Reveal()
}

func (w *world) put(path, text string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// inStep makes sure that the file has the tokens of the keychain.
func (w *world) inStep(org tokens.Org, path string) {
	w.t.Helper()
	grant, err := transfer.ReadTokenFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	s := w.saved(org.Key)
	if !grant.AccessToken.Equal(s.AccessToken) || !grant.RefreshToken.Equal(s.RefreshToken) || !grant.IssuedAt.Equal(s.IssuedAt) {
		w.t.Errorf("%s is not in step: %+v, want %+v", org.Alias, grant, s)
	}
	if now := w.org(org.Key); now.Mirrored != now.Generation {
		w.t.Errorf("the ledger says that the file has generation %d of %d", now.Mirrored, now.Generation)
	}
}

func TestTheMirrorIsRewrittenAfterARefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeRefreshed)
	if r.Warning != nil || r.Org.Mirror != path || r.Org.Mirrored != r.Org.Generation {
		t.Errorf("%+v", r)
	}
	w.inStep(org, path)
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), "{\n  \"zebra\": {\n    \"b\": 1,\n    \"a\": [\n      2\n    ]\n  },\n  \"id_token\": \"kept\",\n  \"access_token\": ") {
		t.Errorf("the other fields or their order were lost (%v)", err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	// A file that is gone is made again.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{w.org(org.Key)})), tokens.OutcomeRefreshed)
	w.inStep(org, path)
}

// Another program refreshed: its refresh token is the one that is valid, and the
// one in the keychain would end the login.
func TestNewerTokensInTheMirrorAreTakenOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	first := w.saved(org.Key).RefreshToken.Reveal()
	theirs := w.rotatedElsewhere(first)
	w.put(path, strings.NewReplacer(first, theirs, ".access.0", ".access.1", "1763890200000", "1763893800000").Replace(w.text(org)))

	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeAdopted)
	if sent := w.endpoint.sent(); sent != 0 {
		t.Errorf("%d requests", sent)
	}
	w.inStep(org, path)
	w.isCurrent(org, first)
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{r.Org})), tokens.OutcomeRefreshed)
	w.isCurrent(org, first)
	w.inStep(org, path)
}

// rotatedElsewhere rotates a login at the server as another program would, and
// returns the refresh token that is valid then.
func (w *world) rotatedElsewhere(first string) string {
	w.endpoint.answer(discard{header: http.Header{}}, first)
	token, _ := w.endpoint.current(first)
	return token
}

func TestOlderTokensInTheMirrorAreNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	old := strings.NewReplacer("acme.refresh.0", "a-restored-backup", "1763890200000", "1763880000000").Replace(w.text(org))
	w.put(path, old)
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeRefreshed)
	if !errors.Is(r.Warning, keeper.ErrMirror) || !strings.Contains(r.Warning.Error(), "replaced") {
		t.Errorf("nothing is said of what was in the file: %v", r.Warning)
	}
	w.isCurrent(org, "acme.refresh.0")
	w.inStep(org, path)
}

// What cannot be understood is never written over, and does not stop a refresh.
func TestAMirrorThatCannotBeUsedIsAWarning(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(w *world, org tokens.Org, path string){
		"not JSON": func(w *world, _ tokens.Org, path string) { w.put(path, "notes of mine") },
		"another login": func(w *world, org tokens.Org, path string) {
			w.put(path, strings.ReplaceAll(w.text(org), org.OrgID, "00D41000000F8A9EAK"))
		},
		"a link": func(w *world, _ tokens.Org, path string) {
			if err := errors.Join(os.Rename(path, path+".real"), os.Symlink(path+".real", path)); err != nil {
				w.t.Skip("no symbolic links here")
			}
		},
		"a folder": func(w *world, _ tokens.Org, path string) {
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				w.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			org, path := w.mirrored()
			spoil(w, org, path)
			before, _ := os.ReadFile(path)
			r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
			wantOutcome(t, r, tokens.OutcomeRefreshed)
			after, _ := os.ReadFile(path)
			if !errors.Is(r.Warning, keeper.ErrMirror) || string(before) != string(after) || strings.Contains(r.Warning.Error(), "refresh.") {
				t.Errorf("the warning is %v, the file was changed: %v", r.Warning, string(before) != string(after))
			}
			w.isCurrent(org, "acme.refresh.0")
			if now := w.org(org.Key); now.Mirrored >= now.Generation {
				t.Error("the ledger says that the file is in step")
			}
			// Put right, it is written at the next start.
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			if _, _, err := w.keeper().Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.inStep(org, path)
		})
	}
}

func TestSetMirror(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	k := w.keeper()
	off, err := k.SetMirror(t.Context(), org, "")
	if err != nil || off.Mirror != "" {
		t.Fatalf("%+v, %v", off, err)
	}
	before, _ := os.ReadFile(path)
	wantOutcome(t, refresh(t, k.Refresh(t.Context(), []tokens.Org{off})), tokens.OutcomeRefreshed)
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("a mirror that is off was written")
	}
	w.put(path, strings.ReplaceAll(w.text(org), org.UserID, "005410000031xABAAY"))
	if _, err := k.SetMirror(t.Context(), org, path); err == nil || w.org(org.Key).Mirror != "" {
		t.Errorf("the file of another user: %v", err)
	}
	if _, err := k.SetMirror(t.Context(), org, filepath.Join(path, "below")); err == nil {
		t.Error("a path below a file was taken")
	}
	// A link on the way is followed once, when the mirror is set.
	folder := t.TempDir()
	link := filepath.Join(folder, "link.json")
	if err := errors.Join(os.Remove(path), os.Symlink(filepath.Join(folder, "real.json"), link)); err != nil {
		t.Skip("no symbolic links here")
	}
	w.put(filepath.Join(folder, "real.json"), w.text(org))
	set, err := k.SetMirror(t.Context(), org, link)
	if err != nil || filepath.Base(set.Mirror) != "real.json" || !filepath.IsAbs(set.Mirror) {
		t.Errorf("%q, %v", set.Mirror, err)
	}
}
