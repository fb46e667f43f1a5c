package demo

import (
	"context"
	"sync"
	"time"
)

// Steps is a clock that stands until Step lets some time pass: with it a
// presenter, and whoever takes pictures, goes through a demo at leisure, and what
// each moment shows does not depend on the machine. It is a tokens.Clock and safe
// for concurrent use.
type Steps struct {
	step time.Duration

	mu     sync.Mutex
	now    time.Time
	passed chan struct{} // closed at the next step
}

// NewSteps returns a clock that stands at a time, and whose steps are that long.
func NewSteps(at time.Time, step time.Duration) *Steps {
	return &Steps{step: step, now: at, passed: make(chan struct{})}
}

// Now is the time where the clock stands.
func (s *Steps) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Stopwatch tells the time that steps have let pass.
func (s *Steps) Stopwatch() func() time.Duration {
	start := s.Now()
	return func() time.Duration { return s.Now().Sub(start) }
}

// Step lets one step of time pass. What waits goes on by itself after it.
func (s *Steps) Step() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(s.step)
	close(s.passed)
	s.passed = make(chan struct{})
}

// Wait waits until steps have let d pass, or ctx ends, and reports whether d has
// passed.
func (s *Steps) Wait(ctx context.Context, d time.Duration) bool {
	for until := s.Now().Add(d); ; {
		s.mu.Lock()
		over, passed := !s.now.Before(until), s.passed
		s.mu.Unlock()
		if over {
			return true
		}
		select {
		case <-passed:
		case <-ctx.Done():
			return false
		}
	}
}
