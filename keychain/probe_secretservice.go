//go:build linux || freebsd || netbsd || openbsd || dragonfly

package keychain

import (
	"context"
	"slices"

	"github.com/godbus/dbus/v5"
)

// Names of the Secret Service API
// (https://specifications.freedesktop.org/secret-service/latest/).
const (
	secretsName       = "org.freedesktop.secrets"
	secretsPath       = dbus.ObjectPath("/org/freedesktop/secrets")
	secretsInterface  = "org.freedesktop.Secret.Service"
	loginCollection   = secretsPath + "/collection/login"
	sessionCollection = secretsPath + "/collection/session"
	noObject          = dbus.ObjectPath("/")
)

const startOne = "start GNOME Keyring, KWallet or KeePassXC, or log in to a desktop; " + useVault

// probe looks at the Secret Service over a connection of its own, which ends
// with ctx. It asks the bus before the service, and the service only with "do
// not start", so that nothing is activated; it reads properties, so that nothing
// prompts.
func (s secretService) probe(ctx context.Context) *finding {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // closes the connection
	address, f := s.address()
	if f != nil {
		return f
	}
	conn, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		if ctx.Err() != nil {
			return silent(ctx)
		}
		return &finding{
			kind: ErrUnavailable, detail: "the D-Bus session bus cannot be reached: " + quote(err), cause: err,
			remedy: "log in to a desktop, or run orgkeep under dbus-run-session; " + useVault,
		}
	}
	if f := running(ctx, conn); f != nil {
		return f
	}
	return unlocked(ctx, conn)
}

// running returns nil when a Secret Service owns its name on the bus.
func running(ctx context.Context, conn *dbus.Conn) *finding {
	var owned bool
	if err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secretsName).Store(&owned); err != nil {
		return unanswered(ctx, err)
	}
	if owned {
		return nil
	}
	var names []string
	if err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&names); err != nil {
		return unanswered(ctx, err)
	}
	if slices.Contains(names, secretsName) {
		return &finding{
			kind: ErrUnavailable, detail: "a Secret Service is installed and not started", ask: true,
			remedy: "start it, or log in to a desktop; " + useVault,
		}
	}
	return &finding{kind: ErrUnavailable, detail: "no Secret Service is running", remedy: startOne}
}

// unlocked returns nil when the collection that go-keyring will use is there to
// stay and open.
func unlocked(ctx context.Context, conn *dbus.Conn) *finding {
	collection, f := findCollection(ctx, conn)
	if f != nil {
		return f
	}
	var locked bool
	err := property(ctx, conn, collection, "org.freedesktop.Secret.Collection", "Locked").Store(&locked)
	switch {
	case err != nil:
		return unanswered(ctx, err)
	case locked:
		return &finding{kind: ErrLocked, remedy: unlockIt, ask: true}
	}
	return nil
}

// findCollection makes go-keyring's choice: login, else what the alias default
// stands for.
func findCollection(ctx context.Context, conn *dbus.Conn) (dbus.ObjectPath, *finding) {
	var collections []dbus.ObjectPath
	if err := property(ctx, conn, secretsPath, secretsInterface, "Collections").Store(&collections); err != nil {
		return "", unanswered(ctx, err)
	}
	if slices.Contains(collections, loginCollection) {
		return loginCollection, nil
	}
	var collection dbus.ObjectPath
	err := conn.Object(secretsName, secretsPath).
		CallWithContext(ctx, secretsInterface+".ReadAlias", dbus.FlagNoAutoStart, "default").Store(&collection)
	switch {
	case err != nil:
		return "", unanswered(ctx, err)
	case collection == noObject:
		return "", &finding{
			kind: ErrUnavailable, detail: "it has no default collection",
			remedy: "make one, in Seahorse for example, and try again",
		}
	case collection == sessionCollection:
		return "", &finding{
			kind: ErrUnavailable, detail: "its default collection forgets everything at logout",
			remedy: "make another collection the default one, in Seahorse for example; " + useVault,
		}
	}
	return collection, nil
}

func property(ctx context.Context, conn *dbus.Conn, path dbus.ObjectPath, iface, name string) *dbus.Call {
	return conn.Object(secretsName, path).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, iface, name)
}

// unanswered is the finding for a question of the probe that failed.
func unanswered(ctx context.Context, err error) *finding {
	if ctx.Err() != nil {
		return silent(ctx)
	}
	f := explainDBus(err)
	f.cause = err
	return f
}
