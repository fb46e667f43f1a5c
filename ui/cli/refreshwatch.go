package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// watchEvery is how often refresh --watch looks whether an org is due: much
// shorter than any time left that is worth waiting for.
const watchEvery = 10 * time.Second

// vigil is one run of refresh --watch.
type vigil struct {
	*refreshing
	names  []string
	plan   *keeper.Watch
	halted map[tokens.Key]string // why, as it was said
	held   bool                  // new tokens are still in the journal
	broken error                 // the lines cannot be written any more
}

// checkWatch turns down what contradicts --watch.
func (o *refreshing) checkWatch() error {
	if o.all || o.expired || o.failed || o.anyway || o.asJSON {
		return usage("give --watch with ORGs, or alone for the orgs that are watched, and without --all, --expired, --failed, --anyway and --json")
	}
	return nil
}

// watchOn keeps orgs fresh until ctx ends, one after the other. What has been sent
// by then is finished and saved.
func (o *refreshing) watchOn(ctx context.Context, free func(), names []string) error {
	v := &vigil{refreshing: o, names: names, plan: keeper.NewWatch(o.settings.WatchUnder), halted: map[tokens.Key]string{}}
	o.line = v.event
	orgs, err := v.orgs(ctx)
	if err != nil {
		return err
	}
	if len(orgs) == 0 {
		return cannot("no org is watched: name some, or mark them with orgkeep watch ORG or w on the screen")
	}
	v.event(fmt.Sprintf("watching %s; refreshed %s.", watchedNames(orgs), v.plan.BelowText(orgs, v.Clock.Now(), v.keeper.Limits())))
	for err == nil && v.broken == nil && ctx.Err() == nil {
		if err = v.turn(ctx, free); err == nil {
			select {
			case <-o.after(watchEvery):
			case <-ctx.Done():
			}
		}
	}
	o.holdOn(ctx, o.keeper, keeper.RecoverEvery)
	switch {
	case ctx.Err() != nil:
		v.event("stopped.")
		return v.broken
	case err != nil:
		return err
	}
	return v.broken
}

// turn refreshes, one after the other, the orgs that are due.
func (v *vigil) turn(ctx context.Context, free func()) error {
	v.bringHome(ctx)
	for ctx.Err() == nil && v.broken == nil {
		orgs, err := v.orgs(ctx)
		if err != nil {
			return err
		}
		now := v.Clock.Now()
		v.tellHalted(orgs)
		i, due := v.plan.Next(orgs, now, v.keeper.Limits(), func(org *tokens.Org) bool { return org.Pause != nil && org.Pause.Left(now) > 0 })
		if !due {
			return nil
		}
		for _, r := range v.follow(ctx, free, v.keeper.RefreshWatched(ctx, orgs[i:i+1])) {
			v.held = v.held || r.Held != keeper.HeldNowhere
			if wait := v.plan.Ended(r, v.Clock.Now()); wait > 0 && ctx.Err() == nil {
				v.event(r.Org.Alias + ": trying again in " + tokens.FormatSpan(wait) + ".")
			}
		}
	}
	return nil
}

// orgs are those to keep fresh, as they stand now: the named ones, or those that
// are watched by then.
func (v *vigil) orgs(ctx context.Context) ([]tokens.Org, error) {
	orgs, err := v.keeper.Orgs(context.WithoutCancel(ctx)) // to be told to stop is no failure of the ledger
	if err != nil {
		return nil, err
	}
	if len(v.names) > 0 {
		if orgs, err = byNames(orgs, v.names); err != nil {
			return nil, err
		}
	}
	var chosen []tokens.Org
	for _, org := range orgs {
		org.Watched = org.Watched || len(v.names) > 0
		if org.Watched {
			chosen = append(chosen, org)
		}
	}
	return chosen, nil
}

// tellHalted says once of each org that only a person can help, and when it goes
// on.
func (v *vigil) tellHalted(orgs []tokens.Org) {
	for i := range orgs {
		org := &orgs[i]
		why := keeper.Halted(org)
		switch before := v.halted[org.Key]; {
		case why == before:
		case why != "":
			v.event(org.Alias + ": stopped: " + strings.TrimRight(why, ".") + ".")
		default:
			v.event(org.Alias + ": going on.")
		}
		v.halted[org.Key] = why
	}
}

// bringHome tries once more to save tokens that the store has refused.
func (v *vigil) bringHome(ctx context.Context) {
	if !v.held {
		return
	}
	changed, waiting, err := v.keeper.Recover(context.WithoutCancel(ctx))
	for _, org := range changed {
		v.event(org.Alias + ": the new tokens are in " + v.keeper.place.name() + " now.")
	}
	v.held = err != nil || len(waiting) > 0
}

// event prints a line with its time.
func (v *vigil) event(text string) {
	if err := v.print(instant(v.Clock.Now()) + " " + text); v.broken == nil {
		v.broken = err
	}
}

const namedMost = 6

// watchedNames names a few orgs, and counts many.
func watchedNames(orgs []tokens.Org) string {
	if len(orgs) > namedMost {
		return fmt.Sprintf("%d orgs", len(orgs))
	}
	names := make([]string, len(orgs))
	for i, org := range orgs {
		names[i] = org.Alias
	}
	return strings.Join(names, ", ")
}
