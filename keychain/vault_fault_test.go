package keychain

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

var errDisk = errors.New("no space left on device")

// fragile makes the k-th call of v that changes the disk, counted from 1, and
// all after it fail: as a full disk does, and as a program that was killed
// there leaves it. With done the k-th is carried out all the same, as when only
// the sync of the folder fails. It returns the count of calls.
func fragile(v *VaultStore, k int, done bool) *int {
	calls := new(int)
	fault := func(work func() error) error {
		*calls++
		if *calls < k || *calls == k && done {
			if err := work(); err != nil || *calls < k {
				return err
			}
		}
		return errDisk
	}
	write, remove := v.write, v.remove
	v.write = func(path string, data []byte) error { return fault(func() error { return write(path, data) }) }
	v.remove = func(path string) error { return fault(func() error { return remove(path) }) }
	return calls
}

// eachFault runs try with every call failing once, in both ways, until one run
// of it gets by without reaching the fault.
func eachFault(t *testing.T, try func(t *testing.T, arm func(*VaultStore)) (failed bool)) {
	t.Helper()
	for _, done := range []bool{false, true} {
		for k := 1; ; k++ {
			var calls *int
			failed := try(t, func(v *VaultStore) { calls = fragile(v, k, done) })
			if reached := *calls >= k; reached != failed {
				t.Fatalf("call %d of %d failed and the store said otherwise", k, *calls)
			}
			if !failed {
				if k <= 2 { // none of what is tried does with one
					t.Fatalf("only %d calls changed the disk", k-1)
				}
				break
			}
		}
	}
}

func TestVaultSetFails(t *testing.T) {
	t.Parallel()
	eachFault(t, func(t *testing.T, arm func(*VaultStore)) bool {
		v := newVault(t)
		set(t, v, account, "1")
		set(t, v, account, "2")
		other := again(t, v)
		arm(other)
		err := other.Set(t.Context(), account, "3")
		got, problem := v.Get(t.Context(), account)
		if problem != nil || got != "2" && got != "3" || err == nil && got != "3" {
			t.Errorf("after %v it holds %q, %v", err, got, problem)
		}
		if kept, problem := v.Kept(t.Context(), account); problem != nil || kept != "1" && kept != "2" {
			t.Errorf("after %v %q is kept, %v", err, kept, problem)
		}
		if err != nil {
			wantVault(t, err, ErrUnavailable)
		}
		set(t, v, account, "4")
		holds(t, again(t, v), account, "4")
		return err != nil
	})
}

func TestVaultDeleteFails(t *testing.T) {
	t.Parallel()
	eachFault(t, func(t *testing.T, arm func(*VaultStore)) bool {
		v := newVault(t)
		set(t, v, account, "1")
		set(t, v, account, "2")
		other := again(t, v)
		arm(other)
		err := other.Delete(t.Context(), account)
		got, problem := v.Get(t.Context(), account)
		if (problem != nil || got != "2") && !errors.Is(problem, ErrNotFound) || err == nil && problem == nil {
			t.Errorf("after %v it holds %q, %v", err, got, problem)
		}
		if problem == nil {
			wantVault(t, v.Delete(t.Context(), account), nil)
		}
		_, problem = v.Get(t.Context(), account)
		wantVault(t, problem, ErrNotFound)
		return err != nil
	})
}

// TestVaultInitFails: after a try that was cut short there is a vault that
// opens, or Init makes one.
func TestVaultInitFails(t *testing.T) {
	t.Parallel()
	for _, key := range []func() VaultKey{
		func() VaultKey { return says(correct) },
		func() VaultKey { return InKeychain(Memory(), "vault.identity") },
	} {
		eachFault(t, func(t *testing.T, arm func(*VaultStore)) bool {
			key := key()
			v := Vault(filepath.Join(t.TempDir(), "vault"), key, cheap)
			arm(v)
			err := v.Init(t.Context())
			next := Vault(v.folder, key, cheap)
			if next.Unlock(t.Context()) != nil {
				if problem := next.Init(t.Context()); problem != nil {
					t.Errorf("after %v the next try says %v", err, problem)
				}
			}
			set(t, next, account, "v")
			holds(t, next, account, "v")
			return err != nil
		})
	}
}

// TestVaultRekeyFails: at every moment one of the two keys opens the vault.
func TestVaultRekeyFails(t *testing.T) {
	t.Parallel()
	for _, to := range []func() VaultKey{
		func() VaultKey { return says("battery") },
		func() VaultKey { return InKeychain(Memory(), "vault.identity") },
	} {
		eachFault(t, func(t *testing.T, arm func(*VaultStore)) bool {
			to := to()
			v := newVault(t)
			set(t, v, account, "v")
			other := again(t, v)
			arm(other)
			err := other.Rekey(t.Context(), to)
			opened := 0
			for _, key := range []VaultKey{says(correct), to} {
				if next := Vault(v.folder, key, cheap); next.Unlock(t.Context()) == nil {
					holds(t, next, account, "v")
					set(t, next, account, "v")
					opened++
				}
			}
			if opened != 1 {
				t.Errorf("after %v %d keys open the vault", err, opened)
			}
			return err != nil
		})
	}
}

// TestVaultKeychainFails lets the keychain fail at each of its calls during
// Rekey: the identity leaves the file only when the keychain has it.
func TestVaultKeychainFails(t *testing.T) {
	t.Parallel()
	for _, f := range []fault{fails, lies, mangles, panics} {
		for k := 1; k <= 4; k++ {
			lib := newScript(map[int]fault{k: f})
			key := InKeychain(scripted(lib), "vault.identity")
			v := newVault(t)
			set(t, v, account, "v")
			err := v.Rekey(t.Context(), key)
			lib.faults = nil
			byPassphrase := Vault(v.folder, says(correct), cheap).Unlock(t.Context())
			byKeychain := Vault(v.folder, key).Unlock(t.Context())
			if (byPassphrase == nil) == (byKeychain == nil) || (err == nil) != (byKeychain == nil) {
				t.Errorf("fault %d at call %d: rekey %v; passphrase %v; keychain %v", f, k, err, byPassphrase, byKeychain)
			}
		}
	}
}

// TestVaultLyingDisk: what the disk says is looked at.
func TestVaultLyingDisk(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "old")
	other := again(t, v)
	other.write = func(string, []byte) error { return nil }
	other.remove = func(string) error { return nil }
	wantVault(t, other.Set(t.Context(), account, "new"), ErrNotVerified)
	wantVault(t, other.Set(t.Context(), "another", "new"), ErrNotVerified)
	wantVault(t, other.Delete(t.Context(), account), ErrNotVerified)
	holds(t, v, account, "old")
}

// TestVaultBusy: a write waits for another one no longer than it is told to, and
// says that it was not begun.
func TestVaultBusy(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "v")
	for _, other := range []*VaultStore{v, again(t, v)} {
		unlock, f := other.lock(t.Context())
		if f != nil {
			t.Fatal(f.kind)
		}
		waiting, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- v.Set(waiting, account, "w") }()
		holds(t, v, account, "v") // a read does not wait
		cancel()
		err := <-done
		if !errors.Is(err, ErrBusy) && !errors.Is(err, ErrTimeout) {
			t.Errorf("error %v", err)
		}
		if problem, ok := errors.AsType[*Error](err); !ok || problem.Begun {
			t.Errorf("error %#v", problem)
		}
		unlock()
	}
	set(t, v, account, "x")
}
