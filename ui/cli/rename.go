package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// renaming is one run of the rename command.
type renaming struct {
	*session
	asJSON bool
}

func newRename(s *session) *cobra.Command {
	o := &renaming{session: s}
	c := &cobra.Command{
		Use:   "rename ORG NEW",
		Short: "Give an org another alias",
		Long: "Gives an org another alias. Its tokens, tags and history stay as they are.\n" +
			"An alias has no space and at most 80 characters, and does not begin with a hyphen or a plus.",
		Example: "  orgkeep rename acme acme-prod\n" +
			"  # an org id names the org too, where one login has it\n" +
			"  orgkeep rename 00D41000000F8A0EAK acme-prod --json",
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: s.completeOneAlias,
		RunE:              act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args[0], args[1]) }),
	}
	c.Flags().BoolVar(&o.asJSON, "json", false, "print the result as JSON")
	return c
}

func (o *renaming) run(ctx context.Context, name, alias string) error {
	k, done, err := o.openAll(ctx, duty{looks: true})
	if err != nil {
		return err
	}
	defer done()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	org, err := byName(orgs, name)
	if err != nil {
		return err
	}
	after, err := k.Rename(ctx, org, alias)
	switch {
	case errors.Is(err, ledger.ErrAliasTaken):
		return cannot("another org is called %s; %s keeps its alias", tokens.Clean(alias), org.Alias)
	case errors.Is(err, tokens.ErrAlias):
		return cannot("%w", tokens.CheckAlias(alias)) // in one sentence, without what was being done
	case err != nil:
		return err
	}
	if o.asJSON {
		return writeResults(o.Out, []renamed{{Alias: after.Alias, Was: org.Alias, OrgID: after.OrgID}})
	}
	return o.print(org.Alias + " is called " + after.Alias + " now.")
}
