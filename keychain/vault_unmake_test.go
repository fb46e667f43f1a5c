package keychain

import (
	"os"
	"path/filepath"
	"testing"
)

func TestVaultUnmake(t *testing.T) {
	t.Parallel()
	m := Memory()
	for name, key := range map[string]VaultKey{"passphrase": says(correct), "keychain": InKeychain(m, "vault.identity")} {
		folder := filepath.Join(t.TempDir(), "vault")
		v := Vault(folder, key, cheap)
		wantVault(t, v.Init(t.Context()), nil)
		set(t, v, "journal.identity", "x")
		set(t, v, "journal.identity", "y") // and so has a kept version
		set(t, v, account, "v")
		wantVault(t, v.Unmake(t.Context(), "journal.identity"), ErrVaultExists)
		holds(t, v, account, "v")
		holds(t, v, "journal.identity", "y")
		wantVault(t, v.Delete(t.Context(), account), nil)
		wantVault(t, v.Unmake(t.Context()), ErrVaultExists)
		wantVault(t, v.Unmake(t.Context(), "journal.identity"), nil)
		if _, err := os.Lstat(folder); !os.IsNotExist(err) {
			t.Errorf("%s: the folder is still there: %v", name, err)
		}
		_, err := m.Get(t.Context(), "vault.identity")
		wantVault(t, err, ErrNotFound)
		wantVault(t, v.Probe(t.Context()), ErrNoVault)
		wantVault(t, v.Init(t.Context()), nil)
		_, err = v.Get(t.Context(), account)
		wantVault(t, err, ErrNotFound)
	}
}

// What somebody else has put into the folder is not the vault's to remove.
func TestVaultUnmakeLeavesWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	note := filepath.Join(v.folder, "note.txt")
	put(t, note, []byte("mine"))
	if err := v.Unmake(t.Context()); err == nil {
		t.Error("the folder is gone, or nothing was said")
	}
	if got := string(read(t, note)); got != "mine" {
		t.Errorf("%q", got)
	}
	wantVault(t, v.Probe(t.Context()), ErrNoVault)
}
