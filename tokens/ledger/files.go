package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"orgkeep/tokens"
)

const (
	folderMode = 0o700
	fileMode   = 0o600
)

// smallest is the length of the smallest database: one page of 512 bytes.
// SQLite takes a file that is shorter than its own header for an empty one and
// would write over it.
const smallest = 512

// files are the ledger and what lies beside it, all in one folder, so that a
// rename is one step.
type files struct {
	main string // absolute; empty for a ledger in memory
}

func (f files) stem() string { return strings.TrimSuffix(f.main, filepath.Ext(f.main)) }

// lock is held by all who have the ledger open, and by one alone who replaces
// it. It is never deleted: a lock on a deleted file is shared with nobody.
func (f files) lock() string { return f.stem() + ".lock" }

// copy is the last good state, copyLock is held by the one who writes it, and
// copyTemp is the part of it that is written already.
func (f files) copy() string     { return f.stem() + "-copy.db" }
func (f files) copyLock() string { return f.stem() + "-copying.lock" }
func (f files) copyTemp() string { return f.stem() + "-copy.tmp" }

// restored is a copy on its way to become the ledger.
func (f files) restored() string { return f.stem() + "-restored.tmp" }

// suspect is there when a process met damage that Open alone may not see.
func (f files) suspect() string { return f.stem() + ".suspect" }

// withLog are a database and the files SQLite keeps beside it, in the order in
// which they are moved: once the database has gone, what is left of it is told
// from a whole ledger.
func withLog(database string) []string {
	return []string{database, database + "-wal", database + "-shm"}
}

// look says whether the ledger can be opened as it lies there. The ledger is
// never opened here: closing it would drop the locks that SQLite holds on it in
// this process.
func (f files) look() error {
	info, err := os.Stat(f.main)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.lookForLost("is missing")
	case err != nil:
		return fmt.Errorf("looking at the file: %w", err)
	case info.IsDir():
		return errors.New("it is a folder")
	case !info.Mode().IsRegular():
		return errors.New("it is no regular file")
	case info.Size() == 0:
		return f.lookForLost("is empty")
	case info.Size() < smallest && f.hasCopy():
		return fmt.Errorf("%w: it is cut off", ErrDamaged)
	case info.Size() < smallest:
		return errors.New("the file is no database; " + adviceForeign)
	case info.Mode().Perm()&0o077 != 0:
		if err := os.Chmod(f.main, fileMode); err != nil {
			return fmt.Errorf("taking it from the eyes of others: %w", err)
		}
	}
	return nil
}

// lookForLost tells a new ledger from one that was lost: that left its copy, or
// the log of what was written last.
func (f files) lookForLost(how string) error {
	if f.hasCopy() || size(f.main+"-wal") > 0 {
		return fmt.Errorf("%w: it %s", ErrDamaged, how)
	}
	return nil
}

func (f files) hasCopy() bool { return size(f.copy()) > 0 }

// size is 0 for a file that is not there.
func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// create makes the file where there is none. SQLite would create it by the
// umask; the -wal and -shm files beside it get the mode that it finds here.
func (f files) create() error {
	if _, err := os.Stat(f.main); !errors.Is(err, fs.ErrNotExist) {
		return nil // looked at already
	}
	if err := createNew(f.main); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("creating the file: %w", err)
	}
	return nil
}

func createNew(path string) error {
	//nolint:gosec // the folder is the user's own choice
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	return file.Close()
}

// setAside renames what is there of a database and its log, by the time and
// never onto another file, and returns its new name; empty when nothing was
// there.
func (f files) setAside(database, tail string) (string, error) {
	stamp := f.stem() + "-damaged-" + tokens.SystemClock().Now().UTC().Format("20060102T150405Z")
	aside := stamp + tail + ".db"
	for n := 2; anyThere(withLog(aside)); n++ {
		aside = fmt.Sprintf("%s-%d%s.db", stamp, n, tail)
	}
	moved := false
	for i, from := range withLog(database) {
		err := os.Rename(from, withLog(aside)[i])
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("setting the damaged file aside: %w", err)
		}
		moved = moved || err == nil
	}
	if !moved {
		return "", nil
	}
	return filepath.Base(aside), nil
}

func anyThere(paths []string) bool {
	for _, path := range paths {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// removeTemp removes what a killed process left of a file of ours that is not
// in use yet.
func removeTemp(path string) error {
	for _, name := range withLog(path) {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing an unfinished copy: %w", err)
		}
	}
	return nil
}

// settle makes a finished temporary file durable and gives it its name and the
// time of the state that it holds.
func settle(temp, path string, stamp time.Time) error {
	//nolint:gosec // the folder is the user's own choice
	file, err := os.OpenFile(temp, os.O_RDWR, fileMode)
	if err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Chtimes(temp, stamp, stamp); err != nil {
		return err
	}
	//nolint:gosec // the folder is the user's own choice
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes new names survive a power cut. Windows has no way to do it,
// and NTFS keeps its names in a journal of its own.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	//nolint:gosec // the folder is the user's own choice
	file, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
