package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
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
	if err := l.files.backup(ctx); err != nil {
		return refuse("copying the ledger", l.mark(err))
	}
	return nil
}

func (f files) backup(ctx context.Context) (err error) {
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
	if _, fresh, err := f.copied(); err != nil || fresh {
		return err
	}
	db, err := dial(fileURI(f.main))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f.renew(ctx, db)
}

// renew writes the copy anew.
func (f files) renew(ctx context.Context, db *sql.DB) (err error) {
	// What is in the log alone goes into the file: so the copy is never ahead of
	// it, even if the log is lost, and the time of the file stays when the log
	// goes at the end of the program.
	if _, err := db.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
		return fmt.Errorf("writing back its log: %w", err)
	}
	stamp, fresh, err := f.copied()
	if err != nil || fresh {
		return err
	}
	if err := outlast(ctx, stamp); err != nil {
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

// tick is longer than the steps in which file systems count time (on Linux 10 ms
// at most).
const tick = 20 * time.Millisecond

// outlast waits until a write that is still to come has another time than stamp:
// the copy would else carry the time of a write that it does not hold.
func outlast(ctx context.Context, stamp time.Time) error {
	rest := tick - time.Since(stamp)
	if rest <= 0 || rest > tick { // a time in the future is not waited for
		return nil
	}
	select {
	case <-time.After(rest):
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting before the copy: %w", ctx.Err())
	}
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
