package keychain_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/keychain/keychaintest"
)

const account = "00Dxx0000001gPLEAY.005xx000001SwiUAAS.1a2b3c4d"

// patient is a store for a loaded machine: no test here waits for its limits.
func patient() *keychain.OSStore {
	return keychain.OS(keychain.WithLimits(time.Minute, time.Minute))
}

func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}

// probe probes, again where a loaded machine takes longer than a probe may.
func probe(t *testing.T, s *keychain.OSStore) error {
	t.Helper()
	err := s.Probe(t.Context())
	for range 20 {
		if !errors.Is(err, keychain.ErrTimeout) {
			return err
		}
		err = s.Probe(t.Context())
	}
	return err
}

// explained is the error behind one that must be of a kind, and must say what
// to do.
func explained(t *testing.T, err, kind error) *keychain.Error {
	t.Helper()
	wantKind(t, err, kind)
	problem, ok := errors.AsType[*keychain.Error](err)
	if !ok || problem.Remedy == "" {
		t.Fatalf("%v (%T), want an *Error with a remedy", err, err)
	}
	return problem
}

func mustSet(t testing.TB, s keychain.Store, name, value string) {
	t.Helper()
	if err := s.Set(t.Context(), name, value); err != nil {
		t.Fatalf("Set: %v", err)
	}
}

// mustGet reads account.
func mustGet(t testing.TB, s keychain.Store, want string) {
	t.Helper()
	if got, err := s.Get(t.Context(), account); err != nil || got != want {
		t.Fatalf("Get = %q, %v, want %q", got, err, want)
	}
}

// TestRealService goes through the life of an item, and of a keyring, on a real
// GNOME Keyring.
func TestRealService(t *testing.T) {
	service := keychaintest.Start(t)
	service.Use(t)
	s := patient()
	ctx := t.Context()

	wantKind(t, probe(t, s), nil)
	_, err := s.Get(ctx, account)
	wantKind(t, err, keychain.ErrNotFound)
	wantKind(t, s.Delete(ctx, account), keychain.ErrNotFound)

	for _, value := range []string{`{"v":1}`, "", "é∑ 'quoted' \\back", strings.Repeat("x", 64<<10)} {
		mustSet(t, s, account, value)
		mustGet(t, s, value)
	}
	mustSet(t, s, "another", "two")
	if n := service.Items(t, "orgkeep"); n != 2 {
		t.Errorf("the keyring has %d items, want 2", n)
	}
	other := keychain.OS(keychain.WithService("orgkeep.1a2b3c4d"))
	_, err = other.Get(ctx, account)
	wantKind(t, err, keychain.ErrNotFound)
	wantKind(t, s.Delete(ctx, "another"), nil)
	_, err = s.Get(ctx, "another")
	wantKind(t, err, keychain.ErrNotFound)
	mustSet(t, s, account, "kept")

	t.Run("locked", func(t *testing.T) { realLocked(t, service, s) })
	t.Run("killed", func(t *testing.T) { realKilled(t, service, s) })
	service.StartDaemon(t)
	mustGet(t, s, "kept")
	t.Run("frozen", func(t *testing.T) { realFrozen(t, service) })
}

func realLocked(t *testing.T, service *keychaintest.Service, s *keychain.OSStore) {
	ctx := t.Context()
	service.Lock(t)
	if problem := explained(t, probe(t, s), keychain.ErrLocked); !problem.Ask {
		t.Errorf("%v: does not say that a person could unlock it", problem)
	}
	_, err := s.Get(ctx, account)
	wantKind(t, err, keychain.ErrLocked)
	if problem := explained(t, s.Set(ctx, account, "new"), keychain.ErrLocked); problem.Begun {
		t.Errorf("%v: the library was called for a locked keychain", problem)
	}
	// There is no screen to ask on, which the service finds out by itself.
	_, err = s.Get(keychain.Interactive(ctx), account)
	if problem := explained(t, err, keychain.ErrLocked); !problem.Begun {
		t.Errorf("%v: nobody was asked", problem)
	}
	service.Unlock(t)
	mustGet(t, s, "kept")
}

func realKilled(t *testing.T, service *keychaintest.Service, s *keychain.OSStore) {
	ctx := t.Context()
	service.Kill(t)
	if problem := explained(t, probe(t, s), keychain.ErrUnavailable); problem.Ask {
		t.Errorf("%v: there is nothing that could ask", problem)
	}
	_, err := s.Get(ctx, account)
	wantKind(t, err, keychain.ErrUnavailable)
	service.MakeActivatable(t)
	if problem := explained(t, probe(t, s), keychain.ErrUnavailable); !problem.Ask {
		t.Errorf("%v: does not say that the service can be started", problem)
	}
	if problem := explained(t, s.Set(ctx, account, "new"), keychain.ErrUnavailable); problem.Begun {
		t.Errorf("%v: the call would have activated the service", problem)
	}
	wantKind(t, s.Set(keychain.Interactive(ctx), account, "new"), keychain.ErrUnavailable) // starts /bin/false
}

func realFrozen(t *testing.T, service *keychaintest.Service) {
	ctx := t.Context()
	service.Freeze(t)
	s := keychain.OS(keychain.WithLimits(time.Second, time.Minute))
	start := time.Now()
	wantKind(t, s.Probe(ctx), keychain.ErrTimeout)
	wantKind(t, s.Set(ctx, account, "new"), keychain.ErrTimeout)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("a frozen service held the caller for %v", took)
	}
	service.Thaw(t)
	mustGet(t, patient(), "kept")
}

func TestRealServiceAtOnce(t *testing.T) {
	keychaintest.Start(t).Use(t)
	s := patient()
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			name := fmt.Sprintf("account%d", i)
			for round := range 3 {
				value := fmt.Sprintf("%s %d", name, round)
				if err := s.Set(t.Context(), name, value); err != nil {
					t.Errorf("Set: %v", err)
				}
				if got, err := s.Get(t.Context(), name); err != nil || got != value {
					t.Errorf("Get = %q, %v, want %q", got, err, value)
				}
			}
			if err := s.Delete(t.Context(), name); err != nil {
				t.Errorf("Delete: %v", err)
			}
		})
	}
	all.Wait()
}

// TestBusDoesNotAnswer has a session bus that takes connections and is silent.
func TestBusDoesNotAnswer(t *testing.T) {
	bus := keychaintest.StartBus(t)
	bus.Use(t)
	bus.FreezeBus(t)
	s := keychain.OS(keychain.WithLimits(time.Second, time.Minute))
	wantKind(t, s.Probe(t.Context()), keychain.ErrTimeout)
	_, err := s.Get(t.Context(), account)
	wantKind(t, err, keychain.ErrTimeout)
	bus.KillBus()
}

func TestNoService(t *testing.T) {
	keychaintest.StartBus(t).Use(t)
	s := patient()
	wantKind(t, probe(t, s), keychain.ErrUnavailable)
	wantKind(t, s.Set(keychain.Interactive(t.Context()), account, "v"), keychain.ErrUnavailable)
}

// TestBusIsGone has a bus that ended, and a dbus-launch that would leave a trace.
func TestBusIsGone(t *testing.T) {
	bus := keychaintest.StartBus(t)
	bus.Use(t)
	bus.KillBus()
	folder := t.TempDir()
	trace := filepath.Join(folder, "launched")
	script := "#!/bin/sh\necho x >" + trace + "\nexit 1\n"
	if err := os.WriteFile(filepath.Join(folder, "dbus-launch"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	s := patient()
	wantKind(t, probe(t, s), keychain.ErrUnavailable)
	_, err := s.Get(keychain.Interactive(t.Context()), account)
	wantKind(t, err, keychain.ErrUnavailable)
	if _, err := os.Stat(trace); err == nil {
		t.Error("dbus-launch was run")
	}
}

// value is as long as the record of a login with opaque tokens.
var value = strings.Repeat("v", 592)

func BenchmarkGet(b *testing.B) {
	keychaintest.Start(b).Use(b)
	s := patient()
	mustSet(b, s, account, value)
	for b.Loop() {
		mustGet(b, s, value)
	}
}

func BenchmarkSet(b *testing.B) {
	keychaintest.Start(b).Use(b)
	s := patient()
	for b.Loop() {
		mustSet(b, s, account, value)
	}
}

func BenchmarkProbe(b *testing.B) {
	keychaintest.Start(b).Use(b)
	s := patient()
	for b.Loop() {
		if err := s.Probe(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
