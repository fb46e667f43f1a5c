package salesforce

import (
	"errors"
	"io"
	"sync"
)

var (
	errShut  = errors.New("the request was given up before its body was read")
	errStale = errors.New("the server had closed the connection")
)

// gate is the point of no return of a refresh. The refresh token leaves in the
// request's body, so the first read of the body decides, at one moment and for
// good, between "given up" and "sent": whoever comes first wins. A transport
// that reads too late gets an error, so nothing of the token leaves after the
// caller was told that nothing did.
//
// net/http flushes the headers before it reads a body of a type that it does
// not know (transferWriter.FlushHeaders; HTTP/2 always does), so a connection
// that was dead from the start mostly fails before the gate opens.
type gate struct {
	mu     sync.Mutex
	shut   bool
	sent   bool
	conn   *conn // of the latest attempt; nil when not ours
	mark   int64
	closed int // attempts given up; bodies of these may not be read any more
}

// attach tells the gate which connection the next body leaves on.
func (g *gate) attach(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.sent {
		g.conn = c
	}
}

// open lets the body of an attempt out, or says why not.
func (g *gate) open(attempt int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut || attempt < g.closed {
		return errShut
	}
	if g.conn != nil {
		mark, alive := g.conn.mark()
		if !alive {
			return errStale
		}
		g.mark = mark
	}
	g.sent = true
	return nil
}

// close shuts the gate unless the body is on its way; it reports whether the
// gate is shut.
func (g *gate) close() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = g.shut || !g.sent
	return g.shut
}

// failed ends an attempt that brought no answer, and reports whether the token
// may have left; ended says that the connection is over. When the token has not
// left and the gate was not shut, another attempt may follow.
func (g *gate) failed(ended bool) (sent bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed++
	if g.sent && g.conn != nil && g.conn.sever(g.mark, ended) {
		g.sent = false
	}
	g.conn = nil
	return g.sent
}

// body is the request's body in one attempt. Its first read opens the gate.
type body struct {
	gate    *gate
	attempt int
	opened  bool
	rest    io.Reader
}

// Read reads the form, once the gate lets it.
func (b *body) Read(p []byte) (int, error) {
	if !b.opened {
		if err := b.gate.open(b.attempt); err != nil {
			return 0, err
		}
		b.opened = true
	}
	return b.rest.Read(p) //nolint:wrapcheck // io.EOF must stay io.EOF
}

// Close does nothing: the gate decides what may still be read.
func (b *body) Close() error { return nil }
