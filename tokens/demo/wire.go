package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"orgkeep/tokens"
)

// wire is the listener on loopback with the server behind it and the only
// transport that reaches it.
type wire struct {
	transport *http.Transport
	server    *http.Server
	ctx       context.Context // ends when the demo is closed
	cancel    context.CancelFunc
	served    chan error
	conns     sync.WaitGroup
}

// listen starts serving handler on a free port of 127.0.0.1.
func listen(ctx context.Context, handler http.Handler, clock tokens.Clock) (*wire, error) {
	authority, err := newAuthority(clock)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening on loopback: %w", err)
	}
	w := &wire{served: make(chan error, 1)}
	w.ctx, w.cancel = context.WithCancel(ctx)
	w.server = &http.Server{
		Handler:           handler,
		TLSConfig:         authority.serverConfig(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Hour, // a demo may stand, and its connections with it
		BaseContext:       func(net.Listener) context.Context { return w.ctx },
		ConnState:         w.count,
		// A broken handshake is the client's to report; here it would be drawn over.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	w.transport = &http.Transport{
		// The host is for TLS and the Host header only: name resolution is never asked.
		DialContext:     w.dialer(listener.Addr().String()),
		TLSClientConfig: authority.clientConfig(),
	}
	go func() { w.served <- w.server.ServeTLS(listener, "", "") }()
	return w, nil
}

func (w *wire) dialer(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		// Another process may hold the port by now.
		if w.ctx.Err() != nil {
			return nil, ErrClosed
		}
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}
}

// count keeps the tally of open connections, each of which has a goroutine.
func (w *wire) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		w.conns.Add(1)
	case http.StateClosed, http.StateHijacked:
		w.conns.Done()
	case http.StateActive, http.StateIdle:
	}
}

func (w *wire) close() error {
	w.cancel()
	err := w.server.Close()
	// New connections are counted by the goroutine that serves: it ends first.
	if served := <-w.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	w.conns.Wait()
	w.transport.CloseIdleConnections()
	if err != nil {
		return fmt.Errorf("closing the demo's endpoint: %w", err)
	}
	return nil
}
