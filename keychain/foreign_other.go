//go:build !linux && !freebsd && !netbsd && !openbsd && !dragonfly && !darwin

package keychain

import "context"

func salesforceCLI(context.Context) (string, error) { return "", nil }
