package keychain

import (
	"errors"
	"fmt"
	"strings"
)

// What can go wrong. Each error of a Store wraps exactly one of these.
var (
	// ErrNotFound: the keychain answered, and has no such item.
	ErrNotFound = errors.New("no such item")
	// ErrLocked: a person has to unlock the keychain, or allow orgkeep in.
	ErrLocked = errors.New("the keychain is locked")
	// ErrUnavailable: there is no keychain here, or it cannot be used.
	ErrUnavailable = errors.New("the keychain cannot be used")
	// ErrTimeout: no answer came in time. This is no failure: what was asked may
	// still happen (see Error.Begun and Store.Settled), and it never means that
	// there is no keychain.
	ErrTimeout = errors.New("no answer came in time")
	// ErrBusy: an earlier call has not come back; this one was not begun.
	ErrBusy = errors.New("an earlier call has not come back")
	// ErrTooBig: the value is longer than the keychain takes.
	ErrTooBig = errors.New("the value is too big")
	// ErrNotVerified: the keychain said yes, and a look at the item said no. A
	// dismissed prompt does this on Linux.
	ErrNotVerified = errors.New("the keychain did not do what it said")
	// ErrName: the account is not made of 1 to 128 of [A-Za-z0-9._-].
	ErrName = errors.New("not a name for a keychain item")
	// ErrValue: the value is not one line of UTF-8 text without NUL.
	ErrValue = errors.New("not one line of text")
)

// Error is what a Store returns: which keychain was asked for what, what came
// of it and what to do. It never holds a value. It does not change.
type Error struct {
	Keychain string // Store.Name
	Op       string // "looking", "reading", "saving", "deleting", "waiting"
	Account  string // empty when Op is "looking"
	Kind     error  // one of the Err values of this package
	Detail   string // what is known beyond Kind; may be empty
	Remedy   string // what to do, one sentence without its end; may be empty
	// Begun says that the keychain was called, so that a Set or Delete that
	// failed may have happened all the same.
	Begun bool
	// Ask says that the same call marked Interactive would ask the person in
	// front of the screen, and may then succeed.
	Ask bool

	cause error
}

// Error puts the parts into one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Keychain, e.Op)
	if e.Account != "" {
		fmt.Fprintf(&b, " %s", e.Account)
	}
	fmt.Fprintf(&b, ": %v", e.Kind)
	if e.Detail != "" {
		fmt.Fprintf(&b, " (%s)", e.Detail)
	}
	if e.Remedy != "" {
		fmt.Fprintf(&b, "; %s", e.Remedy)
	}
	return b.String()
}

// Unwrap returns Kind and what the library said, if it said anything.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.cause}
}

// finding is what a platform makes of an error or a look at the keychain; nil
// means that all is well.
type finding struct {
	kind   error
	detail string
	remedy string
	ask    bool
	cause  error
}

// error dresses the finding for the caller.
func (f *finding) error(keychain, op, account string, begun bool) *Error {
	return &Error{
		Keychain: keychain, Op: op, Account: account,
		Kind: f.kind, Detail: f.detail, Remedy: f.remedy, Begun: begun, Ask: f.ask, cause: f.cause,
	}
}
