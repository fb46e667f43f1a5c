package keychain

import (
	"context"
	"errors"
	"syscall"

	keyring "github.com/zalando/go-keyring"
)

// credentialLimit is the most bytes of a value on Windows: a credential takes
// 2560 (CRED_MAX_CREDENTIAL_BLOB_SIZE, wincred.h), less some room.
const credentialLimit = 2400

func hostPlatform() platform {
	return platform{name: "Windows Credential Manager", limit: credentialLimit, probe: probeWindows, explain: explainErrno}
}

// probeWindows reads an item that is not there: the Credential Manager never
// prompts, and a session without one says so.
func probeWindows(_ context.Context, lib library, service string) *finding {
	_, err := lib.Get(service, "probe")
	if err == nil || errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return explainErrno(err)
}

func explainErrno(err error) *finding {
	if code, ok := errors.AsType[syscall.Errno](err); ok {
		return explainWindows(int(code))
	}
	return unknown(err)
}
