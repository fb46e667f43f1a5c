package cli

import (
	"cmp"
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
	step  time.Duration // of time, where stepped says that it stands
	steps *demo.Steps   // nil where time passes by itself

	stepped  bool
	scenario oneOf
	tour     bool
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
			"  orgkeep demo --tour\n" +
			"  orgkeep demo --speed 4 --clock 2026-11-23T09:00:00Z",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: act(func(c *cobra.Command, _ []string) error {
			o.stepped = c.Flags().Changed("step")
			return o.run(c.Context())
		}),
	}
	f := c.Flags()
	f.SortFlags = false
	f.Var(&o.scenario, "scenario", "what is shown (default mixed): "+aboutScenarios())
	f.StringVar(&o.at, "clock", "", "the time it always is, as 2026-11-23T09:00:00Z (default: the real time)")
	f.Uint64Var(&o.seed, "seed", o.seed, "what ids, tokens and latencies are made from")
	f.Float64Var(&o.speed, "speed", o.speed, "how many times as fast the endpoint answers and the tour plays, 0.1 to 100")
	f.DurationVar(&o.step, "step", 0, "let time stand, and each f9 let so much of it pass, 10ms to 10s (default: it passes by itself)")
	f.BoolVar(&o.tour, "tour", false, "play a tour of five chapters, with captions")
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

const (
	leastSpeed, mostSpeed = 0.1, 100
	leastStep, mostStep   = 10 * time.Millisecond, 10 * time.Second
	aDay                  = 24 * time.Hour
)

func (o *demonstrating) run(ctx context.Context) error {
	if !(o.speed >= leastSpeed && o.speed <= mostSpeed) { // NaN too
		return usage("--speed is %v, it has to be from %v to %v", o.speed, leastSpeed, mostSpeed)
	}
	if o.tour && o.scenario.value != "" {
		return usage("--tour has scenarios of its own; leave --scenario out")
	}
	if o.tour && o.settings.Accessible {
		return usage("--tour plays on the screen, which --accessible does without; orgkeep demo --scenario shows the same orgs")
	}
	if o.stepped && (o.step < leastStep || o.step > mostStep) {
		return usage("--step is %s, it has to be from %s to %s", o.step, leastStep, mostStep)
	}
	clock := o.Clock
	if o.at != "" {
		at, err := time.Parse(time.RFC3339, o.at)
		if err != nil {
			return usage("--clock is %q, it has to be like 2026-11-23T09:00:00Z", o.at)
		}
		clock = tokens.StillClock(at)
	}
	if o.stepped {
		o.steps = demo.NewSteps(clock.Now(), o.step)
		clock = o.steps
	}
	if err := o.requireScreen(""); err != nil {
		return err
	}
	next := ui.Ending{Next: ui.NextDemo, Scenario: o.scenario.value}
	if o.tour {
		next = ui.TourStart()
	}
	_, err := o.play(ctx, clock, next, "")
	return err
}

// play shows what the person asks for, one scenario after another, and returns
// how the last one was left. The first one begins with the greeting.
func (o *demonstrating) play(ctx context.Context, clock tokens.Clock, next ui.Ending, greeting string) (ui.Ending, error) {
	for next.Next == ui.NextDemo {
		var err error
		if next, err = o.perform(ctx, clock, next, greeting); err != nil {
			return next, err
		}
		greeting = ""
	}
	return next, nil
}

// perform shows one scenario until the person leaves it, and returns for what.
func (o *demonstrating) perform(ctx context.Context, clock tokens.Clock, what ui.Ending, greeting string) (ui.Ending, error) {
	scenario := cmp.Or(demo.Scenario(what.Scenario), demo.Mixed)
	from := demo.Options{Scenario: scenario, Clock: clock, Seed: o.seed, Speed: o.speed}
	var patience time.Duration // the usual one
	if o.steps != nil {
		from.Wait, patience = o.steps.Wait, aDay // nothing is late where time stands
	}
	stage, err := demo.Start(from)
	if err != nil {
		return ui.Ending{Next: ui.NextStop}, err
	}
	// Once the screen is closed nobody is waiting for the endpoint.
	defer func() { _ = stage.Close() }()
	l, err := ledger.Memory(ctx)
	if err != nil {
		return ui.Ending{Next: ui.NextStop}, err
	}
	defer func() { _ = l.Close() }()
	store := keychain.Memory()
	k := keeper.New(keeper.Options{
		Store: store, Ledger: l, Journal: journal.Memory(), Clock: clock, Limits: o.settings.Limits(), Trigger: "screen", Pool: o.settings.Pool, Log: o.log,
		Endpoint: salesforce.New(salesforce.Options{Transport: stage.Transport(), Clock: clock, Connect: patience, Whole: patience}),
	})
	if err := furnish(ctx, k, l, stage.Orgs()); err != nil {
		return ui.Ending{Next: ui.NextStop}, err
	}
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return ui.Ending{Next: ui.NextStop}, err
	}
	shown := ui.Options{
		Keeper: k, Orgs: orgs, Notice: k.Notice(), Greeting: greeting, Demo: true, Enclosed: true, Stage: stage, Checks: o.demoChecks(store, l),
		Scenes: scenes(), Scene: string(scenario), Tour: ui.Tour{Chapter: what.Chapter, Speed: o.speed, Paused: what.Paused},
	}
	if o.steps != nil {
		shown.Steps = o.steps
	}
	return o.show(ctx, shown)
}

// scenes are the scenarios as the screen offers them.
func scenes() []ui.Scene {
	all := make([]ui.Scene, len(demo.Scenarios()))
	for i, scenario := range demo.Scenarios() {
		all[i] = ui.Scene{Name: string(scenario), About: scenario.About()}
	}
	return all
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
