//go:build linux || freebsd || netbsd || openbsd || dragonfly

package keychain

import (
	"sync"

	"github.com/godbus/dbus/v5"
)

// sharedBus watches the connection that go-keyring's calls share. go-keyring
// leaves a channel on it for every prompt, and godbus starts a goroutine for
// every answer that such a channel does not take, so that after n prompts about
// n²/2 goroutines wait. Closing the connection ends them all.
type sharedBus struct {
	mu      sync.Mutex
	conn    *dbus.Conn
	signals chan *dbus.Signal // closed with conn
}

// watch makes sure that the connection is there and that its signals are seen;
// the only ones that come are answers to prompts.
func (b *sharedBus) watch() error {
	conn, err := dbus.SessionBus()
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if conn == b.conn {
		return nil
	}
	b.conn, b.signals = conn, make(chan *dbus.Signal, 1)
	conn.Signal(b.signals)
	return nil
}

// drop closes the connection if a prompt was answered on it. godbus makes a new
// one for the next call. No call may be using it.
func (b *sharedBus) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.conn == nil {
		return
	}
	select {
	case <-b.signals:
		_ = b.conn.Close() // it is of no more use, whatever Close says
		b.conn = nil
	default:
	}
}
