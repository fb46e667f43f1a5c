package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"orgkeep/keychain"
	"orgkeep/keychain/durable"
	"orgkeep/tokens/journal"
)

// made is what there was before a vault was made: the pin of the data folder, nil
// for none.
type made struct{ pin []byte }

func (s *session) before() (*made, error) {
	pin, err := os.ReadFile(s.pinFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unusablePin(err)
	}
	return &made{pin: pin}, nil
}

// unmakeWait is how long another process may use the store until the vault stays.
const unmakeWait = time.Second

// unmake ends the use of a store by done, and takes its vault away again where this
// run has made it and nothing came into it, so that a command that failed leaves
// things as they were. A vault that another process uses by now stays.
func (s *session) unmake(ctx context.Context, p *place, done func()) {
	done()
	if p.made == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	short, cancel := context.WithTimeout(ctx, unmakeWait)
	defer cancel()
	free, err := s.lockChoice(short, true)
	if err != nil {
		return
	}
	defer free()
	if err := os.Remove(p.journal); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return // it has entries, which are about tokens
	}
	if err = p.vault.Unmake(ctx, journal.Account); err == nil {
		err = s.repin(p.made.pin)
	}
	switch {
	case errors.Is(err, keychain.ErrVaultExists):
	case err != nil:
		s.say("orgkeep: taking the vault away again: %s", oneLine(err))
	default:
		s.say("Nothing was saved, and the vault that was made for it is gone again.")
	}
}

// repin puts the data folder's pin back as it was.
func (s *session) repin(pin []byte) error {
	var err error
	if pin == nil {
		err = durable.Remove(s.pinFile())
	} else {
		err = durable.Write(s.pinFile(), pin)
	}
	if err != nil {
		return fmt.Errorf("writing down which store is in use: %w", err)
	}
	return nil
}
