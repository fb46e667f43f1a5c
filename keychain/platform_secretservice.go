//go:build linux || freebsd || netbsd || openbsd || dragonfly

package keychain

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
)

const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// secretService is the platform of Linux and the BSDs. runtimeBus is the socket
// of the user's session bus when the environment names none.
type secretService struct {
	runtimeBus string
	shared     *sharedBus
}

func hostPlatform() platform {
	return newSecretService("/run/user/" + strconv.Itoa(os.Getuid()) + "/bus").platform()
}

func newSecretService(runtimeBus string) secretService {
	return secretService{runtimeBus: runtimeBus, shared: &sharedBus{}}
}

func (s secretService) platform() platform {
	return platform{
		name:    "Secret Service",
		probe:   func(ctx context.Context, _ library, _ string) *finding { return s.probe(ctx) },
		ready:   s.ready,
		after:   s.shared.drop,
		explain: explainDBus,
	}
}

// address finds the session bus where godbus would, except that it stops where
// godbus would run dbus-launch, which leaves a bus and a keyring running.
func (s secretService) address() (string, *finding) {
	if address := os.Getenv(busVariable); address != "" && address != "autolaunch:" {
		return address, nil
	}
	if _, err := os.Stat(s.runtimeBus); err == nil {
		return "unix:path=" + dbus.EscapeBusAddressValue(s.runtimeBus), nil
	}
	return "", &finding{
		kind: ErrUnavailable, detail: "there is no D-Bus session bus",
		remedy: "log in to a desktop, or run orgkeep under dbus-run-session; " + useVault,
	}
}

// ready probes before each call, and tells godbus the address that was probed,
// so that it cannot come to another conclusion.
func (s secretService) ready(ctx context.Context) *finding {
	f := s.probe(ctx)
	if f != nil && !f.ask {
		return f
	}
	address, none := s.address()
	if none != nil {
		return none
	}
	if address != os.Getenv(busVariable) {
		if err := os.Setenv(busVariable, address); err != nil {
			return unknown(err)
		}
	}
	if err := s.shared.watch(); err != nil {
		return explainDBus(err)
	}
	return f
}

// explainDBus tells the errors of the Secret Service and of the bus apart.
func explainDBus(err error) *finding {
	if errors.Is(err, dbus.ErrClosed) || errors.Is(err, io.EOF) {
		return &finding{kind: ErrUnavailable, detail: "the session bus went away", remedy: tryAgain}
	}
	// The only sign that go-keyring gives of a locked collection.
	if strings.HasPrefix(err.Error(), "failed to unlock correct collection") {
		return &finding{kind: ErrLocked, detail: "it was not unlocked", remedy: unlockIt, ask: true}
	}
	problem, ok := errors.AsType[dbus.Error](err)
	if !ok {
		return unknown(err)
	}
	switch problem.Name {
	case "org.freedesktop.Secret.Error.IsLocked":
		return &finding{kind: ErrLocked, remedy: unlockIt, ask: true}
	case "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Timeout", "org.freedesktop.DBus.Error.TimedOut":
		return &finding{kind: ErrTimeout, detail: "it went away or hangs", remedy: tryAgain}
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner":
		return &finding{kind: ErrUnavailable, detail: "no Secret Service is running", remedy: startOne}
	case "org.freedesktop.DBus.Error.Disconnected":
		return &finding{kind: ErrUnavailable, detail: "the session bus went away", remedy: tryAgain}
	}
	if strings.HasPrefix(problem.Name, "org.freedesktop.DBus.Error.Spawn.") {
		return &finding{kind: ErrUnavailable, detail: "the Secret Service could not be started: " + quote(err), remedy: startOne}
	}
	f := unknown(err)
	f.detail = "it said " + strconv.QuoteToASCII(problem.Name) + " " + quote(err)
	return f
}
