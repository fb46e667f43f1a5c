package ledger

import (
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestTheHistoryOfAllIsByTime(t *testing.T) {
	t.Parallel()
	l := memory(t)
	one, two := save(t, l, login(t, 1)), save(t, l, login(t, 2))
	var want []Recorded
	for i, org := range []tokens.Org{two, one, two, one, one} {
		a := tokens.Attempt{At: at(int64(10 + i)), Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Body: strings.Repeat("x", 64<<10)}}
		record(t, l, org, a)
		want = append([]Recorded{{org.Alias, a}}, want...)
	}
	for _, limit := range []int{1, 3, 9} {
		got, err := l.HistoryOfAll(t.Context(), limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, want[:min(limit, len(want))])
	}
}

func TestTheEndpointsClockComesBack(t *testing.T) {
	t.Parallel()
	l := memory(t)
	org := save(t, l, login(t, 1))
	for _, skew := range []time.Duration{90 * time.Second, -time.Hour, 0} {
		a := tokens.Attempt{At: at(5), Outcome: tokens.OutcomeRefreshed, Date: at(6), Skew: skew}
		record(t, l, org, a)
		same(t, *read(t, l, org.Key).Last, a)
		same(t, *listed(t, l)[0].Last, a)
	}
	// A long body is left on the disk, and what comes after it.
	record(t, l, org, tokens.Attempt{
		Outcome: tokens.OutcomeFailed, Date: at(6), Skew: time.Hour, Failure: &tokens.Failure{Body: strings.Repeat("x", 2000)},
	})
	if last := listed(t, l)[0].Last; last.Skew != 0 || !last.Date.IsZero() {
		t.Errorf("the list has read past a long body: %+v", last)
	}
}
