package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

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

// fact is a line of show; one without a name goes on with the line before.
type fact struct{ name, text string }

func (o *showing) printFacts(facts []fact) error {
	const width = len("refresh token:")
	for _, f := range facts {
		name := f.name
		if name != "" {
			name += ":"
		}
		if err := o.print(fmt.Sprintf("%-*s %s", width, name, f.text)); err != nil {
			return err
		}
	}
	return nil
}

func (o *showing) facts(org tokens.Org, now time.Time, limits tokens.Limits) []fact {
	c := org.Clocks(now, limits)
	_, glyph := o.theme().Health(string(c.Health))
	facts := []fact{
		{"alias", org.Alias},
		{"state", glyph + " " + string(c.Health)},
		{"org id", org.OrgID},
		{"user id", org.UserID},
		{"username", orUnknown(org.Username)},
		{"type", string(org.Type)},
		{"login host", org.LoginHost()},
		{"instance", org.InstanceURL},
		{"client id", org.ClientID},
		{"scopes", orUnknown(strings.Join(org.Scopes, " "))},
	}
	if org.Shared.Mode != tokens.SharedNot {
		facts = append(facts, fact{"shared", sharedText(org.Shared)}, fact{"", tokens.Clean(org.Shared.File())})
	}
	if len(org.Tags) > 0 {
		facts = append(facts, fact{"tags", strings.Join(org.Tags, " ")})
	}
	if org.Watched {
		facts = append(facts, fact{"watch", watchText(&org)})
	}
	if org.Mirror != "" {
		facts = append(facts, fact{"mirror", mirrorText(org)})
	}
	return append(facts, fact{"access token", accessText(c)}, fact{"refresh token", refreshText(org, c, now)})
}

func orUnknown(text string) string {
	if text == "" {
		return "not known"
	}
	return text
}

// accessText is the access token's clock, with how it is known.
func accessText(c tokens.Clocks) string {
	age := "its age is not known"
	if c.AgeKnown {
		age = "issued " + tokens.FormatSpan(c.Age) + " ago"
	}
	left := c.LeftText()
	if c.Left > 0 {
		left += " left"
	}
	switch c.LeftSource {
	case tokens.LeftFromJWT:
		return age + ", " + left + "; the token itself tells its end"
	case tokens.LeftFromIntrospection:
		return age + ", " + left + "; the endpoint told its end"
	case tokens.LeftFromAnswer:
		return age + ", " + left + "; an answer showed that it has ended"
	case tokens.LeftConfigured:
		return age + ", " + left + "; by the life that was set"
	case tokens.LeftEstimated:
		return age + ", " + left + "; an estimate by Salesforce's default of 2 hours, its end was not told"
	case tokens.LeftUnknown:
	}
	return age + ", nor is its time left"
}

// refreshText is the refresh token's clock, with how it is known.
func refreshText(org tokens.Org, c tokens.Clocks, now time.Time) string {
	if !org.HasRefreshToken {
		return "none is saved"
	}
	rotation := map[tokens.Rotation]string{
		tokens.RotationYes: "replaced by each refresh", tokens.RotationNo: "not replaced by a refresh",
	}[org.Rotates]
	if rotation == "" {
		rotation = "not known whether a refresh replaces it"
	}
	switch {
	case c.Refused:
		return "the last refresh was refused, so an idle limit says nothing of it; " + rotation
	case c.NotTrusted:
		return "of another login, and not trusted; " + rotation
	case !c.IdleKnown:
		return "not known when it was issued or last used, so nor is its idle limit; " + rotation
	}
	limit := "its idle limit is over"
	if c.IdleLeft > 0 {
		limit = tokens.FormatSpan(c.IdleLeft) + " until its idle limit"
	}
	used := "last used"
	if org.RefreshUsedAt.Equal(org.IssuedAt) { // nothing but the answer's issued_at tells
		used = "by its issued_at last used"
	}
	return fmt.Sprintf("%s %s, %s if that is the usual 30 days; %s", used, tokens.Ago(now.Sub(org.RefreshUsedAt)), limit, rotation)
}

// lastFacts is how the last refresh ended: the words it failed with, then what
// they mean.
func lastFacts(alias string, last tokens.Attempt, e tokens.Explanation, now time.Time) []fact {
	facts := []fact{{"last refresh", fmt.Sprintf("%s %s, at %s, by the %s; took %s", last.Outcome, tokens.Ago(now.Sub(last.At)),
		instant(last.At), last.Trigger, tokens.FormatTook(last.Duration))}}
	if last.Trigger == "" { // cut off by a crash: nobody wrote down more
		facts[0].text = fmt.Sprintf("%s %s, at %s", last.Outcome, tokens.Ago(now.Sub(last.At)), instant(last.At))
	}
	f := last.Failure
	if f == nil {
		return facts
	}
	facts = append(facts, fact{"", f.Error()})
	if f.Phase != "" {
		facts = append(facts, fact{"", "broke " + f.During()})
	}
	facts = append(facts, many("body", bodyLines(f))...)
	facts = append(facts, fact{"meaning", e.Meaning})
	facts = append(facts, many("causes", e.Causes)...)
	facts = append(facts, fact{"what to do", join(e.Remedy, commandFor(e.Do, alias))})
	if e.Who != "" {
		facts = append(facts, fact{"who can", e.Who})
	}
	return append(facts, fact{"a retry", e.RetryText()})
}

// many are lines under one name.
func many(name string, lines []string) []fact {
	facts := make([]fact, len(lines))
	for i, line := range lines {
		facts[i] = fact{name, line}
		name = ""
	}
	return facts
}

// What show prints of a body. A page of a proxy is longer than anybody reads.
const (
	bodyMost = 40   // lines
	lineMost = 1000 // characters
)

// bodyLines are the first lines of what the endpoint sent, and a mark where more
// of it is kept or came.
func bodyLines(f *tokens.Failure) []string {
	if f.Body == "" {
		return nil
	}
	lines := strings.Split(strings.TrimRight(f.Body, "\n"), "\n")
	cut := len(lines) > bodyMost
	lines = lines[:min(len(lines), bodyMost)]
	for i, line := range lines {
		if text := []rune(line); len(text) > lineMost {
			lines[i], cut = string(text[:lineMost]), true
		}
	}
	switch {
	case cut:
		lines = append(lines, "… the body goes on; --json and --report have more of it")
	case f.BodyCut:
		lines = append(lines, "… the body went on, or broke off here")
	}
	return lines
}
