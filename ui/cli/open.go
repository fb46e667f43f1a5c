package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/adrg/xdg"

	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
	"orgkeep/tokens/transfer"
)

// dataFolder is where the ledger is: the flag, the variable, else orgkeep's
// place in the XDG data folder.
func (s *session) dataFolder() string {
	for _, folder := range []string{s.data, s.env("ORGKEEP_DATA")} {
		if folder != "" {
			return folder
		}
	}
	return filepath.Join(xdg.DataHome, "orgkeep")
}

// openLedger opens the ledger. The caller closes it; the error of that says
// nothing that an earlier write has not said.
func (s *session) openLedger(ctx context.Context) (*ledger.Ledger, func(), error) {
	l, err := ledger.Open(ctx, filepath.Join(s.dataFolder(), "ledger.db"))
	if err != nil {
		return nil, nil, err
	}
	if notice := l.Notice(); notice != "" {
		s.say("orgkeep: %s", notice)
	}
	return l, func() { _ = l.Close() }, nil
}

// stateFolder is where the lock files and the journal are. The keychain belongs
// to the OS user, so they do too: two processes with different data folders, or
// different XDG variables, still share the refresh tokens. They must not use one
// at once, and must find the answer that the other could not bring home.
func (s *session) stateFolder() (string, error) {
	home, err := s.Home()
	if err != nil {
		return "", fmt.Errorf("finding the home folder: %w", err)
	}
	return filepath.Join(home, ".local", "state", "orgkeep"), nil
}

// duty is what a keeper is opened for.
type duty struct {
	trigger string        // "command" unless it says another
	pool    int           // refreshes at once; zero for the usual number
	whole   time.Duration // the limit of a request; zero for the usual one
	looks   bool          // reads what is not secret, and so may go on while tokens are moved
}

// opened is the real parts put together, for one run.
type opened struct {
	*keeper.Keeper
	place  *place
	ledger *ledger.Ledger
}

// openAll puts the real parts together. It asks nothing of the store. The
// caller calls done at the end; until then nobody can move the tokens away.
func (s *session) openAll(ctx context.Context, d duty) (o *opened, done func(), err error) {
	state, err := s.stateFolder()
	if err != nil {
		return nil, nil, err
	}
	l, closeLedger, err := s.openLedger(ctx)
	if err != nil {
		return nil, nil, err
	}
	done = closeLedger
	if !d.looks {
		free, err := s.lockChoice(ctx, false)
		if err != nil {
			done()
			return nil, nil, err
		}
		done = func() {
			free()
			closeLedger()
		}
	}
	c, err := s.chosen()
	if err != nil {
		done()
		return nil, nil, err
	}
	p := s.at(c, state)
	return &opened{Keeper: s.keeperAt(p, l, state, d), place: p, ledger: l}, done, nil
}

// keeperAt returns the keeper of a store.
func (s *session) keeperAt(p *place, l *ledger.Ledger, state string, d duty) *keeper.Keeper {
	return keeper.New(keeper.Options{
		Store:      p.secrets,
		JournalKey: p.keys,
		Ledger:     l,
		Endpoint:   salesforce.New(salesforce.Options{TLS: s.tls, Whole: d.whole, Clock: s.Clock}),
		Clock:      s.Clock,
		Limits:     s.settings.Limits(),
		Journal:    journal.Open(p.journal),
		Locks:      filepath.Join(state, "locks"),
		Pool:       d.pool,
		Partner:    transfer.SFShare{Keyring: s.salesforceKey},
		Trigger:    cmp.Or(d.trigger, "command"),
		Log:        s.log,
	})
}
