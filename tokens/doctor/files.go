package doctor

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/ledger"
)

// oldCopy is how far the ledger's copy may lag behind before that is told.
const oldCopy = 7 * 24 * time.Hour

// Ledger examines the ledger: l, or why it could not be opened.
func Ledger(l *ledger.Ledger, problem error) Check {
	return Check{Name: "ledger", Limit: 30 * time.Second, Look: func(ctx context.Context) Result {
		if problem != nil {
			return refusedLedger(problem)
		}
		c, err := l.Examine(ctx)
		if err != nil {
			return refusedLedger(err)
		}
		copied := "no copy yet"
		switch {
		case c.Copied && c.Behind >= time.Minute:
			copied = "its copy is " + tokens.FormatSpan(c.Behind) + " behind"
		case c.Copied:
			copied = "its copy is up to date"
		}
		r := Result{Outcome: OK, Seen: fmt.Sprintf("sound and writable, version %d, %d KiB, %s", c.Version, c.Bytes>>10, copied)}
		if c.Behind > oldCopy {
			r.Outcome, r.Do = Warning, "Open the screen once: it renews the copy."
		}
		if notice := l.Notice(); notice != "" {
			r.Outcome, r.Detail = Warning, notice
			r.Seen = "it was damaged and has been mended; now it is " + r.Seen
			r.Do = "See orgkeep list for what is missing, and import that again."
		}
		return r
	}}
}

func refusedLedger(err error) Result {
	r := Result{Outcome: Failed, Seen: "it cannot be used", Detail: err.Error(), Do: "See that its folder can be written to and the disk has room."}
	switch {
	case errors.Is(err, ledger.ErrNewer):
		r.Seen, r.Do = "a newer orgkeep wrote it", "Update orgkeep."
	case errors.Is(err, ledger.ErrDamaged):
		r.Seen, r.Do = "it is damaged", "Close every orgkeep and start one: it takes the last good copy."
	}
	return r
}

// Journal looks at the journal in folder, and whether the key that rests in keys
// reads what waits there. It never makes the keychain ask.
func Journal(folder string, keys keychain.Store) Check {
	return Check{Name: "journal", Limit: 10 * time.Second, Look: func(ctx context.Context) Result {
		j := journal.Open(folder)
		entries, err := j.Entries()
		if err != nil {
			return Result{Outcome: Failed, Seen: "it cannot be read", Detail: err.Error(), Do: "See that its folder is yours; without it nothing is refreshed."}
		}
		answers := 0
		for _, e := range entries {
			if e.Answer {
				answers++
			}
		}
		text, err := keys.Get(ctx, journal.Account)
		switch {
		case errors.Is(err, keychain.ErrNotFound) && answers == 0:
			return Result{Outcome: OK, Seen: "empty, and it has no key yet: the first refresh makes one", Detail: folder}
		case errors.Is(err, keychain.ErrNotFound):
			return Result{Outcome: Failed, Seen: fmt.Sprintf("%d answers wait for the keychain, and the key that reads them is gone", answers), Do: "Sign in to those orgs again."}
		case err != nil:
			return Result{Outcome: Skipped, Seen: fmt.Sprintf("%d answers wait; its key cannot be read now", answers), Detail: err.Error()}
		}
		if err := j.Unlock(tokens.NewSecret(text)); err != nil {
			return Result{Outcome: Failed, Seen: "its key cannot be read", Detail: err.Error(), Do: "Sign in again to the orgs that it holds answers of."}
		}
		return readJournal(j, entries, answers)
	}}
}

// readJournal tries every answer that waits.
func readJournal(j *journal.Journal, entries []journal.Entry, answers int) Result {
	damaged := 0
	for _, e := range entries {
		if _, _, err := j.Kept(e.Key); err != nil {
			damaged++
		}
	}
	seen := fmt.Sprintf("its key is readable, %d answers wait for the keychain, %d refreshes have no answer yet", answers, len(entries)-answers)
	switch {
	case damaged > 0:
		return Result{Outcome: Failed, Seen: fmt.Sprintf("%s; %d entries cannot be read", seen, damaged), Do: "Sign in to those orgs again."}
	case answers > 0:
		return Result{Outcome: Warning, Seen: seen, Do: "Open the screen, or refresh those orgs: that brings the answers home."}
	}
	return Result{Outcome: OK, Seen: seen}
}

// Locks sees whether lock files keep programs apart in folder, which some
// network file systems do not let them.
func Locks(folder string) Check {
	return Check{Name: "locks", Look: func(context.Context) Result {
		if !folderThere(folder) {
			return Result{Outcome: OK, Seen: "no folder yet: the first refresh makes it", Detail: folder}
		}
		const mode = 0o600
		path := filepath.Join(folder, "doctor.lock")
		first, second := flock.New(path, flock.SetPermissions(mode)), flock.New(path, flock.SetPermissions(mode))
		defer func() { _, _ = first.Close(), second.Close() }()
		got, err := first.TryLock()
		if err != nil {
			return Result{Outcome: Failed, Seen: "a lock file cannot be taken", Detail: err.Error(), Do: "See that the folder can be written to; without locks nothing is refreshed."}
		}
		if !got {
			return Result{Outcome: OK, Seen: "another orgkeep doctor holds the lock: locks work", Detail: folder}
		}
		if again, err := second.TryLock(); err == nil && again {
			return Result{
				Outcome: Failed, Seen: "a lock that is held was given a second time", Detail: folder,
				Do: "Put the home folder on a file system with locks: two refreshes at once can end a login.",
			}
		}
		return Result{Outcome: OK, Seen: "a lock that is held is not given again", Detail: folder}
	}}
}

// Settings says what is set and where the file is: changed are the names of the
// settings that are not the defaults; problem is why the settings do not hold.
func Settings(path string, read bool, changed []string, problem error) Check {
	return Check{Name: "settings", Look: func(context.Context) Result {
		switch {
		case problem != nil:
			return Result{Outcome: Failed, Seen: "a setting is not allowed; every other command refuses to start", Detail: problem.Error(), Do: "Mend it: orgkeep settings path prints where the file is."}
		case !read && len(changed) == 0:
			return Result{Outcome: OK, Seen: "no file; the defaults hold", Detail: path}
		case len(changed) == 0:
			return Result{Outcome: OK, Seen: "the file is read; the defaults hold", Detail: path}
		}
		return Result{Outcome: OK, Seen: "set: " + strings.Join(changed, ", "), Detail: path}
	}}
}
