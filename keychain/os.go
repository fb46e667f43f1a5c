package keychain

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	keyring "github.com/zalando/go-keyring"
)

const (
	callLimit  = 3 * time.Second
	askLimit   = 120 * time.Second
	probeLimit = 500 * time.Millisecond
)

// The operations, in the words of Error.Op.
const (
	opProbe  = "looking"
	opGet    = "reading"
	opSet    = "saving"
	opDelete = "deleting"
	opSettle = "waiting"
)

// OSStore is the keychain of the operating system. It is safe for concurrent
// use. In one process at most four calls are in the keychain at once, and of
// those that may make it ask (Set, Delete and every Interactive call) one.
type OSStore struct {
	service  string
	limit    time.Duration
	patience time.Duration
	platform platform
	library  library
	queue    *queue
}

var _ Store = (*OSStore)(nil)

// platform is what differs between operating systems.
type platform struct {
	name  string
	limit int // bytes of one value; 0: none that matters
	// probe looks without prompting, starting or writing anything.
	probe func(ctx context.Context, lib library, service string) *finding
	// ready is asked before each call; nil where every call may be made.
	ready func(ctx context.Context) *finding
	// after is called when a call has returned and no other is in the keychain;
	// nil where nothing is to be done.
	after func()
	// explain tells the library's errors apart. It is not asked about the ones
	// that the library has names for.
	explain func(error) *finding
}

// Option changes how OS works.
type Option func(*OSStore)

// WithService keeps the items under another name than "orgkeep": 1 to 64 of
// [A-Za-z0-9._-]. Every call of a store with another name fails with ErrName.
func WithService(name string) Option { return func(s *OSStore) { s.service = name } }

// WithLimits sets the longest time of a call (3 seconds unless set) and of an
// Interactive call (120 seconds unless set).
func WithLimits(call, interactive time.Duration) Option {
	return func(s *OSStore) { s.limit, s.patience = call, interactive }
}

// OS returns the keychain of the operating system this program runs on. It
// touches nothing until it is called.
func OS(options ...Option) *OSStore {
	return newOSStore(host(), goKeyring{}, hostQueue, options...)
}

// A process has one keychain, and go-keyring one connection to it: all stores
// that OS returns stand in one queue and watch that connection together.
var (
	host      = sync.OnceValue(hostPlatform)
	hostQueue = newQueue()
)

func newOSStore(p platform, lib library, q *queue, options ...Option) *OSStore {
	s := &OSStore{
		service: "orgkeep", limit: callLimit, patience: askLimit,
		platform: p, library: lib, queue: q,
	}
	for _, option := range options {
		option(s)
	}
	return s
}

// Name is what the operating system's keychain is called.
func (s *OSStore) Name() string { return s.platform.name }

// Limit is the most bytes one value may have; 0 when no limit matters.
func (s *OSStore) Limit() int { return s.platform.limit }

// Probe says within half a second whether the keychain can be used now; see
// Store. An error whose Ask is true is no obstacle to an Interactive call.
func (s *OSStore) Probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	f := look(ctx, func(ctx context.Context) *finding { return s.platform.probe(ctx, s.library, s.service) })
	if f != nil {
		return f.error(s.Name(), opProbe, "", false)
	}
	return nil
}

// Settled waits for a call that outlived its limit; see Store.
func (s *OSStore) Settled(ctx context.Context, account string) error {
	if err := s.queue.settled(ctx, s.turn(account)); err != nil {
		f := &finding{kind: ErrBusy, remedy: "the keychain may still change the item", cause: err}
		return f.error(s.Name(), opSettle, quotable(account), false)
	}
	return nil
}

// Get returns the value of account; see Store.
func (s *OSStore) Get(ctx context.Context, account string) (string, error) {
	return s.run(ctx, opGet, account, func() (string, error) {
		return s.library.Get(s.service, account)
	})
}

// Set stores value and reads it back; see Store.
func (s *OSStore) Set(ctx context.Context, account, value string) error {
	if f := checkValue(value, s.Limit()); f != nil {
		return f.error(s.Name(), opSet, quotable(account), false)
	}
	_, err := s.run(ctx, opSet, account, func() (string, error) {
		if err := s.library.Set(s.service, account, value); err != nil {
			return "", err
		}
		stored, err := s.library.Get(s.service, account)
		switch {
		case errors.Is(err, keyring.ErrNotFound):
			return "", &unverified{detail: "it said yes and has no such item"}
		case err != nil:
			return "", &unverified{detail: "it said yes and cannot be read", cause: err}
		case stored != value:
			return "", &unverified{detail: "it said yes and holds another value"}
		}
		return "", nil
	})
	return err
}

// Delete removes the value and makes sure that it is gone; see Store.
func (s *OSStore) Delete(ctx context.Context, account string) error {
	_, err := s.run(ctx, opDelete, account, func() (string, error) {
		if err := s.library.Delete(s.service, account); err != nil {
			return "", err
		}
		_, err := s.library.Get(s.service, account)
		switch {
		case errors.Is(err, keyring.ErrNotFound):
			return "", nil
		case err != nil:
			return "", &unverified{detail: "it said yes and cannot be read", cause: err}
		}
		return "", &unverified{detail: "it said yes and still has the item"}
	})
	return err
}

// unverified is a yes of the keychain that a second look did not bear out.
type unverified struct {
	detail string
	cause  error
}

func (u *unverified) Error() string { return fmt.Sprintf("%v: %s", ErrNotVerified, u.detail) }
