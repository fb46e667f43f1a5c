package keeper

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
)

// Move is what Keeper.Move is told. To, Journal and Commit are needed.
type Move struct {
	To keychain.Store
	// Journal is the one that keepers of To use. It takes over the intents of
	// refreshes whose outcome is unknown.
	Journal *journal.Journal
	// InUse says that To is the store in use already: an earlier move was
	// interrupted after its Commit, or there is a stray item in the other store.
	InUse bool
	// Commit writes down that To is the store in use from now on. It is called
	// when To has everything and nothing has been deleted.
	Commit func() error
	// Progress, if set, is told of each step done with an org.
	Progress func(step keychain.MoveStep, alias string)
	// Wait is how long refreshes under way are waited for; 20 s when zero.
	Wait time.Duration
}

const moveWait = 20 * time.Second

var (
	// ErrMoveBusy means that another process was busy with an org all the time
	// that Move waits.
	ErrMoveBusy = errors.New("another orgkeep is busy with it; nothing was moved, try again when that has ended")
	// ErrMoveWaiting means that new tokens of an org are in the journal and do
	// not get from there into the store.
	ErrMoveWaiting = errors.New("its new tokens are still in the journal; nothing was moved")
)

// Move takes the tokens of every org in the ledger from the keeper's store to
// another one: copies all, verifies all, commits, and only then deletes. Where
// both stores have an org the newer generation stays, and of two equal ones
// that of the store in use. It returns how many orgs were found in the keeper's
// store.
//
// It may be interrupted anywhere, and ends the work when it is called again.
// The locks of all orgs are held meanwhile. Errors name the org and wrap
// ErrMoveBusy, ErrMoveWaiting, or those of the stores, the ledger and Commit.
func (k *Keeper) Move(ctx context.Context, m Move) (moved int, err error) {
	orgs, err := k.ledger.Orgs(ctx)
	if err != nil {
		return 0, fmt.Errorf("listing the orgs: %w", err)
	}
	if _, _, err := k.Recover(ctx); err != nil {
		return 0, err
	}
	unlock, err := k.lockAll(ctx, orgs, m)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if err := k.noneWaiting(orgs); err != nil {
		return 0, err
	}
	from, to := newWhole(k), newWhole(&Keeper{store: m.To})
	inUse := from
	if m.InUse {
		inUse = to
	}
	aliases := map[string]string{}
	accounts := make([]string, len(orgs))
	for i, org := range orgs {
		accounts[i] = string(org.Key)
		aliases[accounts[i]] = org.Alias
	}
	err = keychain.Move{
		From: from, To: to, Accounts: accounts, Newer: inUse.newer,
		Commit: func() error {
			if err := k.carryIntents(ctx, to.keeper, orgs, m.Journal); err != nil {
				return err
			}
			return m.Commit()
		},
		Progress: func(step keychain.MoveStep, account string) {
			if m.Progress != nil && from.found[account] {
				m.Progress(step, aliases[account])
			}
		},
	}.Run(ctx)
	if err != nil {
		return len(from.found), named(err, aliases)
	}
	return len(from.found), k.forgetIntents(orgs)
}

// named puts the alias before an error that names the account.
func named(err error, aliases map[string]string) error {
	for account, alias := range aliases {
		if strings.Contains(err.Error(), account) {
			return fmt.Errorf("%s: %w", alias, err)
		}
	}
	return err
}

// lockAll takes the locks of all orgs or of none. They are given back once no
// call of either store is under way.
func (k *Keeper) lockAll(ctx context.Context, orgs []tokens.Org, m Move) (unlock func(), err error) {
	if m.Wait <= 0 {
		m.Wait = moveWait
	}
	short, cancel := context.WithTimeout(ctx, m.Wait)
	defer cancel()
	// In one order, so that two moves do not wait for each other.
	orgs = slices.SortedFunc(slices.Values(orgs), func(a, b tokens.Org) int { return strings.Compare(string(a.Key), string(b.Key)) })
	var locked []func()
	unlock = func() {
		for _, one := range locked {
			one()
		}
	}
	for _, org := range orgs {
		one, err := k.locks.lock(short, org.Key)
		if err != nil {
			unlock()
			if short.Err() != nil && ctx.Err() == nil {
				err = ErrMoveBusy
			}
			return nil, fmt.Errorf("%s: %w", org.Alias, err)
		}
		locked = append(locked, func() {
			settleFirst(k.store, string(org.Key), func() { settleFirst(m.To, string(org.Key), one) })
		})
	}
	return unlock, nil
}

// noneWaiting makes sure that the store has the newest tokens of the orgs. The
// caller holds their locks.
func (k *Keeper) noneWaiting(orgs []tokens.Org) error {
	waiting, err := k.waitingKeys()
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if slices.Contains(waiting, org.Key) {
			return fmt.Errorf("%s: %w", org.Alias, ErrMoveWaiting)
		}
	}
	return nil
}

// carryIntents copies the intents to the journal that is used with the store
// to. One that is about other tokens than to has is left: to has newer ones.
func (k *Keeper) carryIntents(ctx context.Context, to *Keeper, orgs []tokens.Org, into *journal.Journal) error {
	for _, org := range orgs {
		intent, err := k.journal.Intent(org.Key)
		if err != nil {
			return err
		}
		if intent == nil {
			continue
		}
		saved, err := to.read(ctx, org.Key)
		switch {
		case errors.Is(err, keychain.ErrNotFound):
			continue
		case err != nil && !errors.Is(err, tokens.ErrSecrets):
			return err
		case intent.Fingerprint != "" && intent.Fingerprint != saved.RefreshToken.Fingerprint():
			continue
		}
		if err := into.Begin(org.Key, *intent); err != nil {
			return err
		}
	}
	return nil
}

// forgetIntents removes the intents of orgs that have left the keeper's store.
func (k *Keeper) forgetIntents(orgs []tokens.Org) error {
	for _, org := range orgs {
		if err := k.journal.Done(org.Key); err != nil {
			return fmt.Errorf("%s: %w", org.Alias, err)
		}
	}
	return nil
}

// whole is a store as a move sees it: one value a login, whatever parts the
// store has it in.
type whole struct {
	keychain.Store
	keeper *Keeper
	last   string // what Get has returned last
	found  map[string]bool
}

func newWhole(k *Keeper) *whole { return &whole{Store: k.store, keeper: k, found: map[string]bool{}} }

// Limit returns 0: what is too long for one item is cut into parts.
func (*whole) Limit() int { return 0 }

// Get returns the secrets of a login in one line, and an item that this orgkeep
// cannot read as it is.
func (w *whole) Get(ctx context.Context, account string) (string, error) {
	s, err := w.keeper.read(ctx, tokens.Key(account))
	switch {
	case err == nil:
		w.last, err = s.Line()
	case errors.Is(err, tokens.ErrSecrets):
		w.last, err = w.Store.Get(ctx, account)
	}
	if err != nil {
		return "", err
	}
	w.found[account] = true
	return w.last, nil
}

// Set saves what Get of another whole returned.
func (w *whole) Set(ctx context.Context, account, value string) error {
	s, err := tokens.ParseSecrets(value)
	if err != nil {
		return w.Store.Set(ctx, account, value)
	}
	return w.keeper.write(ctx, tokens.Key(account), s)
}

// Delete removes a login and its parts. The parts go first and the last of them
// before the others, so that what an interrupted Delete leaves is found again.
func (w *whole) Delete(ctx context.Context, account string) error {
	key := tokens.Key(account)
	text, err := w.Store.Get(ctx, account)
	if err != nil && !errors.Is(err, keychain.ErrNotFound) {
		return err
	}
	if s, err := tokens.ParseSecrets(text); err == nil {
		for n := s.Parts - 1; n >= 0; n-- {
			if err := w.Store.Delete(ctx, partAccount(key, s.Generation, n)); err != nil && !errors.Is(err, keychain.ErrNotFound) {
				return err
			}
		}
	}
	return w.keeper.remove(ctx, key)
}

// newer says which of two different values for one login is the newer: by the
// generation, and of two equal ones that of the store in use, w. There it may
// have changed since the other was copied from it (a client secret that was
// given later). A value that cannot be read is older than any other.
func (w *whole) newer(a, b string) bool {
	if ga, gb := generationOf(a), generationOf(b); ga != gb {
		return ga > gb
	}
	return a == w.last
}

func generationOf(value string) int64 {
	s, err := tokens.ParseSecrets(value)
	if err != nil {
		return math.MinInt64
	}
	return s.Generation
}
