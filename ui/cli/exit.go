package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// The exit codes.
const (
	exitWell     = 0
	exitFailed   = 1 // some org or file failed
	exitUsage    = 2
	exitUnusable = 3 // keychain, vault or ledger
	exitSignIn   = 4 // every failure needs a new sign-in
)

// exit is the error that says how the program ends. Without an error in it
// everything has been said already.
type exit struct {
	code int
	err  error
	hint bool // the command's help tells more
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// usage is the exit for a command line that is no good; the command's help tells
// more.
func usage(format string, args ...any) error {
	return &exit{code: exitUsage, err: fmt.Errorf(format, args...), hint: true}
}

// cannot is the exit for a command line that is well formed and cannot be
// carried out here.
func cannot(format string, args ...any) error {
	return &exit{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// ended is the exit for a command that has said everything itself; nil for
// exitWell.
func ended(code int) error {
	if code == exitWell {
		return nil
	}
	return &exit{code: code}
}

// act makes a cobra function of a command's own: its errors leave with the exit
// code that they mean. Whatever else comes out of cobra is wrong usage.
func act(do func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		err := do(c, args)
		var known *exit
		if err == nil || errors.As(err, &known) {
			return err
		}
		return &exit{code: codeOf(err), err: err}
	}
}

// codeOf tells what an error of the rooms below means for a script.
func codeOf(err error) int {
	if errors.Is(err, ledger.ErrUnusable) || keychainUnusable(err) {
		return exitUnusable
	}
	return exitFailed
}

// keychainUnusable reports whether the keychain as a whole refused, so that the
// next org would fare no better.
func keychainUnusable(err error) bool {
	for _, kind := range []error{keychain.ErrLocked, keychain.ErrUnavailable, keychain.ErrTimeout, keychain.ErrBusy} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// conclude prints the error that a command ended with, in one line, and returns
// the exit code.
func (s *session) conclude(command *cobra.Command, err error) int {
	if err == nil {
		return exitWell
	}
	var known *exit
	if !errors.As(err, &known) {
		known = &exit{code: exitUsage, err: err, hint: true}
	}
	switch {
	case known.err == nil:
	case known.hint:
		s.say("orgkeep: %s (see %s --help)", oneLine(known.err), command.CommandPath())
	default:
		s.say("orgkeep: %s", oneLine(known.err))
	}
	return known.code
}

// oneLine is the text of an error as one line: errors.Join puts a line end
// between its parts.
func oneLine(err error) string {
	return tokens.Clean(strings.ReplaceAll(err.Error(), "\n", "; "))
}
