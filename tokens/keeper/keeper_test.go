package keeper_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

var now = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// world is what one test's keepers share: an endpoint, a keychain, a ledger, a
// journal and the lock files.
type world struct {
	t        *testing.T
	endpoint *endpoint
	store    *brittle
	ledger   *ledger.Ledger
	folder   string
	limit    time.Duration // of a request
}

func newWorld(t *testing.T) *world {
	t.Helper()
	l, err := ledger.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return &world{t: t, endpoint: newEndpoint(t), store: &brittle{Store: keychain.Memory()}, ledger: l, folder: t.TempDir(), limit: 10 * time.Second}
}

// keeper returns a keeper as a process that has just started has it.
func (w *world) keeper() *keeper.Keeper { return w.keeperWith(4) }

func (w *world) keeperWith(pool int) *keeper.Keeper {
	k := keeper.New(keeper.Options{
		Store: w.store, Ledger: w.ledger, Journal: journal.Open(filepath.Join(w.folder, "journal")),
		Endpoint: salesforce.New(salesforce.Options{Whole: w.limit}), Clock: tokens.StillClock(now), Limits: tokens.DefaultLimits(),
		Locks: filepath.Join(w.folder, "locks"), Pool: pool, Trigger: "command", Pause: func(int) time.Duration { return time.Millisecond },
	})
	w.t.Cleanup(func() { k.Drain(context.Background()) })
	return k
}

// login is an org saved with its first tokens.
func (w *world) login(name string, rotates bool) (tokens.Org, string) {
	w.t.Helper()
	first := w.endpoint.grant(name, rotates)
	org, secrets := w.fresh(name, first)
	saved, added, err := w.keeper().Add(w.t.Context(), org, secrets)
	if err != nil || added != keeper.AddedNew {
		w.t.Fatalf("adding %s: %s, %v", name, added, err)
	}
	return saved, first
}

func (w *world) fresh(name, refresh string) (tokens.Org, tokens.Secrets) {
	w.t.Helper()
	key, err := tokens.NewKey("00D41000000F8A0", "005410000031xAA", name)
	if err != nil {
		w.t.Fatal(err)
	}
	secrets := tokens.Secrets{
		AccessToken: tokens.NewSecret("00Dxx!" + name + ".access.0"), RefreshToken: tokens.NewSecret(refresh),
		InstanceURL: w.endpoint.URL, IssuedAt: now.Add(-3 * time.Hour), RefreshUsedAt: now.Add(-3 * time.Hour),
	}
	org := tokens.Org{Key: key, Alias: name, OrgID: "00D41000000F8A0EAK", UserID: "005410000031xAAAAY", ClientID: name, InstanceURL: w.endpoint.URL}
	return org.Holding(secrets), secrets
}

// saved reads what the keychain has.
func (w *world) saved(key tokens.Key) tokens.Secrets {
	w.t.Helper()
	text, err := w.store.Store.Get(w.t.Context(), string(key))
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := tokens.ParseSecrets(text)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// isCurrent makes sure that the keychain has the refresh token that the server
// would take, and that the login is not revoked.
func (w *world) isCurrent(org tokens.Org, first string) {
	w.t.Helper()
	want, revoked := w.endpoint.current(first)
	if got := w.saved(org.Key).RefreshToken.Reveal(); got != want || revoked {
		w.t.Errorf("%s: the keychain has %s, the server %s (revoked: %v)", org.Alias, got, want, revoked)
	}
}

// refresh runs one refresh to its end.
func refresh(t *testing.T, events <-chan keeper.Event) keeper.Result {
	t.Helper()
	var last *keeper.Result
	for e := range events {
		if e.Result != nil {
			last = e.Result
		}
	}
	if last == nil {
		t.Fatal("a refresh without a result")
	}
	return *last
}

func (w *world) org(key tokens.Key) tokens.Org {
	w.t.Helper()
	orgs, err := w.keeper().Orgs(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, org := range orgs {
		if org.Key == key {
			return org
		}
	}
	w.t.Fatalf("no org %s", key)
	return tokens.Org{}
}

func wantOutcome(t *testing.T, r keeper.Result, want tokens.Outcome) {
	t.Helper()
	if r.Attempt.Outcome != want {
		t.Fatalf("the outcome is %s (%v), not %s", r.Attempt.Outcome, r.Attempt.Failure, want)
	}
}

// brittle is a keychain in memory whose n-th call fails.
type brittle struct {
	keychain.Store

	mu    sync.Mutex
	calls int
	fails func(n int) bool // nil: none
	limit int
	// refuses says of which accounts nothing is taken; nil: of none.
	refuses func(account string) bool
}

var errBrittle = &keychain.Error{Keychain: "brittle", Kind: keychain.ErrUnavailable, Detail: "made to fail"}

func (b *brittle) call() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.fails != nil && b.fails(b.calls) {
		return errBrittle
	}
	return nil
}

// failing sets which calls fail, counted from now.
func (b *brittle) failing(fails func(n int) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls, b.fails = 0, fails
}

func (b *brittle) Limit() int { return b.limit }

func (b *brittle) Get(ctx context.Context, account string) (string, error) {
	if err := b.call(); err != nil {
		return "", err
	}
	return b.Store.Get(ctx, account)
}

func (b *brittle) Set(ctx context.Context, account, value string) error {
	if err := b.call(); err != nil {
		return err
	}
	if b.refuses != nil && b.refuses(account) {
		return errBrittle
	}
	if b.limit > 0 && len(value) > b.limit {
		return &keychain.Error{Keychain: "brittle", Kind: keychain.ErrTooBig}
	}
	return b.Store.Set(ctx, account, value)
}

func (b *brittle) Delete(ctx context.Context, account string) error {
	if err := b.call(); err != nil {
		return err
	}
	return b.Store.Delete(ctx, account)
}

func TestTheNewRefreshTokenIsKeptAndTheOldOneOnlyWhereNoneCame(t *testing.T) {
	t.Parallel()
	for _, rotates := range []bool{true, false} {
		w := newWorld(t)
		org, first := w.login("acme", rotates)
		k := w.keeper()
		for n := range 3 {
			r := refresh(t, k.Refresh(t.Context(), []tokens.Org{org}))
			wantOutcome(t, r, tokens.OutcomeRefreshed)
			if r.Attempt.Rotated != rotates || r.Attempt.Tries != 1 || r.Held != keeper.HeldNowhere || r.Warning != nil {
				t.Errorf("refresh %d: %+v", n, r)
			}
			w.isCurrent(org, first)
			if org = r.Org; org.Rotates != map[bool]tokens.Rotation{true: tokens.RotationYes, false: tokens.RotationNo}[rotates] {
				t.Errorf("rotates is %s", org.Rotates)
			}
		}
		if got := w.org(org.Key); got.Generation != 4 || !got.IssuedAt.Equal(org.IssuedAt) || got.Last.Outcome != tokens.OutcomeRefreshed {
			t.Errorf("the ledger has %+v", got)
		}
		whole, err := k.Whole(t.Context(), org.Key)
		if err != nil {
			t.Fatal(err)
		}
		answer := tokens.LastAnswer(whole)
		if !strings.HasPrefix(answer, "HTTP 200\nContent-Type: application/json\n") || !strings.Contains(answer, `"access_token":"[masked]"`) ||
			!strings.Contains(answer, `"issued_at":"1795424403000"`) || strings.Contains(answer, `"refresh_token":"[masked]"`) != rotates {
			t.Errorf("the last answer is %q", answer)
		}
		if tokens.LeaksAny(answer, w.saved(org.Key).AccessToken, w.saved(org.Key).RefreshToken) || org.Last.Answer != "" {
			t.Errorf("a token is in it, or the list carries it: %q", answer)
		}
		if entries, err := journal.Open(filepath.Join(w.folder, "journal")).Entries(); err != nil || len(entries) != 0 {
			t.Errorf("the journal still has %v, %v", entries, err)
		}
	}
}

func TestARefusalDeletesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	before := w.saved(org.Key)
	w.endpoint.does(func(_ int, rw http.ResponseWriter, _ func()) {
		refuse(rw, "inactive user")
	})
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if f := r.Attempt.Failure; f.HTTPStatus != 400 || f.Code != "invalid_grant" || f.Description != "inactive user" {
		t.Errorf("the failure is %+v", f)
	}
	if got := w.saved(org.Key); !got.RefreshToken.Equal(before.RefreshToken) || !got.AccessToken.Equal(before.AccessToken) {
		t.Error("the saved tokens changed")
	}
	w.endpoint.does(nil)
	r = refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{r.Org}))
	wantOutcome(t, r, tokens.OutcomeRefreshed)
	w.isCurrent(org, first)
}

func TestAnotherProcessWasFaster(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	wantOutcome(t, refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})), tokens.OutcomeRefreshed)
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org})) // as it was seen before
	wantOutcome(t, r, tokens.OutcomeAdopted)
	if w.endpoint.sent() != 1 || r.Org.Generation != 2 || r.Attempt.Tries != 0 {
		t.Errorf("%d requests, %+v", w.endpoint.sent(), r)
	}
	w.isCurrent(org, first)
}

func TestManyAtOnceKeepToThePoolAndLoseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const orgs, pool, rounds = 12, 3, 4
	var all []tokens.Org
	firsts := map[tokens.Key]string{}
	for n := range orgs {
		org, first := w.login(string(rune('a'+n))+"-org", true)
		all = append(all, org)
		firsts[org.Key] = first
	}
	var keepers sync.WaitGroup
	for range 3 {
		keepers.Go(func() {
			k := w.keeperWith(pool)
			for range rounds {
				for e := range k.Refresh(t.Context(), all) {
					if e.Result != nil && e.Result.Attempt.Outcome != tokens.OutcomeRefreshed && e.Result.Attempt.Outcome != tokens.OutcomeAdopted {
						t.Errorf("%s: %v", e.Result.Org.Alias, e.Result.Attempt.Failure)
					}
				}
			}
		})
	}
	keepers.Wait()
	for _, org := range all {
		w.isCurrent(org, firsts[org.Key])
	}
	if w.endpoint.busiest > 3*pool {
		t.Errorf("%d requests at once from three keepers with a pool of %d", w.endpoint.busiest, pool)
	}
}

func TestCancelBeforeSendingChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := refresh(t, w.keeper().Refresh(ctx, []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeCancelled)
	if w.endpoint.sent() != 0 || w.org(org.Key).Last != nil {
		t.Error("something was sent or recorded")
	}
	w.isCurrent(org, first)
}

func TestCancelAfterSendingFinishesAndSaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, first := w.login("acme", true)
	ctx, cancel := context.WithCancel(t.Context())
	w.endpoint.does(func(_ int, _ http.ResponseWriter, answer func()) {
		cancel()
		answer()
	})
	r := refresh(t, w.keeper().Refresh(ctx, []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeRefreshed)
	w.isCurrent(org, first)
}

func TestCancelWhileWaitingForTheLock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	arrived, goOn := make(chan struct{}), make(chan struct{})
	w.endpoint.does(func(_ int, _ http.ResponseWriter, answer func()) {
		close(arrived)
		<-goOn
		answer()
	})
	first := w.keeper().Refresh(t.Context(), []tokens.Org{org})
	<-arrived
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	second := w.keeper().Refresh(ctx, []tokens.Org{org})
	for e := range second {
		if e.Step == tokens.StepLocking {
			cancel()
		}
		if e.Result != nil {
			wantOutcome(t, *e.Result, tokens.OutcomeCancelled)
		}
	}
	close(goOn)
	wantOutcome(t, refresh(t, first), tokens.OutcomeRefreshed)
}

func TestNoItemInTheKeychain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	if err := w.store.Delete(t.Context(), string(org.Key)); err != nil {
		t.Fatal(err)
	}
	r := refresh(t, w.keeper().Refresh(t.Context(), []tokens.Org{org}))
	wantOutcome(t, r, tokens.OutcomeFailed)
	if !errors.Is(r.Attempt.Failure, keychain.ErrNotFound) || w.endpoint.sent() != 0 {
		t.Errorf("the failure is %+v", r.Attempt.Failure)
	}
}

func TestTestAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("acme", true)
	if got, err := w.keeper().TestAccess(t.Context(), org); err != nil || got.Username != "ada@acme.example" || w.org(org.Key).Username != got.Username {
		t.Errorf("%+v, %v", got, err)
	}
	w.endpoint.accessOK = false
	got, err := w.keeper().TestAccess(t.Context(), org)
	if f, ok := errors.AsType[*tokens.Failure](err); !ok || f.HTTPStatus != 403 {
		t.Errorf("%v", err)
	}
	w.overBy(org.Key, got)
}
