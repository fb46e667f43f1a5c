package keeper

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/ledger"
)

// hosts remembers which login hosts and users have to be waited for, so that
// their orgs wait and those of the others go on. What an answer has asked for is
// in the ledger too: other processes and the next one keep to it.
type hosts struct {
	ledger *ledger.Ledger
	clock  tokens.Clock

	mu     sync.Mutex
	count  int
	paused map[tokens.PauseScope]pausing
}

// pausing is a pause as this process counts it down: by the stopwatch and by the
// clock, whichever is over first. A stopwatch stands still while the machine
// sleeps, and a clock can be put back.
type pausing struct {
	tokens.Pause
	number int // later ones have higher numbers
	wait   time.Duration
	since  func() time.Duration
}

func newHosts(l *ledger.Ledger, clock tokens.Clock) *hosts {
	return &hosts{ledger: l, clock: clock, paused: map[tokens.PauseScope]pausing{}}
}

func (p pausing) left(now time.Time) time.Duration {
	if p.number == 0 {
		return 0
	}
	return min(p.wait-p.since(), p.Left(now))
}

// pause holds the orgs of a scope back. One that was asked for replaces what the
// scope had and is written down; a guess of ours shortens nothing.
func (h *hosts) pause(scope tokens.PauseScope, f *tokens.Failure, wait time.Duration, asked bool) (tokens.Pause, error) {
	now := h.clock.Now().Truncate(time.Millisecond) // as the ledger has it
	p := tokens.Pause{Scope: scope, Since: now, Until: now.Add(wait), Failure: f}
	h.mu.Lock()
	if before := h.paused[scope]; !asked && before.left(now) > wait {
		h.mu.Unlock()
		return before.Pause, nil
	}
	h.add(p)
	h.mu.Unlock()
	if !asked {
		return p, nil
	}
	if err := h.ledger.SavePause(context.Background(), p); err != nil {
		return p, fmt.Errorf("keeping to a pause: %w", err)
	}
	return p, nil
}

func (h *hosts) add(p tokens.Pause) {
	h.count++
	h.paused[p.Scope] = pausing{Pause: p, number: h.count, wait: p.Left(h.clock.Now()), since: h.clock.Stopwatch()}
}

// of returns the pause that holds an org back the longest, of those with a
// higher number than served, and how long it lasts; zero when there is none.
func (h *hosts) of(ctx context.Context, org tokens.Org, served int) (pausing, time.Duration) {
	now := h.clock.Now()
	// A ledger that cannot be read is told of when the outcome is written.
	written, _ := h.ledger.PausesOf(ctx, org, now)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range written {
		if known := h.paused[p.Scope]; known.number == 0 || p.Since.After(known.Since) {
			h.add(p)
		}
	}
	var longest pausing
	for _, scope := range []tokens.PauseScope{tokens.HostScope(org), tokens.UserScope(org)} {
		if p := h.paused[scope]; p.number > served && p.left(now) > longest.left(now) {
			longest = p
		}
	}
	return longest, longest.left(now)
}

// loginWindow is how long Salesforce counts logins for: 3,600 an hour for one
// user (help article 000381578).
const loginWindow = time.Hour

const rateLimited = "rate_limit_exceeded"

// patience is whom an answer asks to wait for and how long; zero where it does
// not. A Retry-After and HTTP 429 are the host's word on all its requests. A rate
// limit without either's span is the user's, whose logins are counted by the
// hour: the other users of a shared host have their own count.
func patience(org tokens.Org, f *tokens.Failure, pause time.Duration) (scope tokens.PauseScope, wait time.Duration) {
	switch {
	case f.Code == rateLimited && f.RetryAfter <= 0:
		return tokens.UserScope(org), loginWindow
	case f.Code == rateLimited, f.HTTPStatus == http.StatusTooManyRequests:
		return tokens.HostScope(org), max(f.RetryAfter, pause)
	}
	return "", 0
}

// askedToWait takes down that an answer has asked for patience, if it has.
func (t *try) askedToWait(f *tokens.Failure, backoff time.Duration) {
	t.org.Pause = nil
	scope, wait := patience(t.org, f, backoff)
	if wait <= 0 {
		return
	}
	p, err := t.keeper.hosts.pause(scope, f, wait, wait > backoff)
	t.org.Pause, t.warning = &p, err
}

// withPauses tells of each org what holds it back.
func (k *Keeper) withPauses(ctx context.Context, orgs []tokens.Org) ([]tokens.Org, error) {
	pauses, err := k.ledger.Pauses(ctx, k.clock.Now())
	if err != nil || len(pauses) == 0 {
		return orgs, err //nolint:wrapcheck // the caller says what was being done
	}
	byScope := map[tokens.PauseScope]*tokens.Pause{}
	for i := range pauses {
		byScope[pauses[i].Scope] = &pauses[i]
	}
	for i, org := range orgs {
		host, user := byScope[tokens.HostScope(org)], byScope[tokens.UserScope(org)]
		if host == nil || user != nil && user.Until.After(host.Until) {
			host = user
		}
		orgs[i].Pause = host
	}
	return orgs, nil
}
