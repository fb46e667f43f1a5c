package keeper

import (
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

// Watch keeps watched orgs fresh: it says which of them is to be refreshed next,
// one at a time, and is told how that ended. It sends nothing and has no clock of
// its own. It is not safe for concurrent use.
type Watch struct {
	under time.Duration
	waits map[tokens.Key]watchWait
}

// watchWait is how long an org is left alone after a refresh.
type watchWait struct {
	failed int // attempts in a row that failed on their way
	until  time.Time
}

// watchPauses grow with each failure in a row; the last one stays.
var watchPauses = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute}

// NewWatch returns a Watch that refreshes an org when less than under is left of
// its access token.
func NewWatch(under time.Duration) *Watch {
	return &Watch{under: under, waits: map[tokens.Key]watchWait{}}
}

// Under is the time left below which an org is refreshed.
func (w *Watch) Under() time.Duration { return w.under }

// Next returns the index of the org to refresh at now: of the watched ones that
// are due the one with the least time left. held says which orgs are not to be
// sent now, because a pause holds them back or a refresh is under way.
func (w *Watch) Next(orgs []tokens.Org, now time.Time, limits tokens.Limits, held func(*tokens.Org) bool) (index int, due bool) {
	var least time.Duration
	for i := range orgs {
		org := &orgs[i]
		if !org.Watched {
			continue
		}
		c := org.Clocks(now, limits)
		if w.due(org, &c, now, limits) && (!due || c.Left < least) && !held(org) {
			index, least, due = i, c.Left, true
		}
	}
	return index, due
}

func (w *Watch) due(org *tokens.Org, c *tokens.Clocks, now time.Time, limits tokens.Limits) bool {
	if Halted(org) != "" || now.Before(w.waits[org.Key].until) {
		return false
	}
	if c.LeftSource != tokens.LeftUnknown && c.Left >= w.under {
		return false
	}
	return c.IdleUnknown || org.RefreshUsedAt.IsZero() || now.Sub(org.RefreshUsedAt) >= leastUse(c, limits)
}

// leastUse is how long an access token is used at least. A life shorter than the
// span, a clock that is wrong or an answer that tells no time must not make a
// refresh follow the other.
func leastUse(c *tokens.Clocks, limits tokens.Limits) time.Duration {
	life := limits.AssumedLife
	if c.AgeKnown && c.LeftSource != tokens.LeftUnknown {
		life = min(life, max(0, c.Age+c.Left))
	}
	return life / 2
}

// below is the time left below which an org is refreshed: Under, unless more than
// that is left when the token has been used for as long as it is at least.
func (w *Watch) below(org *tokens.Org, now time.Time, limits tokens.Limits) time.Duration {
	c := org.Clocks(now, limits)
	whole := limits.AssumedLife
	if c.AgeKnown && c.LeftSource != tokens.LeftUnknown {
		whole = max(0, c.Age+c.Left)
	}
	return min(w.under, whole-leastUse(&c, limits))
}

// BelowText says of one or more orgs when they are refreshed, as the end of a
// sentence: "below 15m".
func (w *Watch) BelowText(orgs []tokens.Org, now time.Time, limits tokens.Limits) string {
	least, most := w.under, time.Duration(0)
	for i := range orgs {
		below := w.below(&orgs[i], now, limits)
		least, most = min(least, below), max(most, below)
	}
	if least == w.under {
		return "below " + tokens.FormatRough(w.under)
	}
	if least == most {
		return "below " + tokens.FormatRough(least) + ", once half of the token's life is over"
	}
	return "below " + tokens.FormatRough(w.under) + ", but not before half of a token's life is over"
}

// Ended takes how a refresh that Next has asked for ended, and returns how long
// its org is left alone because of that; zero when all is well, or when Halted or
// its Pause tells.
func (w *Watch) Ended(r Result, now time.Time) time.Duration {
	switch f := r.Attempt.Failure; {
	case f == nil, Halted(&r.Org) != "", r.Org.Pause != nil && r.Org.Pause.Left(now) > 0:
		// Where the ledger cannot be written, the list goes on to say that it is due.
		w.waits[r.Org.Key] = watchWait{until: now.Add(watchPauses[0])}
		return 0
	}
	return w.Failed(r.Org.Key, now)
}

// Failed is Ended for an org whose refresh could not even begin.
func (w *Watch) Failed(key tokens.Key, now time.Time) time.Duration {
	failed := w.waits[key].failed
	pause := watchPauses[min(failed, len(watchPauses)-1)]
	w.waits[key] = watchWait{failed: failed + 1, until: now.Add(pause)}
	return pause
}

// Until is when an org that failed on its way is tried again; zero when no
// failure holds it back.
func (w *Watch) Until(key tokens.Key, now time.Time) time.Time {
	if wait := w.waits[key]; wait.failed > 0 && now.Before(wait.until) {
		return wait.until
	}
	return time.Time{}
}

// Halted says why an org cannot be kept fresh until a person has done something,
// as the end of a sentence; empty when it can. It is read off the org, so that it
// holds after a restart, and ends once a refresh has gone well.
func Halted(org *tokens.Org) string {
	last := org.Last
	switch {
	case org.Shared.Mode == tokens.SharedReadOnly:
		return "the Salesforce CLI refreshes it"
	case !org.HasRefreshToken:
		return "it has no refresh token"
	case last == nil || last.Failure == nil:
		return ""
	case last.Outcome == tokens.OutcomeUnknown:
		return "its last refresh got no answer, so its refresh token may be used up"
	}
	switch EndedBy(org) {
	case EndNot:
		return ""
	case EndRefused:
		return "its last refresh was refused: " + last.Failure.Error()
	case EndOtherLogin, EndUnusable:
	}
	return "it waits until somebody signs in again: " + last.Failure.Error()
}

// End is why a login is over for orgkeep, in the words of the JSON output.
type End string

// The ends. EndUnusable is that of a saved refresh token that must not be sent, or
// is not there.
const (
	EndNot        End = ""
	EndRefused    End = "refused"
	EndOtherLogin End = "other login"
	EndUnusable   End = "unusable"
)

// EndedBy says of an org whose last refresh failed whether only a person can bring
// its login back, and why. A refusal that passes by itself, as a rate limit does, is
// no end.
func EndedBy(org *tokens.Org) End {
	last := org.Last
	switch {
	case last == nil || last.Failure == nil || last.Outcome != tokens.OutcomeFailed:
		return EndNot
	case last.Failure.OtherLogin():
		return EndOtherLogin
	case last.Failure.Refused() && !salesforce.Transient(last.Failure):
		return EndRefused
	case onlySignInHelps(last.Failure):
		return EndUnusable
	}
	return EndNot
}

// onlySignInHelps reports whether trying again changes nothing, though nobody has
// refused: the answer was for another login, or there is nothing to send.
func onlySignInHelps(f *tokens.Failure) bool {
	e := salesforce.Explain(f)
	return e.Known && e.Do == tokens.DoSignIn && !e.Retry && !salesforce.Transient(f)
}
