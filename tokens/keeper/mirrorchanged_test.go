package keeper_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
)

// textOf is the text of a file.
func (w *world) textOf(path string) string {
	w.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// Many programs write new tokens beside the old issued_at, or none: the refresh token
// in the file is the one that is valid all the same.
func TestTokensOfTheMirrorAreTakenOverWithoutATime(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][]string{
		"unmoved":                {".access.0", ".access.1"},
		"left out":               {".access.0", ".access.1", `"issued_at"`, `"when"`},
		"no time":                {".access.0", ".access.1", `"1763890200000"`, `null`},
		"the refresh token only": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			org, path := w.mirrored()
			const first = "acme.refresh.0"
			theirs := w.rotatedElsewhere(first)
			w.put(path, strings.NewReplacer(append(change, first, theirs)...).Replace(w.textOf(path)))
			changed := w.textOf(path)
			r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
			wantOutcome(t, r, tokens.OutcomeAdopted)
			if sent := w.endpoint.sent(); sent != 0 || r.Warning != nil || w.textOf(path) != changed {
				t.Errorf("%d requests, %v", sent, r.Warning)
			}
			w.isCurrent(org, first)
			if r.Org.IssuedAt.IsZero() != (len(change) > 0) || !r.Org.RefreshUsedAt.IsZero() {
				t.Errorf("issued at %v, used at %v: nobody knows", r.Org.IssuedAt, r.Org.RefreshUsedAt)
			}
			r = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{r.Org}))
			if wantOutcome(t, r, tokens.OutcomeRefreshed); r.Warning != nil {
				t.Error(r.Warning)
			}
			w.isCurrent(org, first)
			w.inStep(org, path)
		})
	}
}

// A file without a time that never had the org's tokens may be older or newer:
// nothing is sent until somebody says which.
func TestNothingIsSentBesideAFileThatMayBeNewer(t *testing.T) {
	t.Parallel()
	for name, settle := range map[string]func(w *world, org tokens.Org, path string) tokens.Org{
		"imported": func(w *world, org tokens.Org, path string) tokens.Org {
			grant, err := transfer.ReadTokenFile(path)
			if err != nil {
				w.t.Fatal(err)
			}
			given, secrets, err := transfer.NewOrg(grant, transfer.Options{ClientID: org.ClientID})
			if err != nil {
				w.t.Fatal(err)
			}
			given.Key = org.Key
			saved, _, err := w.keeper().Add(w.t.Context(), given, secrets)
			if err != nil {
				w.t.Fatal(err)
			}
			w.inStep(saved, path)
			return saved
		},
		"moved away": func(w *world, org tokens.Org, path string) tokens.Org {
			w.endpoint.grant("acme", true)
			if err := os.Remove(path); err != nil {
				w.t.Fatal(err)
			}
			return org
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			org, path := w.mirrored()
			const first = "acme.refresh.0"
			theirs := w.rotatedElsewhere(first)
			w.put(path, strings.NewReplacer(first, theirs, ".access.0", ".access.1", `"issued_at"`, `"when"`).Replace(w.textOf(path)))
			changed := w.textOf(path)
			org, err := w.keeper().SetMirror(t.Context(), org, path) // it is not known any more what the file had
			if !errors.Is(err, keeper.ErrMirror) {
				t.Errorf("a file that another program has changed: %v", err)
			}
			r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{w.org(org.Key)}))
			wantOutcome(t, r, tokens.OutcomeFailed)
			if !errors.Is(r.Attempt.Failure, keeper.ErrMirrorUnsure) || w.endpoint.sent() != 0 || w.textOf(path) != changed {
				t.Errorf("%v, %d requests", r.Attempt.Failure, w.endpoint.sent())
			}
			org = settle(w, w.org(org.Key), path)
			wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
			w.inStep(org, path)
		})
	}
}

// The saved token is sent beside such a file when somebody says so, or when the app
// does not rotate: the file stays as it is.
func TestAFileThatMayBeNewerStaysAsItIs(t *testing.T) {
	t.Parallel()
	for name, rotates := range map[string]bool{"anyway": true, "it does not rotate": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			org, first := w.login("acme", rotates)
			org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
			path := filepath.Join(t.TempDir(), "tokens.json")
			now := w.saved(org.Key).RefreshToken.Reveal()
			w.put(path, strings.NewReplacer(now, "whose-is-it", `"issued_at"`, `"when"`).Replace(w.text(org)))
			changed := w.textOf(path)
			if _, err := w.keeper().SetMirror(t.Context(), org, path); !errors.Is(err, keeper.ErrMirror) {
				t.Error(err)
			}
			send := w.keeper().Refresh
			if rotates {
				send = w.keeper().RefreshAnyway
			}
			r := refresh(t, send(t.Context(), []tokens.Org{org}))
			wantOutcome(t, r, tokens.OutcomeRefreshed)
			w.isCurrent(org, first)
			if !errors.Is(r.Warning, keeper.ErrMirror) || w.textOf(path) != changed {
				t.Errorf("%v, or the file was written", r.Warning)
			}
		})
	}
}

// A file that does not tell whose it is, and that another program has changed, may
// have the login's newer tokens.
func TestNothingIsSentBesideANamelessFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	w.put(path, `{"access_token": "00Dxx!acme.access.1", "refresh_token": "`+w.rotatedElsewhere("acme.refresh.0")+`"}`)
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	w.alive("acme.refresh.0", 0)
}

// A program that reads the file meets the old tokens or the new ones, never a part.
func TestAReaderOfTheMirrorNeverSeesAPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, path := w.mirrored()
	stop := make(chan struct{})
	var reading sync.WaitGroup
	reads := 0
	reading.Go(func() {
		for {
			grant, err := transfer.ReadTokenFile(path)
			if err != nil || grant.AccessToken.IsZero() || grant.RefreshToken.IsZero() {
				t.Errorf("read %d: %v", reads, err)
				return
			}
			reads++
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	for range 25 {
		r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
		wantOutcome(t, r, tokens.OutcomeRefreshed)
		org = r.Org
	}
	close(stop)
	reading.Wait()
	w.inStep(org, path)
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("beside the file lie %v, %v", files, err)
	}
}
