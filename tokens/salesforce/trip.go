package salesforce

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http/httptrace"
	"sync"
	"time"

	"orgkeep/tokens"
)

// phase is how far a request has come; phases only go forward.
type phase int

const (
	starting phase = iota
	resolving
	connecting
	handshake
	sending
	waiting
	reading
	phases
)

func (p phase) String() string {
	return [...]string{"", "resolving", "connecting", "TLS handshake", "sending", "waiting", "reading"}[p]
}

// Latency is how long each phase of a request took. A phase that did not occur,
// as connecting on a connection that was kept, is zero.
type Latency struct {
	Resolve, Connect, TLS, Send, Wait, Read time.Duration
	Whole                                   time.Duration
}

var (
	errConnectTime = errors.New("no connection in time")
	errWholeTime   = errors.New("no whole answer in time")
)

// trip follows one request through its phases, over one attempt or more.
type trip struct {
	gate      gate
	step      func(tokens.Step)
	stopwatch func() time.Duration
	cancel    context.CancelCauseFunc

	mu     sync.Mutex
	over   bool
	at     phase
	since  time.Duration
	spans  [phases]time.Duration
	reused bool
	stops  []func() bool
	halt   func() bool // stops the connect timer
}

// begin starts a trip: its context ends with the caller's only while the gate
// is not open, and with the limits of the client.
func (c *Client) begin(ctx context.Context, step func(tokens.Step)) (*trip, context.Context) {
	t := &trip{step: step, stopwatch: c.clock.Stopwatch()}
	own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	t.cancel = cancel
	connect := time.AfterFunc(c.connect, func() { t.giveUp(errConnectTime) })
	whole := time.AfterFunc(c.whole, func() {
		t.gate.close()
		cancel(errWholeTime)
	})
	t.halt = connect.Stop
	t.stops = []func() bool{
		connect.Stop, whole.Stop,
		context.AfterFunc(ctx, func() { t.giveUp(context.Cause(ctx)) }),
	}
	t.tell(tokens.StepContacting)
	return t, httptrace.WithClientTrace(own, t.trace())
}

// giveUp ends the request unless the refresh token is on its way.
func (t *trip) giveUp(cause error) {
	if t.gate.close() {
		t.cancel(cause)
	}
}

// end stops everything that could still call back. No step is told after it.
func (t *trip) end() Latency {
	for _, stop := range t.stops {
		stop()
	}
	t.cancel(nil)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle()
	t.over = true
	return Latency{
		Resolve: t.spans[resolving], Connect: t.spans[connecting], TLS: t.spans[handshake],
		Send: t.spans[sending], Wait: t.spans[waiting], Read: t.spans[reading], Whole: t.since,
	}
}

// again puts the trip back to its start for another attempt.
func (t *trip) again() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle()
	t.at, t.reused = starting, false
}

// settle books the time since the last mark on the phase at hand.
func (t *trip) settle() {
	now := t.stopwatch()
	t.spans[t.at] += now - t.since
	t.since = now
}

func (t *trip) enter(p phase) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over && p > t.at {
		t.settle()
		t.at = p
	}
}

func (t *trip) phase() phase {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at
}

// tell calls step for one goroutine at a time, and never once the trip is over:
// the transport's goroutines may outlive it.
func (t *trip) tell(s tokens.Step) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over && t.step != nil {
		t.step(s)
	}
}

// trace listens to net/http. The dial it hears of may be another request's
// gain: it goes on when a kept connection is free first.
func (t *trip) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { t.enter(resolving) },
		ConnectStart:      func(string, string) { t.enter(connecting) },
		TLSHandshakeStart: func() { t.enter(handshake) },
		TLSHandshakeDone:  func(tls.ConnectionState, error) {},
		GotConn: func(info httptrace.GotConnInfo) {
			t.halt()
			t.mu.Lock()
			t.reused = info.Reused
			t.mu.Unlock()
			t.gate.attach(trackedConn(info.Conn))
			t.enter(sending)
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				t.enter(waiting)
				t.tell(tokens.StepWaiting)
			}
		},
		GotFirstResponseByte: func() { t.enter(reading) },
	}
}
