//go:build !linux && !freebsd && !netbsd && !openbsd && !dragonfly && !darwin && !windows

package keychain

import "context"

func hostPlatform() platform {
	none := &finding{kind: ErrUnavailable, detail: "none is known for this operating system", remedy: useVault}
	return platform{
		name:    "keychain",
		probe:   func(context.Context, library, string) *finding { return none },
		ready:   func(context.Context) *finding { return none },
		explain: unknown,
	}
}
