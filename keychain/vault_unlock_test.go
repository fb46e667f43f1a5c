package keychain

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestVaultInit(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new", "vault")
	v := Vault(folder, says(correct), cheap)
	wantVault(t, v.Probe(t.Context()), ErrNoVault)
	wantVault(t, v.Unlock(t.Context()), ErrNoVault)
	wantVault(t, v.Set(Interactive(t.Context()), account, "v"), ErrNoVault)
	wantVault(t, v.Set(t.Context(), account, "v"), ErrNoVault)
	wantVault(t, v.Delete(t.Context(), account), ErrNoVault)
	_, err := VaultIn(folder)
	wantVault(t, err, ErrNoVault)
	if !errors.Is(err, ErrUnavailable) {
		t.Error("ErrNoVault does not wrap ErrUnavailable")
	}
	if exists(folder) {
		t.Error("a look made the folder")
	}
	wantVault(t, Vault(folder, says(""), cheap).Init(t.Context()), ErrPassphrase)
	wantVault(t, v.Init(t.Context()), nil)
	set(t, v, account, "v")
	never := Passphrase(func(context.Context) ([]byte, error) {
		t.Error("asked for a passphrase that nobody needs")
		return nil, nil
	})
	wantVault(t, Vault(folder, never, cheap).Init(t.Context()), ErrVaultExists)
	holds(t, again(t, v), account, "v")
	if how, err := VaultIn(folder); err != nil || how != ByPassphrase {
		t.Errorf("protected by %q, %v", how, err)
	}
}

func TestVaultPassphrase(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "v")
	wantVault(t, Vault(v.folder, says("correct horsf"), cheap).Unlock(t.Context()), ErrPassphrase)
	wantVault(t, Vault(v.folder, says(""), cheap).Unlock(t.Context()), ErrPassphrase)
	gone := Passphrase(func(context.Context) ([]byte, error) { return []byte("x"), context.Canceled })
	wantVault(t, Vault(v.folder, gone, cheap).Unlock(t.Context()), ErrLocked)
	wantVault(t, Vault(v.folder, InKeychain(Memory(), "vault.identity")).Unlock(t.Context()), ErrUnavailable)

	wantVault(t, again(t, v).Rekey(t.Context(), says("battery")), nil)
	wantVault(t, Vault(v.folder, says(correct), cheap).Unlock(t.Context()), ErrPassphrase)
	other := Vault(v.folder, says("battery"), cheap)
	wantVault(t, other.Unlock(t.Context()), nil)
	holds(t, other, account, "v")
	// A store that was open before goes on.
	set(t, v, account, "w")
	holds(t, other, account, "w")
	wantVault(t, Vault(v.folder, says(correct), cheap).Unlock(t.Context()), ErrPassphrase)
}

func TestVaultInKeychain(t *testing.T) {
	t.Parallel()
	m := Memory()
	key := InKeychain(m, "vault.identity")
	folder := filepath.Join(t.TempDir(), "vault")
	v := Vault(folder, key)
	wantVault(t, v.Init(t.Context()), nil)
	set(t, v, account, "v")
	if how, err := VaultIn(folder); err != nil || how != ByKeychain {
		t.Errorf("protected by %q, %v", how, err)
	}
	// The keychain may be asked without leave: it knows itself when to ask.
	holds(t, Vault(folder, key), account, "v")
	wantVault(t, Vault(folder, key).Probe(t.Context()), nil)

	// Another vault does not take this one's item.
	wantVault(t, Vault(filepath.Join(t.TempDir(), "two"), key).Init(t.Context()), ErrVaultExists)
	holds(t, Vault(folder, key), account, "v")

	// A key that is gone is not an entry that is gone.
	value, err := m.Get(t.Context(), "vault.identity")
	wantVault(t, err, nil)
	wantVault(t, m.Delete(t.Context(), "vault.identity"), nil)
	_, err = Vault(folder, key).Get(t.Context(), account)
	wantVault(t, err, ErrUnavailable)
	if errors.Is(err, ErrNotFound) {
		t.Error("a missing key passes for a missing entry")
	}
	set(t, m, "vault.identity", "rubbish "+canary)
	_, err = Vault(folder, key).Get(t.Context(), account)
	wantVault(t, err, ErrDamaged)
	other := newVault(t)
	identity, _ := other.state()
	set(t, m, "vault.identity", identity.String())
	wantVault(t, Vault(folder, key).Unlock(t.Context()), ErrDamaged)
	set(t, m, "vault.identity", value)
	holds(t, Vault(folder, key), account, "v")
}

// TestVaultKeychainRefuses: what the keychain says of itself is passed on.
func TestVaultKeychainRefuses(t *testing.T) {
	t.Parallel()
	lib := newScript(nil)
	store := scripted(lib)
	folder := filepath.Join(t.TempDir(), "vault")
	wantVault(t, Vault(folder, InKeychain(store, "vault.identity")).Init(t.Context()), nil)
	store.platform.ready = func(context.Context) *finding { return &finding{kind: ErrLocked, ask: true, remedy: unlockIt} }
	v := Vault(folder, InKeychain(store, "vault.identity"))
	_, err := v.Get(t.Context(), account)
	wantVault(t, err, ErrLocked)
	if problem, ok := errors.AsType[*Error](err); !ok || !problem.Ask || problem.Remedy != unlockIt {
		t.Errorf("error %#v", problem)
	}
	_, err = v.Get(Interactive(t.Context()), account)
	wantVault(t, err, ErrNotFound)
}

func TestVaultRekeyBetweenKinds(t *testing.T) {
	t.Parallel()
	m := Memory()
	key := InKeychain(m, "vault.identity")
	v := newVault(t)
	set(t, v, account, "v")
	wantVault(t, v.Rekey(t.Context(), key), nil)
	holds(t, Vault(v.folder, key), account, "v")
	wantVault(t, Vault(v.folder, says(correct)).Unlock(t.Context()), ErrUnavailable)
	data, err := os.ReadFile(v.identityPath())
	if err != nil || !bytes.HasSuffix(data, []byte("\n")) {
		t.Errorf("the identity is still in the file: %v", err)
	}
	wantVault(t, v.Rekey(t.Context(), says("battery")), nil)
	_, err = m.Get(t.Context(), "vault.identity")
	wantVault(t, err, ErrNotFound)
	other := Vault(v.folder, says("battery"))
	wantVault(t, other.Unlock(t.Context()), nil)
	holds(t, other, account, "v")

	// An item that is another vault's stays, and so does the passphrase.
	set(t, m, "vault.identity", "something else")
	wantVault(t, other.Rekey(t.Context(), key), ErrVaultExists)
	wantVault(t, Vault(v.folder, says("battery")).Unlock(t.Context()), nil)
	holds(t, m, "vault.identity", "something else")
}

// TestVaultReplaced: a store that is open does not write into another vault that
// stands in the folder now, and does not take a missing one for an empty one.
func TestVaultReplaced(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "v")
	if err := os.Rename(v.folder, v.folder+".away"); err != nil {
		t.Fatal(err)
	}
	_, err := v.Get(t.Context(), account)
	wantVault(t, err, ErrNoVault)
	other := Vault(v.folder, says(correct), cheap)
	wantVault(t, other.Init(t.Context()), nil)
	set(t, other, account, "of the other")
	wantVault(t, v.Set(t.Context(), account, "w"), ErrUnavailable)
	_, err = v.Get(t.Context(), account)
	wantVault(t, err, ErrDamaged)
	_, err = v.Get(t.Context(), "unknown")
	wantVault(t, err, ErrUnavailable)
	holds(t, other, account, "of the other")
}
