package cli

import (
	"context"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// mirroring is one run of the mirror command.
type mirroring struct {
	*session
	off bool
}

func newMirror(s *session) *cobra.Command {
	o := &mirroring{session: s}
	c := &cobra.Command{
		Use:   "mirror ORG FILE",
		Short: "Keep a token file in step with an org",
		Long: "From now on the token file is rewritten after each refresh of the org, whole or not at all and for its owner alone, so that\n" +
			"programs which read it go on working; fields that orgkeep does not know stay. Where another program has written newer\n" +
			"tokens to it, the next refresh takes those over; they are never written over. The file is made when it is not there.\n" +
			"A file that cannot be written is a warning, and is tried again. --off ends it and leaves the file.",
		Example: "  orgkeep mirror acme-uat ~/acme/tokens.json\n" +
			"  orgkeep mirror acme-uat --off",
		Args: cobra.RangeArgs(1, 2),
		ValidArgsFunction: func(c *cobra.Command, typed []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(typed) == 1 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return s.completeOneAlias(c, typed, begun)
		},
		RunE: act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
	}
	c.Flags().BoolVar(&o.off, "off", false, "no longer keep a file in step")
	return c
}

func (o *mirroring) run(ctx context.Context, args []string) error {
	if o.off == (len(args) == 2) {
		return usage("say which FILE to keep in step, or --off")
	}
	ctx, free := stoppable(ctx)
	defer free()
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return err
	}
	defer done()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	org, err := byName(orgs, args[0])
	if err != nil {
		return err
	}
	if o.off {
		if _, err := k.SetMirror(ctx, org, ""); err != nil {
			return err
		}
		return o.print("No token file is kept in step with " + org.Alias + ".")
	}
	if ctx, err = o.requireStore(ctx, k.place); err != nil {
		return err
	}
	if org, err = k.SetMirror(ctx, org, args[1]); err != nil {
		return err
	}
	return o.print(tokens.Clean(org.Mirror) + " is kept in step with " + org.Alias + ".")
}

// mirrorText is the token file of an org, and whether it is behind.
func mirrorText(org tokens.Org) string {
	if org.Mirrored < org.Generation {
		return tokens.Clean(org.Mirror) + " (behind)"
	}
	return tokens.Clean(org.Mirror)
}
