package ledger

import (
	"testing"

	"orgkeep/tokens"
)

// TestHistoryIsPruned keeps the newest of each org, its Last, and all of the
// orgs beside it.
func TestHistoryIsPruned(t *testing.T) {
	t.Parallel()
	l := memory(t)
	other := save(t, l, login(t, 2))
	record(t, l, other, tokens.Attempt{Tries: 77, Outcome: tokens.OutcomeRefreshed})
	old := save(t, l, full(t))
	newer := old
	newer.Generation++
	record(t, l, old, tokens.Attempt{Tries: 1, Outcome: tokens.OutcomeFailed})
	good := tokens.Attempt{Tries: 2, Outcome: tokens.OutcomeRefreshed}
	record(t, l, newer, good)
	tries := func(key tokens.Key) (all []int) {
		t.Helper()
		history, err := l.History(t.Context(), key, kept*2)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range history {
			all = append(all, a.Tries)
		}
		return all
	}
	// A process with older tokens fails again and again: Last is not its own.
	for n := 3; n <= kept; n++ {
		record(t, l, old, tokens.Attempt{Tries: n, Outcome: tokens.OutcomeFailed})
	}
	same(t, tries(old.Key), down(kept, 1))

	for n := kept + 1; n <= kept+3; n++ {
		record(t, l, old, tokens.Attempt{Tries: n, Outcome: tokens.OutcomeFailed})
	}
	same(t, tries(old.Key), append(down(kept+3, 4), 2))
	same(t, read(t, l, old.Key).Last, &good)

	record(t, l, newer, tokens.Attempt{Tries: kept + 4, Outcome: tokens.OutcomeRefreshed})
	same(t, tries(old.Key), down(kept+4, 5))
	same(t, tries(other.Key), []int{77})
}

// down counts from one number to another.
func down(from, to int) (all []int) {
	for n := from; n >= to; n-- {
		all = append(all, n)
	}
	return all
}
