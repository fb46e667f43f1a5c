package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// tokenPrinting is one run of the token command.
type tokenPrinting struct {
	handingOut
	asJSON bool
}

func newToken(s *session) *cobra.Command {
	o := &tokenPrinting{handingOut: handingOut{session: s}}
	c := &cobra.Command{
		Use:   "token ORG",
		Short: "Print the access token of an org, refreshed when needed",
		Long: "Prints the access token and nothing else. Where less than --min-left of it is left, or nobody knows how much, it is\n" +
			"refreshed and saved first; the time left is an estimate for most orgs, and counts. A terminal is refused without --reveal.\n" +
			"An org that only the Salesforce CLI refreshes is not refreshed: the newest token that the CLI has is printed while the org\n" +
			"accepts it.\n" +
			"Exit code: 0 printed, 1 it could not be refreshed, 3 keychain, vault or ledger not usable, 4 a new sign-in is needed.",
		Example: "  orgkeep token acme-prod > token.txt\n" +
			"  orgkeep token acme-prod --min-left 30m --json",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: s.completeOneAlias,
	}
	c.RunE = act(func(c *cobra.Command, args []string) error {
		if err := o.checkMinLeft(); err != nil {
			return err
		}
		if err := o.checkOut(c); err != nil {
			return err
		}
		return o.run(c.Context(), args[0])
	})
	f := c.Flags()
	f.SortFlags = false
	o.addMinLeft(f)
	o.addReveal(f)
	f.BoolVar(&o.asJSON, "json", false, "print the token with its host and its times as JSON")
	return c
}

// handedToken is the document of orgkeep token --json.
type handedToken struct {
	Version     int               `json:"version"`
	Alias       string            `json:"alias"`
	AccessToken string            `json:"access_token"`
	InstanceURL string            `json:"instance_url"`
	IssuedAt    *string           `json:"issued_at"`
	LeftS       *int64            `json:"left_s"`
	LeftSource  tokens.LeftSource `json:"left_source"`
	Refreshed   bool              `json:"refreshed"`
}

func (o *tokenPrinting) run(ctx context.Context, name string) error {
	r, err := o.ready(ctx, name)
	if err != nil {
		return err
	}
	if !o.asJSON {
		return o.printSecret(r.secrets.AccessToken.Reveal() + "\n")
	}
	return writeJSON(o.Out, newHandedToken(r, o.Clock.Now()))
}

func newHandedToken(r out, now time.Time) handedToken {
	c := r.org.Clocks(now, r.limits)
	d := handedToken{
		Version: documentVersion, Alias: r.org.Alias, AccessToken: r.secrets.AccessToken.Reveal(), InstanceURL: r.org.InstanceURL,
		IssuedAt: known(instant(r.org.IssuedAt)), LeftSource: c.LeftSource, Refreshed: r.refreshed,
	}
	if c.LeftSource != tokens.LeftUnknown {
		left := wholeSeconds(c.Left)
		d.LeftS = &left
	}
	return d
}
