package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// checking is one run of the check command.
type checking struct {
	*session
	asJSON, access bool
	within         string
}

func newCheck(s *session) *cobra.Command {
	o := &checking{session: s}
	c := &cobra.Command{
		Use:   "check",
		Short: "Print whose tokens run out soon; the exit code says if any do",
		Long: "Prints the orgs whose login runs out within a span, or has run out: those whose refresh token comes to its idle\n" +
			"limit, those without a refresh token whose access token ends, and those that the endpoint has refused, so that a\n" +
			"person has to sign in. An access token that a refresh replaces is no reason; --access counts those too.\n" +
			"It reads the ledger alone: no keychain, no network. The exit code is 1 when there are such orgs, 0 when there are\n" +
			"none. Orgs of which nothing is known are named on the standard error and do not count.",
		Example: "  # in a crontab: a mail when somebody has to act\n" +
			"  0 8 * * 1-5 orgkeep check --within 7d\n\n" +
			"  orgkeep check --within 10m --access --json | jq -r '.orgs[].alias'",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              act(func(c *cobra.Command, _ []string) error { return o.run(c.Context()) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.within, "within", "7d", "how soon, as 7d or 12h")
	f.BoolVar(&o.access, "access", false, "count every access token, also one that a refresh replaces")
	f.BoolVar(&o.asJSON, "json", false, "print them as JSON")
	return c
}

// due is a token that runs out.
type due struct {
	Alias  string      `json:"alias"`
	OrgID  string      `json:"org_id"`
	Type   tokens.Type `json:"type"`
	Token  string      `json:"token"` // "access" or "refresh"
	EndsAt *string     `json:"ends_at"`
	LeftS  *int64      `json:"left_s"` // negative once over; null where the login was refused
	Source string      `json:"source"` // how the end is known: as left_source, "idle limit" or "refused"
	left   time.Duration
}

const (
	byIdleLimit = "idle limit"
	byRefusal   = "refused"
)

func (o *checking) run(ctx context.Context) error {
	within, ok := tokens.ParseSpan(o.within)
	if !ok {
		return usage("--within is %q, it wants a span such as 7d, 12h or 30m", o.within)
	}
	orgs, err := (&listing{session: o.session}).savedOrgs(ctx)
	if errors.Is(err, ledger.ErrDamaged) {
		orgs, err = (&listing{session: o.session}).savedOrgs(ctx) // opened again, a damaged ledger is mended
	}
	if err != nil {
		return err
	}
	now, limits := o.Clock.Now(), o.settings.Limits()
	tokens.ByUrgency(orgs, now, limits)
	list, unknown := []due{}, []string{}
	for _, org := range orgs {
		found, known := o.dueOf(org, within, now, limits)
		list = append(list, found...)
		if !known {
			unknown = append(unknown, org.Alias)
		}
	}
	if len(unknown) > 0 {
		o.say("Not known when the login ends: %s.", strings.Join(unknown, ", "))
	}
	if err := o.answer(list, within); err != nil {
		return err
	}
	if len(list) > 0 {
		return ended(exitFailed)
	}
	return nil
}

// dueOf are the tokens of an org that run out within the span; known is false
// where nothing is known of its login's end.
func (o *checking) dueOf(org tokens.Org, within time.Duration, now time.Time, limits tokens.Limits) (list []due, known bool) {
	c := org.Clocks(now, limits)
	if c.Refused {
		return []due{{Alias: org.Alias, OrgID: org.OrgID, Type: org.Type, Token: "refresh", Source: byRefusal}}, true
	}
	add := func(token, source string, left time.Duration) {
		if left > within {
			return
		}
		seconds, at := wholeSeconds(left), instant(now.Add(left))
		list = append(list, due{org.Alias, org.OrgID, org.Type, token, &at, &seconds, source, left})
	}
	known = true
	if org.HasRefreshToken {
		if known = c.IdleKnown; known {
			add("refresh", byIdleLimit, c.IdleLeft)
		}
	}
	if o.access || !org.HasRefreshToken {
		if c.LeftSource == tokens.LeftUnknown {
			return list, false
		}
		add("access", string(c.LeftSource), c.Left)
	}
	return list, known
}

func (o *checking) answer(list []due, within time.Duration) error {
	if o.asJSON {
		return writeJSON(o.Out, struct {
			Version int   `json:"version"`
			WithinS int64 `json:"within_s"`
			Orgs    []due `json:"orgs"`
		}{documentVersion, wholeSeconds(within), list})
	}
	if len(list) == 0 {
		return nil
	}
	rows := make([][]string, len(list))
	for i, d := range list {
		rows[i] = []string{d.Alias, string(d.Type), d.Token, d.when(), d.why()}
	}
	return writeTable(o.Out, []column{{title: "ORG"}, {title: "TYPE"}, {title: "TOKEN"}, {title: "LEFT", right: true}, {title: "KNOWN BY"}}, rows)
}

func (d due) when() string {
	switch {
	case d.LeftS == nil:
		return "over"
	case d.left <= 0:
		return "over " + tokens.Ago(-d.left)
	}
	return tokens.FormatSpan(d.left)
}

func (d due) why() string {
	switch d.Source {
	case byIdleLimit:
		return "the idle limit"
	case byRefusal:
		return "the endpoint's refusal; a person has to sign in"
	}
	return map[string]string{
		string(tokens.LeftFromJWT): "the token itself", string(tokens.LeftFromIntrospection): "the endpoint",
		string(tokens.LeftConfigured): "the life that was set", string(tokens.LeftEstimated): "an estimate",
	}[d.Source]
}
