package keychain

import (
	"fmt"
	"strings"
	"testing"
)

// benchValue has the size of a login with opaque tokens.
var benchValue = strings.Repeat("x", 592)

const benchEntries = 1000

func benchAccount(n int) string {
	return fmt.Sprintf("00Dxx%013d.005xx000001SwiUAAS.1a2b3c4d", n%benchEntries)
}

// fullVault returns a vault of benchEntries entries.
func fullVault(b *testing.B) *VaultStore {
	b.Helper()
	v := newVault(b)
	for n := range benchEntries {
		set(b, v, benchAccount(n), benchValue)
	}
	return v
}

// BenchmarkVaultSet replaces one of 1,000 entries; two files are synced.
func BenchmarkVaultSet(b *testing.B) {
	v := fullVault(b)
	n := 0
	for b.Loop() {
		n++
		set(b, v, benchAccount(n), benchValue)
	}
}

func BenchmarkVaultGet(b *testing.B) {
	v := fullVault(b)
	n := 0
	for b.Loop() {
		n++
		holds(b, v, benchAccount(n), benchValue)
	}
}

// BenchmarkVaultUnlock is the cost of a start, at the work factor of the
// program; it does not depend on the entries.
func BenchmarkVaultUnlock(b *testing.B) {
	v := newVault(b)
	v.work = vaultWork
	if err := v.Rekey(b.Context(), says(correct)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		again(b, v)
	}
}
