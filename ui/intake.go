package ui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// Intake is how orgs and a vault come to be, for the screen to ask of the parts
// below. It is safe for concurrent use.
type Intake interface {
	// Read reads what is to be imported and says what would be saved; it saves
	// nothing. Errors are one line and quote no token; one that wraps ErrNoClientID
	// says that all is well but for that.
	Read(in Import) (Arrival, error)
	// Complete returns the paths that begin with path, folders with a separator at
	// their end; none where nothing can be listed.
	Complete(path string) []string
	// MakeVault makes the vault, and from then on the data folder's tokens are kept
	// in it. The screen has to be opened anew then, as NextAgain says. The absent
	// passphrase stands for the one that came with the command line.
	MakeVault(ctx context.Context, passphrase tokens.Secret) error
	// PassphraseGiven reports whether a passphrase came with the command line.
	PassphraseGiven() bool
	// Trouble puts an error of ProbeStore into the store's own words.
	Trouble(err error) Trouble
}

// ErrNoClientID means that neither the user nor the file named the app that the
// tokens are of.
var ErrNoClientID = errors.New("a client id is needed: the consumer key of the app that got the tokens, or PlatformCLI")

// Import is what somebody wants to import: the token endpoint's answer, and what
// it does not tell.
type Import struct {
	Path         string        // of a token file; empty where Text is given
	Text         tokens.Secret // the answer itself, as JSON, or an auth URL
	Alias        string        // empty for one from the host
	ClientID     string        // empty where the file or the auth URL tells it
	ClientSecret tokens.Secret // absent for apps that have none
}

// Arrival is a login that was read and is not saved yet.
type Arrival struct {
	Org tokens.Org
	// Foreseen is what saving it is going to do.
	Foreseen keeper.Foreseen
	// Save saves what was read, whole or not at all, whatever happens to ctx.
	Save func(ctx context.Context) (tokens.Org, keeper.Added, error)
}

// Trouble is why the store cannot be used. The zero Trouble is none.
type Trouble struct {
	What   string // a sentence without its end
	Remedy string // what to do, without its end; may be empty
	Locked bool   // a person can unlock it
	None   bool   // there is none on this machine, or no vault yet: one can be made
	// NoVault says that the store is a vault that is not made yet.
	NoVault bool
}

// Next is what is to come after the screen.
type Next int

// What the screen can have been left for.
const (
	NextEnd   Next = iota // nothing: the user has left
	NextStop              // nothing: a signal has told the program to end
	NextDemo              // the demo, from its beginning; where orgs are saved or asked for, the screen again after it
	NextAgain             // the screen again, since a vault was made
)

// The messages of what the intake was asked.
type (
	// importReadMsg is what is to be imported, or why it cannot be.
	importReadMsg struct {
		asked   int
		in      Import
		arrival Arrival
		err     error
	}
	// importedMsg is a login that was saved, or not.
	importedMsg struct {
		org   tokens.Org
		added keeper.Added
		err   error
	}
	// pathCompletedMsg is the files whose paths begin with a text.
	pathCompletedMsg struct {
		asked int
		text  string
		paths []string
	}
	// vaultMadeMsg says whether there is a vault now.
	vaultMadeMsg struct{ err error }
)

func readImport(i Intake, asked int, in Import) tea.Cmd {
	return func() tea.Msg {
		arrival, err := i.Read(in)
		return importReadMsg{asked: asked, in: in, arrival: arrival, err: err}
	}
}

func saveImport(ctx context.Context, a Arrival) tea.Cmd {
	return func() tea.Msg {
		org, added, err := a.Save(ctx)
		return importedMsg{org: org, added: added, err: err}
	}
}

func completePath(i Intake, asked int, text string) tea.Cmd {
	return func() tea.Msg { return pathCompletedMsg{asked: asked, text: text, paths: i.Complete(text)} }
}

func makeVault(ctx context.Context, i Intake, passphrase tokens.Secret) tea.Cmd {
	return func() tea.Msg { return vaultMadeMsg{err: i.MakeVault(ctx, passphrase)} }
}
