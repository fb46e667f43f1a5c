package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
	"orgkeep/ui/theme"
)

// listing is one run of the list command.
type listing struct {
	*session
	asJSON  bool
	filter  string
	reverse bool
}

func newList(s *session) *cobra.Command {
	o := &listing{session: s}
	c := &cobra.Command{
		Use:   "list",
		Short: "Print the saved orgs and the ages of their tokens",
		Long: "Prints the saved orgs, the most urgent first. It reads the ledger alone: no keychain, no network.\n" +
			"A time left with ~ is an estimate; Salesforce tells the end of few tokens.\n" +
			"A filter has words and terms that an org has to match all of: words are looked for in alias, user, host,\n" +
			"ids, type and tags; is:fresh (ageing, expired, failed, unknown, stale, idle, favourite, production, ...),\n" +
			"tag:, type:, alias:, user:, host:, org:, client:, scope:, and age:, left: or idle: with < or > and a span.\n" +
			"A hyphen before a term leaves out what it matches; quotes keep spaces.",
		Example: "  orgkeep list\n" +
			"  orgkeep list --filter 'is:stale tag:acme -uat' --sort left\n" +
			"  orgkeep list --filter 'idle:<7d'\n" +
			"  orgkeep list --json | jq -r '.orgs[] | select(.health == \"expired\").alias'",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              act(func(c *cobra.Command, _ []string) error { return o.run(c.Context()) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.filter, "filter", "", "only the orgs that match, as is:expired or tag:acme")
	addSettings(f, []string{"sort"})
	f.BoolVar(&o.reverse, "reverse", false, "the other way round; what is unknown stays last")
	f.BoolVar(&o.asJSON, "json", false, "print the orgs as JSON")
	_ = c.RegisterFlagCompletionFunc("filter", s.completeFilter) // it fails for a flag that is not there
	completeSettings(c)
	return c
}

func (o *listing) run(ctx context.Context) error {
	filter, err := tokens.ParseFilter(o.filter)
	if err != nil {
		return usage("--filter: %w", err)
	}
	orgs, err := o.savedOrgs(ctx)
	if errors.Is(err, ledger.ErrDamaged) {
		orgs, err = o.savedOrgs(ctx) // opened again, a damaged ledger is mended
	}
	if err != nil {
		return err
	}
	now, limits := o.Clock.Now(), o.settings.Limits()
	o.warnOfClock(orgs)
	none := noOrgs
	if len(orgs) > 0 {
		none = "No org matches the filter."
	}
	orgs = slices.DeleteFunc(orgs, func(org tokens.Org) bool {
		return !filter.Match(&org, tokens.WordsOf(&org), org.Clocks(now, limits))
	})
	tokens.Sort(orgs, tokens.Order(o.settings.Sort), o.reverse, now, limits)
	if o.asJSON {
		return writeJSON(o.Out, newOrgList(orgs, now, limits))
	}
	if len(orgs) == 0 {
		o.say("%s", none)
		return nil
	}
	rows, look := make([][]string, len(orgs)), o.theme()
	for i, org := range orgs {
		rows[i] = listRow(look, org, now, limits)
	}
	return writeTable(o.Out, listColumns(), rows)
}

// savedOrgs reads the orgs from the ledger.
func (o *listing) savedOrgs(ctx context.Context) ([]tokens.Org, error) {
	k, done, err := o.openAll(ctx, duty{looks: true})
	if err != nil {
		return nil, err
	}
	defer done()
	return k.Orgs(ctx)
}

const noOrgs = "No orgs yet. orgkeep login signs in with the browser, orgkeep import FILE saves the tokens of a token file, orgkeep demo shows the program with made-up orgs."

func listColumns() []column {
	return []column{
		{title: "ORG"},
		{title: "TYPE"},
		{title: "USERNAME"},
		{title: "STATE"},
		{title: "AGE", right: true},
		{title: "LEFT", right: true},
		{title: "IDLE", right: true},
		{title: "LAST REFRESH"},
	}
}

func listRow(t theme.Theme, org tokens.Org, now time.Time, limits tokens.Limits) []string {
	c := org.Clocks(now, limits)
	_, glyph := t.Health(string(c.Health))
	return []string{
		org.Alias, org.Type.Label(), org.User(), glyph + " " + string(c.Health),
		c.AgeText(), c.LeftText(), t.Glyphs.Fold(c.IdleText()), t.Glyphs.Fold(org.Last.Text(now) + after("; ", pauseText(org, now))),
	}
}

// warnOfClock says on stderr that this machine's clock made the ages wrong when
// an endpoint last told the time.
func (s *session) warnOfClock(orgs []tokens.Org) {
	if warning := tokens.SkewWarning(tokens.LatestSkew(orgs)); warning != "" {
		s.say("orgkeep: %s", warning)
	}
}

// after puts a text behind what separates it from the text before, if there is
// one.
func after(separator, text string) string {
	if text == "" {
		return ""
	}
	return separator + text
}
