package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"orgkeep/keychain"
	"orgkeep/ui"
)

// openScreen starts the screen on the saved orgs, and what it is left for, until
// the person is through.
func (s *session) openScreen(ctx context.Context) error {
	if err := s.requireScreen("orgkeep list prints the orgs"); err != nil {
		return err
	}
	greeting := ""
	for {
		left, err := s.openScreenOnce(ctx, greeting)
		if err != nil {
			return err
		}
		switch left.Next {
		case ui.NextEnd, ui.NextStop:
			return nil
		case ui.NextDemo:
			greeting = ""
			left, err = usualDemo(s).play(ctx, s.Clock, left, "This is the demo: nothing is saved. q goes back.")
			if left.Next == ui.NextStop {
				return err
			}
		case ui.NextAgain:
			greeting = "Made a vault. From now on orgkeep keeps the tokens there."
		}
	}
}

// openScreenOnce shows the saved orgs. The first frame is drawn from the ledger
// alone: nothing is asked of the keychain before.
func (s *session) openScreenOnce(ctx context.Context, greeting string) (ui.Ending, error) {
	k, done, err := s.openAll(ctx, duty{trigger: "screen", pool: s.settings.Pool})
	if err != nil {
		return ui.Ending{Next: ui.NextStop}, err
	}
	defer done()
	seen, err := k.Version(ctx) // before the list, so that no change falls between
	if err != nil {
		return ui.Ending{Next: ui.NextStop}, err
	}
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return ui.Ending{Next: ui.NextStop}, err
	}
	debug.SetGCPercent(frugal)
	defer s.drain(k)
	defer s.backUpLater(ctx, k)()
	in := &intake{session: s, to: k}
	defer in.end()
	o := ui.Options{
		Keeper: k, Orgs: orgs, Seen: seen, Notice: k.Notice(), Greeting: greeting, Intake: in, Browser: s.openBrowser, Checks: s.screenChecks(k),
	}
	if !k.place.asksPassphrase() {
		// A person is there to answer, should the keychain ask for its password.
		return s.show(keychain.Interactive(ctx), o)
	}
	if s.settings.Accessible {
		// Lines have one place for questions: the passphrase is asked before them.
		if err := s.openVault(ctx, k.place); err != nil {
			return ui.Ending{Next: ui.NextStop}, err
		}
		return s.show(ctx, o)
	}
	d := s.doorOf(k)
	in.door, o.Keeper, o.Questions = d, d, d.questions
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.isGiven() {
		go func() { _ = k.place.vault.Unlock(ctx) }() // the first refresh says what was wrong
	}
	return s.show(ctx, o)
}

// frugal is how much garbage there may be beside what is in use, in percent. A
// screen stays open for days: memory counts for more than the collector's time.
const frugal = 50

// backUp copies the ledger beside whatever goes on. That it fails is no reason
// to disturb anybody: the ledger itself is well. What reading and copying it took
// of memory goes back to the system then, since a screen may stay open for days.
func (s *session) backUp(ctx context.Context, k *opened) *sync.WaitGroup {
	var copying sync.WaitGroup
	copying.Go(func() {
		_ = k.Backup(ctx)
		debug.FreeOSMemory()
	})
	return &copying
}

// backUpAfter leaves the first frame and the first keys to themselves.
const backUpAfter = time.Second

// backUpLater is backUp for the screen, a moment after it has begun. The function
// it returns makes the copy at once if that is still to be done, and waits for it.
func (s *session) backUpLater(ctx context.Context, k *opened) (end func()) {
	leaving, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-time.After(backUpAfter):
		case <-leaving:
		}
		s.backUp(ctx, k).Wait()
	}()
	return func() {
		close(leaving)
		<-done
	}
}

// drainLimit is how long leaving may wait for what was sent.
const drainLimit = 15 * time.Second

// drain waits for what was sent, however the screen ended.
func (s *session) drain(k *opened) {
	ctx, cancel := context.WithTimeout(context.Background(), drainLimit)
	defer cancel()
	if !k.Drain(ctx) {
		s.say("orgkeep: a refresh was sent and has not been answered; its outcome is unknown.")
	}
}

// show runs the screen until the person leaves it, and returns for what.
func (s *session) show(ctx context.Context, o ui.Options) (ui.Ending, error) {
	// With these Bubble Tea writes every byte of input and output to a file in
	// the clear, tokens too.
	for _, name := range []string{"TEA_TRACE", "TEA_DEBUG"} {
		_ = os.Unsetenv(name)
	}
	o.RescueFile, o.Version = s.rescueFile(), s.Version
	o.NoColor, o.ASCII, o.Still = s.colourless(), s.ascii, s.still
	o.Settings = s.settings.Settings
	o.In, o.Out, o.Environ = s.In, s.Out, s.Environ
	o.Clipboard = systemClipboard()
	if s.settings.Accessible {
		return ui.Ending{}, ui.RunLinear(ctx, o)
	}
	return ui.Run(ctx, o)
}

// rescueFile is where tokens can be saved that neither the keychain nor the
// journal takes.
func (s *session) rescueFile() string {
	home, err := s.Home()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, fmt.Sprintf("orgkeep-rescue-%s.age", s.Clock.Now().UTC().Format("20060102T150405Z")))
}
