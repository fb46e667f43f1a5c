package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"orgkeep/tokens"
)

// ErrSFBusy means that the Salesforce CLI, or another program that keeps to its
// locks, had the lock for as long as was waited.
var ErrSFBusy = errors.New("the Salesforce CLI is busy with this login")

// The locks of the Salesforce CLI are folders, as the npm package proper-lockfile
// 4.1.2 makes them (@salesforce/core 9.4.0, util/lockRetryOptions.js): who makes
// the folder has the lock, touches it while it works, and removes it. One that
// was not touched for ten seconds is of a program that has ended.
const (
	sfLockStale   = 10 * time.Second
	sfLockTouch   = 4 * time.Second
	sfLockPoll    = 100 * time.Millisecond
	sfLockWait    = 40 * time.Second // as long as the CLI waits
	sfLockMode    = 0o755
	sfLockRefresh = ".token-rotation.lock" // of a refresh
	sfLockWrite   = ".lock"                // of a change of the file
)

// sfLock is a lock that this process has.
type sfLock struct {
	path string
	last time.Time // when we touched it, as the file system keeps it
	stop chan struct{}
	done chan struct{}
}

// takeSFLock makes the lock's folder, or waits until ctx ends. Errors wrap
// ErrSFBusy or that of the file system.
func takeSFLock(ctx context.Context, path string) (*sfLock, error) {
	ctx, cancel := context.WithTimeout(ctx, sfLockWait)
	defer cancel()
	tick := time.NewTicker(sfLockPoll)
	defer tick.Stop()
	for {
		err := os.Mkdir(path, sfLockMode)
		if err == nil {
			return held(path)
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("taking the lock of the Salesforce CLI: %w", bare(err))
		}
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > sfLockStale {
			_ = os.Remove(path) // where another was faster, Mkdir says so
			continue
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: it has the lock %s", ErrSFBusy, tokens.Clean(path))
		}
	}
}

// held keeps a lock that was just made fresh until it is released.
func held(path string) (*sfLock, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("taking the lock of the Salesforce CLI: %w", bare(err))
	}
	l := &sfLock{path: path, last: info.ModTime(), stop: make(chan struct{}), done: make(chan struct{})}
	go l.keep()
	return l, nil
}

func (l *sfLock) keep() {
	defer close(l.done)
	tick := time.NewTicker(sfLockTouch)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if !l.touch() {
				return
			}
		case <-l.stop:
			return
		}
	}
}

// touch reports false once the lock is no longer ours: after a sleep of the
// machine another program may have taken it.
func (l *sfLock) touch() bool {
	if !l.ours() {
		return false
	}
	now := time.Now()
	if err := os.Chtimes(l.path, now, now); err != nil {
		return false
	}
	info, err := os.Stat(l.path)
	if err == nil {
		l.last = info.ModTime()
	}
	return err == nil
}

func (l *sfLock) ours() bool {
	info, err := os.Stat(l.path)
	return err == nil && info.ModTime().Equal(l.last)
}

// release gives the lock back, unless it is another's by now. What cannot be
// removed is stale in ten seconds.
func (l *sfLock) release() {
	close(l.stop)
	<-l.done
	if l.ours() {
		_ = os.Remove(l.path)
	}
}
