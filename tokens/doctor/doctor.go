// Package doctor looks at what orgkeep works with on this machine and tells
// what is wrong: the store of the tokens, the ledger, the journal, the way to
// the orgs' hosts, the terminal. What it finds can be given away: a result keeps
// apart what names somebody and what does not.
package doctor

import (
	"context"
	"sync"
	"time"

	"orgkeep/tokens"
)

// Outcome is how a check ended.
type Outcome string

// The outcomes. Skipped means that there was nothing to look at, or no way to.
const (
	OK      Outcome = "ok"
	Warning Outcome = "warning"
	Failed  Outcome = "failed"
	Skipped Outcome = "skipped"
)

// Outcomes are all of them, the best first.
func Outcomes() []Outcome { return []Outcome{OK, Warning, Failed, Skipped} }

// Result is what a check has found. Check, Outcome, Seen and Do are in orgkeep's
// own words and name neither org, user, host nor folder: they may be given away.
// Subject and Detail may name all of these and stay here.
type Result struct {
	Check   string
	Subject string // the host that was looked at; empty where the check is of this machine
	Outcome Outcome
	Seen    string // a clause without its end
	Detail  string // more of it, with names; may be empty
	Do      string // what to do, a sentence; empty when there is nothing
	Took    time.Duration
}

// Check is one thing to look at.
type Check struct {
	Name    string
	Subject string
	// Limit is how long Look may take; 5 seconds when zero.
	Limit time.Duration
	// Look finds out. Run fills in the result's Check, Subject and Took.
	Look func(ctx context.Context) Result
}

// Step says that the check of that index has ended.
type Step struct {
	Index  int
	Result Result
}

const (
	usualLimit = 5 * time.Second
	// grace is how much longer a check is waited for that obeys its limit.
	grace = 500 * time.Millisecond
	// atOnce is how many checks run together.
	atOnce = 8
)

// Run carries the checks out, eight at once in their order, and closes the
// channel at the end. One that does not come back within its limit counts as
// failed and is waited for no longer, so that nothing that hangs can hang Run.
// The channel has room for all: nobody has to read it.
func Run(ctx context.Context, clock tokens.Clock, checks []Check) <-chan Step {
	steps := make(chan Step, len(checks))
	go func() {
		defer close(steps)
		var running sync.WaitGroup
		slots := make(chan struct{}, atOnce)
		for i, c := range checks {
			slots <- struct{}{}
			running.Go(func() {
				steps <- Step{Index: i, Result: c.carryOut(ctx, clock)}
				<-slots
			})
		}
		running.Wait()
	}()
	return steps
}

// carryOut looks, and stops waiting after the limit.
func (c Check) carryOut(ctx context.Context, clock tokens.Clock) Result {
	limit := c.Limit
	if limit == 0 {
		limit = usualLimit
	}
	own, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	took := clock.Stopwatch()
	found := make(chan Result, 1)
	go func() { found <- c.Look(own) }()
	late := time.NewTimer(limit + grace)
	defer late.Stop()
	var r Result
	select {
	case r = <-found:
	case <-ctx.Done():
		r = Result{Outcome: Skipped, Seen: "stopped before it had an answer"}
	case <-late.C:
		r = Result{
			Outcome: Failed, Seen: "no answer in " + tokens.FormatTook(limit),
			Do: "See what hangs there, and try again.",
		}
	}
	r.Check, r.Subject, r.Took = c.Name, c.Subject, took()
	r.Seen, r.Detail, r.Do = tokens.Clean(r.Seen), tokens.Clean(r.Detail), tokens.Clean(r.Do)
	return r
}

// Count says how many of the results have an outcome.
func Count(results []Result, o Outcome) int {
	n := 0
	for _, r := range results {
		if r.Outcome == o {
			n++
		}
	}
	return n
}
