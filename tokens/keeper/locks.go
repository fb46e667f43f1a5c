package keeper

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"orgkeep/tokens"
)

// locks lets one refresh of a login run at a time: within this process by a
// channel, across processes by a lock file. The files are never deleted: a
// process that waits on a deleted file would share nothing with one that made
// it anew.
type locks struct {
	folder string // empty: this process only

	mu   sync.Mutex
	held map[tokens.Key]chan struct{}
}

const (
	lockPoll   = 20 * time.Millisecond // between tries for a lock another process has
	lockFolder = 0o700
	lockFile   = 0o600
)

func newLocks(folder string) *locks {
	return &locks{folder: folder, held: map[tokens.Key]chan struct{}{}}
}

// lock waits for the login's lock until ctx ends. The function it returns gives
// the lock back and may be called once, from any goroutine.
func (l *locks) lock(ctx context.Context, key tokens.Key) (unlock func(), err error) {
	turn := l.turn(key)
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if l.folder == "" {
		return func() { <-turn }, nil
	}
	file, err := l.lockAcross(ctx, key)
	if err != nil {
		<-turn
		return nil, err
	}
	return func() {
		// Closing the file gives the lock back even where unlocking reports an error.
		_ = file.Close()
		<-turn
	}, nil
}

func (l *locks) turn(key tokens.Key) chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[key] == nil {
		l.held[key] = make(chan struct{}, 1)
	}
	return l.held[key]
}

func (l *locks) lockAcross(ctx context.Context, key tokens.Key) (*flock.Flock, error) {
	if err := os.MkdirAll(l.folder, lockFolder); err != nil {
		return nil, fmt.Errorf("making the folder of the lock files: %w", err)
	}
	file := flock.New(filepath.Join(l.folder, string(key)+".lock"), flock.SetPermissions(lockFile))
	if _, err := file.TryLockContext(ctx, lockPoll); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("locking the login: %w", err)
	}
	return file, nil
}

// free reports whether nobody has the login's lock, in this process or another.
func (l *locks) free(key tokens.Key) bool {
	if len(l.turn(key)) > 0 {
		return false
	}
	if l.folder == "" {
		return true
	}
	// A shared lock: two that look at once must not take each other for a refresh.
	file := flock.New(filepath.Join(l.folder, string(key)+".lock"), flock.SetPermissions(lockFile))
	defer func() { _ = file.Close() }()
	got, err := file.TryRLock()
	return got || err != nil // to be said unknown by mistake does less harm than not to be
}
