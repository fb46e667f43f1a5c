package keychain

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
)

// newerNumber is the rule of the tests: values are numbers, and what is not one
// is older than all.
func newerNumber(a, b string) bool {
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	return errX == nil && (errY != nil || x > y)
}

func moved() []string {
	var names []string
	for i := range 4 {
		names = append(names, fmt.Sprintf("account%d", i))
	}
	return names
}

// newest is account's value in the two stores, each of which may be without it.
func newest(t *testing.T, one, two Store, account string) string {
	t.Helper()
	best := ""
	for _, s := range []Store{one, two} {
		value, err := s.Get(t.Context(), account)
		if err != nil && !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
		if newerNumber(value, best) {
			best = value
		}
	}
	return best
}

func TestMove(t *testing.T) {
	t.Parallel()
	for name, stores := range map[string][2]Store{
		"to the vault":   {Memory(), newVault(t)},
		"from the vault": {newVault(t), MemoryLimited(100)},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := stores[0], stores[1]
			for i, account := range moved() {
				set(t, from, account, strconv.Itoa(i))
			}
			set(t, to, "account1", "7") // newer
			set(t, to, "account2", "1") // older
			set(t, to, "account3", "3") // the same
			var steps []string
			committed := 0
			m := Move{
				From: from, To: to, Accounts: append(moved(), "unknown"), Newer: newerNumber,
				Commit:   func() error { committed = len(steps); return nil },
				Progress: func(step MoveStep, account string) { steps = append(steps, string(step)+" "+account) },
			}
			if err := m.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			for i, want := range []string{"0", "7", "2", "3"} {
				holds(t, to, moved()[i], want)
				_, err := from.Get(t.Context(), moved()[i])
				wantVault(t, err, ErrNotFound)
			}
			if len(steps) != 15 || committed != 10 || steps[0] != "copied account0" || steps[14] != "deleted unknown" {
				t.Errorf("committed after %d of %q", committed, steps)
			}
			if err := m.Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMoveRefuses: when something is in the way nothing is deleted.
func TestMoveRefuses(t *testing.T) {
	t.Parallel()
	problem := errors.New("cannot be pinned")
	for name, c := range map[string]struct {
		change func(m *Move)
		want   error
	}{
		"conflict":      {func(m *Move) { set(t, m.To, "account3", "rubbish"); m.Newer = never }, ErrConflict},
		"too big":       {func(m *Move) { m.To = MemoryLimited(2); set(t, m.From, "account3", "1234") }, ErrTooBig},
		"commit":        {func(m *Move) { m.Commit = func() error { return problem } }, problem},
		"bad name":      {func(m *Move) { m.Accounts = append(m.Accounts, "a b") }, ErrName},
		"locked vault":  {func(m *Move) { m.To = locked(t) }, ErrLocked},
		"changes after": {changedAfterCopy, errBehind},
	} {
		t.Run(name, func(t *testing.T) {
			m := Move{From: Memory(), To: Memory(), Accounts: moved(), Newer: newerNumber}
			for i, account := range moved() {
				set(t, m.From, account, strconv.Itoa(i))
			}
			c.change(&m)
			if err := m.Run(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			for _, account := range moved() {
				if _, err := m.From.Get(t.Context(), account); err != nil {
					t.Errorf("%s is gone: %v", account, err)
				}
			}
		})
	}
}

func never(string, string) bool { return false }

func locked(t *testing.T) Store {
	t.Helper()
	return Vault(newVault(t).folder, says(correct), cheap)
}

// changedAfterCopy lets somebody refresh an account between the copy and the
// look at it.
func changedAfterCopy(m *Move) {
	from := m.From
	m.Progress = func(step MoveStep, account string) {
		if step == MoveCopied && account == "account3" {
			_ = from.Set(context.Background(), "account1", "99") // memory takes it
		}
	}
}

// TestMoveInterrupted lets each call of either store go wrong in every way: the
// newest value of each account stays whole in one of the two, and the next run
// ends the work.
func TestMoveInterrupted(t *testing.T) {
	t.Parallel()
	for _, from := range []bool{true, false} {
		for _, f := range []fault{fails, lies, mangles, panics} {
			for k, reached := 1, true; reached; k++ {
				libs := [2]*script{newScript(nil), newScript(nil)}
				m := Move{From: scripted(candid{libs[0]}), To: scripted(candid{libs[1]}), Accounts: moved(), Newer: newerNumber}
				for i, account := range moved() {
					set(t, m.From, account, strconv.Itoa(10+i))
				}
				set(t, m.To, "account1", "99")
				set(t, m.To, "account2", "1")
				lib := libs[1]
				if from {
					lib = libs[0]
				}
				lib.faults = map[int]fault{lib.calls + k: f}
				last := lib.calls + k
				first := m.Run(t.Context())
				reached = lib.calls >= last
				lib.faults = nil
				for i, want := range []string{"10", "99", "12", "13"} {
					if got := newest(t, m.From, m.To, moved()[i]); got != want {
						t.Fatalf("fault %d at call %d: after %v %s is %q", f, k, first, moved()[i], got)
					}
				}
				if err := m.Run(t.Context()); err != nil {
					t.Fatalf("fault %d at call %d: the second run says %v", f, k, err)
				}
				for i, want := range []string{"10", "99", "12", "13"} {
					holds(t, m.To, moved()[i], want)
				}
				if !reached && k < 8 {
					t.Fatalf("only %d calls were made", k)
				}
			}
		}
	}
}

// candid is a script whose Get does not lie: that a store says "not found" of
// what is there is past all help.
type candid struct{ *script }

func (c candid) Get(service, account string) (string, error) {
	if f := c.faults[c.calls+1]; f == lies || f == mangles {
		delete(c.faults, c.calls+1)
	}
	return c.script.Get(service, account)
}

const (
	killedMoves    = 12
	killedAccounts = 12
)

func killedMove(from, to Store) Move {
	m := Move{From: from, To: to, Newer: newerNumber}
	for i := range killedAccounts {
		m.Accounts = append(m.Accounts, fmt.Sprintf("account%d", i))
	}
	return m
}

// childMoves moves from the vault to the one beside it, saying each step.
func childMoves(t *testing.T, v *VaultStore) {
	to := Vault("to", says(correct), cheap)
	if err := to.Unlock(t.Context()); err != nil {
		t.Fatal(err)
	}
	m, n := killedMove(v, to), 0
	m.Progress = func(MoveStep, string) {
		n++
		fmt.Println("begin", n)
	}
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	fmt.Println("begin", n+1)
	select {} // until it is killed
}

// TestMoveKilled kills a process that moves, at random moments from the first
// step to the last.
func TestMoveKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	t.Parallel()
	middle := 0
	for range killedMoves {
		from := newVault(t)
		to := Vault(filepath.Join(filepath.Dir(from.folder), "to"), says(correct), cheap)
		if err := to.Init(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := killedMove(from, to)
		for i, account := range m.Accounts {
			set(t, from, account, strconv.Itoa(i))
		}
		steps, _ := killedAt(t, child(t, from, "move"), 3*killedAccounts)
		if steps <= 3*killedAccounts {
			middle++
		}
		for i, account := range m.Accounts {
			if got := newest(t, from, to, account); got != strconv.Itoa(i) {
				t.Fatalf("killed after %d steps: %s is %q", steps, account, got)
			}
		}
		if err := m.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, account := range m.Accounts {
			holds(t, to, account, strconv.Itoa(i))
			_, err := from.Get(t.Context(), account)
			wantVault(t, err, ErrNotFound)
		}
	}
	if middle == 0 {
		t.Error("no kill came during a move")
	}
	t.Logf("%d of %d kills came during a move", middle, killedMoves)
}
