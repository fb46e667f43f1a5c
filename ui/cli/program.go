// Package cli is the commands: it parses what was typed, calls the keeper and
// prints. One file a command; without a command it starts the screen.
package cli

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/ui/settings"
)

// Program is what the commands are lent by whoever starts them. Nothing of it
// is opened before a command needs it.
type Program struct {
	In      io.Reader // a terminal when it is an *os.File that is one; so are the others
	Out     io.Writer // the answer, and nothing else
	Err     io.Writer // everything else
	Environ []string  // as os.Environ gives it
	Clock   tokens.Clock
	// After says when a span has passed on Clock; nil for time.After.
	After func(time.Duration) <-chan time.Time
	// Keychain gives the keychain's items of one service.
	Keychain func(service string) keychain.Store
	// SalesforceKey brings the Salesforce CLI's key from the keychain, empty when
	// that has none; nil where there is no keychain to ask.
	SalesforceKey func(context.Context) (string, error)
	// VaultOptions are for tests: the program itself has none.
	VaultOptions []keychain.VaultOption
	// Home is the home folder of the OS user.
	Home func() (string, error)
	// Version is what --version prints after the name.
	Version string
}

// Run carries out the command line args, without the program's name, and
// returns the exit code: 0 all well, 1 some org failed, 2 wrong usage, 3
// keychain, vault or ledger not usable, 4 every failure needs a new sign-in. Everything
// there is to say has been printed by then.
func (p Program) Run(ctx context.Context, args []string) int {
	s := &session{Program: p, passphraseFD: noDescriptor}
	s.takePassphrase()
	root := newRoot(s)
	root.SetArgs(tagsAside(root, args))
	command, err := root.ExecuteContextC(ctx)
	code := s.conclude(command, err)
	s.closeLog(command, code)
	return code
}

// session is one run of the program: what it was lent and the flags that every
// command has.
type session struct {
	Program
	data                  string
	config                string // the settings file, when a flag names it
	settings              settings.Effective
	noColor, ascii, still bool
	store, vaultKey       oneOf
	trust                 trust
	tls                   *tls.Config // what the files of trust come to; nil without one
	passphraseFD          int
	logPath               string
	logFile               *os.File // nil without --log
	log                   *slog.Logger
	logged                func() time.Duration // since the log was begun

	reading        sync.Mutex    // of the passphrase that came with the command line
	given          tokens.Secret // it, once it is known
	passphraseFile io.Reader     // where it is still to be read; nil for nowhere
	// asks is how a person is asked for the passphrase of the vault.
	asks     func(context.Context) (tokens.Secret, error)
	mistyped bool // the last answer on the terminal
}

// askPassphrase asks the person for the passphrase of the vault.
func (s *session) askPassphrase(ctx context.Context) (tokens.Secret, error) {
	if s.asks != nil {
		return s.asks(ctx)
	}
	question := "Passphrase of the vault (not shown):"
	if s.mistyped {
		question = "The passphrase does not open the vault; check the keyboard layout and caps lock.\n" + question
	}
	return s.askHidden(ctx, question)
}

// env returns a variable of the environment, empty when it is not set.
func (s *session) env(name string) string {
	for _, pair := range s.Environ {
		if value, found := strings.CutPrefix(pair, name+"="); found {
			return value
		}
	}
	return ""
}

// after waits for a span, by the clock that ages are counted from.
func (s *session) after(d time.Duration) <-chan time.Time {
	if s.After != nil {
		return s.After(d)
	}
	return time.After(d)
}

// colourless reports whether the user wants no colour: by the flag, or by
// NO_COLOR with any value at all (no-color.org).
func (s *session) colourless() bool { return s.noColor || s.env("NO_COLOR") != "" }
