package ledger

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed schema/1.sql
var schema1 string

//go:embed schema/2.sql
var schema2 string

//go:embed schema/3.sql
var schema3 string

//go:embed schema/4.sql
var schema4 string

//go:embed schema/5.sql
var schema5 string

//go:embed schema/6.sql
var schema6 string

//go:embed schema/7.sql
var schema7 string

//go:embed schema/8.sql
var schema8 string

//go:embed schema/9.sql
var schema9 string

//go:embed schema/10.sql
var schema10 string

//go:embed schema/11.sql
var schema11 string

// migrations lead from each version of the schema to the next: the first makes
// version 1 from an empty file. Each sets user_version itself. One that was
// released never changes.
var migrations = []string{schema1, schema2, schema3, schema4, schema5, schema6, schema7, schema8, schema9, schema10, schema11}

const applicationID = 0x6f726b70 // "orkp", in the file's header (sqlite.org/fileformat.html, offset 68)

// state is what tells whether a database is a ledger, and of which version.
type state struct {
	application, version, tables int
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readState(ctx context.Context, q queryer) (s state, err error) {
	err = q.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version),
		(SELECT count(*) FROM sqlite_schema)`).Scan(&s.application, &s.version, &s.tables)
	if code(err) == sqlite3.SQLITE_ERROR {
		// The question is always well formed: the header is not.
		return state{}, fmt.Errorf("%w: reading its version: %w", ErrDamaged, err)
	}
	if err != nil {
		return state{}, fmt.Errorf("reading its version: %w", err)
	}
	return s, nil
}

func (s state) check() error {
	empty := s == state{}
	switch {
	case !empty && s.application != applicationID:
		return fmt.Errorf("%w: it is the database of another program", ErrUnusable)
	case !empty && s.version < 1:
		return fmt.Errorf("%w: it has no version", ErrDamaged)
	case s.version > len(migrations):
		return fmt.Errorf("%w: %w (its version is %d, this orgkeep knows %d): update orgkeep",
			ErrUnusable, ErrNewer, s.version, len(migrations))
	}
	return nil
}

// migrate brings a database that is in the state s up to date.
func migrate(ctx context.Context, db *sql.DB, s state) error {
	if err := s.check(); err != nil || s.version == len(migrations) {
		return err
	}
	if err := writeAhead(ctx, db); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("taking its lock: %w", err)
	}
	if err := step(ctx, tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("writing its schema: %w", err)
	}
	return nil
}

// step runs the migrations that are missing, as seen under the write lock:
// another process may have run them in the meantime.
func step(ctx context.Context, tx *sql.Tx) error {
	s, err := readState(ctx, tx)
	if err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return err
	}
	for _, migration := range migrations[s.version:] {
		if _, err := tx.ExecContext(ctx, migration); err != nil {
			return fmt.Errorf("writing its schema: %w", err)
		}
	}
	return nil
}

// writeAhead turns on the write-ahead log, so that readers and a writer do not
// wait for each other. The file remembers it. SQLite does not always wait for
// another process that is doing the same (sqlite.org/wal.html), hence the tries.
func writeAhead(ctx context.Context, db *sql.DB) error {
	const tries, pause = 50, 100 * time.Millisecond
	for try := 1; ; try++ {
		_, err := db.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
		if err == nil {
			return nil
		}
		if code(err) != sqlite3.SQLITE_BUSY || try == tries {
			return fmt.Errorf("turning on its write-ahead log: %w", err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("turning on its write-ahead log: %w", ctx.Err())
		case <-time.After(pause):
		}
	}
}
