package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
	"orgkeep/ui/theme"
)

// listing is one run of the list command.
type listing struct {
	*session
	asJSON bool
}

func newList(s *session) *cobra.Command {
	o := &listing{session: s}
	c := &cobra.Command{
		Use:   "list",
		Short: "Print the saved orgs and the ages of their tokens",
		Long: "Prints the saved orgs, the most urgent first. It reads the ledger alone: no keychain, no network.\n" +
			"A time left with ~ is an estimate; Salesforce tells the end of few tokens.",
		Example: "  orgkeep list\n" +
			"  orgkeep list --json | jq -r '.orgs[] | select(.health == \"expired\").alias'",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              act(func(c *cobra.Command, _ []string) error { return o.run(c.Context()) }),
	}
	c.Flags().BoolVar(&o.asJSON, "json", false, "print the orgs as JSON")
	return c
}

func (o *listing) run(ctx context.Context) error {
	orgs, err := o.savedOrgs(ctx)
	if errors.Is(err, ledger.ErrDamaged) {
		orgs, err = o.savedOrgs(ctx) // opened again, a damaged ledger is mended
	}
	if err != nil {
		return err
	}
	now, limits := o.Clock.Now(), tokens.DefaultLimits()
	tokens.ByUrgency(orgs, now, limits)
	o.warnOfClock(orgs)
	if o.asJSON {
		return writeJSON(o.Out, newOrgList(orgs, now, limits))
	}
	if len(orgs) == 0 {
		o.say("%s", noOrgs)
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

const noOrgs = "No orgs yet. orgkeep import FILE saves the tokens of a token file, orgkeep demo shows the program with made-up orgs."

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
