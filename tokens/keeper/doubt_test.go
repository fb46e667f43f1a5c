package keeper_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

// crash leaves what a process leaves that is killed while the refresh of the
// saved refresh token is under way.
func (w *world) crash(org tokens.Org) {
	w.t.Helper()
	saved := w.saved(org.Key)
	intent := journal.Intent{Generation: saved.Generation, Fingerprint: saved.RefreshToken.Fingerprint(), Started: now}
	if err := journal.Open(filepath.Join(w.folder, "journal")).Begin(org.Key, intent); err != nil {
		w.t.Fatal(err)
	}
}

// staysUnknown makes sure that the org is shown as unknown and is not sent.
func (w *world) staysUnknown(key tokens.Key) {
	w.t.Helper()
	org := w.org(key)
	if org.Last == nil || org.Last.Outcome != tokens.OutcomeUnknown {
		w.t.Errorf("the list shows %+v", org.Last)
	}
	sent := w.endpoint.sent()
	r := refresh(w.t, w.keeper().Refresh(w.t.Context(), []tokens.Org{org}))
	if r.Attempt.Outcome != tokens.OutcomeUnknown || w.endpoint.sent() != sent {
		w.t.Errorf("%s (%v) after %d more requests", r.Attempt.Outcome, r.Attempt.Failure, w.endpoint.sent()-sent)
	}
}

// A screen that has stood open for a while knows older tokens than the keychain
// has; taking over the newer ones must not forget that they are in doubt.
func TestACallerThatIsBehindDoesNotEndTheDoubt(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*keeper.Keeper) func(context.Context, []tokens.Org) <-chan keeper.Event{
		"plain":  func(k *keeper.Keeper) func(context.Context, []tokens.Org) <-chan keeper.Event { return k.Refresh },
		"anyway": func(k *keeper.Keeper) func(context.Context, []tokens.Org) <-chan keeper.Event { return k.RefreshAnyway },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			behind, _ := w.login("acme", true)
			wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{behind})), tokens.OutcomeRefreshed)
			w.crash(behind)
			refresh(t, ask(w.keeper())(t.Context(), []tokens.Org{behind}))
			if w.endpoint.sent() != 1 {
				t.Errorf("%d requests", w.endpoint.sent())
			}
			w.staysUnknown(behind.Key)
		})
	}
}

// What did not reach the endpoint, or was turned away there, says nothing about
// the refresh before it.
func TestAnywayWithoutAVerdictDoesNotEndTheDoubt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	w.crash(org)
	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) { rw.WriteHeader(http.StatusServiceUnavailable) })
	r := refresh(t, w.keeper().RefreshAnyway(t.Context(), []tokens.Org{w.org(org.Key)}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	w.staysUnknown(org.Key)

	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) {
		refuse(rw, "expired access/refresh token")
	})
	wantOutcome(t, refresh(t, w.keeper().RefreshAnyway(t.Context(), []tokens.Org{w.org(org.Key)})), tokens.OutcomeFailed)
	if last := w.org(org.Key).Last; last == nil || last.Outcome != tokens.OutcomeFailed {
		t.Errorf("the endpoint has said that the login is over, the list shows %+v", last)
	}
	if _, revoked := w.endpoint.current(first); revoked {
		t.Error("the login was revoked")
	}
}

// A keychain restored from a copy, or one that lost its last write in a power
// cut, has a refresh token that was used up.
func TestAKeychainThatWentBackIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	org = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})).Org
	older, err := w.store.Store.Get(t.Context(), string(org.Key))
	if err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	if err := w.store.Store.Set(t.Context(), string(org.Key), older); err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{w.org(org.Key)})), tokens.OutcomeFailed)
	if _, revoked := w.endpoint.current(first); revoked || w.endpoint.sent() != 2 {
		t.Errorf("revoked: %v, %d requests", revoked, w.endpoint.sent())
	}
	wantOutcome(t, refresh(t, w.keeper().RefreshAnyway(t.Context(), []tokens.Org{w.org(org.Key)})), tokens.OutcomeFailed)
	if w.endpoint.sent() != 3 {
		t.Error("anyway sends it")
	}
}

func TestTokensInMemoryOnlyAreNoneForOthers(t *testing.T) {
	t.Parallel()
	w, k, org, _ := heldInMemory(t)
	w.store.failing(nil)
	if err := os.Remove(filepath.Join(w.folder, "journal")); err != nil {
		t.Fatal(err)
	}
	w.crash(org) // the intent that heldInMemory has taken away with its folder
	orgs, err := k.Orgs(t.Context())
	if err != nil || orgs[0].Last == nil || orgs[0].Last.Outcome != tokens.OutcomeRefreshed {
		t.Errorf("the process that has them shows %+v, %v", orgs, err)
	}
	k.Discard()
	w.staysUnknown(org.Key)
}

// The tokens that one process keeps for a keychain that refused them may be
// older than what another has put into the journal since.
func TestTokensInMemoryGiveWayToNewerOnesInTheJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	held := func(k *keeper.Keeper, reads int) {
		t.Helper()
		w.store.failing(func(n int) bool { return n > reads })
		if r := refresh(t, k.Refresh(t.Context(), []tokens.Org{w.org(org.Key)})); r.Held != keeper.HeldInJournal {
			t.Fatalf("%+v", r)
		}
		w.store.failing(nil)
	}
	one, other := w.keeper(), w.keeper()
	wantOutcome(t, refresh(t, one.Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	held(one, 1)
	if changed, _, err := other.Recover(t.Context()); err != nil || len(changed) != 1 {
		t.Fatalf("%v, %v", changed, err)
	}
	held(other, 1)
	if _, _, err := one.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.isCurrent(org, first)
}

// The same goes for a refresh that another process was killed in.
func TestTokensInMemoryThatHaveArrivedDoNotEndTheDoubt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	one := w.keeper()
	wantOutcome(t, refresh(t, one.Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	w.store.failing(func(n int) bool { return n > 1 })
	refresh(t, one.Refresh(t.Context(), []tokens.Org{w.org(org.Key)}))
	w.store.failing(nil)
	if _, _, err := w.keeper().Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.crash(org)
	if _, _, err := one.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.staysUnknown(org.Key)
}

// The refresh token in doubt does not get better by being imported once more.
func TestTheSameTokenAgainDoesNotEndTheDoubt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	w.crash(org)
	again, secrets := w.fresh("acme", first)
	if _, added, err := w.keeper().Add(t.Context(), again, secrets); err != nil || added != keeper.AddedUnchanged {
		t.Fatalf("%s, %v", added, err)
	}
	w.staysUnknown(org.Key)
	// Nor by another access token beside it.
	secrets.AccessToken = tokens.NewSecret("another access token")
	if _, added, err := w.keeper().Add(t.Context(), again, secrets); err != nil || added != keeper.AddedUpdated {
		t.Fatalf("%s, %v", added, err)
	}
	w.staysUnknown(org.Key)
}

func TestAddToAnEmptyLedgerKeepsNewerTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	empty, err := ledger.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = empty.Close() }()
	w.ledger = empty
	again, secrets := w.fresh("acme", first)
	saved, added, err := w.keeper().Add(t.Context(), again, secrets)
	if err != nil || added != keeper.AddedKept || saved.Generation != 2 || saved.Rotates != tokens.RotationYes {
		t.Errorf("%s, %+v, %v", added, saved, err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{w.org(org.Key)})), tokens.OutcomeRefreshed)
	w.isCurrent(org, first)
}

// An entry that nobody can read any more, because the keychain was made anew,
// must not stand in the way of a new sign-in.
func TestASignInReplacesAnEntryThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	stranger := journal.Open(filepath.Join(w.folder, "journal"))
	id, err := journal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stranger.Unlock(id), stranger.Keep(org.Key, w.saved(org.Key))); err != nil {
		t.Fatal(err)
	}
	second := w.endpoint.grant("again", true)
	again, secrets := w.fresh("acme", second)
	secrets.IssuedAt = now
	saved, added, err := w.keeper().Add(t.Context(), again, secrets)
	if err != nil || added != keeper.AddedUpdated {
		t.Fatalf("%s, %v", added, err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{saved})), tokens.OutcomeRefreshed)
	w.isCurrent(org, second)
}

func TestRecoverOfAnotherLedgersLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	k := w.keeper()
	wantOutcome(t, refresh(t, k.Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	w.store.failing(func(n int) bool { return n > 1 })
	refresh(t, k.Refresh(t.Context(), []tokens.Org{w.org(org.Key)}))
	w.store.failing(nil)
	empty, err := ledger.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = empty.Close() }()
	w.ledger = empty
	if changed, waiting, err := w.keeper().Recover(t.Context()); len(changed)+len(waiting) != 0 || err != nil {
		t.Errorf("%v, %v, %v", changed, waiting, err)
	}
	w.isCurrent(org, first)
}

func TestAnIntentThatCannotBeReadStopsTheRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	if err := os.MkdirAll(filepath.Join(w.folder, "journal", string(org.Key)+".intent"), 0o700); err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeFailed)
	if w.endpoint.sent() != 0 {
		t.Error("it was sent")
	}
}

// late is a keychain whose Set runs into its time limit and stays under way.
type late struct {
	keychain.Store

	back chan struct{}
}

func (late) Set(context.Context, string, string) error {
	return &keychain.Error{Keychain: "late", Kind: keychain.ErrTimeout, Begun: true}
}

func (l late) Settled(ctx context.Context, _ string) error {
	select {
	case <-l.back:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// While one process's journal key may still arrive in the keychain, no other
// process makes one of its own, which that would replace.
func TestAnotherJournalKeyWaitsForTheLateOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	keys := late{w.store.Store, make(chan struct{})}
	if err := w.store.Store.Delete(t.Context(), "journal.identity"); err != nil {
		t.Fatal(err)
	}
	k := keeper.New(keeper.Options{
		Store: w.store, JournalKey: keys, Ledger: w.ledger, Journal: journal.Open(filepath.Join(w.folder, "journal")),
		Clock: tokens.StillClock(now), Limits: tokens.DefaultLimits(), Locks: filepath.Join(w.folder, "locks"),
	})
	wantOutcome(t, refresh(t, k.Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeFailed)
	file := flock.New(filepath.Join(w.folder, "locks", "journal.lock"))
	defer func() { _ = file.Close() }()
	if got, err := file.TryLock(); got || err != nil {
		t.Errorf("the lock is free while the key may still arrive: %v, %v", got, err)
	}
	close(keys.back)
	if got, err := file.TryLockContext(t.Context(), time.Millisecond); !got || err != nil {
		t.Errorf("the lock is not given back: %v, %v", got, err)
	}
}
