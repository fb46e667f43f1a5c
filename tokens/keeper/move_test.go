package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
)

// life is the calls of a process until it is killed; what comes after them does
// not happen.
type life struct {
	mu    sync.Mutex
	calls int
	most  int // 0: no end
}

var errKilled = &keychain.Error{Keychain: "mortal", Kind: keychain.ErrUnavailable, Detail: "killed"}

func (l *life) spend() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls++; l.most > 0 && l.calls >= l.most {
		return errKilled
	}
	return nil
}

func (l *life) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.most > 0 && l.calls >= l.most
}

// shelf is a store that knows what it has.
type shelf struct {
	keychain.Store
	items map[string]string
}

func newShelf(limit int) *shelf {
	return &shelf{Store: keychain.MemoryLimited(limit), items: map[string]string{}}
}

// mortal is a store as a process with one life sees it.
type mortal struct {
	*shelf
	life *life
}

func (m mortal) Get(ctx context.Context, account string) (string, error) {
	if err := m.life.spend(); err != nil {
		return "", err
	}
	return m.Store.Get(ctx, account)
}

func (m mortal) Set(ctx context.Context, account, value string) error {
	if err := m.life.spend(); err != nil {
		return err
	}
	m.items[account] = value
	return m.Store.Set(ctx, account, value)
}

func (m mortal) Delete(ctx context.Context, account string) error {
	if err := m.life.spend(); err != nil {
		return err
	}
	delete(m.items, account)
	return m.Store.Delete(ctx, account)
}

// house has two stores, one of them in use.
type house struct {
	t      *testing.T
	ledger *ledger.Ledger
	folder string
	stores [2]*shelf
	inUse  int
}

func newHouse(t *testing.T, limits ...int) *house {
	t.Helper()
	l, err := ledger.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return &house{t: t, ledger: l, folder: t.TempDir(), stores: [2]*shelf{newShelf(limits[0]), newShelf(limits[1])}}
}

func (h *house) journal(n int) *journal.Journal {
	return journal.Open(filepath.Join(h.folder, "journal"+string(rune('0'+n))))
}

// keeper returns a keeper of a store, in a process with a life of its own.
func (h *house) keeper(n int, l *life) *keeper.Keeper {
	return keeper.New(keeper.Options{
		Store: mortal{h.stores[n], l}, JournalKey: keychain.Memory(), Ledger: h.ledger, Journal: h.journal(n),
		Clock: tokens.StillClock(now), Limits: tokens.DefaultLimits(), Locks: filepath.Join(h.folder, "locks"), Trigger: "command",
	})
}

// add saves a login of a generation's age in the store in use.
func (h *house) add(name string, age int, access, clientSecret string) tokens.Org {
	h.t.Helper()
	org, secrets := h.login(name, age, access, clientSecret)
	saved, _, err := h.keeper(h.inUse, &life{}).Add(h.t.Context(), org, secrets)
	if err != nil {
		h.t.Fatal(err)
	}
	return saved
}

func (h *house) login(name string, age int, access, clientSecret string) (tokens.Org, tokens.Secrets) {
	h.t.Helper()
	key, err := tokens.NewKey("00D41000000F8A0", "005410000031xAA", name)
	if err != nil {
		h.t.Fatal(err)
	}
	secrets := tokens.Secrets{
		AccessToken: tokens.NewSecret(access), RefreshToken: tokens.NewSecret(name + ".refresh." + string(rune('a'+age))),
		ClientSecret: tokens.NewSecret(clientSecret), InstanceURL: "https://acme.example", IssuedAt: now.Add(time.Duration(age) * time.Hour),
	}
	return tokens.Org{
		Key: key, Alias: name, OrgID: "00D41000000F8A0EAK", UserID: "005410000031xAAAAY", ClientID: name, InstanceURL: secrets.InstanceURL,
	}, secrets
}

// move moves from store n to the other one, as the command does.
func (h *house) move(from int, l *life) (int, error) {
	to := 1 - from
	return h.keeper(from, l).Move(h.t.Context(), keeper.Move{
		To: mortal{h.stores[to], l}, Journal: h.journal(to), InUse: h.inUse == to,
		Commit: func() error {
			if err := l.spend(); err != nil {
				return err
			}
			h.inUse = to
			return l.spend() // or killed right after it
		},
	})
}

// has makes sure that the store has the login whole.
func (h *house) has(n int, org tokens.Org, want tokens.Secrets) {
	h.t.Helper()
	got, err := h.keeper(n, &life{}).Secrets(h.t.Context(), org.Key)
	if err != nil || !got.RefreshToken.Equal(want.RefreshToken) || !got.AccessToken.Equal(want.AccessToken) || !got.ClientSecret.Equal(want.ClientSecret) {
		h.t.Errorf("store %d has %s as %+v, %v", n, org.Alias, got, err)
	}
}

// longAccess is an access token that no store of the tests keeps in one item.
var longAccess = "00D41!" + strings.Repeat("jwt.", 500)

// A move that is killed before any of its calls leaves the store in use whole,
// whatever is done with it afterwards; run again, the move ends the work.
func TestAMoveCanBeKilledAnywhere(t *testing.T) {
	t.Parallel()
	meanwhile := map[string]func(h *house) tokens.Secrets{
		"nothing": func(h *house) tokens.Secrets { _, s := h.login("acme", 0, longAccess, ""); return s },
		"renewed": func(h *house) tokens.Secrets {
			h.add("acme", 1, longAccess+"new", "")
			_, s := h.login("acme", 1, longAccess+"new", "")
			return s
		},
		"client secret": func(h *house) tokens.Secrets {
			h.add("acme", -1, "older", "hunter2") // the saved tokens are newer and stay
			_, s := h.login("acme", 0, longAccess, "hunter2")
			return s
		},
	}
	for name, change := range meanwhile {
		for _, limits := range [][]int{{0, 700}, {700, 0}} {
			t.Run(fmt.Sprint(name, limits), func(t *testing.T) {
				t.Parallel()
				for n := 1; killedAt(t, n, limits, change); n++ {
					if t.Failed() {
						t.Fatalf("killed at call %d", n)
					}
				}
			})
		}
	}
}

// killedAt reports whether a move has as many as n calls.
func killedAt(t *testing.T, n int, limits []int, change func(*house) tokens.Secrets) bool {
	t.Helper()
	h := newHouse(t, limits...)
	acme, globex := h.add("acme", 0, longAccess, ""), h.add("globex", 0, "short", "")
	_, first := h.login("acme", 0, longAccess, "")
	_, other := h.login("globex", 0, "short", "")
	l := &life{most: n}
	if _, err := h.move(0, l); !l.over() {
		if err != nil {
			t.Errorf("a move that was not killed: %v", err)
		}
		return false
	}
	h.has(h.inUse, acme, first)
	h.has(h.inUse, globex, other)
	want := change(h)
	h.has(h.inUse, acme, want)
	if _, err := h.move(0, &life{}); err != nil {
		t.Errorf("going on: %v", err)
	}
	h.has(1, acme, want)
	h.has(1, globex, other)
	if left := h.stores[0].items; len(left) != 0 || h.inUse != 1 {
		t.Errorf("left in the old store: %v", slices.Collect(maps.Keys(left)))
	}
	return true
}

func TestAMoveThereAndBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 700, 0)
	acme := h.add("acme", 0, longAccess, "hunter2")
	_, want := h.login("acme", 0, longAccess, "hunter2")
	for from := range 2 {
		if n, err := h.move(from, &life{}); n != 1 || err != nil {
			t.Fatalf("moved %d, %v", n, err)
		}
		h.has(1-from, acme, want)
		if n, err := h.move(from, &life{}); n != 0 || err != nil {
			t.Errorf("once more: moved %d, %v", n, err)
		}
	}
}

func TestAMoveWaitsForTheLocksOfAllOrgs(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0, 0)
	acme, globex := h.add("acme", 0, "a", ""), h.add("globex", 0, "b", "")
	for _, org := range []tokens.Org{acme, globex} {
		lock := flock.New(filepath.Join(h.folder, "locks", string(org.Key)+".lock"))
		if got, err := lock.TryLock(); !got || err != nil {
			t.Fatal(got, err)
		}
		_, err := h.keeper(0, &life{}).Move(t.Context(), keeper.Move{
			To: h.stores[1], Journal: h.journal(1), Wait: 50 * time.Millisecond, Commit: func() error { return nil },
		})
		if !errors.Is(err, keeper.ErrMoveBusy) || !strings.HasPrefix(err.Error(), org.Alias+": ") || len(h.stores[1].items) != 0 {
			t.Errorf("with %s busy: %v", org.Alias, err)
		}
		if err := lock.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := h.move(0, &life{}); n != 2 || err != nil {
		t.Errorf("moved %d, %v", n, err)
	}
}

func TestAMoveTakesWhatWaitsInTheJournalOrIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0, 0)
	acme := h.add("acme", 0, "a", "")
	damaged := filepath.Join(h.folder, "journal0", string(acme.Key)+".answer")
	if err := os.MkdirAll(filepath.Dir(damaged), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(damaged, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.move(0, &life{}); !errors.Is(err, keeper.ErrMoveWaiting) || !strings.HasPrefix(err.Error(), "acme: ") || h.inUse != 0 {
		t.Fatalf("with an entry in the journal that cannot be read: %v", err)
	}
	// One that can be read goes into the store, and moves with the rest.
	keys := keychain.Memory()
	identity, err := journal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Set(t.Context(), "journal.identity", identity.Reveal()); err != nil {
		t.Fatal(err)
	}
	j := h.journal(0)
	if err := j.Unlock(identity); err != nil {
		t.Fatal(err)
	}
	_, next := h.login("acme", 1, "answered", "")
	next.Generation = acme.Generation + 1
	if err := j.Keep(acme.Key, next); err != nil {
		t.Fatal(err)
	}
	k := keeper.New(keeper.Options{
		Store: mortal{h.stores[0], &life{}}, JournalKey: keys, Ledger: h.ledger, Journal: h.journal(0),
		Clock: tokens.StillClock(now), Limits: tokens.DefaultLimits(), Locks: filepath.Join(h.folder, "locks"), Trigger: "command",
	})
	if _, err := k.Move(t.Context(), keeper.Move{To: mortal{h.stores[1], &life{}}, Journal: h.journal(1), Commit: func() error { return nil }}); err != nil {
		t.Fatal(err)
	}
	h.has(1, acme, next)
}

// What nobody knows about a refresh token is not known after a move either.
func TestAMoveTakesTheIntentsAlong(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0, 0)
	acme, globex, hooli := h.add("acme", 0, "a", ""), h.add("globex", 0, "b", ""), h.add("hooli", 0, "c", "")
	begin := func(org tokens.Org, fingerprint string) {
		if err := h.journal(0).Begin(org.Key, journal.Intent{Generation: 1, Fingerprint: fingerprint, Started: now}); err != nil {
			t.Fatal(err)
		}
	}
	_, secrets := h.login("acme", 0, "a", "")
	begin(acme, secrets.RefreshToken.Fingerprint())
	begin(globex, "00000000") // about a refresh token that has been replaced since
	begin(hooli, "")          // damaged: it may be about any
	if _, err := h.move(0, &life{}); err != nil {
		t.Fatal(err)
	}
	for _, org := range []tokens.Org{acme, globex, hooli} {
		there, err := h.journal(1).Intent(org.Key)
		if err != nil || (there != nil) != (org.Alias != "globex") {
			t.Errorf("%s: %+v, %v", org.Alias, there, err)
		}
		if here, err := h.journal(0).Intent(org.Key); here != nil || err != nil {
			t.Errorf("%s: left in the old journal: %+v, %v", org.Alias, here, err)
		}
	}
}

// An item that this orgkeep cannot read moves as it is, and is the older one
// wherever there is another.
func TestAMoveOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	const newer = `{"v":2,"gen":9}`
	h := newHouse(t, 0, 0)
	acme, globex := h.add("acme", 0, "a", ""), h.add("globex", 0, "b", "")
	put := func(n int, org tokens.Org) {
		if err := h.stores[n].Set(t.Context(), string(org.Key), newer); err != nil {
			t.Fatal(err)
		}
	}
	put(0, acme)
	put(1, globex)
	if n, err := h.move(0, &life{}); n != 2 || err != nil {
		t.Fatalf("moved %d, %v", n, err)
	}
	if got, err := h.stores[1].Get(t.Context(), string(acme.Key)); got != newer || err != nil {
		t.Errorf("moved as %q, %v", got, err)
	}
	_, want := h.login("globex", 0, "b", "")
	h.has(1, globex, want)
}
