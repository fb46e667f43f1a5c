// Package demo is a Salesforce that is not one: orgs made from a seed, and a
// token endpoint in this process that answers for them over real HTTPS on
// loopback. Nothing of it leaves the machine and none of its tokens opens
// anything.
package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"orgkeep/tokens"
)

// Options say which demo is started. The zero Options are usable.
type Options struct {
	// Clock dates the orgs and the answers; nil is the machine's clock. With a
	// still clock and one Seed every start gives the same orgs and tokens.
	Clock tokens.Clock
	// Seed is what ids, tokens and latencies are made from.
	Seed uint64
	// Scenario says which orgs there are; Mixed when empty.
	Scenario Scenario
	// Speed divides the latencies: 1 (and 0) gives those that a person can
	// watch, 2 is twice as fast.
	Speed float64
	// Wait waits for a latency and reports whether all of it has passed before
	// ctx ended; nil waits by the machine's clock. With Steps as the Clock it is
	// theirs.
	Wait func(ctx context.Context, d time.Duration) bool
}

// Saved is one org of the demo with its secrets, as an import would save them.
type Saved struct {
	Org     tokens.Org
	Secrets tokens.Secrets
}

// ErrClosed is the error of requests made through the transport of a demo that
// has been closed.
var ErrClosed = errors.New("the demo has ended")

// Demo is a running demo. It is safe for concurrent use.
type Demo struct {
	saved     []Saved
	endpoint  *endpoint
	wire      *wire
	closeOnce sync.Once
	closeErr  error
}

// Start makes the orgs and starts the endpoint. The caller closes the Demo. It
// fails when Scenario is not known, when Speed is negative or no port of 127.0.0.1 can be had.
func Start(options Options) (*Demo, error) {
	if options.Clock == nil {
		options.Clock = tokens.SystemClock()
	}
	switch {
	case options.Speed == 0:
		options.Speed = 1
	case !(options.Speed > 0): // NaN too
		return nil, fmt.Errorf("starting the demo: the speed is %v, it has to be above zero", options.Speed)
	}
	endpoint := newEndpoint(options.Clock, source(options.Seed))
	if options.Wait != nil {
		endpoint.wait = options.Wait
	}
	saved, err := endpoint.seedOrgs(options.Scenario, options.Speed)
	if err != nil {
		return nil, fmt.Errorf("making the demo's orgs: %w", err)
	}
	wire, err := listen(context.Background(), endpoint, options.Clock)
	if err != nil {
		return nil, fmt.Errorf("starting the demo's endpoint: %w", err)
	}
	return &Demo{saved: saved, endpoint: endpoint, wire: wire}, nil
}

// Transport carries requests to the demo's endpoint, whatever host they name:
// every connection is dialled to one listener on 127.0.0.1, over TCP and TLS
// with a certificate that only this transport trusts. It uses no proxy. After
// Close its requests fail with an error wrapping ErrClosed. It is safe for
// concurrent use.
func (d *Demo) Transport() http.RoundTripper { return d.wire.transport }

// Orgs returns the orgs as they stood at the start, in a fixed order. The
// caller may change the slice.
func (d *Demo) Orgs() []Saved {
	orgs := slices.Clone(d.saved)
	for i := range orgs {
		orgs[i].Org.Scopes = slices.Clone(orgs[i].Org.Scopes)
		orgs[i].Org.Tags = slices.Clone(orgs[i].Org.Tags)
		orgs[i].Secrets.Scopes = slices.Clone(orgs[i].Secrets.Scopes)
		if last := orgs[i].Org.Last; last != nil {
			again := *last
			orgs[i].Org.Last = &again
		}
	}
	return orgs
}

// Close ends the endpoint, its connections and the answers it was waiting to
// give, and returns when their goroutines have ended. Later calls do nothing.
func (d *Demo) Close() error {
	d.closeOnce.Do(func() { d.closeErr = d.wire.close() })
	return d.closeErr
}
