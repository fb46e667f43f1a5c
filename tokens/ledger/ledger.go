// Package ledger keeps what is not secret in SQLite: orgs, tags and the history
// of refreshes. The list is drawn from it alone, so that no keychain is asked
// at start.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"orgkeep/tokens"
)

// Errors that callers decide on.
var (
	// ErrNotFound marks a key or an alias that the ledger does not have.
	ErrNotFound = errors.New("no such org")
	// ErrAliasTaken marks an alias that another org has.
	ErrAliasTaken = errors.New("another org has this alias")
	// ErrUnusable marks a ledger that cannot be opened, read or written: a
	// folder that is read-only, a full disk, a damaged file, a file that is no
	// ledger. What was asked for was not done, in no part.
	ErrUnusable = errors.New("the ledger cannot be used")
	// ErrDamaged marks a ledger that was found damaged while it was open, or
	// that Open cannot mend while another process has it open. It wraps
	// ErrUnusable. To close the ledger and open it again mends it.
	ErrDamaged = fmt.Errorf("%w: the file is damaged", ErrUnusable)
	// ErrNewer marks a ledger that a newer orgkeep wrote. Such an error wraps
	// ErrUnusable too.
	ErrNewer = errors.New("it was written by a newer orgkeep")
)

// Ledger is an open ledger. Several may be open on one file, in this process
// and in others: writers wait for one another for up to five seconds. It is
// safe for concurrent use.
type Ledger struct {
	db     *sql.DB
	files  files
	held   *flock.Flock // shared; nil in memory
	notice string
	// written says that something was written here that no Backup from here has
	// copied.
	written atomic.Bool
}

// settings of every connection. A quarter of a megabyte of pages is kept in memory,
// an eighth of what SQLite does by itself: rows are read once, and the system keeps
// the file. The busy time-out comes first in the driver
// whatever its place here; "immediate" makes each transaction take the write
// lock at its start, where waiting for it can succeed.
const settings = "_pragma=cache_size(-256)&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_txlock=immediate"

// Open opens the ledger in the file path and creates it, readable by its owner
// alone, where there is none. A ledger of an older orgkeep is brought up to
// date. One that is damaged is set aside under another name in its folder and
// the copy that Backup made takes its place, or an empty ledger where there is
// none; Notice then says so. Damage that only a later call meets is mended by
// the next Open.
//
// Errors wrap ErrUnusable, and ErrNewer or ErrDamaged where that is the reason;
// the file is then unchanged.
func Open(ctx context.Context, path string) (*Ledger, error) {
	doing := "opening the ledger " + tokens.Clean(path)
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, refuse(doing, err)
	}
	f, notice := files{main: full}, ""
	l, err := f.open(ctx)
	if broken(err) {
		if notice, err = f.mend(ctx, err); err == nil {
			l, err = f.open(ctx)
		}
	}
	if err != nil {
		return nil, refuse(doing, err)
	}
	l.notice = notice
	return l, nil
}

// open opens the ledger unless it is damaged.
func (f files) open(ctx context.Context) (*Ledger, error) {
	// Before its folder gets a lock file: it may not be a ledger's.
	if err := f.look(); err != nil && !broken(err) {
		return nil, err
	}
	held, err := f.share(ctx)
	if err != nil {
		return nil, err
	}
	db, err := f.start(ctx)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	return &Ledger{db: db, files: f, held: held}, nil
}

// start is open for one who holds a lock.
func (f files) start(ctx context.Context) (*sql.DB, error) {
	if err := f.look(); err != nil {
		return nil, err
	}
	if err := f.create(); err != nil {
		return nil, err
	}
	db, err := f.connect(ctx)
	if err != nil {
		return nil, err
	}
	if anyThere([]string{f.suspect()}) {
		if err := f.clear(ctx, db); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, nil
}

// connect opens the database of a file and brings it up to date.
func (f files) connect(ctx context.Context) (*sql.DB, error) {
	db, err := dial(fileURI(f.main))
	if err != nil {
		return nil, err
	}
	s, err := readState(ctx, db)
	if err == nil && s == (state{}) && f.hasCopy() {
		err = fmt.Errorf("%w: it is empty", ErrDamaged)
	}
	if err == nil {
		err = migrate(ctx, db, s)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Memory returns a new ledger that lives in memory until it is closed. Errors
// wrap ErrUnusable.
func Memory(ctx context.Context) (*Ledger, error) {
	db, err := dial("file::memory:?" + settings)
	if err == nil {
		err = migrate(ctx, db, state{})
	}
	if err != nil {
		return nil, explain("opening a ledger in memory", err)
	}
	return &Ledger{db: db}, nil
}

// Notice says in a few sentences what happened when the ledger was opened, for
// the person in front of it: that it was damaged, under which name it was set
// aside and which copy was taken. It is empty when all was well. Of several
// processes that find the same damage one has a notice.
func (l *Ledger) Notice() string { return l.notice }

// Close ends all use of the ledger.
func (l *Ledger) Close() error {
	err := l.db.Close()
	if l.held != nil {
		err = errors.Join(err, l.held.Close())
	}
	if err != nil {
		return explain("closing the ledger", err)
	}
	return nil
}

func dial(dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("preparing the connection: %w", err)
	}
	// One connection: each would bring a page cache of its own, and a database
	// in memory lives and dies with its connection.
	db.SetMaxOpenConns(1)
	return db, nil
}

// fileURI writes an absolute path as SQLite reads it (sqlite.org/uri.html): on
// Windows a slash goes before the drive letter.
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: "mode=rw&" + settings}
	return u.String()
}

// change runs do in one transaction that holds the write lock from its start.
func (l *Ledger) change(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return l.explain(doing, err)
	}
	if err := do(tx); err != nil {
		// The first error is the one that tells; a rollback of a transaction
		// that SQLite has already rolled back says nothing new.
		_ = tx.Rollback()
		return l.explain(doing, err)
	}
	if err := tx.Commit(); err != nil {
		return l.explain(doing, err)
	}
	l.written.Store(true)
	return nil
}
