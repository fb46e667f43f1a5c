package keychain

import (
	"context"
	"sync"
)

// MemoryStore keeps values in this process and forgets them with it. It is safe
// for concurrent use and never blocks.
type MemoryStore struct {
	limit int

	mu     sync.Mutex
	values map[string]string
}

var _ Store = (*MemoryStore)(nil)

// Memory returns an empty store in memory, for the demo and for tests.
func Memory() *MemoryStore { return MemoryLimited(0) }

// MemoryLimited returns an empty store in memory that takes values of at most
// limit bytes, as the keychains of Windows and macOS do; 0 means any.
func MemoryLimited(limit int) *MemoryStore {
	return &MemoryStore{limit: limit, values: make(map[string]string)}
}

// Name returns "memory".
func (*MemoryStore) Name() string { return "memory" }

// Limit returns the most bytes of one value, 0 for any.
func (m *MemoryStore) Limit() int { return m.limit }

// Probe returns nil: memory can always be used.
func (*MemoryStore) Probe(context.Context) error { return nil }

// Settled returns nil: no call outlives its limit.
func (*MemoryStore) Settled(context.Context, string) error { return nil }

// Get returns the value of account. Errors wrap ErrNotFound, ErrName, or
// ErrTimeout when ctx has ended.
func (m *MemoryStore) Get(ctx context.Context, account string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.check(ctx, account); f != nil {
		return "", f.error(m.Name(), opGet, quotable(account), false)
	}
	value, ok := m.values[account]
	if !ok {
		return "", (&finding{kind: ErrNotFound}).error(m.Name(), opGet, account, true)
	}
	return value, nil
}

// Set stores value. Errors wrap ErrName, ErrValue, ErrTooBig, or ErrTimeout when
// ctx has ended.
func (m *MemoryStore) Set(ctx context.Context, account, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.check(ctx, account)
	if f == nil {
		f = checkValue(value, m.limit)
	}
	if f != nil {
		return f.error(m.Name(), opSet, quotable(account), false)
	}
	m.values[account] = value
	return nil
}

// Delete removes the value. Errors wrap ErrNotFound, ErrName, or ErrTimeout when
// ctx has ended.
func (m *MemoryStore) Delete(ctx context.Context, account string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.check(ctx, account); f != nil {
		return f.error(m.Name(), opDelete, quotable(account), false)
	}
	if _, ok := m.values[account]; !ok {
		return (&finding{kind: ErrNotFound}).error(m.Name(), opDelete, account, true)
	}
	delete(m.values, account)
	return nil
}

func (*MemoryStore) check(ctx context.Context, account string) *finding {
	if err := ctx.Err(); err != nil {
		return &finding{kind: ErrTimeout, detail: "the wait was cancelled", cause: err}
	}
	return checkAccount(account)
}
