package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// tagging is one run of the tag command.
type tagging struct {
	*session
	asJSON bool
}

func newTag(s *session) *cobra.Command {
	o := &tagging{session: s}
	c := &cobra.Command{
		Use:   "tag ORG... [+TAG] [-TAG]",
		Short: "Give orgs tags or take them away",
		Long: "Adds the tags after a plus to the orgs and takes those after a hyphen away. The first tag of an org is its group\n" +
			"on the screen. A tag is one word of at most 40 characters; letter case does not tell tags apart.\n" +
			"Without a tag it prints those that the orgs have.\n" +
			"-h is the help: a tag of that name, like every argument with a hyphen, can also come after --.",
		Example: "  orgkeep tag acme-prod acme-uat +acme -old\n" +
			"  orgkeep tag acme-prod --json\n" +
			"  orgkeep tag acme-prod -- -h",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: s.completeTags,
		RunE:              act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
	}
	c.Flags().BoolVar(&o.asJSON, "json", false, "print the tags that the orgs have now as JSON")
	return c
}

// tagsAside puts the -TAGs of the tag command after --, where they are no flags.
func tagsAside(root *cobra.Command, args []string) []string {
	command, _, err := root.Find(args)
	if err != nil || command.Name() != "tag" {
		return args
	}
	var before, tags []string
	for i, arg := range args {
		switch {
		case arg == "--":
			return append(append(append(before, "--"), tags...), args[i+1:]...)
		case len(arg) > 1 && arg[0] == '-' && arg[1] != '-' && arg != "-h":
			tags = append(tags, arg)
		default:
			before = append(before, arg)
		}
	}
	if len(tags) == 0 {
		return args
	}
	return append(append(before, "--"), tags...)
}

func (o *tagging) run(ctx context.Context, args []string) error {
	var names, words []string
	for _, arg := range args {
		if strings.HasPrefix(arg, "+") || strings.HasPrefix(arg, "-") {
			words = append(words, arg)
		} else {
			names = append(names, arg)
		}
	}
	change, err := tokens.ParseTagChange(words)
	switch {
	case err != nil:
		return usage("%w", err)
	case len(names) == 0:
		return usage("say which orgs get or lose the tags: ORG... +TAG -TAG")
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
	if orgs, err = byNames(orgs, names); err != nil {
		return err
	}
	if len(words) > 0 {
		if orgs, err = k.Retag(ctx, orgs, change); err != nil {
			return err
		}
	}
	if o.asJSON {
		results := make([]tagged, len(orgs))
		for i, org := range orgs {
			results[i] = tagged{Alias: org.Alias, Tags: listed(org.Tags)}
		}
		return writeResults(o.Out, results)
	}
	for _, org := range orgs {
		line := org.Alias + ": no tags"
		if len(org.Tags) > 0 {
			line = org.Alias + ": " + strings.Join(org.Tags, " ")
		}
		if err := o.print(line); err != nil {
			return err
		}
	}
	return nil
}
