package keychain

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

func TestVaultAsksOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t)
		set(t, v, account, "value")
		var asked atomic.Int32
		release := make(chan struct{})
		other := Vault(v.folder, Passphrase(func(context.Context) ([]byte, error) {
			asked.Add(1)
			<-release
			return []byte(correct), nil
		}), cheap)

		// Nobody is asked by a call that is not marked.
		_, err := other.Get(t.Context(), account)
		wantVault(t, err, ErrLocked)
		if problem, ok := errors.AsType[*Error](err); !ok || !problem.Ask {
			t.Errorf("%v does not say that asking would help", err)
		}
		wantVault(t, other.Set(t.Context(), account, "v"), ErrLocked)
		wantVault(t, other.Probe(t.Context()), ErrLocked)
		if asked.Load() != 0 {
			t.Fatal("asked without leave")
		}

		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if got, err := other.Get(Interactive(t.Context()), account); err != nil || got != "value" {
					t.Errorf("%q, %v", got, err)
				}
			})
		}
		synctest.Wait()
		close(release)
		all.Wait()
		holds(t, other, account, "value")
		if asked.Load() != 1 {
			t.Errorf("asked %d times", asked.Load())
		}
	})
}

// TestVaultAskAgain: when the one who is asked gives up, one who waits is asked
// instead; who waits can give up too; and a wrong answer is everybody's.
func TestVaultAskAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t)
		answers := make(chan string)
		var asked atomic.Int32
		other := Vault(v.folder, Passphrase(func(ctx context.Context) ([]byte, error) {
			asked.Add(1)
			select {
			case text := <-answers:
				return []byte(text), nil
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
		}), cheap)
		unlock := func(ctx context.Context) chan error {
			done := make(chan error, 1)
			go func() { done <- other.Unlock(ctx) }()
			synctest.Wait()
			return done
		}
		first, giveUp := context.WithCancel(t.Context())
		waiting, stop := context.WithCancel(t.Context())
		led, waited, followed := unlock(first), unlock(waiting), unlock(t.Context())
		stop()
		wantVault(t, <-waited, ErrTimeout)
		giveUp()
		wantVault(t, <-led, ErrLocked)
		synctest.Wait()
		if asked.Load() != 2 {
			t.Fatalf("asked %d times", asked.Load())
		}
		third := unlock(t.Context())
		answers <- "wrong"
		wantVault(t, <-followed, ErrPassphrase)
		wantVault(t, <-third, ErrPassphrase)
		last := unlock(t.Context())
		answers <- correct
		wantVault(t, <-last, nil)
		if asked.Load() != 3 {
			t.Errorf("asked %d times", asked.Load())
		}
	})
}

func TestVaultWipesThePassphrase(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	for _, text := range []string{correct, "wrong"} {
		secret := []byte(text)
		err := Vault(v.folder, Passphrase(func(context.Context) ([]byte, error) { return secret, nil }), cheap).Unlock(t.Context())
		if (err == nil) != (text == correct) || !bytes.Equal(secret, make([]byte, len(text))) {
			t.Errorf("after %v the passphrase is %q", err, secret)
		}
	}
}
