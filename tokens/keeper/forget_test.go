package keeper_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

// isGone makes sure that nothing of an org is left.
func (w *world) isGone(org tokens.Org) {
	w.t.Helper()
	if _, err := w.store.Store.Get(w.t.Context(), string(org.Key)); !errors.Is(err, keychain.ErrNotFound) {
		w.t.Errorf("%s: the keychain still has it (%v)", org.Alias, err)
	}
	for generation := range int64(2) {
		for n := range 4 {
			if _, err := w.store.Store.Get(w.t.Context(), string(org.Key)+".a."+itoa(int(generation))+"."+itoa(n)); !errors.Is(err, keychain.ErrNotFound) {
				w.t.Errorf("%s: the keychain still has part %d.%d", org.Alias, generation, n)
			}
		}
	}
	if _, err := w.ledger.Org(w.t.Context(), org.Key); !errors.Is(err, ledger.ErrNotFound) {
		w.t.Errorf("%s: the ledger still has it (%v)", org.Alias, err)
	}
	if history, err := w.ledger.History(w.t.Context(), org.Key, 9); err != nil || len(history) != 0 {
		w.t.Errorf("%s: %d rows of history (%v)", org.Alias, len(history), err)
	}
	entries, err := journal.Open(filepath.Join(w.folder, "journal")).Entries()
	if err != nil || slices.ContainsFunc(entries, func(e journal.Entry) bool { return e.Key == org.Key }) {
		w.t.Errorf("%s: the journal still has it (%v)", org.Alias, err)
	}
}

// staysWhole makes sure that an org is as it was.
func (w *world) staysWhole(org tokens.Org, first string) {
	w.t.Helper()
	w.isCurrent(org, first)
	if now := w.org(org.Key); now.Last != nil && now.Last.Outcome != tokens.OutcomeRefreshed {
		w.t.Errorf("%s: its last refresh is %+v", org.Alias, now.Last)
	}
}

func TestForgetLeavesNothingAndTellsTheHostNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.store.limit = 700
	org, first := w.long("acme")
	other, otherFirst := w.login("globex", true)
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	if err := w.keeper().Forget(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	w.isGone(org)
	w.isCurrent(other, otherFirst)
	if _, revoked := w.endpoint.current(first); revoked || len(w.endpoint.revoked) != 0 {
		t.Errorf("the host was told: %v", w.endpoint.revoked)
	}
	if err := w.keeper().Forget(t.Context(), org); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
}

// long is login with an access token that does not fit into one item.
func (w *world) long(name string) (tokens.Org, string) {
	w.t.Helper()
	first := w.endpoint.grant(name, true)
	org, secrets := w.fresh(name, first)
	secrets.AccessToken = tokens.NewSecret(strings.Repeat("long", 400))
	saved, _, err := w.keeper().Add(w.t.Context(), org, secrets)
	if err != nil {
		w.t.Fatal(err)
	}
	return saved, first
}

func TestRevokeAndForgetEndsTheRefreshToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	current, _ := w.endpoint.current(first)
	if err := w.keeper().RevokeAndForget(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	w.isGone(org)
	if _, revoked := w.endpoint.current(first); !revoked || !slices.Equal(w.endpoint.revoked, []string{current}) {
		t.Errorf("revoked %v: %v", revoked, w.endpoint.revoked)
	}

	// Without a refresh token the access token is what can be ended.
	org, secrets := w.fresh("readonly", "")
	org, _, err := w.keeper().Add(t.Context(), org, secrets)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.keeper().RevokeAndForget(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	w.isGone(org)
	if w.endpoint.revoked[1] != secrets.AccessToken.Reveal() {
		t.Errorf("revoked %v", w.endpoint.revoked)
	}
}

func TestAFailedRevocationLeavesEverythingAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	w.endpoint.keeps = true
	err := w.keeper().RevokeAndForget(t.Context(), org)
	failure, told := errors.AsType[*tokens.Failure](err)
	if !errors.Is(err, keeper.ErrNotRevoked) || !told || failure.Code != "unsupported_token_type" || !strings.Contains(err.Error(), "acme") {
		t.Errorf("got %v", err)
	}
	w.staysWhole(org, first)

	w.endpoint.Close()
	if err := w.keeper().RevokeAndForget(t.Context(), org); !errors.Is(err, keeper.ErrNotRevoked) {
		t.Errorf("without a host: %v", err)
	}
	w.staysWhole(org, first)

	if err := w.store.Store.Delete(t.Context(), string(org.Key)); err != nil {
		t.Fatal(err)
	}
	if err := w.keeper().RevokeAndForget(t.Context(), org); !errors.Is(err, keeper.ErrNothingToRevoke) {
		t.Errorf("without tokens: %v", err)
	}
	if now := w.org(org.Key); now.Last != nil {
		t.Errorf("without tokens: %+v", now.Last)
	}
	if err := w.keeper().Forget(t.Context(), org); err != nil {
		t.Errorf("the rest of it: %v", err)
	}
	w.isGone(org)
}

// TestForgetWithAFaultAnywhere forgets with a keychain whose k-th call, or every
// call from the k-th on, fails. What is then not gone either is whole or says that it is not, and another
// Forget ends it.
func TestForgetWithAFaultAnywhere(t *testing.T) {
	t.Parallel()
	marked := 0
	for _, way := range []struct{ revoke, forGood bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		revoke := way.revoke
		for k := 1; ; k++ {
			w := newWorld(t)
			w.store.limit = 700
			org, first := w.long("acme")
			forget := func() error {
				if revoke {
					return w.keeper().RevokeAndForget(t.Context(), org)
				}
				return w.keeper().Forget(t.Context(), org)
			}
			w.store.failing(func(n int) bool { return n == k || way.forGood && n > k })
			err := forget()
			calls := w.store.calls
			w.store.failing(nil)
			switch {
			case err == nil:
				w.isGoneButStrays(org)
			case len(w.endpoint.revoked) == 0 && w.org(org.Key).Last == nil:
				w.staysWhole(org, first)
			default:
				marked++
				if last := w.org(org.Key).Last; last == nil || last.Outcome != tokens.OutcomeFailed || last.Failure.Problem != tokens.ProblemHalfForgotten {
					t.Errorf("revoke %v, k=%d: half forgotten, and its last refresh is %+v", revoke, k, last)
				}
				if err := w.keeper().Forget(t.Context(), org); err != nil {
					t.Errorf("revoke %v, k=%d: once more: %v", revoke, k, err)
				}
				w.isGoneButStrays(org)
			}
			if k > calls {
				w.isGone(org)
				break
			}
		}
	}
	if marked == 0 {
		t.Error("no fault left an org half forgotten")
	}
}

// isGoneButStrays is for a keychain that failed once: all that the org's items
// name is gone.
func (w *world) isGoneButStrays(org tokens.Org) {
	w.t.Helper()
	if _, err := w.store.Store.Get(w.t.Context(), string(org.Key)); !errors.Is(err, keychain.ErrNotFound) {
		w.t.Errorf("the keychain still has %s (%v)", org.Alias, err)
	}
	if _, err := w.ledger.Org(w.t.Context(), org.Key); !errors.Is(err, ledger.ErrNotFound) {
		w.t.Errorf("the ledger still has %s (%v)", org.Alias, err)
	}
}

func TestARefreshMakesAHalfForgottenOrgWholeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	if err := w.ledger.Forgetting(t.Context(), org.Key, now); err != nil {
		t.Fatal(err)
	}
	if got := w.org(org.Key).Clocks(now, tokens.DefaultLimits()); got.Health != tokens.Failed {
		t.Errorf("half forgotten it is %s", got.Health)
	}
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{w.org(org.Key)})), tokens.OutcomeRefreshed)
	w.staysWhole(org, first)
}

func TestForgetOfAnOrgWhoseTokensWaitInTheJournal(t *testing.T) {
	t.Parallel()
	for _, revoke := range []bool{false, true} {
		w := newWorld(t)
		org, first := w.login("acme", true)
		k := w.keeper()
		wantOutcome(t, refresh(t, k.Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
		w.store.failing(func(n int) bool { return n > 1 })
		if r := refresh(t, k.Refresh(t.Context(), []tokens.Org{w.org(org.Key)})); r.Held != keeper.HeldInJournal {
			t.Fatalf("%+v", r)
		}
		w.store.failing(nil)
		current, _ := w.endpoint.current(first)
		var err error
		if revoke {
			err = k.RevokeAndForget(t.Context(), org)
		} else {
			err = k.Forget(t.Context(), org)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.isGone(org)
		if revoke && !slices.Equal(w.endpoint.revoked, []string{current}) {
			t.Errorf("revoked %v, not %s", w.endpoint.revoked, current)
		}
		if changed, waiting, err := k.Recover(t.Context()); len(changed)+len(waiting) != 0 || err != nil {
			t.Errorf("it comes back: %v %v %v", changed, waiting, err)
		}
		w.isGone(org)
	}
}

func TestForgetWaitsForARefreshAndCanBeCancelledMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	arrived, goOn := make(chan struct{}), make(chan struct{})
	w.endpoint.does(func(_ int, _ http.ResponseWriter, answer func()) {
		close(arrived)
		<-goOn
		answer()
	})
	events := w.keeper().Refresh(t.Context(), []tokens.Org{org})
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := w.keeper().Forget(ctx, org); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while a refresh is under way: %v", err)
	}
	close(goOn)
	wantOutcome(t, refresh(t, events), tokens.OutcomeRefreshed)
	w.staysWhole(org, first)
	if err := w.keeper().Forget(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	w.isGone(org)
}

func TestAJournalThatRefusesLeavesAnOrgThatSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	blocked := filepath.Join(w.folder, "journal", string(org.Key)+".answer")
	if err := os.MkdirAll(filepath.Join(blocked, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := w.keeper().Forget(t.Context(), org); err == nil {
		t.Fatal("the journal kept its entry, and nobody said so")
	}
	if last := w.org(org.Key).Last; last == nil || last.Failure == nil || last.Failure.Problem != tokens.ProblemHalfForgotten {
		t.Errorf("its last refresh is %+v", last)
	}
	if err := os.RemoveAll(blocked); err != nil {
		t.Fatal(err)
	}
	if err := w.keeper().Forget(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	w.isGone(org)
}

func TestChangesOfAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, _ := w.login("one", true)
	two, _ := w.login("two", true)
	k := w.keeper()
	if _, err := k.Rename(t.Context(), one, "two"); !errors.Is(err, ledger.ErrAliasTaken) || !strings.Contains(err.Error(), "one") {
		t.Errorf("an alias of another: %v", err)
	}
	if _, err := k.Rename(t.Context(), one, "-x"); !errors.Is(err, tokens.ErrAlias) {
		t.Errorf("no alias: %v", err)
	}
	renamed, err := k.Rename(t.Context(), one, "uno")
	if err != nil || renamed.Alias != "uno" {
		t.Errorf("%+v, %v", renamed, err)
	}
	orgs, err := k.Retag(t.Context(), []tokens.Org{one, two}, tokens.TagChange{Add: []string{"acme"}})
	if err != nil || len(orgs) != 2 || !slices.Equal(orgs[1].Tags, []string{"acme"}) {
		t.Errorf("%+v, %v", orgs, err)
	}
	if orgs, err = k.SetFavourite(t.Context(), []tokens.Org{two}, true); err != nil || !orgs[0].Favourite {
		t.Errorf("%+v, %v", orgs, err)
	}
	wantOutcome(t, refresh(t, k.Refresh(t.Context(), orgs)), tokens.OutcomeRefreshed)
	_, secrets := w.fresh("two", "another.refresh")
	secrets.IssuedAt = now.Add(time.Hour)
	if _, added, err := k.Add(t.Context(), two, secrets); err != nil || added != keeper.AddedUpdated {
		t.Fatalf("%s, %v", added, err)
	}
	if got := w.org(two.Key); !got.Favourite || !slices.Equal(got.Tags, []string{"acme"}) {
		t.Errorf("after a refresh and an import: %+v", got)
	}
}
