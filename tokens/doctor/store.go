package doctor

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// Service is where the probe items are in the keychain, apart from the logins.
const Service = "orgkeep-doctor"

// probeText is what a probe item holds. It is no secret.
const probeText = "orgkeep doctor wrote this to see whether it can"

// From these figures on the vault is worth its passphrase. gnome-keyring writes
// its whole file anew at each change: 5 ms a write among 10 items, 53 ms among
// 1,000.
const (
	manyOrgs  = 200
	slowWrite = 25 * time.Millisecond
	// personLimit is how long a person may take to unlock a keychain.
	personLimit = 2 * time.Minute
)

// Keychain writes an item to store, reads it and deletes it. orgs is how many
// logins the keychain holds. ask says that a person is there: only then may a
// locked keychain ask for its password.
func Keychain(store keychain.Store, orgs int, ask bool, clock tokens.Clock) Check {
	c := Check{Name: "keychain", Limit: 15 * time.Second}
	if ask {
		c.Limit = personLimit
	}
	c.Look = func(ctx context.Context) Result {
		if err := store.Probe(ctx); err != nil {
			problem, ok := errors.AsType[*keychain.Error](err)
			if !ok || !problem.Ask || !ask {
				return refusedStore(err)
			}
			ctx = keychain.Interactive(ctx)
		}
		return probe(ctx, store, orgs, clock)
	}
	return c
}

// Vault does the same with an item in the vault. One that is locked is opened by
// open, which asks nobody and may be nil; where it stays locked, unlock says how a
// person opens it.
func Vault(store keychain.Store, open func(context.Context) error, unlock string, clock tokens.Clock) Check {
	return Check{Name: "vault", Limit: 15 * time.Second, Look: func(ctx context.Context) Result {
		err := store.Probe(ctx)
		if errors.Is(err, keychain.ErrLocked) && open != nil {
			if err = open(ctx); err == nil {
				err = store.Probe(ctx)
			}
		}
		if errors.Is(err, keychain.ErrLocked) && !errors.Is(err, keychain.ErrPassphrase) {
			return Result{Outcome: Skipped, Seen: "the vault is locked, so nothing was written to it", Do: unlock}
		}
		if err != nil {
			return refusedStore(err)
		}
		return probe(ctx, store, 0, clock)
	}}
}

// refusedStore tells of a store that cannot be used.
func refusedStore(err error) Result {
	const without = "Orgs cannot be refreshed until it can be used; orgkeep list works without it."
	r := Result{Outcome: Failed, Seen: "it cannot be used", Detail: err.Error(), Do: without}
	if problem, ok := errors.AsType[*keychain.Error](err); ok {
		r.Seen, r.Detail = fmt.Sprintf("%s: %v", problem.Keychain, problem.Kind), problem.Detail
		if remedy := problem.Remedy; remedy != "" {
			r.Do = strings.ToUpper(remedy[:1]) + remedy[1:] + ". " + without
		}
	}
	return r
}

// probe makes the round of one item, under a name that no other run has.
func probe(ctx context.Context, store keychain.Store, orgs int, clock tokens.Clock) Result {
	var random [4]byte
	_, _ = rand.Read(random[:]) // it never fails (crypto/rand)
	account := "probe-" + hex.EncodeToString(random[:])
	watch := clock.Stopwatch()
	if err := store.Set(ctx, account, probeText); err != nil {
		removeProbe(ctx, store, account)
		return refusedStore(err)
	}
	wrote := watch()
	text, err := store.Get(ctx, account)
	read := watch() - wrote
	if err == nil && text != probeText {
		err = keychain.ErrNotVerified
	}
	if err != nil {
		removeProbe(ctx, store, account)
		return refusedStore(err)
	}
	if err := store.Delete(ctx, account); err != nil {
		removeProbe(ctx, store, account)
		return refusedStore(err)
	}
	r := Result{Outcome: OK, Seen: fmt.Sprintf("%s: an item was written in %s, read in %s and deleted",
		store.Name(), tokens.FormatTook(wrote), tokens.FormatTook(read))}
	if orgs >= manyOrgs && wrote >= slowWrite {
		r.Outcome = Warning
		r.Do = fmt.Sprintf("With %d orgs every refresh pays for that; the vault does not slow down (orgkeep store move vault).", orgs)
	}
	return r
}

// removeProbe takes away what a probe that failed may have left, also where
// nobody waits for it any more.
func removeProbe(ctx context.Context, store keychain.Store, account string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), usualLimit)
	defer cancel()
	_ = store.Delete(ctx, account) // what has failed is told already
}

// Use says which store is in use and why; leaving is the one that an interrupted
// move has not emptied, empty when there is none.
func Use(store, why, leaving string, orgs int) Check {
	return Check{Name: "store", Look: func(context.Context) Result {
		r := Result{Outcome: OK, Seen: fmt.Sprintf("the %s is in use (%s), %s", store, why, counted(orgs))}
		if leaving != "" {
			r.Outcome, r.Seen = Warning, r.Seen+"; a move from the "+leaving+" was interrupted"
			r.Do = "orgkeep store move " + store + " ends it."
		}
		return r
	}}
}

func counted(orgs int) string {
	if orgs == 1 {
		return "1 org"
	}
	return fmt.Sprintf("%d orgs", orgs)
}

// Modes looks at every file below a folder of secrets: nobody but its owner may
// read them. name is what the check is called.
func Modes(name, folder string) Check {
	return Check{Name: name, Look: func(ctx context.Context) Result {
		files, open, err := modes(ctx, folder)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return Result{Outcome: Skipped, Seen: "there is no folder yet", Detail: folder}
		case err != nil:
			return Result{Outcome: Failed, Seen: "its files cannot be looked at", Detail: err.Error(), Do: "See that the folder is yours."}
		case len(open) > 0:
			return Result{
				Outcome: Failed, Seen: fmt.Sprintf("%d of %d files and folders are open to other users of this machine", len(open), files),
				Detail: open[0], Do: "chmod 700 the folders and 600 the files, and change the passphrase if others could read them.",
			}
		}
		seen := fmt.Sprintf("%d files and folders, open to their owner alone", files)
		if files == 1 {
			seen = "1 file or folder, open to its owner alone"
		}
		return Result{Outcome: OK, Seen: seen, Detail: folder}
	}}
}

// modes counts what is below folder, and names what others can get at. Windows
// has no such modes.
func modes(ctx context.Context, folder string) (files int, open []string, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) { // it was a file on its way
			return nil
		}
		if err != nil {
			return err
		}
		files++
		if runtime.GOOS != "windows" && info.Mode()&fs.ModeSymlink == 0 && info.Mode().Perm()&0o077 != 0 {
			open = append(open, path)
		}
		return ctx.Err()
	})
	return files, open, err
}

// folderThere reports whether path is a folder.
func folderThere(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
