package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/demo"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
	"orgkeep/ui"
)

// demonstrating is one run of the demo command.
type demonstrating struct {
	*session
	at    string
	seed  uint64
	speed float64

	scenario oneOf
}

func newDemo(s *session) *cobra.Command {
	o := usualDemo(s)
	c := &cobra.Command{
		Use:   "demo",
		Short: "Show the screen with made-up orgs",
		Long: "Opens the screen on made-up orgs in every state, whose token endpoint runs in this process.\n" +
			"Nothing is saved: no file, no keychain, no connection that leaves this machine.",
		Example: "  orgkeep demo\n" +
			"  orgkeep demo --scenario expired\n" +
			"  orgkeep demo --speed 4 --clock 2026-11-23T09:00:00Z",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              act(func(c *cobra.Command, _ []string) error { return o.run(c.Context()) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.Var(&o.scenario, "scenario", "what is shown (default mixed): "+aboutScenarios())
	f.StringVar(&o.at, "clock", "", "the time it always is, as 2026-11-23T09:00:00Z (default: the real time)")
	f.Uint64Var(&o.seed, "seed", o.seed, "what ids, tokens and latencies are made from")
	f.Float64Var(&o.speed, "speed", o.speed, "how many times as fast the endpoint answers, 0.1 to 100")
	addSettings(f, onScreen)
	completeSettings(c)
	_ = c.RegisterFlagCompletionFunc("scenario", o.scenario.offer) // it fails for a flag that is not there
	return c
}

func scenarioNames() []string {
	names := make([]string, len(demo.Scenarios()))
	for i, scenario := range demo.Scenarios() {
		names[i] = string(scenario)
	}
	return names
}

func aboutScenarios() string {
	about := make([]string, len(demo.Scenarios()))
	for i, scenario := range demo.Scenarios() {
		about[i] = string(scenario) + ", " + scenario.About()
	}
	return strings.Join(about, "; ")
}

// usualDemo is the demo without any flag.
func usualDemo(s *session) *demonstrating {
	return &demonstrating{session: s, seed: 1, speed: 1, scenario: oneOf{words: scenarioNames()}}
}

const leastSpeed, mostSpeed = 0.1, 100

func (o *demonstrating) run(ctx context.Context) error {
	if !(o.speed >= leastSpeed && o.speed <= mostSpeed) { // NaN too
		return usage("--speed is %v, it has to be from %v to %v", o.speed, leastSpeed, mostSpeed)
	}
	clock := o.Clock
	if o.at != "" {
		at, err := time.Parse(time.RFC3339, o.at)
		if err != nil {
			return usage("--clock is %q, it has to be like 2026-11-23T09:00:00Z", o.at)
		}
		clock = tokens.StillClock(at)
	}
	if err := o.requireScreen(); err != nil {
		return err
	}
	_, err := o.play(ctx, clock, "")
	return err
}

// play shows the demo until the person leaves it, and returns how.
func (o *demonstrating) play(ctx context.Context, clock tokens.Clock, greeting string) (ui.Next, error) {
	stage, err := demo.Start(demo.Options{Scenario: demo.Scenario(o.scenario.value), Clock: clock, Seed: o.seed, Speed: o.speed})
	if err != nil {
		return ui.NextStop, err
	}
	// Once the screen is closed nobody is waiting for the endpoint.
	defer func() { _ = stage.Close() }()
	l, err := ledger.Memory(ctx)
	if err != nil {
		return ui.NextStop, err
	}
	defer func() { _ = l.Close() }()
	store := keychain.Memory()
	k := keeper.New(keeper.Options{
		Store: store, Ledger: l, Journal: journal.Memory(), Clock: clock, Limits: o.settings.Limits(), Trigger: "screen", Pool: o.settings.Pool,
		Endpoint: salesforce.New(salesforce.Options{Transport: stage.Transport(), Clock: clock}),
	})
	if err := furnish(ctx, k, l, stage.Orgs()); err != nil {
		return ui.NextStop, err
	}
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return ui.NextStop, err
	}
	return o.show(ctx, ui.Options{Keeper: k, Orgs: orgs, Notice: k.Notice(), Greeting: greeting, Demo: true, Stage: stage, Checks: o.demoChecks(store, l)})
}

// furnish saves the demo's orgs as an import would, and the refreshes that they
// say they have had.
func furnish(ctx context.Context, k *keeper.Keeper, l *ledger.Ledger, saved []demo.Saved) error {
	for _, s := range saved {
		if _, _, err := k.Add(ctx, s.Org, s.Secrets); err != nil {
			return fmt.Errorf("setting up the demo: %w", err)
		}
		if s.Org.Last == nil {
			continue
		}
		if err := l.Record(ctx, s.Org, *s.Org.Last); err != nil {
			return fmt.Errorf("setting up the demo: %w", err)
		}
	}
	return nil
}
