package keychain

import (
	"context"
	"errors"
	"sync"
	"testing"

	keyring "github.com/zalando/go-keyring"
)

const (
	account = "00Dxx0000001gPLEAY.005xx000001SwiUAAS.1a2b3c4d"
	canary  = "CANARY-6f1d"
)

// fault is what a call of the script does instead of its work.
type fault int

const (
	none    fault = iota
	fails         // an error, nothing done
	panics        // a panic, nothing done
	lies          // nil, nothing done
	mangles       // nil, something else done
	hangs         // waits for the script's release, then does its work
)

// script is a library in memory whose k-th call, counted from 1, has a fault.
type script struct {
	faults  map[int]fault
	release chan struct{}

	mu     sync.Mutex
	calls  int
	inside int
	most   int
	values map[string]string
}

func newScript(faults map[int]fault) *script {
	return &script{faults: faults, release: make(chan struct{}), values: make(map[string]string)}
}

var errScript = errors.New("the script says no")

// step counts the call and acts out its fault; skip says to leave the work.
func (s *script) step() (f fault, err error) {
	s.mu.Lock()
	s.calls++
	s.inside++
	s.most = max(s.most, s.inside)
	f = s.faults[s.calls]
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.inside--
		s.mu.Unlock()
	}()
	switch f {
	case fails:
		return f, errScript
	case panics:
		panic("a value: " + canary)
	case hangs:
		<-s.release
	case none, lies, mangles:
	}
	return f, nil
}

func (s *script) Get(_, account string) (string, error) {
	f, err := s.step()
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[account]
	switch {
	case f == lies:
		return "", keyring.ErrNotFound
	case !ok:
		return "", keyring.ErrNotFound
	case f == mangles:
		return value + "?", nil
	}
	return value, nil
}

func (s *script) Set(_, account, value string) error {
	f, err := s.step()
	if err != nil || f == lies {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f == mangles {
		value += "?"
	}
	s.values[account] = value
	return nil
}

func (s *script) Delete(_, account string) error {
	f, err := s.step()
	if err != nil || f == lies || f == mangles {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.values[account]; !ok {
		return keyring.ErrNotFound
	}
	delete(s.values, account)
	return nil
}

func (s *script) value() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[account]
}

func scripted(lib library, options ...Option) *OSStore {
	return newOSStore(platform{
		name:    "test keychain",
		probe:   func(context.Context, library, string) *finding { return nil },
		explain: unknown,
	}, lib, newQueue(), options...)
}

var sentinels = []error{
	ErrNotFound, ErrLocked, ErrUnavailable, ErrTimeout, ErrBusy,
	ErrTooBig, ErrNotVerified, ErrName, ErrValue,
}

// wantKind fails unless err is an *Error that wraps kind and no other sentinel.
func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	if kind == nil {
		if err != nil {
			t.Fatalf("error %v, want none", err)
		}
		return
	}
	if _, ok := errors.AsType[*Error](err); !ok {
		t.Fatalf("error %v (%T), want an *Error that wraps %q", err, err, kind)
	}
	for _, sentinel := range sentinels {
		if errors.Is(err, sentinel) != errors.Is(kind, sentinel) {
			t.Fatalf("error %v, want one that wraps %q alone", err, kind)
		}
	}
}
