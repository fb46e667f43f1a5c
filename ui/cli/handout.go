package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// handingOut is what the commands have in common that give tokens to another
// program: token, env, exec and export.
type handingOut struct {
	*session
	minLeft time.Duration
	reveal  bool
}

// out is what is handed out, of one org.
type out struct {
	org       tokens.Org
	secrets   tokens.Secrets
	refreshed bool // for this
	limits    tokens.Limits
}

const defaultMinLeft = 10 * time.Minute

func (o *handingOut) addMinLeft(f *pflag.FlagSet) {
	f.DurationVar(&o.minLeft, "min-left", defaultMinLeft, "refresh first when less time is left, or when nobody knows how much; 0s takes what has not expired, as far as is known")
}

func (o *handingOut) addReveal(f *pflag.FlagSet) {
	f.BoolVar(&o.reveal, "reveal", false, "print tokens on a terminal too")
}

func (o *handingOut) checkMinLeft() error {
	if o.minLeft < 0 {
		return usage("--min-left is %s, it cannot be negative", o.minLeft)
	}
	return nil
}

// checkOut turns a terminal down, where tokens would stay in the scrollback.
func (o *handingOut) checkOut(c *cobra.Command) error {
	if _, terminal := descriptor(o.Out); terminal && !o.reveal {
		return cannot("%s would print a token on the terminal; send it to a program or a file, or say --reveal", c.CommandPath())
	}
	return nil
}

// ready returns an org's tokens with an access token that lasts as long as was
// asked for, and refreshes it first where it does not. Everything is closed and
// unlocked by the time it returns.
func (o *handingOut) ready(ctx context.Context, name string) (out, error) {
	ctx, free := stoppable(ctx)
	defer free()
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return out{}, err
	}
	defer done()
	orgs, err := o.take(ctx, k, []string{name})
	if err != nil {
		return out{}, err
	}
	if ctx, err = o.requireStore(ctx, k.place); err != nil {
		return out{}, err
	}
	return o.lasting(ctx, free, k, orgs[0])
}

// take reads the orgs that the names name.
func (o *handingOut) take(ctx context.Context, k *opened, names []string) ([]tokens.Org, error) {
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return nil, err
	}
	return byNames(orgs, names)
}

// lasting reads the tokens, and refreshes once where the access token does not
// last. Tokens that another process saved meanwhile are looked at like the first,
// and so are those that the Salesforce CLI has, once.
func (o *handingOut) lasting(ctx context.Context, free func(), k *opened, org tokens.Org) (out, error) {
	r := &refreshing{session: o.session, keeper: k, patience: refreshPatience}
	refreshed := false
	for taken := false; ; taken = true {
		now, secrets, err := k.HandOut(ctx, org)
		if err != nil {
			return out{}, err
		}
		org = now
		answer := out{org: org, secrets: secrets, refreshed: refreshed, limits: k.Limits()}
		if long := o.longEnough(answer); long || refreshed {
			if !long {
				o.say("orgkeep: %s: the new access token does not last the %s of --min-left, as far as is known.", org.Alias, o.minLeft)
			}
			return answer, nil
		}
		notOurs := org.Shared.Mode == tokens.SharedReadOnly
		if notOurs && taken {
			return answer, o.fit(ctx, k, answer)
		}
		said := r.quietly(notOurs)
		results := r.refreshAll(ctx, free, []tokens.Org{org})
		if notSentHere(results[0]) {
			return answer, o.fit(ctx, k, answer)
		}
		said()
		r.holdOn(ctx, r.keeper, keeper.RecoverEvery)
		if !renewed(results[0]) {
			return out{}, &exit{code: max(exitFailed, r.codeOfResults(results))}
		}
		refreshed = results[0].Attempt.Outcome == tokens.OutcomeRefreshed
	}
}

// longEnough reports whether the access token lasts as long as was asked for.
// Where nobody knows that, it does when nothing was asked for.
func (o *handingOut) longEnough(r out) bool {
	c := r.org.Clocks(o.Clock.Now(), r.limits)
	return !r.secrets.AccessToken.IsZero() && (c.Lasts(o.minLeft) || o.minLeft == 0 && c.LeftSource == tokens.LeftUnknown)
}

// renewed reports whether a refresh has brought tokens, its own or another's.
func renewed(r keeper.Result) bool {
	return r.Attempt.Outcome == tokens.OutcomeRefreshed || r.Attempt.Outcome == tokens.OutcomeAdopted
}
