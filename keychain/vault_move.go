package keychain

import (
	"context"
	"errors"
	"fmt"
)

// ErrConflict is that two stores hold different values for one account, and neither is
// newer. Both are kept.
var ErrConflict = errors.New("the two stores hold different values and neither is newer")

// MoveStep is what a Move has just done with an account.
type MoveStep string

// The steps of a Move, in their order. All accounts take a step before the
// first takes the next.
const (
	MoveCopied   MoveStep = "copied"
	MoveVerified MoveStep = "verified"
	MoveDeleted  MoveStep = "deleted"
)

// Move takes values from one store to another: it copies all of them, reads all
// of them back and compares, and only then deletes the first in From.
//
// Wherever it is interrupted, each value is whole in From or in To, and the
// newer of two is never replaced or deleted for the older; running it again
// ends the work. The caller holds the locks of the accounts, so that nobody
// refreshes them meanwhile.
type Move struct {
	From, To Store
	Accounts []string
	// Newer says that the value a was stored after the value b. It is asked
	// where an account is in both stores with different values.
	Newer func(a, b string) bool
	// Commit, if set, is called once all is verified and before anything is
	// deleted: here the caller writes down that To is the store in use, so that
	// a program that starts in between finds every value. When it fails nothing
	// is deleted.
	Commit func() error
	// Progress, if set, is told of each step done.
	Progress func(step MoveStep, account string)
}

// Run does the move. Accounts that neither store has are passed over. Errors
// name the account and are those of the stores, of Commit, or wrap ErrConflict;
// the first one ends the run.
func (m Move) Run(ctx context.Context) error {
	if err := m.each(ctx, MoveCopied, m.copy); err != nil {
		return err
	}
	if err := m.each(ctx, MoveVerified, m.verify); err != nil {
		return err
	}
	if m.Commit != nil {
		if err := m.Commit(); err != nil {
			return fmt.Errorf("moving to %s: %w", m.To.Name(), err)
		}
	}
	return m.each(ctx, MoveDeleted, m.clear)
}

func (m Move) each(ctx context.Context, step MoveStep, do func(context.Context, string) error) error {
	for _, account := range m.Accounts {
		if err := do(ctx, account); err != nil {
			return fmt.Errorf("moving from %s to %s: %w", m.From.Name(), m.To.Name(), err)
		}
		if m.Progress != nil {
			m.Progress(step, account)
		}
	}
	return nil
}

// errBehind says that To has not got what From has.
var errBehind = errors.New("the value was changed meanwhile; run the move again")

func (m Move) copy(ctx context.Context, account string) error {
	value, due, err := m.due(ctx, account)
	if err != nil || !due {
		return err
	}
	return m.To.Set(ctx, account, value)
}

func (m Move) verify(ctx context.Context, account string) error {
	_, due, err := m.due(ctx, account)
	if err == nil && due {
		err = fmt.Errorf("%s: %w", quotable(account), errBehind)
	}
	return err
}

// clear looks once more before it deletes, whatever was verified before.
func (m Move) clear(ctx context.Context, account string) error {
	if err := m.verify(ctx, account); err != nil {
		return err
	}
	if err := m.From.Delete(ctx, account); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}

// due returns From's value, and whether To lacks it: To has none or an older.
func (m Move) due(ctx context.Context, account string) (value string, due bool, err error) {
	value, err = m.From.Get(ctx, account)
	if errors.Is(err, ErrNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	there, err := m.To.Get(ctx, account)
	switch {
	case errors.Is(err, ErrNotFound):
		return value, true, nil
	case err != nil:
		return "", false, err
	case there == value || m.Newer(there, value):
		return value, false, nil
	case m.Newer(value, there):
		return value, true, nil
	}
	return "", false, fmt.Errorf("%s: %w", quotable(account), ErrConflict)
}
