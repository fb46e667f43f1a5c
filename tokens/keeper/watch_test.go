package keeper_test

import (
	"net/http"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/salesforce"
)

// watched is an org that the watch keeps fresh, with so much left.
func watched(alias string, left time.Duration) tokens.Org {
	used := now.Add(left - 2*time.Hour)
	return tokens.Org{Key: tokens.Key(alias), Alias: alias, Watched: true, HasRefreshToken: true, IssuedAt: used, RefreshUsedAt: used}
}

func nobody(*tokens.Org) bool { return false }

func refused(code string, status int, outcome tokens.Outcome) *tokens.Attempt {
	return &tokens.Attempt{At: now, Outcome: outcome, Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: status, Code: code, Description: "expired access/refresh token"}}
}

func TestTheWatchPicksWhoHasTheLeast(t *testing.T) {
	t.Parallel()
	w := keeper.NewWatch(15 * time.Minute)
	orgs := []tokens.Org{watched("plenty", 16*time.Minute), watched("some", 14*time.Minute), watched("none", -time.Minute), watched("not asked for", -time.Hour)}
	orgs[3].Watched = false
	if i, due := w.Next(orgs, now, tokens.DefaultLimits(), nobody); !due || orgs[i].Alias != "none" {
		t.Errorf("%d, %v", i, due)
	}
	held := func(o *tokens.Org) bool { return o.Alias == "none" }
	if i, due := w.Next(orgs, now, tokens.DefaultLimits(), held); !due || orgs[i].Alias != "some" {
		t.Errorf("with one held back: %d, %v", i, due)
	}
	if _, due := w.Next(orgs[:1], now, tokens.DefaultLimits(), nobody); due {
		t.Error("one with more left is due")
	}
	if _, due := w.Next(orgs[:1], now.Add(61*time.Second), tokens.DefaultLimits(), nobody); !due {
		t.Error("it is not due a minute later")
	}
}

func TestTheWatchLeavesAloneWhatOnlyAPersonCanMend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*tokens.Org)
		halts  bool
	}{
		"fresh failure on its way": {func(o *tokens.Org) { o.Last = refused("", http.StatusServiceUnavailable, tokens.OutcomeFailed) }, false},
		"a rate limit":             {func(o *tokens.Org) { o.Last = refused("rate_limit_exceeded", 400, tokens.OutcomeFailed) }, false},
		"refused":                  {func(o *tokens.Org) { o.Last = refused("invalid_grant", 400, tokens.OutcomeFailed) }, true},
		"unknown":                  {func(o *tokens.Org) { o.Last = refused("", 502, tokens.OutcomeUnknown) }, true},
		"another login's answer": {func(o *tokens.Org) {
			o.Last = &tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 200, Sent: true, Problem: tokens.ProblemOtherLogin + ": org x"}}
		}, true},
		"a keychain that is locked": {func(o *tokens.Org) {
			o.Last = &tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Kind: tokens.FailedKeychain, Problem: "the keychain is locked"}}
		}, false},
		"nothing saved": {func(o *tokens.Org) {
			o.Last = &tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Kind: tokens.FailedKeychain, Problem: salesforce.ProblemUnsaved}}
		}, true},
		"no refresh token":    {func(o *tokens.Org) { o.HasRefreshToken = false }, true},
		"another program's":   {func(o *tokens.Org) { o.Shared.Mode = tokens.SharedReadOnly }, true},
		"shared under a lock": {func(o *tokens.Org) { o.Shared.Mode = tokens.SharedLocked }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := watched("a", -time.Minute)
			c.change(&org)
			_, due := keeper.NewWatch(15*time.Minute).Next([]tokens.Org{org}, now, tokens.DefaultLimits(), nobody)
			if halted := keeper.Halted(&org); (halted != "") != c.halts || due == c.halts {
				t.Errorf("halted %q, due %v", halted, due)
			}
		})
	}
}

func TestTheWatchWaitsLongerAfterEachFailure(t *testing.T) {
	t.Parallel()
	w, org, at := keeper.NewWatch(15*time.Minute), watched("a", -time.Minute), now
	lost := keeper.Result{Org: org, Attempt: tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Kind: tokens.FailedTransport}}}
	for _, want := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 10 * time.Minute} {
		if got := w.Ended(lost, at); got != want || !w.Until(org.Key, at).Equal(at.Add(want)) {
			t.Fatalf("%s after a failure, not %s", got, want)
		}
		if _, due := w.Next([]tokens.Org{org}, at.Add(want-time.Second), tokens.DefaultLimits(), nobody); due {
			t.Fatalf("due before %s are over", want)
		}
		if at = at.Add(want); !isDue(w, org, at) {
			t.Fatalf("not due after %s", want)
		}
	}
	if w.Ended(keeper.Result{Org: org, Attempt: tokens.Attempt{Outcome: tokens.OutcomeRefreshed}}, at) != 0 || w.Ended(lost, at) != time.Minute {
		t.Error("a refresh that went well does not begin anew")
	}
	org.Pause = &tokens.Pause{Until: at.Add(time.Hour)}
	if got := w.Ended(keeper.Result{Org: org, Attempt: lost.Attempt}, at); got != 0 {
		t.Errorf("%s beside the pause that was asked for", got)
	}
}

func isDue(w *keeper.Watch, org tokens.Org, at time.Time) bool {
	_, due := w.Next([]tokens.Org{org}, at, tokens.DefaultLimits(), nobody)
	return due
}

// Whatever the times say, no refresh follows right upon the one before.
func TestTheWatchDoesNotRefreshOverAndOver(t *testing.T) {
	t.Parallel()
	limits := tokens.DefaultLimits()
	for name, c := range map[string]struct {
		org   tokens.Org
		under time.Duration
		next  time.Duration // until it is due again
	}{
		"the span is longer than the life": {tokens.Org{IssuedAt: now}, 12 * time.Hour, time.Hour},
		"nothing tells the time":           {tokens.Org{}, 15 * time.Minute, time.Hour},
		"the endpoint's clock is behind":   {tokens.Org{IssuedAt: now.Add(-5 * time.Hour)}, 15 * time.Minute, time.Hour},
		"a short life": {
			tokens.Org{IssuedAt: now, ExpiresAt: now.Add(15 * time.Minute), ExpirySource: tokens.LeftFromJWT}, time.Hour, 7*time.Minute + 30*time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := c.org
			org.Key, org.Watched, org.HasRefreshToken, org.RefreshUsedAt = "a", true, true, now
			w := keeper.NewWatch(c.under)
			if _, due := w.Next([]tokens.Org{org}, now.Add(c.next-time.Second), limits, nobody); due {
				t.Errorf("due before %s", c.next)
			}
			if _, due := w.Next([]tokens.Org{org}, now.Add(c.next), limits, nobody); !due {
				t.Errorf("not due after %s", c.next)
			}
		})
	}
}

// What is told is when a refresh comes, and not what was asked for.
func TestTheWatchTellsWhenItRefreshes(t *testing.T) {
	t.Parallel()
	limits := tokens.DefaultLimits()
	plain, long := watched("a", 109*time.Minute), watched("b", time.Hour)
	long.ExpiresAt, long.ExpirySource = long.IssuedAt.Add(8*time.Hour), tokens.LeftFromJWT
	for name, c := range map[string]struct {
		under time.Duration
		orgs  []tokens.Org
		want  string
	}{
		"the span":     {15 * time.Minute, []tokens.Org{plain, long}, "below 15m"},
		"half a life":  {119 * time.Minute, []tokens.Org{plain}, "below 1h 00m, once half of the token's life is over"},
		"a long life":  {119 * time.Minute, []tokens.Org{long}, "below 1h 59m"},
		"one and half": {119 * time.Minute, []tokens.Org{plain, long}, "below 1h 59m, but not before half of a token's life is over"},
	} {
		if got := keeper.NewWatch(c.under).BelowText(c.orgs, now, limits); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	w := keeper.NewWatch(119 * time.Minute)
	if isDue(w, plain, now.Add(48*time.Minute)) || !isDue(w, plain, now.Add(49*time.Minute)) {
		t.Error("it is not refreshed when it was told to be")
	}
}

// What is watched is in the ledger, and nothing that is saved or refreshed takes
// it away.
func TestWhatIsWatchedStaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org, _ := w.login("a", true)
	k := w.keeper()
	set, err := k.SetWatched(t.Context(), []tokens.Org{org}, true)
	if err != nil || !set[0].Watched {
		t.Fatalf("%+v, %v", set, err)
	}
	for e := range k.Refresh(t.Context(), set) {
		if e.Result != nil && (e.Result.Attempt.Outcome != tokens.OutcomeRefreshed || !e.Result.Org.Watched) {
			t.Errorf("%+v", e.Result)
		}
	}
	again, secrets := w.fresh("a", w.endpoint.grant("a", true))
	secrets.IssuedAt = now.Add(time.Minute)
	if _, _, err := k.Add(t.Context(), again.Holding(secrets), secrets); err != nil {
		t.Fatal(err)
	}
	orgs, err := k.Orgs(t.Context())
	if err != nil || len(orgs) != 1 || !orgs[0].Watched {
		t.Errorf("%+v, %v", orgs, err)
	}
	if set, err = k.SetWatched(t.Context(), orgs, false); err != nil || set[0].Watched {
		t.Errorf("%+v, %v", set, err)
	}
}

// A clock that went back, or a ledger that cannot be written, neither ends a watch
// nor makes it send one refresh after the other.
func TestAWatchWithoutATrustedTime(t *testing.T) {
	t.Parallel()
	w := keeper.NewWatch(15 * time.Minute)
	org := watched("ahead", -time.Minute)
	org.RefreshUsedAt = now.Add(time.Hour)
	orgs := []tokens.Org{org}
	if _, due := w.Next(orgs, now, tokens.DefaultLimits(), nobody); !due {
		t.Error("used in the future, it is never due")
	}
	// It was refreshed, and the list goes on to say what it said before.
	if wait := w.Ended(keeper.Result{Org: org, Attempt: tokens.Attempt{Outcome: tokens.OutcomeRefreshed}}, now); wait != 0 || !w.Until(org.Key, now).IsZero() {
		t.Errorf("a refresh that went well is told as a failure: %s", wait)
	}
	if _, due := w.Next(orgs, now.Add(59*time.Second), tokens.DefaultLimits(), nobody); due {
		t.Error("it is refreshed again at once")
	}
	if _, due := w.Next(orgs, now.Add(time.Minute), tokens.DefaultLimits(), nobody); !due {
		t.Error("it is not due a minute later")
	}
}
