package salesforce

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"
)

type dialer struct{ timeout time.Duration }

func (d dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := (&net.Dialer{Timeout: d.timeout, KeepAlive: 15 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	return &conn{Conn: c}, nil
}

// conn is a connection that remembers what passed through it. It lies under TLS
// and answers two questions that net/http does not: has the server hung up
// already, and did anything leave after a given moment?
type conn struct {
	net.Conn

	mu      sync.Mutex
	written int64
	writing int  // writes under way
	broken  bool // a write failed
	ended   bool // a read failed: the server hung up, or we did
	severed bool // nothing may leave any more
}

// Read reads as net.Conn does.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		c.mu.Lock()
		c.ended = true
		c.mu.Unlock()
	}
	return n, err //nolint:wrapcheck // net/http looks at the error itself
}

// Write writes as net.Conn does.
func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	if c.severed {
		c.mu.Unlock()
		return 0, errStale
	}
	c.writing++
	c.mu.Unlock()
	n, err := c.Conn.Write(p)
	c.mu.Lock()
	c.writing--
	c.written += int64(n)
	c.broken = c.broken || err != nil
	c.mu.Unlock()
	return n, err //nolint:wrapcheck // net/http looks at the error itself
}

// mark returns how much has left so far, or false when the server has hung up.
func (c *conn) mark() (int64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written, !c.ended && !c.broken
}

// sever reports for certain that not a byte left after mark, and sees to it that
// none will. It is for a connection that has ended: either it knows so itself, or the
// caller does (the end of TLS is told inside TLS, above this conn). On a living
// one, which other requests may share, it does nothing and reports false.
func (c *conn) sever(mark int64, ended bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writing == 0 && c.written == mark && (ended || c.broken || c.ended) {
		c.severed = true
	}
	return c.severed && c.written == mark
}

// trackedConn finds the conn under the layers of TLS that a request was given,
// nil where another dialer made it.
func trackedConn(c net.Conn) *conn {
	for {
		switch layer := c.(type) {
		case *conn:
			return layer
		case interface{ NetConn() net.Conn }:
			c = layer.NetConn()
		default:
			return nil
		}
	}
}
