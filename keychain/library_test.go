package keychain

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestEachCallGoesWrong lets every call of the library go wrong in every way and
// holds the store to its word: nil means done, ErrNotFound means not there.
func TestEachCallGoesWrong(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, s *OSStore) error { _, err := s.Get(ctx, account); return err }
	set := func(ctx context.Context, s *OSStore) error { return s.Set(ctx, account, "new") }
	del := func(ctx context.Context, s *OSStore) error { return s.Delete(ctx, account) }
	for _, c := range []struct {
		name   string
		call   func(context.Context, *OSStore) error
		k      int
		fault  fault
		kind   error
		stored string
	}{
		{"get well", get, 1, none, nil, "old"},
		{"get fails", get, 1, fails, ErrUnavailable, "old"},
		{"get panics", get, 1, panics, ErrUnavailable, "old"},
		{"get hangs", get, 1, hangs, ErrTimeout, "old"},
		{"set well", set, 1, none, nil, "new"},
		{"set fails", set, 1, fails, ErrUnavailable, "old"},
		{"set panics", set, 1, panics, ErrUnavailable, "old"},
		{"set lies", set, 1, lies, ErrNotVerified, "old"},
		{"set mangles", set, 1, mangles, ErrNotVerified, "new?"},
		{"set hangs", set, 1, hangs, ErrTimeout, "old"},
		{"read-back fails", set, 2, fails, ErrNotVerified, "new"},
		{"read-back panics", set, 2, panics, ErrUnavailable, "new"},
		{"read-back lies", set, 2, lies, ErrNotVerified, "new"},
		{"read-back hangs", set, 2, hangs, ErrTimeout, "new"},
		{"delete well", del, 1, none, nil, ""},
		{"delete fails", del, 1, fails, ErrUnavailable, "old"},
		{"delete panics", del, 1, panics, ErrUnavailable, "old"},
		{"delete lies", del, 1, lies, ErrNotVerified, "old"},
		{"delete hangs", del, 1, hangs, ErrTimeout, "old"},
		{"look after delete fails", del, 2, fails, ErrNotVerified, ""},
		{"look after delete panics", del, 2, panics, ErrUnavailable, ""},
		{"look after delete hangs", del, 2, hangs, ErrTimeout, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				lib := newScript(map[int]fault{c.k: c.fault})
				lib.values[account] = "old"
				err := c.call(t.Context(), scripted(lib))
				wantKind(t, err, c.kind)
				if got := lib.value(); got != c.stored {
					t.Errorf("the keychain holds %q, want %q", got, c.stored)
				}
				if problem, ok := errors.AsType[*Error](err); ok && !problem.Begun {
					t.Errorf("Begun is false, but the library was called")
				}
				close(lib.release)
			})
		})
	}
}

func TestErrorsHoldNoValue(t *testing.T) {
	t.Parallel()
	for f := fails; f <= mangles; f++ {
		for k := 1; k <= 2; k++ {
			lib := newScript(map[int]fault{k: f})
			err := scripted(lib).Set(t.Context(), account, canary)
			if err == nil {
				t.Fatalf("fault %d at call %d: no error", f, k)
			}
			problem, _ := errors.AsType[*Error](err)
			for _, e := range append(problem.Unwrap(), err) {
				if text := fmt.Sprintf("%v %+v", e, e); containsCanary(text) {
					t.Errorf("fault %d at call %d: the error quotes the value: %s", f, k, text)
				}
			}
		}
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	s := scripted(newScript(nil))
	_, err := s.Get(t.Context(), account)
	wantKind(t, err, ErrNotFound)
	wantKind(t, s.Delete(t.Context(), account), ErrNotFound)
}

// TestLimits lets one call hang, and sees what the next ones are told.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		mark  func(context.Context) context.Context
		limit time.Duration
	}{
		{"a call", func(ctx context.Context) context.Context { return ctx }, 3 * time.Second},
		{"a person is typing", Interactive, 120 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				lib := newScript(map[int]fault{1: hangs})
				s := scripted(lib)
				start := time.Now()
				wantKind(t, s.Set(c.mark(t.Context()), account, "new"), ErrTimeout)
				if took := time.Since(start); took != c.limit {
					t.Errorf("answered after %v, want %v", took, c.limit)
				}
				lateOne(t, s, lib)
			})
		})
	}
}

// lateOne checks a store whose first call, a Set of account, is late.
func lateOne(t *testing.T, s *OSStore, lib *script) {
	t.Helper()
	start := time.Now()
	_, err := s.Get(t.Context(), account)
	wantKind(t, err, ErrBusy)
	wantKind(t, s.Set(t.Context(), "another", "value"), ErrBusy) // it might ask, too
	_, err = s.Get(t.Context(), "another")
	wantKind(t, err, ErrNotFound)
	short, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if took := time.Since(start); took != 0 {
		t.Errorf("the calls behind a late one waited %v", took)
	}
	wantKind(t, s.Settled(short, account), ErrBusy)

	settled := make(chan error)
	go func() { settled <- s.Settled(t.Context(), account) }()
	synctest.Wait()
	close(lib.release)
	wantKind(t, <-settled, nil)
	value, err := s.Get(t.Context(), account)
	wantKind(t, err, nil)
	if value != "new" { // the reason to wait: it did happen
		t.Errorf("after the late call the keychain holds %q, want %q", value, "new")
	}
	wantKind(t, s.Settled(t.Context(), account), nil)
}

func TestCancelledWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lib := newScript(map[int]fault{1: hangs})
		s := scripted(lib)
		ctx, cancel := context.WithCancel(Interactive(t.Context()))
		first, second := make(chan error), make(chan error)
		go func() { first <- s.Set(ctx, account, "new") }()
		synctest.Wait()
		go func() { second <- s.Set(ctx, "another", "new") }()
		synctest.Wait()
		cancel()
		err := <-first
		wantKind(t, err, ErrTimeout)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v does not say that it was cancelled", err)
		}
		wantKind(t, <-second, ErrBusy)
		close(lib.release)
	})
}

func TestCancelledBefore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	lib := newScript(nil)
	s := scripted(lib)
	for range 50 {
		if err := s.Set(ctx, account, "new"); err == nil {
			t.Fatal("a cancelled call was made")
		}
	}
	if lib.calls != 0 {
		t.Errorf("the library was called %d times", lib.calls)
	}
}

// TestFourAtOnce lets twenty calls go at once into a keychain that hangs.
func TestFourAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		call func(context.Context, *OSStore, string) error
		most int
	}{
		{"reading", func(ctx context.Context, s *OSStore, a string) error { _, err := s.Get(ctx, a); return err }, 4},
		{"writing", func(ctx context.Context, s *OSStore, a string) error { return s.Set(ctx, a, "v") }, 1},
		{"asking", func(ctx context.Context, s *OSStore, a string) error {
			_, err := s.Get(Interactive(ctx), a)
			return err
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				faults := make(map[int]fault)
				for k := range 100 {
					faults[k] = hangs
				}
				lib := newScript(faults)
				s := scripted(lib)
				var all sync.WaitGroup
				for i := range 20 {
					all.Go(func() { _ = c.call(t.Context(), s, fmt.Sprintf("account%d", i)) })
				}
				synctest.Wait()
				if lib.inside != c.most {
					t.Errorf("%d calls are in the keychain, want %d", lib.inside, c.most)
				}
				close(lib.release)
				all.Wait()
				if lib.most != c.most {
					t.Errorf("%d calls were in the keychain at once, want %d", lib.most, c.most)
				}
			})
		})
	}
}

// TestSameAccount has writers of one account that would fail each other's
// comparison.
func TestSameAccount(t *testing.T) {
	t.Parallel()
	s := scripted(newScript(nil))
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			if err := s.Set(t.Context(), account, fmt.Sprintf("value %d", i)); err != nil {
				t.Errorf("set %d: %v", i, err)
			}
			if _, err := s.Get(t.Context(), account); err != nil {
				t.Errorf("get %d: %v", i, err)
			}
		})
	}
	all.Wait()
}

// TestProbeHangs has a probe that heeds nothing.
func TestProbeHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := scripted(newScript(nil))
		s.platform.probe = func(context.Context, library, string) *finding { <-release; return nil }
		s.platform.ready = func(context.Context) *finding { <-release; return nil }
		start := time.Now()
		wantKind(t, s.Probe(t.Context()), ErrTimeout)
		if took := time.Since(start); took != 500*time.Millisecond {
			t.Errorf("the probe took %v", took)
		}
		err := s.Set(t.Context(), account, "new")
		wantKind(t, err, ErrTimeout)
		if problem, ok := errors.AsType[*Error](err); !ok || problem.Begun {
			t.Errorf("%v: Begun is true, but the library was not called", err)
		}
		wantKind(t, s.Settled(t.Context(), account), nil)
		close(release)
	})
}

func TestProbePanics(t *testing.T) {
	t.Parallel()
	s := scripted(newScript(nil))
	s.platform.probe = func(context.Context, library, string) *finding { panic(canary) }
	err := s.Probe(t.Context())
	wantKind(t, err, ErrUnavailable)
	if containsCanary(err.Error()) {
		t.Errorf("the error quotes the panic: %v", err)
	}
}

// TestOnlyAPersonIsAsked has a keychain that would prompt.
func TestOnlyAPersonIsAsked(t *testing.T) {
	t.Parallel()
	lib := newScript(nil)
	s := scripted(lib)
	s.platform.ready = func(context.Context) *finding { return &finding{kind: ErrLocked, ask: true} }
	wantKind(t, s.Set(t.Context(), account, "new"), ErrLocked)
	if lib.calls != 0 {
		t.Fatalf("the library was called %d times for a locked keychain", lib.calls)
	}
	wantKind(t, s.Set(Interactive(t.Context()), account, "new"), nil)
}
