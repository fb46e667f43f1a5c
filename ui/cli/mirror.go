package cli

import (
	"cmp"
	"context"
	"slices"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// mirroring is one run of the mirror command.
type mirroring struct {
	*session
	off, asJSON bool
}

func newMirror(s *session) *cobra.Command {
	o := &mirroring{session: s}
	c := &cobra.Command{
		Use:   "mirror [ORG [FILE]]",
		Short: "Keep a token file in step with an org",
		Long: "From now on the token file is rewritten whenever the org gets new tokens, by a refresh, a sign-in or an import, whole or not\n" +
			"at all and for its owner alone, so that programs which read it go on working; fields that orgkeep does not know stay. Where\n" +
			"another program has written newer tokens to it, with their time or without, the next refresh takes those over and sends\n" +
			"nothing; where nobody can tell which are newer it sends nothing and says what to do. Older ones are replaced, and that is\n" +
			"said. The file is made when it is not there.\n" +
			"A file that cannot be written is a warning, and is tried again. --off ends it and leaves the file.\n" +
			"Without FILE it prints which file is kept in step with the org, without ORG those of every org; nothing is changed then.",
		Example: "  orgkeep mirror acme-uat ~/acme/tokens.json\n" +
			"  orgkeep mirror acme-uat\n" +
			"  orgkeep mirror acme-uat --off",
		Args: cobra.MaximumNArgs(2),
		ValidArgsFunction: func(c *cobra.Command, typed []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(typed) == 1 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return s.completeOneAlias(c, typed, begun)
		},
		RunE: act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
	}
	c.Flags().BoolVar(&o.off, "off", false, "no longer keep a file in step")
	c.Flags().BoolVar(&o.asJSON, "json", false, "print the results as JSON")
	return c
}

func (o *mirroring) run(ctx context.Context, args []string) error {
	switch {
	case o.off && len(args) != 1:
		return usage("say of which ORG no file is kept in step any more, and no FILE")
	case !o.off && len(args) < 2:
		return o.show(ctx, args)
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
	path := ""
	if !o.off {
		path = args[1]
		if ctx, err = o.requireStore(ctx, k.place); err != nil {
			return err
		}
	}
	org, err = k.SetMirror(ctx, org, path)
	switch {
	case o.asJSON:
		return cmp.Or(writeResults(o.Out, []mirrored{newMirrored(org, err)}), err)
	case err != nil:
		return err
	case o.off:
		return o.print("No token file is kept in step with " + org.Alias + ".")
	}
	return o.print(tokens.Clean(org.Mirror) + " is kept in step with " + org.Alias + ".")
}

// show prints which files are kept in step.
func (o *mirroring) show(ctx context.Context, names []string) error {
	k, done, err := o.openAll(ctx, duty{looks: true})
	if err != nil {
		return err
	}
	defer done()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		if orgs, err = byNames(orgs, names); err != nil {
			return err
		}
	} else {
		orgs = slices.DeleteFunc(orgs, func(org tokens.Org) bool { return org.Mirror == "" })
	}
	if o.asJSON {
		results := make([]mirrored, len(orgs))
		for i, org := range orgs {
			results[i] = newMirrored(org, nil)
		}
		return writeResults(o.Out, results)
	}
	if len(orgs) == 0 {
		o.say("No token file is kept in step with any org.")
	}
	for _, org := range orgs {
		text := "no token file is kept in step"
		if org.Mirror != "" {
			text = mirrorText(org)
		}
		if err := o.print(org.Alias + ": " + text); err != nil {
			return err
		}
	}
	return nil
}

// mirrorText is the token file of an org, and whether it is behind.
func mirrorText(org tokens.Org) string {
	if behind(org) {
		return tokens.Clean(org.Mirror) + " (behind)"
	}
	return tokens.Clean(org.Mirror)
}

// behind reports whether the org has newer tokens than its token file.
func behind(org tokens.Org) bool { return org.Mirror != "" && org.Mirrored < org.Generation }
