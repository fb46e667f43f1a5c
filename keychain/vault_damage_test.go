package keychain

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func put(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// damages calls try with every way in which one byte can go wrong: each turned
// over, every eighth the first that is missing, and one too many.
func damages(data []byte, try func(damaged []byte)) {
	for i := range data {
		flipped := bytes.Clone(data)
		flipped[i] ^= 1
		try(flipped)
		if i%8 == 0 {
			try(data[:i])
		}
	}
	try(append(bytes.Clone(data), 'x'))
}

// TestVaultDamagedEntry: whatever byte is wrong, the answer is ErrDamaged and
// the kept version's name; never the kept version itself.
func TestVaultDamagedEntry(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "generation 1")
	set(t, v, account, "generation 2")
	path := v.entry(account)
	damages(read(t, path), func(damaged []byte) {
		put(t, path, damaged)
		value, err := v.Get(t.Context(), account)
		wantVault(t, err, ErrDamaged)
		if value != "" || !strings.Contains(err.Error(), v.relative(path+backup)) {
			t.Fatalf("%q, %v", value, err)
		}
	})
	if kept, err := v.Kept(t.Context(), account); err != nil || kept != "generation 1" {
		t.Errorf("kept %q, %v", kept, err)
	}
	// A new value does not push the last good one out for a damaged one.
	set(t, v, account, "generation 3")
	holds(t, v, account, "generation 3")
	if kept, err := v.Kept(t.Context(), account); err != nil || kept != "generation 1" {
		t.Errorf("kept %q, %v", kept, err)
	}
}

func TestVaultMissingEntry(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "generation 1")
	set(t, v, account, "generation 2")
	if err := os.Remove(v.entry(account)); err != nil {
		t.Fatal(err)
	}
	_, err := v.Get(t.Context(), account)
	wantVault(t, err, ErrDamaged)
	wantVault(t, v.Delete(t.Context(), account), nil)
	_, err = v.Get(t.Context(), account)
	wantVault(t, err, ErrNotFound)
}

func TestVaultSwappedEntry(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, "one", "value of one")
	set(t, v, "two", "value of two")
	put(t, v.entry("two"), read(t, v.entry("one")))
	_, err := v.Get(t.Context(), "two")
	wantVault(t, err, ErrDamaged)
	other := newVault(t)
	set(t, other, "one", "foreign")
	put(t, v.entry("one"), read(t, other.entry("one")))
	_, err = v.Get(t.Context(), "one")
	wantVault(t, err, ErrDamaged)
	put(t, v.entry("one"), make([]byte, vaultFileLimit+1))
	_, err = v.Get(t.Context(), "one")
	wantVault(t, err, ErrDamaged)
}

// TestVaultDamagedIdentity: while one of the two copies is whole nothing is
// lost, and the next write mends the other. With both gone it says so, and never
// blames the passphrase.
func TestVaultDamagedIdentity(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	set(t, v, account, "v")
	path := v.identityPath()
	whole := read(t, path)
	damages(whole, func(damaged []byte) {
		put(t, path, damaged)
		wantVault(t, Vault(v.folder, says("wrong"), cheap).Unlock(t.Context()), ErrPassphrase)
		holds(t, again(t, v), account, "v")
		put(t, path+backup, damaged)
		wantVault(t, Vault(v.folder, says(correct), cheap).Unlock(t.Context()), ErrDamaged)
		wantVault(t, Vault(v.folder, says("wrong"), cheap).Unlock(t.Context()), ErrDamaged)
		wantVault(t, Vault(v.folder, says("new"), cheap).Init(t.Context()), ErrVaultExists)
		put(t, path+backup, whole)
	})
	set(t, v, account, "w")
	if !bytes.Equal(read(t, path), whole) {
		t.Error("the identity file was not mended")
	}
	put(t, path+backup, []byte("x"))
	set(t, v, account, "x")
	if !bytes.Equal(read(t, path+backup), whole) {
		t.Error("the copy was not mended")
	}
	for _, name := range []string{path, path + backup} {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	wantVault(t, Vault(v.folder, says(correct), cheap).Unlock(t.Context()), ErrDamaged)
	wantVault(t, Vault(v.folder, says(correct), cheap).Init(t.Context()), ErrVaultExists)
}

// TestVaultWorkFactor: a file may not ask for more memory than any machine has.
func TestVaultWorkFactor(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	file, f := v.readIdentity()
	if f != nil {
		t.Fatal(f.kind)
	}
	greedy := bytes.Replace(file.body, []byte(" 2\n"), []byte(" 21\n"), 1)
	if bytes.Equal(greedy, file.body) {
		t.Fatal("no work factor found")
	}
	file.body = greedy
	put(t, v.identityPath(), file.format())
	wantVault(t, Vault(v.folder, says(correct), cheap).Unlock(t.Context()), ErrDamaged)
}

func TestVaultOtherVersion(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	head := "orgkeep vault 2 passphrase abc"
	put(t, v.identityPath(), []byte(head+" "+identitySum(head, nil)+"\n"))
	err := Vault(v.folder, says(correct), cheap).Unlock(t.Context())
	wantVault(t, err, ErrUnavailable)
	if !strings.Contains(err.Error(), "another version") {
		t.Error(err)
	}
}

// FuzzVaultIdentityFile: any bytes are refused in words or come back as they were.
func FuzzVaultIdentityFile(f *testing.F) {
	f.Add(identityFile{ByPassphrase, "abc", []byte("body")}.format())
	f.Add(identityFile{ByKeychain, "abc", nil}.format())
	f.Add([]byte("orgkeep vault 1 passphrase  \n"))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, problem := parseIdentityFile(data)
		if problem != nil {
			return
		}
		if !bytes.Equal(file.format(), data) {
			t.Errorf("%q came back as %q", data, file.format())
		}
	})
}

// FuzzVaultEntry: no plain text passes for another account's, and what passes is
// a value.
func FuzzVaultEntry(f *testing.F) {
	f.Add("a", []byte("orgkeep entry 1 a\nvalue"))
	f.Add("a", []byte("orgkeep entry 1 b\nvalue"))
	f.Add("a", []byte("orgkeep entry 1 a"))
	f.Fuzz(func(t *testing.T, name string, plain []byte) {
		value, problem := parseEntry(name, plain)
		if problem != nil {
			return
		}
		if checkValue(value, vaultValueLimit) != nil || !bytes.Equal(formatEntry(name, value), plain) {
			t.Errorf("%q of %q came back as %q", plain, name, value)
		}
	})
}

// FuzzVaultFile lets age read any file.
func FuzzVaultFile(f *testing.F) {
	v := newVault(f)
	identity, _ := v.state()
	set(f, v, account, "v")
	whole := read(f, v.entry(account))
	f.Add(whole)
	f.Add([]byte("age-encryption.org/v1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		value, problem := openEntry(identity, account, data)
		if (problem == nil) != bytes.Equal(data, whole) {
			t.Errorf("%q gives %q, %v", data, value, problem)
		}
	})
}
