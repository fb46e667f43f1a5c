package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// showing is one run of the show command.
type showing struct {
	*session
	asJSON, report bool
	online, curl   bool
	noTokens       bool
}

func newShow(s *session) *cobra.Command {
	o := &showing{session: s}
	c := &cobra.Command{
		Use:   "show ORG",
		Short: "Print what is known of an org, ask the org, or report for a ticket",
		Long: "Prints all that is known of one org: its ids and hosts, both clocks with how they are known, what its tokens tell\n" +
			"of themselves (they are read from the keychain or the vault and shown masked), and how the last refresh ended, in the\n" +
			"endpoint's own words and what they mean. ORG is an alias or an org id. Nothing is sent.\n" +
			"--online asks the org too: introspection where a client secret is saved, the user, the versions of its API, its own\n" +
			"record, its limits, and its published keys for a JWT. Each answer has its request, its time and its API calls.\n" +
			"--curl prints the refresh as a command line, with the secrets as variables, and the last answer as it was received.\n" +
			"--report prints the last refresh as Markdown for a ticket. No secret is in it: it is compared with the saved\n" +
			"tokens before it is printed, and so needs the keychain or the vault.",
		Example: "  orgkeep show acme-prod\n" +
			"  orgkeep show acme-prod --online\n" +
			"  orgkeep show globex --report > ticket.md",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: s.completeOneAlias,
		RunE:              act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args[0]) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.BoolVar(&o.online, "online", false, "ask the org what it knows of the login; uses some of its API calls, and no refresh token")
	f.BoolVar(&o.curl, "curl", false, "print the refresh as a curl command and the last answer, without secrets")
	f.BoolVar(&o.report, "report", false, "print the last refresh as Markdown for a ticket, without secrets")
	f.BoolVar(&o.noTokens, "no-tokens", false, "do not read the tokens: neither keychain nor vault is opened")
	f.BoolVar(&o.asJSON, "json", false, "print the org as JSON")
	return c
}

func (o *showing) run(ctx context.Context, name string) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.report {
		return o.printReport(ctx, name)
	}
	shown, err := o.find(ctx, name)
	if errors.Is(err, ledger.ErrDamaged) {
		shown, err = o.find(ctx, name) // opened again, a damaged ledger is mended
	}
	if err != nil {
		return err
	}
	if o.curl {
		return o.printCurl(ctx, shown.org)
	}
	o.warnOfClock(shown.all)
	read := o.read(ctx, shown.org.Key)
	if o.asJSON {
		return o.answerJSON(ctx, shown, read)
	}
	now, limits := o.Clock.Now(), o.settings.Limits()
	facts := o.facts(shown.org, now, limits)
	facts = append(facts, many("wrong", o.wrongWith(shown.org, read.anatomy, now))...)
	facts = append(facts, read.facts(now, o.online)...)
	facts = append(facts, pauseFacts(shown.org, now)...)
	if shown.org.Last != nil {
		facts = append(facts, lastFacts(shown.org.Alias, *shown.org.Last, shown.explained, now)...)
	}
	if err := o.printFacts(facts); err != nil || !o.online {
		return mismatched(read.anatomy, err)
	}
	return mismatched(read.anatomy, o.printOnline(ctx, shown.org))
}

// check turns down what cannot be asked for at once.
func (o *showing) check() error {
	switch {
	case o.report && o.asJSON:
		return usage("give --report or --json, not both")
	case o.curl && (o.report || o.asJSON || o.online):
		return usage("give --curl alone")
	case o.online && o.report:
		return usage("give --online or --report, not both")
	case o.online && o.noTokens:
		return usage("--online needs the tokens; give it or --no-tokens")
	}
	return nil
}

// shown is an org with the whole of its last failure and what that means.
type shown struct {
	org       tokens.Org
	explained tokens.Explanation // zero when nothing failed
	all       []tokens.Org       // with this one
}

// find reads the org that name names from the ledger.
func (o *showing) find(ctx context.Context, name string) (shown, error) {
	k, done, err := o.openAll(ctx, duty{looks: true})
	if err != nil {
		return shown{}, err
	}
	defer done()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return shown{}, err
	}
	org, err := byName(orgs, name)
	if err != nil || org.Last == nil {
		return shown{org: org, all: orgs}, err
	}
	whole, err := k.Whole(ctx, org.Key)
	if err != nil {
		return shown{}, err
	}
	// A refresh that a crash cut off is not in the ledger.
	if whole.Last != nil && whole.Last.At.Equal(org.Last.At) {
		org.Last = whole.Last
	}
	s := shown{org: org, all: orgs}
	if org.Last.Failure != nil {
		s.explained = k.Explain(org.Last.Failure)
	}
	return s, nil
}

// printReport prints the report of the org's last refresh.
func (o *showing) printReport(ctx context.Context, name string) error {
	k, done, err := o.openAll(ctx, duty{})
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
	if org.Last != nil {
		if ctx, err = o.requireStore(ctx, k.place); err != nil {
			return err
		}
	}
	text, err := k.Report(ctx, org.Key, o.Version)
	if err != nil {
		return err
	}
	// Not folded to ASCII: what the endpoint said stays as it was said.
	if _, err := fmt.Fprint(o.Out, text); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
