package keychain

import (
	"context"
	"errors"
	"os/exec"
)

const securityProgram = "/usr/bin/security"

func hostPlatform() platform {
	return platform{name: "macOS Keychain", limit: securityLimit, probe: probeDarwin, explain: explainDarwin}
}

// probeDarwin asks which keychain is the default one. Whether it is locked is
// not asked: security(1) has no way to ask that cannot make macOS prompt.
func probeDarwin(ctx context.Context, _ library, _ string) *finding {
	err := exec.CommandContext(ctx, securityProgram, "default-keychain").Run()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return silent(ctx)
	}
	return explainDarwin(err)
}

func explainDarwin(err error) *finding {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Exited() {
		return explainSecurity(exit.ExitCode())
	}
	if errors.Is(err, exec.ErrNotFound) {
		return &finding{kind: ErrUnavailable, detail: securityProgram + " is missing", remedy: useVault}
	}
	return unknown(err)
}
