package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"orgkeep/tokens"
)

// explain is explain for a ledger that is open: see mark.
func (l *Ledger) explain(doing string, err error) error { return explain(doing, l.mark(err)) }

// mark leaves a mark where the file turns out to be damaged, so that the next
// Open looks at all of it. It returns err.
func (l *Ledger) mark(err error) error {
	if broken(err) && l.files.main != "" {
		// Without the mark the next Open still finds what damage it can.
		_ = createNew(l.files.suspect())
	}
	return err
}

// clear looks at all of a ledger that is marked. A sound one loses its mark.
func (f files) clear(ctx context.Context, db *sql.DB) error {
	if err := inspect(ctx, db); err != nil {
		return err
	}
	if err := os.Remove(f.suspect()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the mark of damage: %w", err)
	}
	return nil
}

// inspect reads the whole database and says whether it is sound: to SQLite, and
// to those who list its orgs. Errors are broken then.
func inspect(ctx context.Context, db *sql.DB) error {
	if err := integrity(ctx, db); err != nil {
		return err
	}
	orgs, err := list(ctx, db, ` ORDER BY o.alias`, 0)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if !org.Key.Valid() || tokens.CheckAlias(org.Alias) != nil {
			return fmt.Errorf("%w: the row of %s makes no sense", ErrDamaged, tokens.Clean(label(org)))
		}
	}
	return nil
}

// integrity asks SQLite to check all pages, rows and indexes
// (sqlite.org/pragma.html#pragma_integrity_check).
func integrity(ctx context.Context, db *sql.DB) error {
	var said string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&said); err != nil {
		return fmt.Errorf("checking it: %w", err)
	}
	if said != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, tokens.Clean(said))
	}
	return nil
}
