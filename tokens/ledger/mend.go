package ledger

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"orgkeep/tokens"
)

// adviceForeign is for a file that stands where the ledger should and is none.
const adviceForeign = "move it away, or name another folder with --data"

// mend sets a damaged ledger aside and puts its copy in its place, and returns
// the sentences that say so. Processes that find the damage at once take turns;
// the later ones find it mended. The cause is returned where the file may not
// be a ledger at all. A process that is killed here leaves the ledger as it
// was, or none beside the copy: the next Open mends that.
func (f files) mend(ctx context.Context, cause error) (notice string, err error) {
	lock, err := f.alone(ctx)
	if errors.Is(err, errHeld) {
		return "", fmt.Errorf("%w, and another orgkeep has it open: close that one and start again", ErrDamaged)
	}
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if err := f.examine(ctx); !broken(err) {
		return "", err
	}
	if !f.ours() {
		return "", fmt.Errorf("%w; %s", cause, adviceForeign)
	}
	return f.replace(ctx)
}

// examine looks at all of the ledger.
func (f files) examine(ctx context.Context) error {
	db, err := f.start(ctx)
	if err != nil {
		return err
	}
	return errors.Join(inspect(ctx, db), db.Close())
}

// ours reports whether the file is a ledger, or stands where one stood. It
// reads the file itself, which none may do while it is open in SQLite.
func (f files) ours() bool {
	if f.hasCopy() || size(f.main) == 0 {
		return true
	}
	file, err := os.Open(f.main)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // nothing was written
	// sqlite.org/fileformat.html section 1.3: the application id is at offset 68.
	header := make([]byte, 72)
	if _, err := io.ReadFull(file, header); err != nil {
		return false
	}
	return binary.BigEndian.Uint32(header[68:]) == applicationID
}

// replace does the work of mend. Nothing is moved before the copy lies ready,
// whole and checked, under a name of its own.
func (f files) replace(ctx context.Context) (string, error) {
	var badCopy string
	taken, err := f.restore(ctx)
	if err != nil {
		taken = time.Time{}
		if left := removeTemp(f.restored()); left != nil || !broken(err) {
			return "", errors.Join(err, left)
		}
		if badCopy, err = f.setAside(f.copy(), "-copy"); err != nil {
			return "", err
		}
	}
	aside, err := f.setAside(f.main, "")
	if err != nil {
		return "", err
	}
	if !taken.IsZero() {
		if err := settle(f.restored(), f.main, tokens.SystemClock().Now()); err != nil {
			return "", fmt.Errorf("putting the copy in its place: %w", err)
		}
	}
	if err := removeTemp(f.suspect()); err != nil {
		return "", err
	}
	return notice(aside, badCopy, taken), nil
}

// restore makes a ledger from the copy, which itself stays as it is, and
// returns the time of the state it holds; the zero time when there is no copy.
func (f files) restore(ctx context.Context) (taken time.Time, err error) {
	if !f.hasCopy() {
		return time.Time{}, nil
	}
	info, err := os.Stat(f.copy())
	if err != nil {
		return time.Time{}, fmt.Errorf("reading its copy: %w", err)
	}
	if err := removeTemp(f.restored()); err != nil {
		return time.Time{}, err
	}
	if err := duplicate(f.copy(), f.restored()); err != nil {
		return time.Time{}, fmt.Errorf("reading its copy: %w", err)
	}
	db, err := dial(fileURI(f.restored()))
	if err != nil {
		return time.Time{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	s, err := readState(ctx, db)
	switch {
	case err != nil:
		return time.Time{}, err
	case s == state{}:
		return time.Time{}, fmt.Errorf("%w: its copy is empty", ErrDamaged)
	}
	if err := migrate(ctx, db, s); err != nil {
		return time.Time{}, err
	}
	// What VACUUM writes is not in write-ahead mode.
	if err := writeAhead(ctx, db); err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), inspect(ctx, db)
}

func duplicate(from, to string) error {
	source, err := os.Open(from) //nolint:gosec // the folder is the user's own choice
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // nothing was written
	//nolint:gosec // the folder is the user's own choice
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// notice tells a person what was done. The tokens rest in the keychain, which
// has no part in this.
func notice(aside, badCopy string, taken time.Time) string {
	text := "The ledger was lost: its file was empty or missing."
	if aside != "" {
		text = "The ledger was damaged. It was set aside as " + tokens.Clean(aside) + "."
	}
	switch {
	case !taken.IsZero():
		text += " The copy of " + taken.Local().Format("2006-01-02 15:04") + " was taken."
	case badCopy != "":
		text += " Its copy was damaged too and was set aside as " + tokens.Clean(badCopy) + ", so the list is empty."
	default:
		text += " There was no copy of it, so the list is empty."
	}
	return text + " The tokens are in the keychain as before."
}
