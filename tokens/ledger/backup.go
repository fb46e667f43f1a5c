package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
)

// Backup keeps a copy of the ledger beside it, which Open takes when the ledger
// is damaged. The whole ledger is checked first: a copy is only replaced by a
// sound one. Where nothing was written since the last copy there is nothing to
// do, and a ledger in memory has no copy.
//
// It takes a moment (tens of milliseconds for a thousand orgs) on a connection
// of its own and holds up no reader or writer, so it suits the background of a
// program that stays, not one that only lists. Errors wrap ErrUnusable, and
// ErrDamaged where the check failed; the older copy is then unchanged.
func (l *Ledger) Backup(ctx context.Context) error {
	if l.files.main == "" {
		return nil
	}
	if err := l.files.backup(ctx, &l.written); err != nil {
		return refuse("copying the ledger", l.mark(err))
	}
	return nil
}

// backup is Backup. What was written here is copied whatever the times of the
// files say: SQLite writes to its log a moment before others can read that, and
// another's copy may have been made of the state before, with a later time.
func (f files) backup(ctx context.Context, written *atomic.Bool) (err error) {
	// A lock of its own: the ledger may be closed in the meantime.
	held, err := f.share(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	turn, err := take(ctx, f.copyLock(), (*flock.Flock).TryLockContext)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, turn.Close()) }()
	due := written.Swap(false)
	defer func() {
		if err != nil && due {
			written.Store(true)
		}
	}()
	if _, fresh, err := f.copied(); err != nil || fresh && !due {
		return err
	}
	db, err := dial(fileURI(f.main))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f.renew(ctx, db, due)
}

// renew writes the copy anew, unless it is not due and the times of the files say
// that it is fresh.
func (f files) renew(ctx context.Context, db *sql.DB, due bool) (err error) {
	// What is in the log alone goes into the file: so the copy is never ahead of
	// it, even if the log is lost, and the time of the file stays when the log
	// goes at the end of the program.
	if _, err := db.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
		return fmt.Errorf("writing back its log: %w", err)
	}
	stamp, fresh, err := f.copied()
	if err != nil || fresh && !due {
		return err
	}
	if err := inspect(ctx, db); err != nil {
		return err
	}
	if err := removeTemp(f.copyTemp()); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeTemp(f.copyTemp()))
		}
	}()
	if err := createNew(f.copyTemp()); err != nil { // for its mode
		return fmt.Errorf("creating the copy: %w", err)
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, f.copyTemp()); err != nil {
		return fmt.Errorf("writing the copy: %w", err)
	}
	if err := settle(f.copyTemp(), f.copy(), stamp); err != nil {
		return fmt.Errorf("putting the copy in its place: %w", err)
	}
	return nil
}

// copied returns the time of the last write, and whether the copy holds it: the
// copy carries the time of the state in it.
func (f files) copied() (stamp time.Time, fresh bool, err error) {
	info, err := os.Stat(f.main)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("looking at the file: %w", err)
	}
	stamp = info.ModTime()
	// Opening makes a log; only writing makes one that is not empty.
	if log, err := os.Stat(f.main + "-wal"); err == nil && log.Size() > 0 && log.ModTime().After(stamp) {
		stamp = log.ModTime()
	}
	old, err := os.Stat(f.copy()) //nolint:gosec // the folder is the user's own choice
	return stamp, err == nil && old.Size() > 0 && old.ModTime().Equal(stamp), nil
}
