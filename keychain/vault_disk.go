package keychain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	identityName = "identity.age"
	entriesName  = "entries"
	lockName     = "lock"
	backup       = ".bak"
)

const (
	// lockLimit is how long a write waits for the others: each of them takes
	// milliseconds, so who waits longer waits for a process that hangs.
	lockLimit = 10 * time.Second
	lockPause = 2 * time.Millisecond
)

const checkDisk = "see that the disk has room and the vault's folder can be written to, and try again"

// prepare makes the folders, and looks whether they may hold a vault.
func (v *VaultStore) prepare() *finding {
	if err := os.MkdirAll(filepath.Join(v.folder, entriesName), 0o700); err != nil {
		return diskFinding(err)
	}
	return v.checkFolders()
}

func (v *VaultStore) checkFolders() *finding {
	for _, folder := range []string{v.folder, filepath.Join(v.folder, entriesName)} {
		info, err := os.Lstat(folder)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return &finding{kind: ErrNotFound, detail: "the folder " + filepath.Base(folder) + " is missing"}
		case err != nil:
			return diskFinding(err)
		case !info.IsDir():
			return &finding{
				kind: ErrUnavailable, detail: fmt.Sprintf("%q is no folder but a link or a file", filepath.Base(folder)),
				remedy: "put a real folder in its place",
			}
		case exposed(info):
			return open2others(folder, "700")
		}
	}
	return nil
}

// open2others is the finding about what others than the owner can get at.
func open2others(path, mode string) *finding {
	return &finding{
		kind: ErrUnavailable, detail: fmt.Sprintf("%q is open to other users of this machine", filepath.Base(path)),
		remedy: "chmod " + mode + " it, and change the passphrase if others could read it",
	}
}

func (v *VaultStore) hasEntries() (bool, *finding) {
	files, err := os.ReadDir(filepath.Join(v.folder, entriesName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, diskFinding(err)
	}
	return slices.ContainsFunc(files, func(file fs.DirEntry) bool { return !leftover(file.Name()) }), nil
}

// leftover says that a file is what a killed write left. Its name is durable's.
func leftover(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, ".tmp")
}

// sweep removes what killed writes left, once a run. It needs the lock: then no
// such file is in use.
func (v *VaultStore) sweep() *finding {
	if v.swept {
		return nil
	}
	for _, folder := range []string{v.folder, filepath.Join(v.folder, entriesName)} {
		files, err := os.ReadDir(folder)
		if err != nil {
			return diskFinding(err)
		}
		for _, file := range files {
			if !leftover(file.Name()) {
				continue
			}
			if err := v.remove(filepath.Join(folder, file.Name())); err != nil {
				return diskFinding(err)
			}
		}
	}
	v.swept = true
	return nil
}

// lock keeps all others from writing, in this process and others, until the
// function that it returns is called.
func (v *VaultStore) lock(ctx context.Context) (unlock func(), f *finding) {
	waiting, cancel := context.WithTimeout(ctx, lockLimit)
	defer cancel()
	select {
	case v.turn <- struct{}{}:
	case <-waiting.Done():
		return nil, crowded(waiting)
	}
	file := flock.New(filepath.Join(v.folder, lockName),
		flock.SetFlag(os.O_CREATE|os.O_RDWR|noFollow), flock.SetPermissions(0o600))
	if _, err := file.TryLockContext(waiting, lockPause); err != nil {
		<-v.turn
		if waiting.Err() != nil {
			return nil, crowded(waiting)
		}
		return nil, diskFinding(err)
	}
	return func() {
		// Closing lets go of the lock whatever it returns.
		_ = file.Close()
		<-v.turn
	}, nil
}

func crowded(ctx context.Context) *finding {
	return &finding{
		kind: ErrBusy, detail: "another write to the vault is under way; " + waited(ctx),
		remedy: "see whether another orgkeep hangs, and try again", cause: context.Cause(ctx),
	}
}

// readOwn is readPlain for a file that only its owner may read.
func readOwn(path string) ([]byte, *finding) {
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && exposed(info) {
		return nil, open2others(path, "600")
	}
	return readPlain(path)
}

// readPlain reads a file of the vault. It follows no link and opens no device.
func readPlain(path string) ([]byte, *finding) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, readFinding(err)
	}
	if !info.Mode().IsRegular() {
		return nil, &finding{kind: ErrUnavailable, detail: fmt.Sprintf("%q is a link or no file", filepath.Base(path)), remedy: "remove it"}
	}
	file, err := openPlain(path)
	if err != nil {
		return nil, readFinding(err)
	}
	data, err := io.ReadAll(io.LimitReader(file, vaultFileLimit+1))
	// Nothing was written, so closing has nothing to tell.
	_ = file.Close()
	if err != nil {
		return nil, diskFinding(err)
	}
	if len(data) > vaultFileLimit {
		return nil, &finding{kind: ErrDamaged, detail: "a file is far too big"}
	}
	return data, nil
}

// exists says that the file is there, or may be: only a clear no is a no.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// readFinding is what an error of reading means.
func readFinding(err error) *finding {
	if errors.Is(err, fs.ErrNotExist) {
		return &finding{kind: ErrNotFound}
	}
	return diskFinding(err)
}

// diskFinding is what any other error of the file system means.
func diskFinding(err error) *finding {
	return &finding{kind: ErrUnavailable, detail: "the disk said " + quote(err), cause: err, remedy: checkDisk}
}
