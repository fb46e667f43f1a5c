package keychain

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Unmake takes an Init back, for a vault into which nothing came: its key, its
// identity and its folder go, and so does what else there is of accounts. A vault
// that has any other entry stays whole, and the error wraps ErrVaultExists. The
// caller makes sure that nobody else uses the vault. Other errors are those of
// Delete; the key goes first, and without it Init can be called again.
func (v *VaultStore) Unmake(ctx context.Context, accounts ...string) error {
	if f := v.unmake(ctx, accounts); f != nil {
		return f.error(v.Name(), opDelete, "", true)
	}
	v.mu.Lock()
	v.identity = nil
	v.mu.Unlock()
	// What is not empty has something in it that is not the vault's, and stays.
	for _, path := range []string{filepath.Join(v.folder, lockName), filepath.Join(v.folder, entriesName), v.folder} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return diskFinding(err).error(v.Name(), opDelete, "", true)
		}
	}
	return nil
}

// unmake removes all but the folders and the lock, which it holds.
func (v *VaultStore) unmake(ctx context.Context, accounts []string) *finding {
	unlock, f := v.lock(ctx)
	if f != nil {
		return f
	}
	defer unlock()
	if f := v.holdsOnly(accounts); f != nil {
		return f
	}
	for _, account := range accounts {
		for _, path := range []string{v.entry(account) + backup, v.entry(account)} {
			if _, f := v.discard(path); f != nil {
				return f
			}
		}
	}
	v.swept = false
	if f := v.sweep(); f != nil {
		return f
	}
	_, key := v.state()
	if f := key.drop(ctx); f != nil {
		return f
	}
	for _, path := range []string{v.identityPath() + backup, v.identityPath()} {
		if _, f := v.discard(path); f != nil {
			return f
		}
	}
	return nil
}

// holdsOnly returns ErrVaultExists where there is an entry of any other account.
func (v *VaultStore) holdsOnly(accounts []string) *finding {
	may := map[string]bool{}
	for _, account := range accounts {
		name := filepath.Base(v.entry(account))
		may[name], may[name+backup] = true, true
	}
	files, err := os.ReadDir(filepath.Join(v.folder, entriesName))
	if err != nil {
		return diskFinding(err)
	}
	for _, file := range files {
		if !may[file.Name()] && !leftover(file.Name()) {
			return &finding{kind: ErrVaultExists, detail: "the folder has entries"}
		}
	}
	return nil
}
