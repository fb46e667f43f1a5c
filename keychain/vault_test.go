package keychain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
)

const correct = "correct horse"

// says is a key whose passphrase is always text.
func says(text string) VaultKey {
	return Passphrase(func(context.Context) ([]byte, error) { return []byte(text), nil })
}

// cheap makes an unlock take no time that matters.
var cheap = WithWorkFactor(2)

// newVault returns an open vault in a new folder.
func newVault(t testing.TB) *VaultStore {
	t.Helper()
	v := Vault(filepath.Join(t.TempDir(), "vault"), says(correct), cheap)
	if err := v.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	return v
}

// again returns another VaultStore on the same folder, open.
func again(t testing.TB, v *VaultStore) *VaultStore {
	t.Helper()
	other := Vault(v.folder, says(correct), cheap)
	if err := other.Unlock(t.Context()); err != nil {
		t.Fatal(err)
	}
	return other
}

// wantVault is wantKind for the vault's own kinds too.
func wantVault(t testing.TB, err, kind error) {
	t.Helper()
	if kind == nil || err == nil {
		if !errors.Is(err, kind) {
			t.Fatalf("error %v, want %v", err, kind)
		}
		return
	}
	if problem, ok := errors.AsType[*Error](err); !ok || !errors.Is(problem.Kind, kind) {
		t.Fatalf("error %v, want an *Error of kind %q", err, kind)
	}
	for _, own := range []error{ErrNoVault, ErrVaultExists, ErrPassphrase, ErrDamaged} {
		if errors.Is(err, own) && !errors.Is(kind, own) {
			t.Fatalf("error %v, want one that wraps %q and not %q", err, kind, own)
		}
	}
	if strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), correct) {
		t.Fatalf("a secret is in the error %v", err)
	}
}

func holds(t testing.TB, s Store, account, want string) {
	t.Helper()
	if got, err := s.Get(t.Context(), account); err != nil || got != want {
		t.Fatalf("%s holds %q, %v, want %q", account, got, err, want)
	}
}

func set(t testing.TB, s Store, account, value string) {
	t.Helper()
	if err := s.Set(t.Context(), account, value); err != nil {
		t.Fatal(err)
	}
}

func TestVaultKeepsValues(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	wantVault(t, v.Probe(t.Context()), nil)
	_, err := v.Get(t.Context(), account)
	wantVault(t, err, ErrNotFound)
	wantVault(t, v.Delete(t.Context(), account), ErrNotFound)
	long := strings.Repeat("é", vaultValueLimit/2)
	for _, value := range []string{"one", "", "two", long, canary} {
		set(t, v, account, value)
		holds(t, v, account, value)
		holds(t, again(t, v), account, value)
	}
	if kept, err := v.Kept(t.Context(), account); err != nil || kept != long {
		t.Errorf("the kept value has %d bytes, %v", len(kept), err)
	}
	wantVault(t, v.Set(t.Context(), account, long+"a"), ErrTooBig)
	wantVault(t, v.Set(t.Context(), account, "a\nb"), ErrValue)
	wantVault(t, v.Set(t.Context(), "../x", "v"), ErrName)
	holds(t, v, account, canary)
	wantVault(t, v.Delete(t.Context(), account), nil)
	_, err = v.Get(t.Context(), account)
	wantVault(t, err, ErrNotFound)
	_, err = v.Kept(t.Context(), account)
	wantVault(t, err, ErrNotFound)
	wantVault(t, v.Settled(t.Context(), account), nil)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	wantVault(t, v.Set(ended, account, "v"), ErrTimeout)
	_, err = v.Get(ended, account)
	wantVault(t, err, ErrTimeout)
	wantVault(t, v.Delete(ended, account), ErrTimeout)
}

// TestVaultNames: accounts that some file systems take for one another, or for
// a device, are apart.
func TestVaultNames(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	names := []string{"abc", "ABC", "Abc", "CON", "nul", "a.", ".a", "...", strings.Repeat("x", accountLimit)}
	files := map[string]bool{}
	for _, name := range names {
		set(t, v, name, "value of "+name)
		files[strings.ToLower(v.entry(name))] = true
	}
	for _, name := range names {
		holds(t, v, name, "value of "+name)
	}
	if len(files) != len(names) {
		t.Errorf("%d accounts in %d files", len(names), len(files))
	}
}

// TestVaultDiskHoldsNoSecret looks at every byte on the disk, and at every mode.
func TestVaultDiskHoldsNoSecret(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, canary+" one")
	set(t, v, account, canary+" two")
	identity, _ := v.state()
	count := 0
	err := filepath.WalkDir(v.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		count++
		data, err := os.ReadFile(path)
		for _, secret := range []string{canary, correct, "AGE-SECRET-KEY", identity.Recipient().String()} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds %.14s", d.Name(), secret)
			}
		}
		return err
	})
	if err != nil || count != 5 {
		t.Errorf("walked over %d files, %v", count, err)
	}
}

// TestVaultIsAge takes a value out with nothing but the age format.
func TestVaultIsAge(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "the value")
	data, err := os.ReadFile(v.identityPath())
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := bytes.Cut(data, []byte("\n"))
	key, err := age.NewScryptIdentity(correct)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := decrypt(body, key)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := age.ParseX25519Identity(string(secret))
	if err != nil {
		t.Fatal(err)
	}
	entry, err := os.ReadFile(v.entry(account))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := decrypt(entry, identity); err != nil || !strings.HasSuffix(string(plain), "\nthe value") {
		t.Errorf("the entry holds %q, %v", plain, err)
	}
}

// TestVaultAtOnce writes from many goroutines through two stores on one folder.
func TestVaultAtOnce(t *testing.T) {
	t.Parallel()
	one := newVault(t)
	stores := []*VaultStore{one, again(t, one)}
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			v, name := stores[i%2], fmt.Sprintf("account%d", i)
			for n := range 10 {
				want := fmt.Sprintf("%d of %s", n, name)
				if err := v.Set(t.Context(), name, want); err != nil {
					t.Error(err)
				}
				if got, err := stores[1-i%2].Get(t.Context(), name); err != nil || got != want {
					t.Errorf("%q, %v, want %q", got, err, want)
				}
				if err := v.Set(t.Context(), "shared", want); err != nil {
					t.Error(err)
				}
				if _, err := v.Get(t.Context(), "shared"); err != nil {
					t.Error(err)
				}
			}
			if err := v.Delete(t.Context(), name); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
