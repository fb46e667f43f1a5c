package keeper_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
)

// TestAKeychainThatFailsAtTheKthCallNeverLosesAToken refreshes with a keychain
// whose k-th call, or every call from the k-th on, fails. Whatever happens, a
// later Recover with a keychain that works has the server's current token.
func TestAKeychainThatFailsAtTheKthCallNeverLosesAToken(t *testing.T) {
	t.Parallel()
	held := 0
	for _, forGood := range []bool{false, true} {
		for k := 1; ; k++ {
			w := newWorld(t)
			org, first := w.login("acme", true)
			w.store.failing(func(n int) bool { return n == k || forGood && n > k })
			r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
			calls := w.store.calls
			w.store.failing(nil)
			switch r.Attempt.Outcome {
			case tokens.OutcomeRefreshed:
				if r.Held == keeper.HeldInJournal {
					held++
				}
			case tokens.OutcomeFailed:
				if w.endpoint.sent() != 0 {
					t.Errorf("k=%d: failed after something was sent: %v", k, r.Attempt.Failure)
				}
			default:
				t.Errorf("k=%d: %s", k, r.Attempt.Outcome)
			}
			// The process that meets it next knows of nothing but the journal.
			if _, waiting, err := w.keeper().Recover(t.Context()); err != nil || len(waiting) != 0 {
				t.Errorf("k=%d: still waiting %v, %v", k, waiting, err)
			}
			w.isCurrent(org, first)
			wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{w.org(org.Key)})), tokens.OutcomeRefreshed)
			w.isCurrent(org, first)
			if k > calls {
				break // no call was made to fail
			}
		}
	}
	if held == 0 {
		t.Error("no case left the token in the journal")
	}
}

func TestTheNextRefreshTakesTheTokenOutOfTheJournalFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	k := w.keeper()
	wantOutcome(t, refresh(t, k.Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed) // the journal is unlocked
	org = w.org(org.Key)
	w.store.failing(func(n int) bool { return n > 1 }) // it can be read once, then it is gone
	r := refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
	if r.Held != keeper.HeldInJournal || r.Warning == nil {
		t.Fatalf("%+v", r)
	}
	if _, waiting, err := k.Recover(t.Context()); err != nil || len(waiting) != 1 || waiting[0].Alias != "acme" || waiting[0].Held != keeper.HeldInJournal || waiting[0].Err == nil {
		t.Errorf("waiting %+v, %v", waiting, err)
	}
	if len(k.InMemory()) != 0 {
		t.Error("what is in the journal is said to be in memory only")
	}
	w.store.failing(nil)
	// The caller saw the state before: the token of the journal is adopted.
	r = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeAdopted)
	w.isCurrent(org, first)
	if w.endpoint.sent() != 2 {
		t.Errorf("%d requests", w.endpoint.sent())
	}
}

// noJournal makes the journal's folder unusable, for root too.
func (w *world) noJournal() {
	w.t.Helper()
	folder := filepath.Join(w.folder, "journal")
	if err := os.RemoveAll(folder); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// journalBack makes the journal's folder usable again.
func (w *world) journalBack() {
	w.t.Helper()
	if err := os.Remove(filepath.Join(w.folder, "journal")); err != nil {
		w.t.Fatal(err)
	}
}

// heldInMemory leaves the new tokens of a refresh in memory only.
func heldInMemory(t *testing.T) (*world, *keeper.Keeper, tokens.Org, string) {
	t.Helper()
	w := newWorld(t)
	org, first := w.login("acme", true)
	k := w.keeper()
	w.endpoint.does(func(_ int, _ httpWriter, answer func()) {
		w.noJournal()
		w.store.failing(func(int) bool { return true })
		answer()
	})
	r := refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
	w.endpoint.does(nil)
	if r.Held != keeper.HeldInMemory || r.Warning == nil || !slices.Equal(k.InMemory(), []string{"acme"}) {
		t.Fatalf("%+v, in memory %v", r, k.InMemory())
	}
	return w, k, org, first
}

func TestNeitherKeychainNorJournal(t *testing.T) {
	t.Parallel()
	w, k, org, first := heldInMemory(t)
	if _, _, err := k.Recover(t.Context()); err == nil {
		t.Error("a journal that cannot be listed is no error")
	}
	w.store.failing(nil)
	if err := os.Remove(filepath.Join(w.folder, "journal")); err != nil {
		t.Fatal(err)
	}
	changed, waiting, err := k.Recover(t.Context())
	if err != nil || len(waiting) != 0 || len(changed) != 1 {
		t.Fatalf("changed %v, waiting %v, %v", changed, waiting, err)
	}
	w.isCurrent(org, first)
	if len(k.InMemory()) != 0 {
		t.Error("it is still said to be in memory only")
	}
}

func TestTokensInMemoryCanBeSavedToAFile(t *testing.T) {
	t.Parallel()
	w, k, _, first := heldInMemory(t)
	path := filepath.Join(t.TempDir(), "rescue.age")
	if _, err := k.SaveHeld(path, tokens.NewSecret("short")); !errors.Is(err, keeper.ErrPassphrase) {
		t.Errorf("a short passphrase: %v", err)
	}
	n, err := k.SaveHeld(path, tokens.NewSecret("correct horse battery"))
	if err != nil || n != 1 || len(k.InMemory()) != 0 {
		t.Fatalf("%d, %v, in memory %v", n, err, k.InMemory())
	}
	identity, err := age.NewScryptIdentity("correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	plain, err := age.Decrypt(f, identity)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		RefreshToken string `json:"refresh_token"`
	}
	if err := json.NewDecoder(plain).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if want, _ := w.endpoint.current(first); got.RefreshToken != want {
		t.Errorf("the file has %s, the server %s", got.RefreshToken, want)
	}
}

func TestDiscard(t *testing.T) {
	t.Parallel()
	_, k, _, _ := heldInMemory(t)
	if k.Discard(); len(k.InMemory()) != 0 {
		t.Error("it is still in memory")
	}
}

func TestAJournalThatCannotBeWrittenStopsTheRefreshBeforeItIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	w.noJournal()
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if w.endpoint.sent() != 0 || r.Attempt.Failure.Kind != tokens.FailedKeychain && r.Attempt.Failure.Kind != tokens.FailedLocal {
		t.Errorf("%d requests, %+v", w.endpoint.sent(), r.Attempt.Failure)
	}
	w.isCurrent(org, first)
}

func TestRecoverWithoutEntriesAsksNothingOfTheKeychain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login("acme", true)
	w.store.failing(func(int) bool { return true })
	if changed, waiting, err := w.keeper().Recover(t.Context()); len(changed)+len(waiting) != 0 || err != nil {
		t.Errorf("%v, %v, %v", changed, waiting, err)
	}
	if w.store.calls != 0 {
		t.Errorf("%d keychain calls", w.store.calls)
	}
}

// TestALongTokenKilledBetweenItsParts stops writing after every call in turn,
// as a killed process does: the login is whole each time, and its access token
// old, new or absent.
func TestALongTokenKilledBetweenItsParts(t *testing.T) {
	t.Parallel()
	const limit = 2560
	long := func(n string) tokens.Secret { return tokens.NewSecret("eyJ" + strings.Repeat(n, 4096)) }
	for k := 1; ; k++ {
		w := newWorld(t)
		w.store.limit = limit
		first := w.endpoint.grant("acme", true)
		org, secrets := w.fresh("acme", first)
		secrets.AccessToken = long("a")
		org, _, err := w.keeper().Add(t.Context(), org, secrets)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.read(org); !got.AccessToken.Equal(secrets.AccessToken) {
			t.Fatal("a long access token does not come back")
		}
		next := secrets
		next.AccessToken, next.RefreshToken, next.IssuedAt = long("b"), tokens.NewSecret("second"), now
		w.store.failing(func(n int) bool { return n > k })
		_, _, err = w.keeper().Add(t.Context(), org, next)
		calls := w.store.calls
		w.store.failing(nil)
		got := w.read(org)
		old := got.RefreshToken.Reveal() == first
		if !old && got.RefreshToken.Reveal() != "second" {
			t.Errorf("k=%d: the refresh token is %s", k, got.RefreshToken.Reveal())
		}
		switch a := got.AccessToken; {
		case a.IsZero(), old && a.Equal(secrets.AccessToken), !old && a.Equal(next.AccessToken):
		default:
			t.Errorf("k=%d: the access token is another's", k)
		}
		if err == nil && calls <= k {
			if old {
				t.Error("the whole write changed nothing")
			}
			return
		}
	}
}

// read gets the whole secrets, as a new process does.
func (w *world) read(org tokens.Org) tokens.Secrets {
	w.t.Helper()
	got, err := w.keeper().Secrets(w.t.Context(), org.Key)
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

func TestOldPartsGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.store.limit = 600
	first := w.endpoint.grant("acme", true)
	org, secrets := w.fresh("acme", first)
	for n, size := range []int{3000, 5000, 100, 900} {
		secrets.AccessToken = tokens.NewSecret(strings.Repeat("x", size))
		secrets.IssuedAt = now.Add(1)
		if _, _, err := w.keeper().Add(t.Context(), org, secrets); err != nil {
			t.Fatal(err)
		}
		if got := w.read(org); !got.AccessToken.Equal(secrets.AccessToken) {
			t.Errorf("write %d: the access token did not come back", n)
		}
	}
	primary := w.saved(org.Key)
	items := 0
	for slot := range 2 {
		for n := range 20 {
			if _, err := w.store.Get(t.Context(), string(org.Key)+".a."+string(rune('0'+slot))+"."+itoa(n)); err == nil {
				items++
			}
		}
	}
	if items != primary.Parts {
		t.Errorf("%d part items for %d parts", items, primary.Parts)
	}
}

func TestTheKeychainsErrorIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	w.store.failing(func(int) bool { return true })
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if !errors.Is(r.Attempt.Failure, keychain.ErrUnavailable) || r.Attempt.Failure.Kind != tokens.FailedKeychain {
		t.Errorf("%+v", r.Attempt.Failure)
	}
}

func TestAnEntryOfAnotherIdentityIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	stranger := journal.Open(filepath.Join(w.folder, "journal"))
	id, err := journal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.Unlock(id); err != nil {
		t.Fatal(err)
	}
	if err := stranger.Keep(org.Key, w.saved(org.Key)); err != nil {
		t.Fatal(err)
	}
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if !errors.Is(r.Attempt.Failure, journal.ErrDamaged) || w.endpoint.sent() != 0 {
		t.Errorf("%+v", r.Attempt.Failure)
	}
}
