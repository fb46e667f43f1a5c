package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// refreshing is one run of the refresh command.
type refreshing struct {
	*session
	which
	timeout time.Duration
	asJSON  bool
	keeper  *opened
	anyway  bool
	noticed bool                            // a notice was said
	watch   bool                            // keep orgs fresh until told to stop
	line    func(text string)               // prints what happened; nil for the standard error
	waited  map[tokens.PauseScope]time.Time // the ends of the pauses that were told
	// patience is how long, after the program was told to stop, a second signal
	// cannot kill a request whose answer is still to be saved.
	patience time.Duration
}

func newRefresh(s *session) *cobra.Command {
	o := &refreshing{session: s, patience: refreshPatience}
	c := &cobra.Command{
		Use:   "refresh [ORG...]",
		Short: "Refresh access tokens and save them",
		Long: "Asks the token endpoint of each org for a new access token and saves it where the org's tokens are.\n" +
			"ORG is an alias or an org id. An org whose last request got no answer is not sent again:\n" +
			"its refresh token may have been used up. --anyway sends it all the same.\n" +
			"Where an answer asks to wait, with HTTP 429 or a rate limit, its host or user is paused: a pause of a minute at\n" +
			"most is waited for; for a longer one the orgs of the pause are not sent (outcome cancelled, in JSON with\n" +
			"paused_until) until it is over, by this process or another. --anyway sends those too.\n" +
			"ctrl+c ends what has not been sent; what has been sent is finished and saved.\n" +
			"--watch goes on: an org is refreshed when less than --watch-under is left, one at a time, with a line on the standard output\n" +
			"for each event. A refusal or a missing answer stops it for that org until a person has refreshed it or signed in; after a\n" +
			"pause or a failure on its way it goes on, after 1, 2, 5 and then 10 minutes. SIGINT or SIGTERM ends it well, with exit code 0.\n" +
			"Exit code: 0 all refreshed, 1 some not, 3 keychain, vault or ledger not usable, 4 all that failed need a new sign-in.",
		Example: "  orgkeep refresh acme-prod\n" +
			"  orgkeep refresh --expired -j 8 --json\n" +
			"  orgkeep refresh --watch --watch-under 30m",
		Args:              cobra.ArbitraryArgs,
		RunE:              act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
		ValidArgsFunction: s.completeAlias,
	}
	f := c.Flags()
	f.SortFlags = false
	f.BoolVar(&o.all, "all", false, "every org")
	f.BoolVar(&o.expired, "expired", false, "the orgs whose access token has expired, however the last refresh ended")
	f.BoolVar(&o.failed, "failed", false, "the orgs whose last refresh failed; those without an answer are named and not sent")
	f.BoolVar(&o.anyway, "anyway", false, "also the orgs whose last request got no answer, which may end their login, and those that a pause holds back")
	f.BoolVar(&o.watch, "watch", false, "keep the ORGs fresh until told to stop; without ORGs those that are watched (orgkeep watch, w on the screen)")
	addSettings(f, []string{"pool", "watch_under"})
	f.DurationVar(&o.timeout, "timeout", defaultTimeout, "longest time of one request, 1s to 10m")
	f.BoolVar(&o.asJSON, "json", false, "print the results as JSON")
	return c
}

const (
	refreshPatience = 15 * time.Second

	defaultTimeout = 30 * time.Second
	leastTimeout   = time.Second
	mostTimeout    = 10 * time.Minute
)

func (o *refreshing) check(names []string) error {
	if o.timeout < leastTimeout || o.timeout > mostTimeout {
		return usage("--timeout is %s, it has to be from %s to %s", o.timeout, leastTimeout, mostTimeout)
	}
	if o.watch {
		return o.checkWatch()
	}
	return o.which.check(names)
}

func (o *refreshing) run(ctx context.Context, names []string) error {
	if err := o.check(names); err != nil {
		return err
	}
	ctx, free := stoppable(ctx)
	defer free()
	k, done, err := o.openAll(ctx, duty{pool: o.settings.Pool, whole: o.timeout})
	if err != nil {
		return err
	}
	defer done()
	o.keeper = k
	if o.watch {
		if ctx, err = o.requireStore(ctx, k.place); err != nil {
			return err
		}
		defer o.backUp(context.WithoutCancel(ctx), k).Wait()
		if err := o.recover(ctx); err != nil {
			return err
		}
		return o.watchOn(ctx, free, names)
	}
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	chosen, err := o.choose(orgs, names, o.Clock.Now(), k.Limits())
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		o.say("%s", o.nothing())
		return o.answer(nil)
	}
	if ctx, err = o.requireStore(ctx, k.place); err != nil {
		return err
	}
	defer o.backUp(context.WithoutCancel(ctx), k).Wait()
	watch := o.Clock.Stopwatch()
	if err := o.recover(ctx); err != nil {
		return err
	}
	results := o.refreshAll(ctx, free, chosen)
	o.holdOn(ctx, k, keeper.RecoverEvery)
	o.sumUp(results, watch())
	return o.answer(results)
}

// recover brings the tokens that an earlier run could not save to the keychain.
func (o *refreshing) recover(ctx context.Context) error {
	changed, waiting, err := o.keeper.Recover(ctx)
	for _, org := range changed {
		if org.Shared.Mode != tokens.SharedNot {
			o.say("%s: the new tokens of an earlier refresh are here and with the Salesforce CLI now.", org.Alias)
			continue
		}
		o.say("%s: the new tokens of an earlier refresh were in the journal and are in %s now.", org.Alias, o.keeper.place.name())
	}
	for _, w := range waiting {
		o.say("orgkeep: %s: the new tokens are still in the journal: %s", w.Alias, oneLine(w.Err))
	}
	return err
}

// holdOn stays while new tokens are in this process only, and tries again until
// they are saved or the person gives them up. An earlier ctrl+c was about what
// had not been sent: these tokens are given up by another one only.
func (s *session) holdOn(ctx context.Context, k *opened, every time.Duration) {
	if len(k.InMemory()) == 0 {
		return
	}
	ctx, free := stoppable(context.WithoutCancel(ctx))
	defer free()
	for lost := k.InMemory(); len(lost) > 0; lost = k.InMemory() {
		s.say("orgkeep: %s: the new tokens are in memory only. Trying again in %s; free some disk space or unlock %s. ctrl+c gives them up.",
			strings.Join(lost, ", "), every, k.place.name())
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return
		}
		if _, _, err := k.Recover(ctx); err != nil {
			s.say("orgkeep: %s", oneLine(err))
		}
	}
}

// refreshAll refreshes the orgs and returns the results in their order. Orgs in
// doubt are left out unless the user wants them anyway.
func (o *refreshing) refreshAll(ctx context.Context, free func(), orgs []tokens.Org) []keeper.Result {
	byKey := map[tokens.Key]keeper.Result{}
	var sending []tokens.Org
	for _, org := range orgs {
		if !o.anyway && inDoubt(org) {
			byKey[org.Key] = leftOut(org)
			o.say("%s", leftOutLine(org))
			continue
		}
		sending = append(sending, org)
	}
	refresh := o.keeper.Refresh
	if o.anyway {
		refresh = o.keeper.RefreshAnyway
	}
	for _, r := range o.follow(ctx, free, refresh(ctx, sending)) {
		byKey[r.Org.Key] = r
	}
	results := make([]keeper.Result, len(orgs))
	for i, org := range orgs {
		results[i] = byKey[org.Key]
	}
	return results
}

// leftOut is the result of an org that was not sent: it stands as it stood.
func leftOut(org tokens.Org) keeper.Result {
	return keeper.Result{Org: org, Attempt: tokens.Attempt{Outcome: tokens.OutcomeUnknown, Failure: org.Last.Failure}}
}

// follow prints a line for each org as it ends, until all have. When ctx ends
// it stays: what has been sent is finished within the limits of a request.
func (o *refreshing) follow(ctx context.Context, free func(), events <-chan keeper.Event) []keeper.Result {
	var results []keeper.Result
	stopped := ctx.Done()
	var impatient <-chan time.Time
	for {
		select {
		case e, more := <-events:
			if !more {
				return results
			}
			o.waits(e)
			if e.Result != nil {
				results = append(results, *e.Result)
				o.tell(*e.Result)
			}
		case <-stopped:
			stopped, impatient = nil, time.After(o.patience)
			o.say("Stopping. What has not been sent is cancelled; what has been sent is finished and saved first.")
		case <-impatient:
			impatient = nil
			free()
			o.say("Still waiting for an answer. ctrl+c again gives it up, and the refresh token with it.")
		}
	}
}
