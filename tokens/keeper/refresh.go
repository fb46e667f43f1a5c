package keeper

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"orgkeep/tokens"
)

// Event tells where one refresh is. The last event of an org has StepDone and
// its Result; the others have no Result.
type Event struct {
	Key  tokens.Key
	Step tokens.Step
	// Wait is how long a StepPausing will last.
	Wait time.Duration
	// Failure is the answer to this very refresh that a StepPausing follows, nil
	// before the first. Pause is what the org waits for, nil where it is only a
	// moment before another try.
	Failure *tokens.Failure
	Pause   *tokens.Pause
	Result  *Result
}

// Result is how one refresh ended.
type Result struct {
	// Org is the org as it stands now. Its Pause is what holds its next refresh
	// back; an org that was not sent because of it has FailedPaused.
	Org     tokens.Org
	Attempt tokens.Attempt
	// Held says that the keychain refused the new tokens, and where they are
	// instead; HeldNowhere when the keychain has them or none came.
	Held Held
	// Notice is something the user should know that is no problem of the refresh:
	// this machine's clock is off. Empty otherwise.
	Notice string
	// Warning is a problem beside the outcome: the tokens are as the outcome and
	// Held say, but the ledger or the keychain needs a look. Nil when all is well.
	Warning error
}

// maxSteps bounds the events of one org, so that the channel can hold them all
// and saving a token never waits for whoever reads the events.
const maxSteps = 24

// Refresh refreshes the orgs, as many at once as the pool allows, and reports
// on the channel until every org has its StepDone; then the channel is closed.
// Orgs are given as the caller last saw them: one whose tokens are newer than
// that by now was refreshed by somebody else, and is adopted instead.
//
// Cancelling ctx ends what has not been sent; what has been sent is finished
// and saved whatever happens to ctx, and to whoever reads the channel.
//
// An org whose earlier refresh ended unknown is not sent again: with a rotating
// refresh token a second use ends the login. See RefreshAnyway. Nor is an org
// whose host or user is paused for more than a minute; a shorter pause is waited
// for. See RefreshNow.
func (k *Keeper) Refresh(ctx context.Context, orgs []tokens.Org) <-chan Event {
	return k.refresh(ctx, orgs, despite{}, k.trigger)
}

// RefreshAnyway is Refresh for orgs whose outcome is unknown or that a pause
// holds back, after the user was told what it may cost.
func (k *Keeper) RefreshAnyway(ctx context.Context, orgs []tokens.Org) <-chan Event {
	return k.refresh(ctx, orgs, despite{doubt: true, pause: true}, k.trigger)
}

// RefreshNow is Refresh for orgs that a pause holds back. It sends no refresh
// token that may have been used up.
func (k *Keeper) RefreshNow(ctx context.Context, orgs []tokens.Org) <-chan Event {
	return k.refresh(ctx, orgs, despite{pause: true}, k.trigger)
}

// triggerWatch is the Trigger of what a watch has refreshed, whatever program that
// runs in: nobody pressed a key or typed a command for it.
const triggerWatch = "watch"

// RefreshWatched is Refresh for orgs that a watch keeps fresh by itself: history
// names the watch as who asked.
func (k *Keeper) RefreshWatched(ctx context.Context, orgs []tokens.Org) <-chan Event {
	return k.refresh(ctx, orgs, despite{}, triggerWatch)
}

// despite is what a refresh is sent in spite of, by the user's word.
type despite struct {
	doubt bool // an earlier outcome is unknown
	pause bool // an answer has asked for patience
}

func (k *Keeper) refresh(ctx context.Context, orgs []tokens.Org, d despite, trigger string) <-chan Event {
	events := make(chan Event, maxSteps*len(orgs))
	var all sync.WaitGroup
	for _, org := range orgs {
		events <- Event{Key: org.Key, Step: tokens.StepQueued}
		k.running.Add(1)
		all.Go(func() {
			defer k.running.Done()
			k.queue(ctx, org, d, trigger, events)
		})
	}
	go func() {
		all.Wait()
		close(events)
	}()
	return events
}

// queue waits for a place in the pool and runs one refresh in it.
func (k *Keeper) queue(ctx context.Context, org tokens.Org, d despite, trigger string, events chan<- Event) {
	sent := 1 // the queued event
	t := &try{
		keeper: k, org: org, anyway: d.doubt, hasty: d.pause, stopwatch: k.clock.Stopwatch(),
		attempt: tokens.Attempt{At: k.clock.Now(), Trigger: trigger},
		tell: func(e Event) {
			if sent++; sent < maxSteps {
				e.Key = org.Key
				events <- e
			}
		},
	}
	result := k.inPool(ctx, t)
	k.logRefresh(result)
	events <- Event{Key: org.Key, Step: tokens.StepDone, Result: &result}
}

// inPool runs a refresh once its host takes requests and the pool has a place.
// A paused host takes no place, so that the orgs of the others go on.
func (k *Keeper) inPool(ctx context.Context, t *try) Result {
	t.org.Pause = nil
	for served := 0; ; {
		p, left := t.heldBy(ctx, served)
		if left > retryMost {
			return t.heldBack(p.Pause)
		}
		if left > 0 {
			t.pause(ctx, Event{Wait: left, Pause: &p.Pause})
			served = p.number
		}
		if !t.enter(ctx) {
			return t.cancelled(ctx.Err())
		}
		if _, left := t.heldBy(ctx, served); left <= 0 {
			break
		}
		t.exit()
	}
	defer t.exit()
	return t.run(ctx)
}

// heldBy is the pause that the org has to wait for and how long, of those that
// came after the one it has served.
func (t *try) heldBy(ctx context.Context, served int) (pausing, time.Duration) {
	if t.hasty {
		return pausing{}, 0
	}
	return t.keeper.hosts.of(ctx, t.org, served)
}

// enter takes a place in the pool; it reports false when ctx ends first.
func (t *try) enter(ctx context.Context) bool {
	select {
	case t.keeper.pool <- struct{}{}:
		t.placed = true
	case <-ctx.Done():
		return false
	}
	if ctx.Err() != nil {
		t.exit()
		return false
	}
	return true
}

// exit gives the place back, unless that was done already.
func (t *try) exit() {
	if t.placed {
		t.placed = false
		<-t.keeper.pool
	}
}

const (
	triesMost    = 3
	firstPause   = 500 * time.Millisecond
	retryMost    = time.Minute // the longest Retry-After that is waited for
	jitterSpread = 0.4
)

// backoff is the pause before try n: 0.5 s, 1.5 s, spread by a fifth to either
// side so that many orgs of one host do not come back at one moment.
func backoff(n int) time.Duration {
	d := firstPause
	for range n - 2 {
		d *= 3
	}
	return time.Duration(float64(d) * (1 - jitterSpread/2 + jitterSpread*rand.Float64())) //nolint:gosec // a spread, no secret
}
