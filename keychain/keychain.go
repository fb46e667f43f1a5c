// Package keychain is where secrets rest: one short text an account, in the
// keychain of the operating system or, for the demo and for tests, in memory.
//
// The operating system's keychain is reached through go-keyring, which has no
// time limit, says nil when a person dismissed its prompt, panics when the bus
// goes away and tells few of its errors apart. OSStore makes up for all of it:
// whatever it answers happened, or it says that it does not know.
package keychain

import "context"

// Store keeps one short text per account. Implementations are safe for
// concurrent use; calls for one account are taken one after the other. Errors
// are of type *Error and wrap exactly one of the Err values of this package.
//
// After any error of Set or Delete whose Begun is true the item may be as it
// was or as it was asked to be; only Get tells.
type Store interface {
	// Name is what the screen calls the keychain: "Secret Service",
	// "macOS Keychain", "Windows Credential Manager", "memory".
	Name() string
	// Limit is the most bytes one value may have; 0 when no limit matters.
	Limit() int
	// Probe says whether the keychain can be used now: nil, or an error that
	// wraps ErrLocked, ErrUnavailable or ErrTimeout. It answers within half a
	// second and never prompts, starts a program that stays, or writes.
	Probe(ctx context.Context) error
	// Get returns the value of account, or an error wrapping ErrNotFound,
	// ErrLocked, ErrUnavailable, ErrTimeout, ErrBusy or ErrName.
	Get(ctx context.Context, account string) (string, error)
	// Set stores value and reads it back. Beside the errors of Get, except
	// ErrNotFound, it returns ErrTooBig, ErrValue, and ErrNotVerified where the
	// keychain said yes and holds something else.
	Set(ctx context.Context, account, value string) error
	// Delete removes the value and makes sure that it is gone. What is not
	// there gives ErrNotFound; what is still there afterwards ErrNotVerified.
	Delete(ctx context.Context, account string) error
	// Settled waits until the call for account that outlived its time limit, if
	// there is one, has come back: until then it may still change the item. It
	// returns an error wrapping ErrBusy when ctx ends first.
	Settled(ctx context.Context, account string) error
}

type interactiveKey struct{}

// Interactive marks a call during which a person may be typing a password: it
// may make the keychain ask, and it may take up to two minutes. Cancel ctx to
// stop waiting. Without the mark a locked keychain gives ErrLocked at once, so
// that no dialog appears that nobody asked for.
func Interactive(ctx context.Context) context.Context {
	return context.WithValue(ctx, interactiveKey{}, true)
}

func isInteractive(ctx context.Context) bool { return ctx.Value(interactiveKey{}) != nil }
