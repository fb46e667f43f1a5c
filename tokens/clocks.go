package tokens

import "time"

// LeftSource says how the time left of an access token is known.
type LeftSource string

// The ways to know, in the words of the JSON output.
const (
	LeftFromJWT           LeftSource = "jwt"
	LeftFromIntrospection LeftSource = "introspection"
	LeftFromAnswer        LeftSource = "answer" // one that showed that the token has ended
	LeftConfigured        LeftSource = "configured"
	LeftEstimated         LeftSource = "estimate"
	LeftUnknown           LeftSource = "unknown"
)

// Limits are the spans that the clocks of an org are read against.
type Limits struct {
	// AssumedLife is the access token's life where nothing tells it. Salesforce's
	// answer has no expires_in; the default session timeout is two hours.
	AssumedLife time.Duration
	// LifeSource is LeftEstimated, or LeftConfigured where the user set AssumedLife.
	LifeSource LeftSource
	// IdleLimit is how long a refresh token may rest unused (the "idle refresh
	// token TTL" of external client apps: 30 days, each use starts it anew).
	IdleLimit time.Duration
	// AgeingUnder is the time left below which a token is called ageing.
	AgeingUnder time.Duration
	// IdleWarning is the idle time left below which a person should act.
	IdleWarning time.Duration
}

// DefaultLimits returns the limits that hold unless the user sets others.
func DefaultLimits() Limits {
	const day = 24 * time.Hour
	return Limits{
		AssumedLife: 2 * time.Hour,
		LifeSource:  LeftEstimated,
		IdleLimit:   30 * day,
		AgeingUnder: 15 * time.Minute,
		IdleWarning: 7 * day,
	}
}

// Health is the one word for how an org stands.
type Health string

// The words, in the order of the header.
const (
	Fresh         Health = "fresh"
	Ageing        Health = "ageing"
	Expired       Health = "expired"
	Failed        Health = "failed"
	HealthUnknown Health = "unknown"
)

// Clocks are the two clocks of an org at one moment: the access token's age and
// time left, and the refresh token's time until the idle limit. Spans are
// negative once passed.
type Clocks struct {
	Health Health
	// LastUnknown says that nobody knows how the last refresh ended.
	LastUnknown bool
	// NotOurs says that another program refreshes the org, and orgkeep never does.
	NotOurs bool
	// Refused says that the endpoint refused the last refresh in a way that only
	// a person can mend.
	Refused bool
	// NotTrusted says that the last refresh was answered with the tokens of another
	// login, so that the saved ones are not to be used until somebody signs in.
	NotTrusted bool
	// Due says that the access token is ageing, expired or of unknown age,
	// however the last refresh ended.
	Due bool

	// IssuedAhead says that the token was issued in the future, by what was told: a
	// wrong time, which tells neither its age nor how long it lasts.
	IssuedAhead bool
	AgeKnown    bool
	Age         time.Duration
	Left        time.Duration
	LeftSource  LeftSource // LeftUnknown: Left says nothing

	// IdleUnknown says that there is a refresh token and nobody told when it was
	// last used, or told a time in the future; without one neither it nor IdleKnown
	// is set.
	IdleUnknown bool
	IdleKnown   bool
	IdleLeft    time.Duration
	IdleSoon    bool // less than the warning span is left
}

// Clocks reads the org's clocks at now. It guesses nothing: an age that nobody
// told, or that a time in the future would tell, is unknown, and a time left that
// is assumed says so in LeftSource.
func (o Org) Clocks(now time.Time, limits Limits) Clocks {
	c := Clocks{LeftSource: LeftUnknown}
	c.IssuedAhead = o.ahead(o.IssuedAt, now)
	if !o.IssuedAt.IsZero() && !c.IssuedAhead {
		c.AgeKnown = true
		c.Age = max(0, now.Sub(o.IssuedAt))
		c.Left, c.LeftSource = o.IssuedAt.Add(limits.AssumedLife).Sub(now), limits.LifeSource
	}
	if !o.ExpiresAt.IsZero() {
		c.Left, c.LeftSource = o.ExpiresAt.Sub(now), o.ExpirySource
		if o.ExpirySource == LeftFromAnswer { // it had ended by then, and now may be a little behind
			c.Left = min(0, c.Left)
		}
	}
	c.IdleUnknown = o.HasRefreshToken && (o.RefreshUsedAt.IsZero() || o.ahead(o.RefreshUsedAt, now))
	if o.HasRefreshToken && !c.IdleUnknown {
		c.IdleKnown = true
		c.IdleLeft = o.RefreshUsedAt.Add(limits.IdleLimit).Sub(now)
		c.IdleSoon = c.IdleLeft < limits.IdleWarning
	}
	c.NotOurs = o.Shared.Mode == SharedReadOnly
	c.LastUnknown = o.Last != nil && o.Last.Outcome == OutcomeUnknown
	c.NotTrusted = o.Last != nil && o.Last.Outcome == OutcomeFailed && o.Last.Failure != nil && o.Last.Failure.OtherLogin()
	c.Refused = o.Last != nil && o.Last.Outcome == OutcomeFailed && o.Last.Failure != nil && o.Last.Failure.Refused()
	c.Due = c.LeftSource == LeftUnknown || c.Left < limits.AgeingUnder
	c.Health = health(o.Last, &c, limits)
	return c
}

// ahead reports whether a time that has passed by its meaning is in the future by
// more than clocks differ: SkewLimit, and what this machine's is known to be behind
// the endpoint's.
func (o Org) ahead(at, now time.Time) bool {
	allowed := SkewLimit
	if o.Last != nil {
		allowed += max(0, o.Last.Skew)
	}
	return at.After(now.Add(allowed))
}

// Doubts are what the clocks show to be wrong, in sentences without the full stop.
func (c Clocks) Doubts() []string {
	if c.IssuedAhead {
		return []string{"issued_at lies in the future"}
	}
	return nil
}

func health(last *Attempt, c *Clocks, limits Limits) Health {
	if last != nil {
		switch last.Outcome {
		case OutcomeFailed:
			return Failed
		case OutcomeUnknown:
			return HealthUnknown
		case OutcomeRefreshed, OutcomeAdopted, OutcomeCancelled:
		}
	}
	switch {
	case c.LeftSource == LeftUnknown:
		return HealthUnknown
	case c.Left <= 0:
		return Expired
	case c.Left < limits.AgeingUnder:
		return Ageing
	}
	return Fresh
}

// Stale reports whether a refresh is due and may be made without asking: the
// access token is ageing, expired or of unknown age. An org that the endpoint
// has refused, or answered for another login, is for a person to look at; one whose last refresh ended unknown
// must not be sent again by itself; one that another program refreshes is not
// sent at all. A refresh that failed on its way (no
// network, no keychain, a host that was busy) leaves an org as stale as it was.
func (c Clocks) Stale() bool {
	return c.Due && !c.Refused && !c.NotTrusted && !c.LastUnknown && !c.NotOurs
}

// Lasts reports whether the access token is known to be good for a span, at least
// by estimate. One of unknown age is not.
func (c Clocks) Lasts(span time.Duration) bool {
	return c.LeftSource != LeftUnknown && c.Left > 0 && c.Left >= span
}
