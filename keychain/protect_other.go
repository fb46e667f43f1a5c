//go:build !unix

package keychain

// Protect does nothing here: Windows writes no core files by itself, and a
// program of the same user cannot be kept out of a process's memory.
func Protect() error { return nil }
