//go:build unix && !linux

package keychain

// Protect forbids core files. What else keeps programs of one user apart is the
// operating system's own: macOS lets nobody attach to a program that is signed
// with the hardened runtime. It is safe for concurrent use.
func Protect() error { return forbidCores() }
