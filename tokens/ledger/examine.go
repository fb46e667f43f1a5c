package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// Condition is how a ledger was found.
type Condition struct {
	Version int   // of its schema
	Bytes   int64 // of the file and its log; 0 in memory
	// Copied says that there is a copy to fall back on, and Behind how much
	// older than the ledger the state in it is; 0 for one that is up to date.
	Copied bool
	Behind time.Duration
}

// Examine reads the whole ledger, takes its write lock without writing, and
// looks at the copy. It works on a connection of its own, so that nobody waits
// for it but a writer for a moment. Errors wrap ErrUnusable, and ErrDamaged where
// the file is damaged; a damaged ledger is mended by the next Open. It is safe
// for concurrent use.
func (l *Ledger) Examine(ctx context.Context) (Condition, error) {
	c, err := l.condition(ctx)
	if err != nil {
		return Condition{}, refuse("examining the ledger", l.mark(err))
	}
	return c, nil
}

func (l *Ledger) condition(ctx context.Context) (c Condition, err error) {
	db := l.db
	if l.files.main != "" {
		if db, err = dial(fileURI(l.files.main)); err != nil {
			return c, err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
	}
	if err := inspect(ctx, db); err != nil {
		return c, err
	}
	s, err := readState(ctx, db)
	if err != nil {
		return c, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return c, fmt.Errorf("taking its write lock: %w", err)
	}
	if err := tx.Rollback(); err != nil {
		return c, fmt.Errorf("giving its write lock back: %w", err)
	}
	c.Version = s.version
	return c, l.files.measure(&c)
}

// measure adds what the files tell. A ledger in memory has none.
func (f files) measure(c *Condition) error {
	if f.main == "" {
		return nil
	}
	c.Bytes = size(f.main) + size(f.main+"-wal")
	stamp, fresh, err := f.copied()
	if err != nil {
		return err
	}
	if old, err := os.Stat(f.copy()); err == nil && old.Size() > 0 {
		c.Copied = true
		if !fresh {
			c.Behind = max(0, stamp.Sub(old.ModTime()))
		}
	}
	return nil
}
