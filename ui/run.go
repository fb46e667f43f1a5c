package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"orgkeep/tokens"
	"orgkeep/tokens/doctor"
	"orgkeep/ui/settings"
)

// Options are what the screen is started with.
type Options struct {
	Keeper Keeper
	// Orgs are shown in the first frame, before anything is asked of anybody.
	Orgs []tokens.Org
	// Seen is the Version of the keeper that the Orgs are of, or an earlier one.
	Seen int64
	Demo bool // say so on the screen
	// Enclosed says that nothing outside the process is to be touched: no file is
	// written, and what is copied stays on a clipboard of the screen's own, in
	// the place of Clipboard and of the terminal's.
	Enclosed bool
	Stage    Stage // of the demo; nil without one
	Steps    Steps // of the demo; nil where time passes by itself
	// Scenes are the scenarios that the demo can be started anew with, and Scene
	// the name of the one that is played; none outside the demo.
	Scenes  []Scene
	Scene   string
	Tour    Tour // of the demo
	NoColor bool
	ASCII   bool // draw with ASCII characters only
	Still   bool // no animation
	// Settings are what the user has set; the zero Settings are the defaults.
	// ASCII and Still above hold for them.
	Settings settings.Settings
	// Notice is something that happened while starting, for the user to know.
	Notice string
	// Greeting is a sentence that stands in the footer until a key is pressed.
	Greeting string
	// Intake is how orgs are added; nil where nothing can be saved.
	Intake Intake
	// Questions are what the parts below have to ask the user, such as the
	// vault's passphrase; nil when they never do.
	Questions <-chan Question
	// Browser opens an address in the user's browser; nil where nobody can be
	// signed in.
	Browser func(ctx context.Context, address string) error
	// RescueFile is where tokens are saved that neither the keychain nor the
	// journal takes, when the user asks for it.
	RescueFile string
	// Clipboard takes copied tokens; nil where this machine has none that
	// orgkeep can use.
	Clipboard Clipboard
	// Checks puts together what the doctor looks at, for the orgs that are saved
	// now; nil where there is nothing to look at.
	Checks  func(orgs []tokens.Org) []doctor.Check
	Version string
	In      io.Reader
	Out     io.Writer
	Environ []string
}

// Question asks the user for a secret.
type Question struct {
	Title, Text string
	// Answer takes one answer; the absent Secret when the user gave up. It needs
	// room for one, so that the screen never waits.
	Answer chan<- tokens.Secret
}

// Run shows the screen until the user leaves or ctx ends. SIGINT, SIGTERM and
// SIGHUP leave as q does: what was sent is finished first. It returns what the
// user has left it for.
func Run(ctx context.Context, o Options) (Ending, error) {
	options := []tea.ProgramOption{
		tea.WithInput(o.In), tea.WithOutput(o.Out), tea.WithEnvironment(o.Environ),
		tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond),
	}
	if o.NoColor {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	effects, stop := context.WithCancel(ctx)
	defer stop()
	m := newModel(effects, o)
	defer func() { m.copied.end(o.Out) }() // once the program has ended, however it did
	program := tea.NewProgram(m, options...)
	defer onSignal(func() { program.Send(signalledMsg{}) })()
	if _, err := program.Run(); err != nil && !errors.Is(err, tea.ErrProgramKilled) {
		return Ending{Next: NextStop}, fmt.Errorf("running the screen: %w", err)
	}
	return m.ending, nil
}

const framesPerSecond = 60

// onSignal calls leave at each signal that tells a program to end, until the
// function it returns is called.
func onSignal(leave func()) (stop func()) {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-signals:
				leave()
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
