package tokens

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

func TestClocks(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	for name, c := range map[string]struct {
		org   Org
		want  Clocks
		stale bool
	}{
		"nothing known": {Org{}, Clocks{Health: HealthUnknown, Due: true, LeftSource: LeftUnknown}, true},
		"estimate": {
			Org{IssuedAt: ago(hour)},
			Clocks{Health: Fresh, AgeKnown: true, Age: hour, Left: hour, LeftSource: LeftEstimated},
			false,
		},
		"shown over by an answer a moment ahead of the screen's clock": {
			Org{ExpiresAt: ago(-time.Second), ExpirySource: LeftFromAnswer},
			Clocks{Health: Expired, Due: true, LeftSource: LeftFromAnswer},
			true,
		},
		"just not ageing": {
			Org{IssuedAt: ago(105 * time.Minute)},
			Clocks{Health: Fresh, AgeKnown: true, Age: 105 * time.Minute, Left: 15 * time.Minute, LeftSource: LeftEstimated},
			false,
		},
		"ageing": {
			Org{IssuedAt: ago(106 * time.Minute)},
			Clocks{Health: Ageing, Due: true, AgeKnown: true, Age: 106 * time.Minute, Left: 14 * time.Minute, LeftSource: LeftEstimated},
			true,
		},
		"expired this instant": {
			Org{IssuedAt: ago(2 * hour)},
			Clocks{Health: Expired, Due: true, AgeKnown: true, Age: 2 * hour, LeftSource: LeftEstimated},
			true,
		},
		"expired": {
			Org{IssuedAt: ago(3 * hour)},
			Clocks{Health: Expired, Due: true, AgeKnown: true, Age: 3 * hour, Left: -hour, LeftSource: LeftEstimated},
			true,
		},
		"issued in the future": {
			Org{IssuedAt: ago(-hour)},
			Clocks{Health: HealthUnknown, Due: true, IssuedAhead: true, LeftSource: LeftUnknown},
			true,
		},
		"issued in the future, with a refresh token": {
			Org{IssuedAt: ago(-9000 * hour), HasRefreshToken: true, RefreshUsedAt: ago(-9000 * hour)},
			Clocks{Health: HealthUnknown, Due: true, IssuedAhead: true, LeftSource: LeftUnknown, IdleUnknown: true},
			true,
		},
		"issued in the future, and an end that is told": {
			Org{IssuedAt: ago(-hour), ExpiresAt: ago(-2 * hour), ExpirySource: LeftFromJWT},
			Clocks{Health: Fresh, IssuedAhead: true, Left: 2 * hour, LeftSource: LeftFromJWT},
			false,
		},
		"issued a minute ahead, as clocks differ": {
			Org{IssuedAt: ago(-time.Minute), HasRefreshToken: true, RefreshUsedAt: ago(-time.Minute)},
			Clocks{Health: Fresh, AgeKnown: true, Left: 2*hour + time.Minute, LeftSource: LeftEstimated, IdleKnown: true, IdleLeft: 30*day + time.Minute},
			false,
		},
		"issued by a clock that is known to be ahead": {
			Org{IssuedAt: ago(-hour), Last: &Attempt{Outcome: OutcomeRefreshed, Skew: hour}},
			Clocks{Health: Fresh, AgeKnown: true, Left: 3 * hour, LeftSource: LeftEstimated},
			false,
		},
		"issued further ahead than that clock": {
			Org{IssuedAt: ago(-2 * hour), Last: &Attempt{Outcome: OutcomeRefreshed, Skew: hour}},
			Clocks{Health: HealthUnknown, Due: true, IssuedAhead: true, LeftSource: LeftUnknown},
			true,
		},
		"a clock that is behind allows no more": {
			Org{IssuedAt: ago(-2 * time.Minute), Last: &Attempt{Outcome: OutcomeRefreshed, Skew: -hour}},
			Clocks{Health: HealthUnknown, Due: true, IssuedAhead: true, LeftSource: LeftUnknown},
			true,
		},
		"a JWT tells more than the estimate": {
			Org{IssuedAt: ago(3 * hour), ExpiresAt: ago(-hour), ExpirySource: LeftFromJWT},
			Clocks{Health: Fresh, AgeKnown: true, Age: 3 * hour, Left: hour, LeftSource: LeftFromJWT},
			false,
		},
		"expiry without age": {
			Org{ExpiresAt: ago(hour), ExpirySource: LeftFromIntrospection},
			Clocks{Health: Expired, Due: true, Left: -hour, LeftSource: LeftFromIntrospection},
			true,
		},
		"idle": {
			Org{IssuedAt: ago(hour), HasRefreshToken: true, RefreshUsedAt: ago(23 * day)},
			Clocks{Health: Fresh, AgeKnown: true, Age: hour, Left: hour, LeftSource: LeftEstimated, IdleKnown: true, IdleLeft: 7 * day},
			false,
		},
		"idle soon": {
			Org{IssuedAt: ago(hour), HasRefreshToken: true, RefreshUsedAt: ago(24 * day)},
			Clocks{Health: Fresh, AgeKnown: true, Age: hour, Left: hour, LeftSource: LeftEstimated, IdleKnown: true, IdleLeft: 6 * day, IdleSoon: true},
			false,
		},
		"no refresh token, no idle clock": {
			Org{IssuedAt: ago(hour), RefreshUsedAt: ago(24 * day)},
			Clocks{Health: Fresh, AgeKnown: true, Age: hour, Left: hour, LeftSource: LeftEstimated},
			false,
		},
		"failed, though fresh": {
			Org{IssuedAt: ago(hour), Last: &Attempt{Outcome: OutcomeFailed}},
			Clocks{Health: Failed, AgeKnown: true, Age: hour, Left: hour, LeftSource: LeftEstimated},
			false,
		},
		"failed, of unknown age": {Org{Last: &Attempt{Outcome: OutcomeFailed}}, Clocks{Health: Failed, Due: true, LeftSource: LeftUnknown}, true},
		"refused by the endpoint": {
			Org{IssuedAt: ago(3 * hour), Last: &Attempt{Outcome: OutcomeFailed, Failure: &Failure{Kind: FailedAnswer, HTTPStatus: 400}}},
			Clocks{Health: Failed, Refused: true, Due: true, AgeKnown: true, Age: 3 * hour, Left: -hour, LeftSource: LeftEstimated},
			false,
		},
		"failed on its way": {
			Org{IssuedAt: ago(3 * hour), Last: &Attempt{Outcome: OutcomeFailed, Failure: &Failure{Kind: FailedKeychain}}},
			Clocks{Health: Failed, Due: true, AgeKnown: true, Age: 3 * hour, Left: -hour, LeftSource: LeftEstimated},
			true,
		},
		"the host was busy": {
			Org{IssuedAt: ago(3 * hour), Last: &Attempt{Outcome: OutcomeFailed, Failure: &Failure{Kind: FailedAnswer, HTTPStatus: 429}}},
			Clocks{Health: Failed, Due: true, AgeKnown: true, Age: 3 * hour, Left: -hour, LeftSource: LeftEstimated},
			true,
		},
		"unknown outcome is not refreshed by itself": {
			Org{IssuedAt: ago(3 * hour), Last: &Attempt{Outcome: OutcomeUnknown}},
			Clocks{Health: HealthUnknown, LastUnknown: true, Due: true, AgeKnown: true, Age: 3 * hour, Left: -hour, LeftSource: LeftEstimated},
			false,
		},
		"cancelled says nothing of the tokens": {
			Org{IssuedAt: ago(hour), Last: &Attempt{Outcome: OutcomeCancelled}},
			Clocks{Health: Fresh, AgeKnown: true, Age: hour, Left: hour, LeftSource: LeftEstimated},
			false,
		},
	} {
		got := c.org.Clocks(noon, DefaultLimits())
		if got != c.want || got.Stale() != c.stale {
			t.Errorf("%s: got %+v, stale %v\nwant %+v, stale %v", name, got, got.Stale(), c.want, c.stale)
		}
	}
}

func TestConfiguredLife(t *testing.T) {
	t.Parallel()
	limits := DefaultLimits()
	limits.AssumedLife, limits.LifeSource = 8*hour, LeftConfigured
	got := Org{IssuedAt: noon.Add(-3 * hour)}.Clocks(noon, limits)
	if got.Left != 5*hour || got.LeftSource != LeftConfigured || got.Health != Fresh {
		t.Errorf("got %+v, want five hours left, configured", got)
	}
}

// TestUnknownOutcomeOfUnknownAge holds "unknown is never retried by itself"
// against "an unknown age is stale".
func TestUnknownOutcomeOfUnknownAge(t *testing.T) {
	t.Parallel()
	if (Org{Last: &Attempt{Outcome: OutcomeUnknown}}).Clocks(noon, DefaultLimits()).Stale() {
		t.Error("an org whose last refresh has an unknown outcome is stale")
	}
}

func TestStillClock(t *testing.T) {
	t.Parallel()
	c := StillClock(noon)
	if elapsed := c.Stopwatch()(); !c.Now().Equal(noon) || elapsed%(100*time.Millisecond) != 0 {
		t.Errorf("it is %v and %v passed", c.Now(), elapsed)
	}
	system := SystemClock()
	before, stop := time.Now(), system.Stopwatch()
	if system.Now().Before(before) || stop() < 0 {
		t.Error("the system clock runs backwards")
	}
}
