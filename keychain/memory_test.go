package keychain

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	m := Memory()
	ctx := t.Context()
	wantKind(t, m.Probe(ctx), nil)
	_, err := m.Get(ctx, account)
	wantKind(t, err, ErrNotFound)
	wantKind(t, m.Delete(ctx, account), ErrNotFound)
	wantKind(t, m.Set(ctx, account, "one"), nil)
	wantKind(t, m.Set(ctx, account, "two"), nil)
	if value, err := m.Get(ctx, account); err != nil || value != "two" {
		t.Errorf("Get = %q, %v", value, err)
	}
	wantKind(t, m.Delete(ctx, account), nil)
	_, err = m.Get(ctx, account)
	wantKind(t, err, ErrNotFound)
	wantKind(t, m.Settled(ctx, account), nil)

	_, err = m.Get(ctx, "a b")
	wantKind(t, err, ErrName)
	wantKind(t, m.Set(ctx, "a b", "v"), ErrName)
	wantKind(t, m.Delete(ctx, "a b"), ErrName)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	wantKind(t, m.Set(ended, account, "v"), ErrTimeout)
	_, err = m.Get(ctx, account)
	wantKind(t, err, ErrNotFound)
}

func TestMemoryAtOnce(t *testing.T) {
	t.Parallel()
	m := Memory()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			name := fmt.Sprintf("account%d", i)
			for range 200 {
				if err := m.Set(t.Context(), name, name); err != nil {
					t.Errorf("set: %v", err)
				}
				if value, err := m.Get(t.Context(), name); err != nil || value != name {
					t.Errorf("get: %q, %v", value, err)
				}
				if err := m.Delete(t.Context(), name); err != nil {
					t.Errorf("delete: %v", err)
				}
			}
		})
	}
	all.Wait()
}
