package keychain

import (
	"context"
	"errors"
	"sync"
)

// atOnce is how many calls may be in the keychain together. The services are
// serial inside: more only makes each wait longer.
const atOnce = 4

// asking is the turn of every call that may make the keychain ask: go-keyring
// takes the answer to one prompt for the answer to another. No account has
// this name.
const asking = "?"

// errLate says that the call in front has outlived its time limit.
var errLate = errors.New("the call in front is late")

// queue lets one call at a time have each turn (an item, or asking), and
// atOnce calls have one at all. A call keeps its turns until it really returns,
// however late, because until then it may still write or hold a prompt open.
type queue struct {
	slots chan struct{}

	mu      sync.Mutex
	running map[string]*call
}

// call is one use of the keychain, from its turn to its return.
type call struct {
	queue *queue
	turns []string
	slot  bool
	done  chan struct{} // closed when the call has returned
	late  chan struct{} // closed when its caller has stopped waiting
}

func newQueue() *queue {
	return &queue{slots: make(chan struct{}, atOnce), running: make(map[string]*call)}
}

// enter waits for the turns, in the order given, and for a slot. It returns
// errLate at once when a late call has one of the turns, else the error of ctx
// when that ends first. The call must leave.
func (q *queue) enter(ctx context.Context, turns ...string) (*call, error) {
	c := &call{queue: q, done: make(chan struct{}), late: make(chan struct{})}
	for _, turn := range turns {
		if err := q.take(ctx, c, turn); err != nil {
			c.leave()
			return nil, err
		}
	}
	select {
	case q.slots <- struct{}{}:
		c.slot = true
		return c, nil
	case <-ctx.Done():
		c.leave()
		return nil, context.Cause(ctx)
	}
}

func (q *queue) take(ctx context.Context, c *call, turn string) error {
	for {
		q.mu.Lock()
		front := q.running[turn]
		if front == nil {
			q.running[turn] = c
			c.turns = append(c.turns, turn)
			q.mu.Unlock()
			return nil
		}
		q.mu.Unlock()
		select {
		case <-front.done:
		case <-front.late:
			select {
			case <-front.done: // late, but back
			default:
				return errLate
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// leave gives back what the call has, and lets the next ones in.
func (c *call) leave() {
	c.queue.mu.Lock()
	for _, turn := range c.turns {
		delete(c.queue.running, turn)
	}
	c.queue.mu.Unlock()
	if c.slot {
		<-c.queue.slots
	}
	close(c.done)
}

// alone calls work if no other call is in the keychain, and keeps others out
// meanwhile. The call must have its slot.
func (c *call) alone(work func()) {
	for range atOnce - 1 {
		select {
		case c.queue.slots <- struct{}{}:
			defer func() { <-c.queue.slots }()
		default:
			return
		}
	}
	work()
}

// settled waits until the call that has the turn, if any, has returned.
func (q *queue) settled(ctx context.Context, turn string) error {
	q.mu.Lock()
	front := q.running[turn]
	q.mu.Unlock()
	if front == nil {
		return nil
	}
	select {
	case <-front.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
