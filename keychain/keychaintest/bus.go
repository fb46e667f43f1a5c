// Package keychaintest gives tests a Secret Service: the real one (GNOME
// Keyring, unlocked, on a private session bus, without a desktop) and a fake
// one whose prompts the test answers. Nothing of the user's session is touched
// and nothing stays when the test ends.
package keychaintest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Required is the environment variable that, set to 1, makes a test fail
// instead of skip where a program it needs is missing. CI sets it on Linux.
const Required = "ORGKEEP_REQUIRE_KEYRING"

const (
	busVariable = "DBUS_SESSION_BUS_ADDRESS"
	secretsName = "org.freedesktop.secrets"
	// waitLimit is how long anything here is waited for before the test fails.
	waitLimit = 30 * time.Second
)

// Bus is a private D-Bus session bus. Nothing can be activated on it except
// what MakeActivatable allows, so that no second keyring daemon comes up, which
// would be a locked one. Its methods are for the test's own goroutine.
type Bus struct {
	folder  string
	address string
	daemon  *process
	conn    *dbus.Conn
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <servicedir>%s</servicedir>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// StartBus starts a session bus without a Secret Service, for the test's length.
// It skips the test where dbus-daemon is missing; see Required.
func StartBus(t testing.TB) *Bus {
	t.Helper()
	need(t, "dbus-daemon")
	// A socket's path has about 100 bytes, and t.TempDir is named after the test.
	folder, err := os.MkdirTemp("", "okbus") //nolint:usetesting // as the comment says
	if err != nil {
		t.Fatalf("folder of the session bus: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	services := filepath.Join(folder, "services")
	if err := os.Mkdir(services, 0o700); err != nil {
		t.Fatalf("folder of the session bus: %v", err)
	}
	config := filepath.Join(folder, "bus.conf")
	text := fmt.Sprintf(busConfig, filepath.Join(folder, "bus"), services)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatalf("configuration of the session bus: %v", err)
	}
	b := &Bus{folder: folder}
	b.run(t, config)
	b.conn = b.Connect(t)
	return b
}

func (b *Bus) run(t testing.TB, config string) {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), "dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address=1") //nolint:gosec // the path is ours
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("pipe from dbus-daemon: %v", err)
	}
	// The bus must not see, or hand to what it starts, the user's own session.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "XDG_RUNTIME_DIR=" + b.folder, "HOME=" + b.folder}
	b.daemon = start(t, cmd)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("dbus-daemon gave no address: %v", err)
	}
	b.address = strings.TrimSpace(line)
}

// Address is the bus's address, for DBUS_SESSION_BUS_ADDRESS.
func (b *Bus) Address() string { return b.address }

// Env is what a child process needs in its environment to use this bus and no
// other, and no desktop: add it after os.Environ().
func (b *Bus) Env() []string {
	return []string{busVariable + "=" + b.address, "XDG_RUNTIME_DIR=" + b.folder, "DISPLAY=", "WAYLAND_DISPLAY="}
}

// Use makes this bus the one of the test's own process, until the test ends.
// Such tests cannot run in parallel. godbus shares one connection in a process,
// so the one to the bus before is closed.
func (b *Bus) Use(t testing.TB) {
	t.Helper()
	t.Setenv(busVariable, b.address)
	dropShared()
	t.Cleanup(dropShared)
}

// dropShared closes godbus's shared connection. The variable is still set when
// it runs, so that asking for the connection never looks for another bus.
func dropShared() {
	if conn, err := dbus.SessionBus(); err == nil {
		_ = conn.Close()
	}
}

// Connect returns a connection to the bus for the test's length.
func (b *Bus) Connect(t testing.TB) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(b.address)
	if err != nil {
		t.Fatalf("connecting to the session bus: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// MakeActivatable says on the bus that a Secret Service is installed. It cannot
// be started: the file names a program that fails.
func (b *Bus) MakeActivatable(t testing.TB) {
	t.Helper()
	file := filepath.Join(b.folder, "services", secretsName+".service")
	text := "[D-BUS Service]\nName=" + secretsName + "\nExec=/bin/false\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatalf("service file: %v", err)
	}
	if err := b.conn.BusObject().Call("org.freedesktop.DBus.ReloadConfig", 0).Err; err != nil {
		t.Fatalf("reloading the bus: %v", err)
	}
}

// KillBus ends the bus daemon, as at the end of a desktop session.
func (b *Bus) KillBus() { b.daemon.end() }

// FreezeBus stops the bus daemon without ending it: connections stand, nothing
// answers. KillBus and the test's end work on a frozen one too.
func (b *Bus) FreezeBus(t testing.TB) {
	t.Helper()
	b.daemon.freeze(t)
}

func (b *Bus) owned() bool {
	var owned bool
	err := b.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, secretsName).Store(&owned)
	return err == nil && owned
}
