package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// forgetting is one run of the forget command.
type forgetting struct {
	*session
	revoke bool
	yes    bool
	asJSON bool
	keeper *opened
}

func newForget(s *session) *cobra.Command {
	o := &forgetting{session: s}
	c := &cobra.Command{
		Use:   "forget ORG...",
		Short: "Delete the tokens and the history of orgs",
		Long: "Deletes the tokens of orgs from the keychain or vault, and the orgs and their history from the list.\n" +
			"The tokens stay valid at Salesforce for who has a copy of them, unless --revoke ends them first: the refresh\n" +
			"token, and with it all its access tokens. Where Salesforce does not confirm that, nothing of the org is deleted.\n" +
			"A login that the Salesforce CLI shares ends there too with --revoke, and stays there without. A token file that\n" +
			"orgkeep mirror has kept in step stays on the disk.\n" +
			"On a terminal it asks; of a production org, and one whose type is not known, the alias has to be typed.\n" +
			"Exit code: 0 all forgotten, 1 some not, 2 it was not said that they should be, 3 keychain, vault or ledger not usable.",
		Example: "  orgkeep forget old-sandbox\n" +
			"  orgkeep forget acme-uat acme-dev --revoke --yes",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: s.completeAlias,
		RunE:              act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
	}
	c.Flags().BoolVar(&o.revoke, "revoke", false, "end the tokens at Salesforce first")
	c.Flags().BoolVar(&o.yes, "yes", false, "ask nothing, also not for production orgs")
	c.Flags().BoolVar(&o.asJSON, "json", false, "print the results as JSON")
	return c
}

func (o *forgetting) run(ctx context.Context, names []string) error {
	ctx, free := stoppable(ctx)
	defer free()
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return err
	}
	defer done()
	o.keeper = k
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	if orgs, err = byNames(orgs, names); err != nil {
		return err
	}
	if err := o.confirm(ctx, orgs); err != nil {
		return err
	}
	if ctx, err = o.requireStore(ctx, k.place); err != nil {
		return err
	}
	results, code := o.forgetAll(ctx, orgs)
	o.backUp(context.WithoutCancel(ctx), k).Wait()
	if o.asJSON {
		if err := writeResults(o.Out, results); err != nil {
			return err
		}
	}
	return ended(code)
}

// confirm asks before anything is deleted, for all orgs.
func (o *forgetting) confirm(ctx context.Context, orgs []tokens.Org) error {
	if o.yes {
		return nil
	}
	if !o.someoneThere() {
		return cannot("without a terminal nobody can be asked; --yes says that %s should be forgotten", aliasesOf(orgs))
	}
	doing := "forget"
	if o.revoke {
		doing = "revoke and forget"
	}
	for _, org := range orgs {
		o.sayLeftovers(org)
	}
	var plain []tokens.Org
	for _, org := range orgs {
		if !org.Type.MayBeProduction() {
			plain = append(plain, org)
			continue
		}
		is := " is a production org."
		if org.Type != tokens.Production {
			is = " may be a production org (its type: " + string(org.Type) + ")."
		}
		answer, err := o.ask(ctx, org.Alias+is+" To "+doing+" it, type its alias:")
		if err != nil {
			return err
		}
		if answer != org.Alias {
			return cannot("that is not %s; nothing was forgotten", org.Alias)
		}
	}
	if len(plain) == 0 {
		return nil
	}
	answer, err := o.ask(ctx, strings.ToUpper(doing[:1])+doing[1:]+" "+aliasesOf(plain)+"? Type yes:")
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, "yes") {
		return cannot("that is not yes; nothing was forgotten")
	}
	return nil
}

// sayLeftovers says what of an org is not orgkeep's to forget.
func (o *forgetting) sayLeftovers(org tokens.Org) {
	switch shared := org.Shared.Mode != tokens.SharedNot; {
	case shared && o.revoke:
		o.say("%s: the Salesforce CLI has the same login, as %s: it ends there too.", org.Alias, tokens.Clean(org.Shared.Username))
	case shared:
		o.say("%s: the Salesforce CLI keeps the login, as %s.", org.Alias, tokens.Clean(org.Shared.Username))
	}
	switch {
	case org.Mirror != "" && o.revoke:
		o.say("%s: its token file stays on the disk, with tokens that end: %s", org.Alias, tokens.Clean(org.Mirror))
	case org.Mirror != "":
		o.say("%s: its token file stays on the disk, with tokens that are valid: %s", org.Alias, tokens.Clean(org.Mirror))
	}
}

func aliasesOf(orgs []tokens.Org) string {
	aliases := make([]string, len(orgs))
	for i, org := range orgs {
		aliases[i] = org.Alias
	}
	return strings.Join(aliases, ", ")
}

// forgetAll forgets the orgs one after the other and returns how the command
// ends. Where the keychain as a whole refuses, the rest is not tried.
func (o *forgetting) forgetAll(ctx context.Context, orgs []tokens.Org) (results []forgotten, code int) {
	forget, done, word := o.keeper.Forget, resultForgotten, " forgotten. Its tokens were not revoked."
	if o.revoke {
		forget, done, word = o.keeper.RevokeAndForget, resultRevoked, " revoked and forgotten."
	}
	for i, org := range orgs {
		err := forget(ctx, org)
		if err == nil {
			results = append(results, forgotten{Alias: org.Alias, Result: done})
			if o.yes { // nobody was told by the question
				o.sayLeftovers(org)
			}
			if !o.asJSON {
				err = o.print(org.Alias + word)
			}
		} else {
			results = append(results, forgotten{Alias: org.Alias, Result: resultRefused, Error: known(oneLine(err))})
		}
		if err == nil {
			continue
		}
		o.say("orgkeep: %s", oneLine(err))
		code = codeOf(err)
		if rest := orgs[i+1:]; len(rest) > 0 && (code == exitUnusable || ctx.Err() != nil) {
			o.say("orgkeep: not tried: %s", aliasesOf(rest))
			for _, org := range rest {
				results = append(results, forgotten{Alias: org.Alias, Result: resultNotTried})
			}
			return results, code
		}
	}
	return results, code
}
