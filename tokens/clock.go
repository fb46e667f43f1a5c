package tokens

import "time"

// Clock tells the time to everything that counts ages or measures durations;
// the program has one and passes it on. Implementations are safe for concurrent
// use.
type Clock interface {
	// Now is the moment ages are counted from.
	Now() time.Time
	// Stopwatch starts measuring; the function it returns tells the time since.
	Stopwatch() func() time.Duration
}

// SystemClock is the machine's clock.
func SystemClock() Clock { return systemClock{} }

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// StillClock always says that it is now. Its stopwatches run, but tell whole
// tenths of a second, so that a demo repeats itself to the letter.
func StillClock(now time.Time) Clock { return stillClock{now} }

type stillClock struct{ now time.Time }

func (c stillClock) Now() time.Time { return c.now }

func (stillClock) Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start).Truncate(100 * time.Millisecond) }
}
