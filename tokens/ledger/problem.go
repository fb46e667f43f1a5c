package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// explain wraps err with what was being done. What SQLite or the disk refused
// becomes ErrUnusable with a plain reason before their own words.
func explain(doing string, err error) error {
	if cancelled(err) || errors.Is(err, ErrUnusable) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	var refused *sqlite.Error
	switch {
	case code(err) == sqlite3.SQLITE_CORRUPT, code(err) == sqlite3.SQLITE_ERROR: // the questions are well formed: the schema is not
		return fmt.Errorf("%s: %w: %w", doing, ErrDamaged, err)
	case errors.As(err, &refused):
		return fmt.Errorf("%s: %w: %s: %w", doing, ErrUnusable, reason(refused.Code()), err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// refuse is explain for what is done to files: all that fails there makes the
// ledger unusable.
func refuse(doing string, err error) error {
	switch {
	case cancelled(err), errors.Is(err, ErrUnusable), code(err) != 0:
		return explain(doing, err)
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%s: %w: %s: %w", doing, ErrUnusable, reason(sqlite3.SQLITE_FULL), err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%s: %w: %s: %w", doing, ErrUnusable, reason(sqlite3.SQLITE_CANTOPEN), err)
	}
	return fmt.Errorf("%s: %w: %w", doing, ErrUnusable, err)
}

func cancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// broken reports whether err comes from the content of the file.
func broken(err error) bool {
	c := code(err)
	return errors.Is(err, ErrDamaged) || c == sqlite3.SQLITE_CORRUPT || c == sqlite3.SQLITE_NOTADB || c == sqlite3.SQLITE_ERROR
}

// misread marks the error of a scan as damage where it is neither SQLite's nor
// a missing row: a value in the file is not of its column's type.
func misread(err error) error {
	if code(err) != 0 || cancelled(err) || errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("reading a row: %w", err)
	}
	return fmt.Errorf("%w: reading a row: %w", ErrDamaged, err)
}

// code is SQLite's result code without the extension (sqlite.org/rescode.html),
// 0 for errors that are not SQLite's.
func code(err error) int {
	var refused *sqlite.Error
	if !errors.As(err, &refused) {
		return 0
	}
	return refused.Code() & 0xff
}

func reason(code int) string {
	if code == sqlite3.SQLITE_IOERR_SHMSIZE {
		// The index beside the log could not be made longer. SQLite does not pass
		// the disk's own reason on, which is hardly ever another.
		code = sqlite3.SQLITE_FULL
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return "the disk is full"
	case sqlite3.SQLITE_READONLY:
		return "the file or its folder is read-only"
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return "the file cannot be opened or its folder not written to"
	case sqlite3.SQLITE_NOTADB:
		return "the file is no database"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return errHeld.Error()
	case sqlite3.SQLITE_IOERR:
		return "the disk did not read or write"
	}
	return "SQLite refused"
}
