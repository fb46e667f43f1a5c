package tokens_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"orgkeep/tokens"
)

// urgentFirst returns orgs of every rank in the order ByUrgency owes them.
func urgentFirst(now time.Time) []tokens.Org {
	const day = 24 * time.Hour
	org := func(alias string, age, idle time.Duration, outcome tokens.Outcome) tokens.Org {
		o := tokens.Org{Alias: alias, HasRefreshToken: true, RefreshUsedAt: now.Add(-idle)}
		if age >= 0 {
			o.IssuedAt = now.Add(-age)
		}
		if outcome != "" {
			o.Last = &tokens.Attempt{Outcome: outcome}
		}
		return o
	}
	return []tokens.Org{
		org("failed-a", time.Minute, 0, tokens.OutcomeFailed),
		org("failed-b", 9*day, 29*day, tokens.OutcomeFailed),
		org("unknown-age", -1, 0, ""),
		org("unknown-outcome", time.Minute, 0, tokens.OutcomeUnknown),
		org("idle-over-z", 91*day, 91*day, ""),
		org("idle-over-a", 40*day, 40*day, ""),
		org("idle-expired", 29*day+time.Hour, 29*day+time.Hour, tokens.OutcomeRefreshed),
		org("idle-z", time.Minute, 29*day, tokens.OutcomeAdopted),
		org("idle-ageing", 110*time.Minute, 28*day+time.Hour, ""),
		org("idle-a", 90*time.Minute, 28*day, ""),
		org("expired-a", 3*time.Hour, 0, ""),
		org("expired-b", 9*day, 9*day, tokens.OutcomeRefreshed),
		org("ageing-z", 119*time.Minute, 0, ""),
		org("ageing-a", 110*time.Minute, 0, ""),
		org("fresh-z", time.Hour, 0, tokens.OutcomeCancelled),
		org("fresh-a", time.Minute, 0, ""),
		org("fresh-b", time.Minute, 0, ""),
	}
}

func aliases(orgs []tokens.Org) []string {
	var names []string
	for _, org := range orgs {
		names = append(names, org.Alias)
	}
	return names
}

func TestByUrgencyPutsWhatNeedsAPersonFirst(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	want := aliases(urgentFirst(now))
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		orgs := urgentFirst(now)
		random.Shuffle(len(orgs), func(i, j int) { orgs[i], orgs[j] = orgs[j], orgs[i] })
		tokens.ByUrgency(orgs, now, tokens.DefaultLimits())
		if got := aliases(orgs); !slices.Equal(got, want) {
			t.Fatalf("order:\n got %v\nwant %v", got, want)
		}
	}
}

func TestByUrgencyKeepsItsOrderWhileNothingChanges(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	orgs := urgentFirst(now)
	want := aliases(orgs)
	for _, later := range []time.Duration{time.Second, 20 * time.Second, 40 * time.Second} {
		tokens.ByUrgency(orgs, now.Add(later), tokens.DefaultLimits())
		if got := aliases(orgs); !slices.Equal(got, want) {
			t.Fatalf("order %v later:\n got %v\nwant %v", later, got, want)
		}
	}
}
