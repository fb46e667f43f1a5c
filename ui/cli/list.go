package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	sort    string
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
	f.StringVar(&o.sort, "sort", string(tokens.OrderUrgency), strings.Join(orderNames(), ", "))
	f.BoolVar(&o.reverse, "reverse", false, "the other way round; what is unknown stays last")
	f.BoolVar(&o.asJSON, "json", false, "print the orgs as JSON")
	_ = c.RegisterFlagCompletionFunc("filter", s.completeFilter) // it fails for a flag that is not there
	_ = c.RegisterFlagCompletionFunc("sort", cobra.FixedCompletions(orderNames(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func orderNames() []string {
	names := make([]string, len(tokens.Orders()))
	for i, order := range tokens.Orders() {
		names[i] = string(order)
	}
	return names
}

func (o *listing) run(ctx context.Context) error {
	filter, err := tokens.ParseFilter(o.filter)
	if err != nil {
		return usage("--filter: %w", err)
	}
	order, err := tokens.ParseOrder(o.sort)
	if err != nil {
		return usage("--sort: %w", err)
	}
	orgs, err := o.savedOrgs(ctx)
	if errors.Is(err, ledger.ErrDamaged) {
		orgs, err = o.savedOrgs(ctx) // opened again, a damaged ledger is mended
	}
	if err != nil {
		return err
	}
	now, limits := o.Clock.Now(), tokens.DefaultLimits()
	none := noOrgs
	if len(orgs) > 0 {
		none = "No org matches the filter."
	}
	orgs = slices.DeleteFunc(orgs, func(org tokens.Org) bool {
		return !filter.Match(tokens.SubjectOf(&org), org.Clocks(now, limits))
	})
	tokens.Sort(orgs, order, o.reverse, now, limits)
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
	age := "?"
	if c.AgeKnown {
		age = tokens.FormatSpan(c.Age)
	}
	return []string{
		org.Alias, org.Type.Label(), org.User(), glyph + " " + string(c.Health),
		age, leftText(c), t.Glyphs.Fold(idleText(c)), t.Glyphs.Fold(lastText(org.Last, now)),
	}
}

// leftText is the time left; what has passed is said in words.
func leftText(c tokens.Clocks) string {
	switch {
	case c.LeftSource == tokens.LeftUnknown:
		return "?"
	case c.Left <= 0:
		return "expired " + tokens.FormatSpan(c.Left) + " ago"
	case c.LeftSource == tokens.LeftEstimated:
		return "~" + tokens.FormatSpan(c.Left)
	}
	return tokens.FormatSpan(c.Left)
}

// idleText is the days until the idle limit of the refresh token.
func idleText(c tokens.Clocks) string {
	const day = 24 * time.Hour
	switch {
	case !c.IdleKnown:
		return "–"
	case c.IdleLeft <= 0:
		return "over"
	case c.IdleSoon:
		return fmt.Sprintf("%dd !", c.IdleLeft/day)
	}
	return fmt.Sprintf("%dd", c.IdleLeft/day)
}

// lastText says how the last refresh ended, and when.
func lastText(last *tokens.Attempt, now time.Time) string {
	if last == nil {
		return "–"
	}
	text := string(last.Outcome) + " " + ago(last.At, now)
	if last.Failure != nil {
		text += ": " + briefly(last.Failure)
	}
	return text
}

// briefly is a failure in two words or so: the answer, else what refused or
// where on its way the request broke.
func briefly(f *tokens.Failure) string {
	switch {
	case f.HTTPStatus != 0:
		return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", f.HTTPStatus, f.Code))
	case f.Kind == tokens.FailedTransport && f.Phase != "":
		return during(f.Phase)
	}
	word := map[tokens.FailureKind]string{
		tokens.FailedKeychain: "keychain refused", tokens.FailedLedger: "ledger refused", tokens.FailedLocal: "nothing sent",
	}[f.Kind]
	if word == "" {
		return "no answer"
	}
	return word
}

// during says in which phase a request broke.
func during(phase string) string {
	if strings.HasSuffix(phase, "ing") {
		return "while " + phase
	}
	return "in the " + phase
}
