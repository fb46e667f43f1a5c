package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/salesforce"
	"orgkeep/tokens/transfer"
)

// cli is the Salesforce CLI's side of one login: its folder, and what a program
// that keeps to its locks does in it.
type cli struct {
	t    *testing.T
	file string
	transfer.SFShare
	fail func() error // before a write; nil: none fails
}

func (c *cli) Write(ctx context.Context, at tokens.Shared, next tokens.Secrets) error {
	if c.fail != nil {
		if err := c.fail(); err != nil {
			return err
		}
	}
	return c.SFShare.Write(ctx, at, next)
}

// has writes the tokens that the CLI has.
func (c *cli) has(refresh, access, instance string) {
	c.t.Helper()
	text := fmt.Sprintf(`{"refreshToken":%q,"accessToken":%q,"instanceUrl":%q,"orgId":"00D41000000F8A0EAK","x":1}`, refresh, access, instance)
	if err := os.WriteFile(c.file, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// refreshToken reads what the CLI would use next.
func (c *cli) refreshToken(at tokens.Shared) string {
	c.t.Helper()
	s, err := c.Read(c.t.Context(), at)
	if err != nil {
		c.t.Fatal(err)
	}
	return s.RefreshToken.Reveal()
}

// shared is an org that the CLI has too.
func (w *world) shared(mode tokens.SharedMode) (tokens.Org, string, *cli) {
	w.t.Helper()
	const name = "acme"
	home := w.t.TempDir()
	c := &cli{t: w.t, file: filepath.Join(home, name+"@mock.example.json")}
	first := w.endpoint.grant(name, true)
	org, secrets := w.fresh(name, first)
	org.Shared = tokens.Shared{Mode: mode, Home: home, Username: name + "@mock.example"}
	c.has(first, secrets.AccessToken.Reveal(), w.endpoint.URL)
	saved, _, err := w.keeper().Add(w.t.Context(), org, secrets)
	if err != nil || saved.Shared != org.Shared {
		w.t.Fatalf("%+v, %v", saved.Shared, err)
	}
	return saved, first, c
}

func (w *world) keeperSharing(p keeper.Partner) *keeper.Keeper {
	k := keeper.New(keeper.Options{
		Store: w.store, Ledger: w.ledger, Journal: journal.Open(filepath.Join(w.folder, "journal")),
		Endpoint: salesforce.New(salesforce.Options{Whole: w.limit}), Clock: tokens.StillClock(now), Limits: tokens.DefaultLimits(),
		Locks: filepath.Join(w.folder, "locks"), Trigger: "command", Pause: func(int) time.Duration { return time.Millisecond }, Partner: p,
	})
	w.t.Cleanup(func() { k.Drain(context.Background()) })
	return k
}

func TestBothHaveTheRotatedToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first, c := w.shared(tokens.SharedLocked)
	k := w.keeperSharing(c)
	for range 3 {
		// Whoever asks may have seen the org before it was shared.
		org.Shared = tokens.Shared{}
		r := refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
		if r.Attempt.Outcome != tokens.OutcomeRefreshed || r.Warning != nil {
			t.Fatalf("%+v", r)
		}
		org = r.Org
		w.isCurrent(org, first)
		if want, _ := w.endpoint.current(first); c.refreshToken(org.Shared) != want {
			t.Errorf("the CLI has %s, the server %s", c.refreshToken(org.Shared), want)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(c.file)); err != nil || len(entries) != 1 {
		t.Errorf("a lock or a half file stayed: %v, %v", entries, err)
	}
}

func TestTheLockOfTheCLIIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first, c := w.shared(tokens.SharedLocked)
	lock := c.file + ".token-rotation.lock"
	if err := os.Mkdir(lock, 0o755); err != nil { // the CLI is refreshing
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	events := w.keeperSharing(c).Refresh(ctx, []tokens.Org{org})
	for e := range events {
		if e.Step == tokens.StepReading {
			break
		}
	}
	cancel()
	if r := refresh(t, events); r.Attempt.Outcome != tokens.OutcomeCancelled || w.endpoint.sent() != 0 {
		t.Fatalf("%+v", r.Attempt)
	}
	// It has rotated meanwhile, and gives the lock back: its tokens are taken over.
	events = w.keeperSharing(c).Refresh(t.Context(), []tokens.Org{org})
	c.has("rotated by the CLI", "00Dxx!cli", w.endpoint.URL)
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	r := refresh(t, events)
	saved := w.saved(org.Key)
	if r.Attempt.Outcome != tokens.OutcomeAdopted || w.endpoint.sent() != 0 || saved.RefreshToken.Reveal() != "rotated by the CLI" ||
		saved.AccessToken.Reveal() != "00Dxx!cli" || !saved.IssuedAt.IsZero() || r.Org.Generation != saved.Generation {
		t.Errorf("%+v, %+v", r.Attempt, saved)
	}
	if _, revoked := w.endpoint.current(first); revoked {
		t.Error("the login was revoked")
	}
}

func TestAWriteBackThatFailsIsTriedAtTheNextStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first, c := w.shared(tokens.SharedLocked)
	broken := errors.New("disk full")
	c.fail = func() error { return broken }
	r := refresh(t, w.keeperSharing(c).Refresh(t.Context(), []tokens.Org{org}))
	if r.Attempt.Outcome != tokens.OutcomeRefreshed || !errors.Is(r.Warning, broken) || !r.Org.Shared.Owed || !w.org(org.Key).Shared.Owed {
		t.Fatalf("%+v, %v", r.Attempt, r.Warning)
	}
	w.isCurrent(org, first)
	if c.refreshToken(org.Shared) != first {
		t.Fatal("the CLI's file changed")
	}
	// Another refresh would put a second generation between the two: it is not sent.
	r = refresh(t, w.keeperSharing(c).Refresh(t.Context(), []tokens.Org{r.Org}))
	if f := r.Attempt.Failure; f == nil || f.Kind != tokens.FailedShared || w.endpoint.sent() != 1 || r.Attempt.Outcome != tokens.OutcomeCancelled {
		t.Fatalf("%+v", r.Attempt)
	}
	c.fail = nil
	changed, waiting, err := w.keeperSharing(c).Recover(t.Context())
	if err != nil || len(waiting) != 0 || len(changed) != 1 || changed[0].Shared.Owed {
		t.Errorf("%+v, %+v, %v", changed, waiting, err)
	}
	if want, _ := w.endpoint.current(first); c.refreshToken(org.Shared) != want || w.org(org.Key).Shared.Owed {
		t.Errorf("the CLI has %s, want %s", c.refreshToken(org.Shared), want)
	}
	if changed, _, err := w.keeperSharing(c).Recover(t.Context()); err != nil || len(changed) != 0 {
		t.Errorf("again: %v, %v", changed, err)
	}
}

// TestACrashBeforeTheWriteBack leaves everything as a crash would: the new tokens
// in the keychain, and no word anywhere that the CLI has old ones.
func TestACrashBeforeTheWriteBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first, c := w.shared(tokens.SharedLocked)
	c.fail = func() error { return errors.New("killed") }
	r := refresh(t, w.keeperSharing(c).Refresh(t.Context(), []tokens.Org{org}))
	forgotten := r.Org.Shared
	forgotten.Owed = false
	if _, err := w.ledger.SetShared(t.Context(), org.Key, forgotten); err != nil {
		t.Fatal(err)
	}
	lock := c.file + ".token-rotation.lock" // of the process that was killed
	old := time.Now().Add(-time.Minute)
	if err := errors.Join(os.Mkdir(lock, 0o755), os.Chtimes(lock, old, old)); err != nil {
		t.Fatal(err)
	}
	c.fail = nil
	r = refresh(t, w.keeperSharing(c).Refresh(t.Context(), []tokens.Org{w.org(org.Key)}))
	want, revoked := w.endpoint.current(first)
	if r.Attempt.Outcome != tokens.OutcomeRefreshed || revoked || c.refreshToken(org.Shared) != want {
		t.Errorf("%+v, the CLI has %s, want %s", r.Attempt, c.refreshToken(org.Shared), want)
	}
	w.isCurrent(org, first)
}

func TestTheJournalsAnswerReachesTheCLI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first, c := w.shared(tokens.SharedLocked)
	w.keeperSharing(c) // its journal has an identity after the first refresh
	r := refresh(t, w.keeperSharing(c).Refresh(t.Context(), []tokens.Org{org}))
	w.store.failing(func(int) bool { return true })
	c.fail = func() error { return errors.New("killed") }
	k := w.keeperSharing(c)
	w.store.failing(nil)
	refused := 0
	w.endpoint.does(func(_ int, _ httpWriter, answer func()) {
		w.store.failing(func(int) bool { refused++; return true })
		answer()
	})
	r = refresh(t, k.Refresh(t.Context(), []tokens.Org{r.Org}))
	if r.Held != keeper.HeldInJournal || refused == 0 {
		t.Fatalf("%+v", r)
	}
	w.store.failing(nil)
	w.endpoint.does(nil)
	c.fail = nil
	if _, waiting, err := w.keeperSharing(c).Recover(t.Context()); err != nil || len(waiting) != 0 {
		t.Fatalf("%v, %v", waiting, err)
	}
	w.isCurrent(org, first)
	if want, _ := w.endpoint.current(first); c.refreshToken(org.Shared) != want {
		t.Errorf("the CLI has %s, want %s", c.refreshToken(org.Shared), want)
	}
}

func TestReadOnlyIsNeverSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _, c := w.shared(tokens.SharedReadOnly)
	k := w.keeperSharing(c)
	r := refresh(t, k.RefreshAnyway(t.Context(), []tokens.Org{org}))
	if f := r.Attempt.Failure; f == nil || f.Kind != tokens.FailedShared || !strings.Contains(f.Problem, keeper.ProblemReadOnly) || r.Org.Last != nil {
		t.Fatalf("%+v", r.Attempt)
	}
	if e := k.Explain(r.Attempt.Failure); !e.Known || !e.Retry {
		t.Errorf("%+v", e)
	}
	if org.Clocks(now, tokens.DefaultLimits()).Stale() {
		t.Error("it counts as stale")
	}
	before, err := os.ReadFile(c.file)
	if err != nil {
		t.Fatal(err)
	}
	c.has("rotated by the CLI", "00Dxx!cli", w.endpoint.URL)
	r = refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
	if r.Attempt.Outcome != tokens.OutcomeAdopted || w.saved(org.Key).RefreshToken.Reveal() != "rotated by the CLI" || len(before) == 0 {
		t.Errorf("%+v", r.Attempt)
	}
	if err := os.Remove(c.file); err != nil { // signed out there
		t.Fatal(err)
	}
	r = refresh(t, k.Refresh(t.Context(), []tokens.Org{r.Org}))
	if f := r.Attempt.Failure; f == nil || f.Kind != tokens.FailedShared || w.endpoint.sent() != 0 {
		t.Errorf("%+v", r.Attempt)
	}
	// Without anybody who knows the CLI's files nothing is sent either.
	if r = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{r.Org})); r.Attempt.Failure == nil || w.endpoint.sent() != 0 {
		t.Errorf("%+v", r.Attempt)
	}
}

func TestTheCLIsOlderTokensAreNotTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first, c := w.shared(tokens.SharedLocked)
	c.fail = func() error { return errors.New("no") }
	r := refresh(t, w.keeperSharing(c).Refresh(t.Context(), []tokens.Org{org}))
	old, err := c.Read(t.Context(), org.Shared) // imported again
	if err != nil {
		t.Fatal(err)
	}
	if _, added, err := w.keeper().Add(t.Context(), org, old); err != nil || added != keeper.AddedKept {
		t.Errorf("%s, %v", added, err)
	}
	w.isCurrent(org, first)
	alone, err := w.keeper().Share(t.Context(), r.Org, tokens.Shared{})
	if err != nil || alone.Shared != (tokens.Shared{}) {
		t.Errorf("%+v, %v", alone.Shared, err)
	}
}
