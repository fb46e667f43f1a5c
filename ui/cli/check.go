package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// checking is one run of the check command.
type checking struct {
	*session
	asJSON bool
	within string
	only   oneOf
}

// What --only asks for.
const (
	onlyAccess  = "access"
	onlyRefresh = "refresh"
	onlyLogin   = "login" // what ends a login: refresh tokens, and what no refresh replaces
)

func newCheck(s *session) *cobra.Command {
	o := &checking{session: s, only: oneOf{words: []string{onlyAccess, onlyRefresh, onlyLogin}}}
	c := &cobra.Command{
		Use:   "check",
		Short: "Print which tokens run out soon; the exit code says if any do",
		Long: "Prints the access and refresh tokens that run out within a span or have run out, the gravest first: logins that the\n" +
			"endpoint has refused, access tokens that no refresh replaces, refresh tokens that come to their idle limit, and then\n" +
			"access tokens that the next refresh replaces by itself. Each line says how its end is known and what follows.\n" +
			"An access token lives for hours, so within days nearly every org has one that runs out. --only login leaves out those\n" +
			"that a refresh replaces: what is left wants somebody to act. --only access and --only refresh print one kind.\n" +
			"It reads the ledger alone: no keychain, no network. The exit code is 1 when anything is printed, 0 when nothing is.\n" +
			"Tokens of which no end is known are named on the standard error and do not count.",
		Example: "  # in a crontab: a mail when somebody has to act\n" +
			"  0 8 * * 1-5 orgkeep check --within 7d --only login\n\n" +
			"  orgkeep check --within 10m --only access --json | jq -r '.orgs[].alias'",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              act(func(c *cobra.Command, _ []string) error { return o.run(c.Context()) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.within, "within", "7d", "how soon, as 7d or 12h")
	f.Var(&o.only, "only", "one kind; login is without the access tokens that a refresh replaces")
	f.BoolVar(&o.asJSON, "json", false, "print them as JSON")
	_ = c.RegisterFlagCompletionFunc("only", o.only.offer) // it fails for a flag that is not there
	return c
}

func (o *checking) run(ctx context.Context) error {
	within, ok := tokens.ParseSpan(o.within)
	if !ok {
		return usage("--within is %q, it wants a span such as 7d, 12h or 30m, of at most 10 years (3650d)", o.within)
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
	list, unknown := []due{}, []endless{}
	for _, org := range orgs {
		found, never := dueOf(&org, within, now, limits)
		list = append(list, found...)
		unknown = append(unknown, never...)
	}
	list = slices.DeleteFunc(list, func(d due) bool { return !o.wants(d.Token, d.Renewable) })
	unknown = slices.DeleteFunc(unknown, func(e endless) bool { return !o.wants(e.Token, e.renewable) })
	slices.SortStableFunc(list, gravest)
	if err := o.answer(list, unknown, within); err != nil {
		return err
	}
	if len(list) > 0 {
		return ended(exitFailed)
	}
	return nil
}

// wants reports whether --only asks for a token.
func (o *checking) wants(token string, renewable bool) bool {
	switch o.only.value {
	case onlyLogin:
		return token == refreshToken || !renewable
	case onlyAccess, onlyRefresh:
		return token == o.only.value
	}
	return true
}

func (o *checking) answer(list []due, unknown []endless, within time.Duration) error {
	if o.asJSON {
		return writeJSON(o.Out, struct {
			Version int       `json:"version"`
			WithinS int64     `json:"within_s"`
			Counts  dueCounts `json:"counts"`
			Orgs    []due     `json:"orgs"`
			Unknown []endless `json:"unknown"`
		}{documentVersion, wholeSeconds(within), countDue(list), list, unknown})
	}
	for _, token := range []string{accessToken, refreshToken} {
		if names := endlessNames(unknown, token); names != "" {
			o.say("Not known when the %s token runs out: %s.", token, names)
		}
	}
	if len(list) == 0 {
		return nil
	}
	o.say("%s", dueWords(list, o.within))
	rows := make([][]string, len(list))
	for i, d := range list {
		rows[i] = []string{d.Alias, string(d.Type), d.Token, d.when(), d.why(), d.then}
	}
	return writeTable(o.Out, []column{
		{title: "ORG"}, {title: "TYPE"}, {title: "TOKEN"}, {title: "LEFT", right: true}, {title: "KNOWN BY"}, {title: "THEN"},
	}, rows)
}

// dueCounts are how many tokens run out.
type dueCounts struct {
	Access  int `json:"access"`
	Refresh int `json:"refresh"`
	// Renewable is how many of them a refresh replaces or keeps.
	Renewable int `json:"renewable"`
}

func countDue(list []due) dueCounts {
	var c dueCounts
	for _, d := range list {
		if d.Token == accessToken {
			c.Access++
		} else {
			c.Refresh++
		}
		if d.Renewable {
			c.Renewable++
		}
	}
	return c
}
