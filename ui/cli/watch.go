package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// watching is one run of the watch command.
type watching struct {
	*session
	off, asJSON bool
}

func newWatch(s *session) *cobra.Command {
	o := &watching{session: s}
	c := &cobra.Command{
		Use:   "watch [ORG...]",
		Short: "Say which orgs are kept fresh, or no longer",
		Long: "Marks orgs to be kept fresh without asking, as w does on the screen: while the screen or orgkeep refresh --watch runs,\n" +
			"such an org is refreshed when less than watch_under (15m) is left of its access token. --off ends it.\n" +
			"Without ORGs it prints which orgs are watched, and of each why it has stopped, if it has. Nothing is sent.",
		Example: "  orgkeep watch acme-prod acme-uat\n" +
			"  orgkeep watch acme-uat --off",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: s.completeAlias,
		RunE:              act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
	}
	c.Flags().BoolVar(&o.off, "off", false, "no longer watch the orgs")
	c.Flags().BoolVar(&o.asJSON, "json", false, "print how the watch of the orgs stands as JSON")
	return c
}

func (o *watching) run(ctx context.Context, names []string) error {
	if o.off && len(names) == 0 {
		return usage("say which ORGs are no longer watched")
	}
	k, done, err := o.openAll(ctx, duty{looks: true})
	if err != nil {
		return err
	}
	defer done()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return o.printWatched(orgs)
	}
	if orgs, err = byNames(orgs, names); err != nil {
		return err
	}
	set, err := k.SetWatched(ctx, orgs, !o.off)
	if err != nil {
		return err
	}
	if o.asJSON {
		return o.answer(set)
	}
	for _, org := range set {
		line := org.Alias + ": not watched"
		if org.Watched {
			line = org.Alias + ": " + watchText(&org)
		}
		if err := o.print(line); err != nil {
			return err
		}
	}
	if !o.off {
		below := keeper.NewWatch(o.settings.WatchUnder).BelowText(set, o.Clock.Now(), k.Limits())
		o.say("Refreshed by itself while the screen or orgkeep refresh --watch runs, %s.", below)
	}
	return nil
}

// answer prints the document.
func (o *watching) answer(orgs []tokens.Org) error {
	results := make([]watched, len(orgs))
	for i := range orgs {
		results[i] = newWatched(&orgs[i])
	}
	return writeResults(o.Out, results)
}

func (o *watching) printWatched(orgs []tokens.Org) error {
	if o.asJSON {
		return o.answer(slices.DeleteFunc(orgs, func(org tokens.Org) bool { return !org.Watched }))
	}
	n := 0
	for i := range orgs {
		if !orgs[i].Watched {
			continue
		}
		n++
		if err := o.print(orgs[i].Alias + ": " + watchText(&orgs[i])); err != nil {
			return err
		}
	}
	if n == 0 {
		o.say("No org is watched.")
	}
	return nil
}

// watchText says how the watch of a watched org stands.
func watchText(org *tokens.Org) string {
	if why := keeper.Halted(org); why != "" {
		return "watched, and stopped: " + why
	}
	return "watched"
}
