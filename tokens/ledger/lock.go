package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Locks are waited for as long as SQLite waits for its own.
const (
	lockWait = 5 * time.Second
	lockPoll = 20 * time.Millisecond // between tries for a lock that others have
)

// errHeld marks a lock that others kept.
var errHeld = errors.New("another process kept it locked")

// share takes the lock that every open ledger holds: while it is held, nobody
// replaces the file. SQLite would go on in a file that was renamed under it,
// and delete the log of the new one (sqlite.org/howtocorrupt.html section 2.4).
func (f files) share(ctx context.Context) (*flock.Flock, error) {
	if err := os.MkdirAll(filepath.Dir(f.main), folderMode); err != nil {
		return nil, fmt.Errorf("creating its folder: %w", err)
	}
	return take(ctx, f.lock(), (*flock.Flock).TryRLockContext)
}

// alone takes the lock of the one who replaces the file.
func (f files) alone(ctx context.Context) (*flock.Flock, error) {
	return take(ctx, f.lock(), (*flock.Flock).TryLockContext)
}

type taking func(*flock.Flock, context.Context, time.Duration) (bool, error)

// take waits for a lock on the file path. Closing the lock gives it back.
func take(ctx context.Context, path string, try taking) (*flock.Flock, error) {
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	lock := flock.New(path, flock.SetPermissions(fileMode))
	_, err := try(lock, waiting, lockPoll)
	if err == nil {
		return lock, nil
	}
	_ = lock.Close() // it holds nothing
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case waiting.Err() != nil:
		err = errHeld
	}
	return nil, fmt.Errorf("taking its lock: %w", err)
}
