package tokens

import (
	"strings"
	"time"
)

// PauseScope names what a pause is about: a login host, or one user of one org.
type PauseScope string

const (
	hostScope = "host "
	userScope = "user "
)

// HostScope is the scope of an answer that asks for patience with a whole host:
// HTTP 429 (RFC 6585 section 4), or a rate limit with a Retry-After.
func HostScope(o Org) PauseScope {
	_, host, _ := strings.Cut(strings.ToLower(o.LoginHost()), "://")
	return PauseScope(hostScope + host)
}

// UserScope is the scope of a limit that Salesforce counts for each user: the
// logins of an hour (help article 000381578). The saved logins of one user share
// it, whatever their client ids are.
func UserScope(o Org) PauseScope { return PauseScope(userScope + o.OrgID + " " + o.UserID) }

// Name is what the scope is called in a sentence: the host, or "this user".
func (s PauseScope) Name() string {
	if host, is := strings.CutPrefix(string(s), hostScope); is {
		return host
	}
	return "this user"
}

// Pause is a time in which no refresh is sent to a host, or for a user, because
// an answer has asked for that.
type Pause struct {
	Scope        PauseScope
	Since, Until time.Time
	// Failure is the answer that asked for it, which may have been another org's.
	Failure *Failure
}

// Left is how long the pause still lasts; zero or less once it is over.
func (p Pause) Left(now time.Time) time.Duration { return p.Until.Sub(now) }

// FormatUntil writes a moment within the next days for a person, in the place of
// now: "14:32", with the date where it is another day's.
func FormatUntil(until, now time.Time) string {
	until = until.In(now.Location())
	if until.YearDay() == now.YearDay() && until.Year() == now.Year() {
		return until.Format("15:04")
	}
	return until.Format("2 Jan 15:04")
}
