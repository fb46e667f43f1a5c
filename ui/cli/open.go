package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/adrg/xdg"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
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
}

// openAll puts the real parts together. It asks nothing of the keychain. The
// caller calls done at the end.
func (s *session) openAll(ctx context.Context, d duty) (k *keeper.Keeper, done func(), err error) {
	state, err := s.stateFolder()
	if err != nil {
		return nil, nil, err
	}
	l, done, err := s.openLedger(ctx)
	if err != nil {
		return nil, nil, err
	}
	return keeper.New(keeper.Options{
		Store:      s.Keychain("orgkeep"),
		JournalKey: s.Keychain("orgkeep-journal"),
		Ledger:     l,
		Endpoint:   salesforce.New(salesforce.Options{Whole: d.whole, Clock: s.Clock}),
		Clock:      s.Clock,
		Limits:     tokens.DefaultLimits(),
		Journal:    journal.Open(filepath.Join(state, "journal")),
		Locks:      filepath.Join(state, "locks"),
		Pool:       d.pool,
		Trigger:    cmp.Or(d.trigger, "command"),
	}), done, nil
}

// requireKeychain makes sure that the keychain can be used before anything is
// asked of a person or sent. Where it would only have to ask for its password
// and somebody is there to answer, the context it returns lets it ask.
func (s *session) requireKeychain(ctx context.Context, k *keeper.Keeper) (context.Context, error) {
	err := k.ProbeStore(ctx)
	if err == nil {
		return ctx, nil
	}
	var problem *keychain.Error
	if !errors.As(err, &problem) {
		return ctx, &exit{code: exitUnusable, err: err}
	}
	if problem.Ask && s.someoneThere() {
		s.say("%s is locked and may ask for its password.", k.StoreName())
		return keychain.Interactive(ctx), nil
	}
	return ctx, &exit{code: exitUnusable, err: unusable(problem)}
}

// unusable says which keychain was tried, what is wrong and what to do.
func unusable(problem *keychain.Error) error {
	text := fmt.Sprintf("%s: %v", problem.Keychain, problem.Kind)
	if problem.Detail != "" {
		text += " (" + problem.Detail + ")"
	}
	text += "; nothing was saved or sent"
	if problem.Remedy != "" {
		text += "; " + problem.Remedy
	}
	return errors.New(text + "; orgkeep list and orgkeep demo work without it")
}
