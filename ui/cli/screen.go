package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/ui"
)

// openScreen starts the screen on the saved orgs. Its first frame is drawn from
// the ledger alone: nothing is asked of the keychain before.
func (s *session) openScreen(ctx context.Context) error {
	if err := s.requireScreen(); err != nil {
		return err
	}
	k, done, err := s.openAll(ctx, duty{trigger: "screen"})
	if err != nil {
		return err
	}
	defer done()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	defer s.drain(k)
	// A person is there to answer, should the keychain ask for its password.
	copying := s.backUp(ctx, k)
	defer copying.Wait()
	return s.show(keychain.Interactive(ctx), k, orgs, false)
}

// backUp copies the ledger beside whatever goes on. That it fails is no reason
// to disturb anybody: the ledger itself is well.
func (s *session) backUp(ctx context.Context, k *keeper.Keeper) *sync.WaitGroup {
	var copying sync.WaitGroup
	copying.Go(func() { _ = k.Backup(ctx) })
	return &copying
}

// drainLimit is how long leaving may wait for what was sent.
const drainLimit = 15 * time.Second

// drain waits for what was sent, however the screen ended.
func (s *session) drain(k *keeper.Keeper) {
	ctx, cancel := context.WithTimeout(context.Background(), drainLimit)
	defer cancel()
	if !k.Drain(ctx) {
		s.say("orgkeep: a refresh was sent and has not been answered; its outcome is unknown.")
	}
}

// show runs the screen until the person leaves it.
func (s *session) show(ctx context.Context, k *keeper.Keeper, orgs []tokens.Org, demo bool) error {
	// With these Bubble Tea writes every byte of input and output to a file in
	// the clear, tokens too.
	for _, name := range []string{"TEA_TRACE", "TEA_DEBUG"} {
		_ = os.Unsetenv(name)
	}
	return ui.Run(ctx, ui.Options{
		Keeper: k, Orgs: orgs, Demo: demo,
		RescueFile: s.rescueFile(), Notice: k.Notice(),
		NoColor: s.colourless(), ASCII: s.ascii, Still: s.still, Version: s.Version,
		In: s.In, Out: s.Out, Environ: s.Environ,
	})
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
