package ledger

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"orgkeep/tokens"
)

// together runs do in n goroutines that start at once, and reports their errors.
func together(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	start, errs := make(chan struct{}), make(chan error, n)
	for i := range n {
		go func() {
			<-start
			errs <- do(i)
		}()
	}
	close(start)
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestManyOpenANewLedgerAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "ledger.db")
	together(t, 16, func(i int) error {
		l, err := Open(t.Context(), path)
		if err != nil {
			return err
		}
		_, err = l.Save(t.Context(), login(t, i))
		return errors.Join(err, l.Close())
	})
	if orgs, err := open(t, path).Orgs(t.Context()); err != nil || len(orgs) != 16 {
		t.Errorf("%d orgs (%v), want 16", len(orgs), err)
	}
}

func TestManyWritersOnOneFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	ledgers := []*Ledger{open(t, path), open(t, path)}
	const writers, rounds = 8, 12
	shared := save(t, ledgers[0], login(t, 999))

	var names sync.Map
	together(t, writers, func(i int) error {
		l := ledgers[i%len(ledgers)]
		o := login(t, i)
		o.InstanceURL = "https://same.my.salesforce.com"
		saved, err := l.Save(t.Context(), o)
		if err != nil {
			return err
		}
		names.Store(saved.Alias, true)
		for range rounds {
			saved.Generation++
			attempt := tokens.Attempt{Outcome: tokens.OutcomeRefreshed, Tries: int(saved.Generation)}
			if err := l.Record(t.Context(), saved, attempt); err != nil {
				return err
			}
			if err := l.Record(t.Context(), shared, attempt); err != nil {
				return err
			}
			if _, err := l.Orgs(t.Context()); err != nil {
				return err
			}
		}
		return nil
	})

	count := 0
	names.Range(func(any, any) bool { count++; return true })
	if count != writers {
		t.Errorf("%d different aliases, want %d", count, writers)
	}
	for i := range writers {
		got := read(t, ledgers[1], login(t, i).Key)
		if got.Generation != rounds+1 || got.Last == nil || got.Last.Tries != rounds+1 {
			t.Errorf("org %d stands at generation %d, last %+v", i, got.Generation, got.Last)
		}
	}
	history, err := ledgers[1].History(t.Context(), shared.Key, 1000)
	if err != nil || len(history) != writers*rounds {
		t.Errorf("%d history rows (%v), want %d", len(history), err, writers*rounds)
	}
}

func TestWritersWaitAndReadersDoNot(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	holder, other := open(t, path), open(t, path)
	org := save(t, holder, login(t, 1))
	tx, err := holder.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Orgs(t.Context()); err != nil {
		t.Errorf("a reader beside a writer: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- other.Forget(ctx, org.Key) }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnusable) {
		t.Errorf("a cancelled writer returned %v, want context.Canceled alone", err)
	}

	go func() { done <- other.Forget(t.Context(), org.Key) }()
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("a writer that waited: %v", err)
	}
}

func TestALockThatStaysIsToldInPlainWords(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	holder, other := open(t, path), open(t, path)
	org := save(t, holder, login(t, 1))
	if _, err := other.db.ExecContext(t.Context(), `PRAGMA busy_timeout = 20`); err != nil {
		t.Fatal(err)
	}
	tx, err := holder.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	err = other.Forget(t.Context(), org.Key)
	if !errors.Is(err, ErrUnusable) || !strings.Contains(err.Error(), "another process kept it locked") {
		t.Errorf("got %v, want ErrUnusable that tells of another process", err)
	}
}
