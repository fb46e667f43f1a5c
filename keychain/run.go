package keychain

import (
	"context"
	"errors"
	"time"
)

type answer struct {
	value string
	err   error
}

// run makes one call: its turn, a look whether the keychain may be called, and
// then work, in a goroutine that is waited for no longer than the limit. A
// goroutine that is late keeps its turns until work returns.
func (s *OSStore) run(ctx context.Context, op, account string, work func() (string, error)) (string, error) {
	if f := s.checkNames(account); f != nil {
		return "", f.error(s.Name(), op, quotable(account), false)
	}
	ctx, cancel := context.WithTimeout(ctx, s.allowed(ctx))
	defer cancel()
	c, err := s.queue.enter(ctx, s.turns(ctx, op, account)...)
	if err != nil {
		return "", busy(err).error(s.Name(), op, account, false)
	}
	if f := s.ready(ctx); f != nil {
		c.leave()
		return "", f.error(s.Name(), op, account, false)
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := guarded(work)
		if s.platform.after != nil {
			c.alone(s.platform.after)
		}
		c.leave()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return s.conclude(op, account, a)
	case <-ctx.Done():
	}
	select {
	case a := <-answers: // both at once: an answer is worth more
		return s.conclude(op, account, a)
	default:
	}
	close(c.late)
	return "", late(ctx).error(s.Name(), op, account, true)
}

// turns are what the call must have to itself: the account, because a value set
// meanwhile would fail the comparison, and where it may make the keychain ask,
// the asking. KeePassXC asks at every write.
func (s *OSStore) turns(ctx context.Context, op, account string) []string {
	if op != opGet || isInteractive(ctx) {
		return []string{s.turn(account), asking}
	}
	return []string{s.turn(account)}
}

// turn names the turn of one item; no name has a colon.
func (s *OSStore) turn(account string) string { return s.service + ":" + account }

func (s *OSStore) allowed(ctx context.Context) time.Duration {
	if isInteractive(ctx) {
		return s.patience
	}
	return s.limit
}

func (s *OSStore) checkNames(account string) *finding {
	if !validName(s.service, serviceLimit) {
		return &finding{kind: ErrName, detail: "the service name cannot be used"}
	}
	return checkAccount(account)
}

// ready says whether the library may be called now: never when there is nothing
// to call or nobody waits any more, and only for a person when the keychain
// would ask.
func (s *OSStore) ready(ctx context.Context) *finding {
	if ctx.Err() != nil {
		return silent(ctx)
	}
	if s.platform.ready == nil {
		return nil
	}
	f := look(ctx, s.platform.ready)
	if f == nil || f.ask && isInteractive(ctx) {
		return nil
	}
	return f
}

// conclude makes the library's answer the caller's.
func (s *OSStore) conclude(op, account string, a answer) (string, error) {
	if a.err == nil {
		return a.value, nil
	}
	var f *finding
	var u *unverified
	switch {
	case errors.As(a.err, &u):
		f = &finding{kind: ErrNotVerified, detail: u.detail, cause: u.cause, remedy: allowIt}
	case errors.Is(a.err, errPanic):
		f = &finding{kind: ErrUnavailable, detail: quote(a.err), cause: a.err, remedy: tryAgain}
	default:
		if f = explainLibrary(a.err); f == nil {
			f = s.platform.explain(a.err)
		}
		f.cause = a.err
	}
	return "", f.error(s.Name(), op, account, true)
}

// look runs a probe that might hang in places a context does not reach, and
// might panic as the library does.
func look(ctx context.Context, probe func(context.Context) *finding) *finding {
	found := make(chan *finding, 1)
	go func() {
		var f *finding
		if _, err := guarded(func() (string, error) { f = probe(ctx); return "", nil }); err != nil {
			f = &finding{kind: ErrUnavailable, detail: quote(err), cause: err}
		}
		found <- f
	}()
	select {
	case f := <-found:
		return f
	case <-ctx.Done():
		return silent(ctx)
	}
}

func silent(ctx context.Context) *finding {
	return &finding{
		kind: ErrTimeout, detail: waited(ctx) + ", nothing was asked of it",
		remedy: "see whether the keychain hangs, and try again", cause: context.Cause(ctx),
	}
}

func late(ctx context.Context) *finding {
	return &finding{
		kind: ErrTimeout, detail: waited(ctx) + "; what was asked may still happen",
		remedy: "look for a window of the keychain, and try again when it is answered", cause: context.Cause(ctx),
	}
}

func waited(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.Canceled) {
		return "the wait was cancelled"
	}
	return "the time limit passed"
}

func busy(err error) *finding {
	return &finding{
		kind: ErrBusy, detail: "this one was not begun", cause: err,
		remedy: "look for a window of the keychain, and try again when it is answered",
	}
}
