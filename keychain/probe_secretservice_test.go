//go:build linux || freebsd || netbsd || openbsd || dragonfly

package keychain

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"orgkeep/keychain/keychaintest"
)

// TestNoBusAddress has a dbus-launch in the path that would leave a trace.
func TestNoBusAddress(t *testing.T) {
	folder := t.TempDir()
	trace := filepath.Join(folder, "launched")
	program := "#!/bin/sh\n: >'" + trace + "'\nexit 1\n"
	if err := os.WriteFile(filepath.Join(folder, "dbus-launch"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	for _, address := range []string{"", "autolaunch:", "unix:path=" + folder + "/nobody", "nonsense"} {
		t.Run(address, func(t *testing.T) {
			t.Setenv(busVariable, address)
			s := newOSStore(newSecretService(filepath.Join(folder, "bus")).platform(), goKeyring{}, newQueue())
			wantKind(t, s.Probe(t.Context()), ErrUnavailable)
			_, err := s.Get(Interactive(t.Context()), account)
			wantKind(t, err, ErrUnavailable)
			wantKind(t, s.Set(t.Context(), account, "v"), ErrUnavailable)
		})
	}
	if _, err := os.Stat(trace); err == nil {
		t.Error("dbus-launch was run")
	}
}

// TestRuntimeBus finds the bus where the environment does not name it.
func TestRuntimeBus(t *testing.T) {
	fake := keychaintest.StartFake(t)
	fake.Use(t)
	address := os.Getenv(busVariable)
	socket, _, _ := strings.Cut(strings.TrimPrefix(address, "unix:path="), ",")
	for _, named := range []string{"", "autolaunch:"} {
		t.Setenv(busVariable, named)
		s := newOSStore(newSecretService(socket).platform(), goKeyring{}, newQueue())
		if f := s.platform.probe(t.Context(), nil, ""); f != nil {
			t.Errorf("the probe found %v (%s)", f.kind, f.detail)
		}
		if got := os.Getenv(busVariable); got != named {
			t.Errorf("the probe set %s to %q", busVariable, got)
		}
		wantKind(t, s.Set(t.Context(), account, "v"+named), nil)
		if value, ok := fake.Value("orgkeep", account); !ok || value != "v"+named {
			t.Errorf("the value went elsewhere: %q, %v", value, ok)
		}
	}
}

func TestExplainDBus(t *testing.T) {
	t.Parallel()
	dbusError := func(name string) error { return dbus.Error{Name: name, Body: []any{"text"}} }
	for _, c := range []struct {
		err  error
		kind error
	}{
		{errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"), ErrLocked},
		{dbusError("org.freedesktop.Secret.Error.IsLocked"), ErrLocked},
		{dbusError("org.freedesktop.Secret.Error.NoSuchObject"), ErrUnavailable},
		{dbusError("org.freedesktop.DBus.Error.NoReply"), ErrTimeout},
		{dbusError("org.freedesktop.DBus.Error.ServiceUnknown"), ErrUnavailable},
		{dbusError("org.freedesktop.DBus.Error.Spawn.ChildExited"), ErrUnavailable},
		{dbusError("org.freedesktop.DBus.Error.Disconnected"), ErrUnavailable},
		{dbus.ErrClosed, ErrUnavailable},
		{io.EOF, ErrUnavailable},
		{errors.New("strange"), ErrUnavailable},
	} {
		f := explainDBus(c.err)
		if !errors.Is(f.kind, c.kind) || f.remedy == "" {
			t.Errorf("%v: %v, remedy %q, want %v", c.err, f.kind, f.remedy, c.kind)
		}
	}
}
