// Package keeper holds the use cases: list, add, refresh one, refresh many,
// test an access token. It owns the refresh protocol, and is the only room that
// brings the keychain, the journal and the ledger together.
package keeper

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

// Options are the parts a Keeper works with. All are needed but Locks, Pool, Pause,
// Partner and Log.
type Options struct {
	Store keychain.Store
	// JournalKey is where the key of the journal rests, apart from the logins;
	// Store when nil.
	JournalKey keychain.Store
	Ledger     *ledger.Ledger
	Journal    *journal.Journal
	Endpoint   *salesforce.Client
	Clock      tokens.Clock
	Limits     tokens.Limits
	// Locks is the folder of the lock files that keep processes apart; empty
	// for a keeper whose store no other process can reach.
	Locks string
	// Pool is how many refreshes may run at once; 4 when zero.
	Pool int
	// Trigger names who asks, for history: "screen" or "command". A sign-in and a
	// watch are named by themselves.
	Trigger string
	// Pause is how long to wait before try number n (from 2) of a refresh that
	// may be tried again; nil for the usual backoff with jitter.
	Pause func(n int) time.Duration
	// Partner is the program that shared orgs are shared with; without one they
	// are not refreshed.
	Partner Partner
	// Log is told what was done to which org and how it ended, never a secret and
	// never a body; nil for none.
	Log *slog.Logger
}

// Keeper carries out the use cases. It is safe for concurrent use.
type Keeper struct {
	store    keychain.Store
	keys     keychain.Store // of the journal
	ledger   *ledger.Ledger
	journal  *journal.Journal
	endpoint *salesforce.Client
	clock    tokens.Clock
	limits   tokens.Limits
	locks    *locks
	pool     chan struct{}
	trigger  string
	pause    func(n int) time.Duration
	held     *held
	hosts    *hosts
	partner  Partner
	log      *slog.Logger
	running  sync.WaitGroup
}

const defaultPool = 4

// New returns a Keeper. It touches neither keychain nor network.
func New(o Options) *Keeper {
	if o.Pool <= 0 {
		o.Pool = defaultPool
	}
	if o.JournalKey == nil {
		o.JournalKey = o.Store
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Pause == nil {
		o.Pause = backoff
	}
	return &Keeper{
		store: o.Store, keys: o.JournalKey, ledger: o.Ledger, journal: o.Journal, endpoint: o.Endpoint, clock: o.Clock, limits: o.Limits,
		locks: newLocks(o.Locks), pool: make(chan struct{}, o.Pool), trigger: o.Trigger, pause: o.Pause, held: newHeld(), hosts: newHosts(o.Ledger, o.Clock), partner: o.Partner, log: o.Log,
	}
}

// Orgs returns every saved org, by alias. It reads the ledger, and the names of
// the journal's entries: no keychain call and no network. An org whose refresh
// was cut off by a crash has that as its last one, with the outcome unknown. One
// that is held back by a pause has that as its Pause.
func (k *Keeper) Orgs(ctx context.Context) ([]tokens.Org, error) {
	orgs, err := k.ledger.Orgs(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the orgs: %w", err)
	}
	if orgs, err = k.withPauses(ctx, k.withCrashes(orgs)); err != nil {
		return nil, fmt.Errorf("listing the orgs: %w", err)
	}
	return orgs, nil
}

// Whole returns an org with the whole of its last failure; Orgs leaves long
// bodies out.
func (k *Keeper) Whole(ctx context.Context, key tokens.Key) (tokens.Org, error) {
	org, err := k.ledger.Org(ctx, key)
	if err != nil {
		return tokens.Org{}, fmt.Errorf("reading the org: %w", err)
	}
	return org, nil
}

// Backup keeps a copy of the ledger, should the file be damaged one day.
func (k *Keeper) Backup(ctx context.Context) error {
	if err := k.ledger.Backup(ctx); err != nil {
		return fmt.Errorf("copying the ledger: %w", err)
	}
	return nil
}

// Notice says what happened when the ledger was opened, for the user to know;
// empty when all was well.
func (k *Keeper) Notice() string { return k.ledger.Notice() }

// Limits returns the spans that the orgs' clocks are read against.
func (k *Keeper) Limits() tokens.Limits { return k.limits }

// Clock returns the clock that ages are counted from.
func (k *Keeper) Clock() tokens.Clock { return k.clock }

// StoreName is what the screen calls the place where the secrets rest.
func (k *Keeper) StoreName() string { return k.store.Name() }

// ProbeStore tells whether the keychain can be used now, without a prompt and
// within half a second. Errors wrap the sentinels of package keychain.
func (k *Keeper) ProbeStore(ctx context.Context) error {
	if err := k.store.Probe(ctx); err != nil {
		return fmt.Errorf("trying the keychain: %w", err)
	}
	return nil
}

// StoreOpen tells whether the store can be used now without anything being asked
// of a person, for what happens by itself. Errors wrap the sentinels of package
// keychain.
func (k *Keeper) StoreOpen(ctx context.Context) error { return k.ProbeStore(ctx) }

// Explain tells what a failure means for the saved tokens and what to do.
func (k *Keeper) Explain(f *tokens.Failure) tokens.Explanation { return salesforce.Explain(f) }

// Drain waits until every refresh has ended, and says whether all had when ctx
// ended. Call it before the process ends, having cancelled what was asked for.
func (k *Keeper) Drain(ctx context.Context) bool {
	done := make(chan struct{})
	go func() {
		k.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}
