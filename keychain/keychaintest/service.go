package keychaintest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

const (
	password         = "for tests only" // of a keyring that lives as long as a test
	secretsPath      = dbus.ObjectPath("/org/freedesktop/secrets")
	secretsInterface = "org.freedesktop.Secret.Service"
	collectionFace   = "org.freedesktop.Secret.Collection"
	propertiesFace   = "org.freedesktop.DBus.Properties"
	loginPath        = secretsPath + "/collection/login"
	noObject         = dbus.ObjectPath("/")
	unlockForTests   = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface.UnlockWithMasterPassword"
	lockedProperty   = "Locked"
)

// Service is a GNOME Keyring with an unlocked login collection on a private
// bus. Its methods are for the test's own goroutine.
type Service struct {
	*Bus
	daemon *process
}

// Start starts a keyring for the test's length. It skips the test where
// dbus-daemon or gnome-keyring-daemon is missing; see Required.
func Start(t testing.TB) *Service {
	t.Helper()
	need(t, "dbus-daemon", "gnome-keyring-daemon")
	s := &Service{Bus: StartBus(t)}
	s.StartDaemon(t)
	return s
}

// StartDaemon starts the keyring daemon anew, after Kill: with the items that
// were stored before, and unlocked.
func (s *Service) StartDaemon(t testing.TB) {
	t.Helper()
	home := filepath.Join(s.folder, "home")
	data := filepath.Join(home, "data")
	// Without this folder the daemon would use one in the old place, ~/.gnome2.
	if err := os.MkdirAll(filepath.Join(data, "keyrings"), 0o700); err != nil {
		t.Fatalf("folder of the keyring: %v", err)
	}
	// In the foreground it is our child, to be stopped and reaped. The password
	// comes on stdin; a line end would be part of it.
	cmd := exec.CommandContext(context.Background(), "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	cmd.Env = append(s.Env(), "PATH="+os.Getenv("PATH"), "HOME="+home,
		"XDG_DATA_HOME="+data, "XDG_CACHE_HOME="+home, "XDG_CONFIG_HOME="+home)
	cmd.Stdin = strings.NewReader(password)
	cmd.Stdout = io.Discard
	s.daemon = start(t, cmd)
	await(t, "the keyring daemon takes its name on the bus", s.owned)
	await(t, "the login collection is unlocked", func() bool { return !s.locked() })
}

// Lock locks the login collection, as a screen lock or a logout does.
func (s *Service) Lock(t testing.TB) {
	t.Helper()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	s.call(t, secretsInterface+".Lock", []dbus.ObjectPath{loginPath}).store(&locked, &prompt)
	await(t, "the login collection is locked", s.locked)
}

// Unlock unlocks the login collection without a prompt.
func (s *Service) Unlock(t testing.TB) {
	t.Helper()
	var output dbus.Variant
	var session dbus.ObjectPath
	s.call(t, secretsInterface+".OpenSession", "plain", dbus.MakeVariant("")).store(&output, &session)
	secret := wireSecret{Session: session, Parameters: []byte{}, Value: []byte(password), ContentType: "text/plain"}
	s.call(t, unlockForTests, loginPath, secret).store()
	await(t, "the login collection is unlocked", func() bool { return !s.locked() })
}

// Freeze stops the daemon without ending it; it keeps its name on the bus and
// answers nothing until Thaw.
func (s *Service) Freeze(t testing.TB) {
	t.Helper()
	s.daemon.freeze(t)
}

// Thaw lets a frozen daemon go on with what it was asked meanwhile.
func (s *Service) Thaw(t testing.TB) {
	t.Helper()
	s.daemon.thaw(t)
}

// Kill ends the daemon and waits until its name is free. The items stay on disk
// for StartDaemon.
func (s *Service) Kill(t testing.TB) {
	t.Helper()
	s.daemon.end()
	await(t, "the name on the bus is free", func() bool { return !s.owned() })
}

// Items counts the items kept under a service name ("orgkeep"), locked or not.
func (s *Service) Items(t testing.TB, service string) int {
	t.Helper()
	var unlocked, locked []dbus.ObjectPath
	s.call(t, secretsInterface+".SearchItems", map[string]string{"service": service}).store(&unlocked, &locked)
	return len(unlocked) + len(locked)
}

func (s *Service) locked() bool {
	ctx, cancel := context.WithTimeout(context.Background(), waitLimit)
	defer cancel()
	var locked bool
	err := s.conn.Object(secretsName, loginPath).
		CallWithContext(ctx, propertiesFace+".Get", dbus.FlagNoAutoStart, collectionFace, lockedProperty).Store(&locked)
	return err != nil || locked
}

// reply is an answer of the service that must be good.
type reply struct {
	t      testing.TB
	method string
	call   *dbus.Call
}

func (s *Service) call(t testing.TB, method string, args ...any) reply {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), waitLimit)
	defer cancel()
	return reply{t, method, s.conn.Object(secretsName, secretsPath).CallWithContext(ctx, method, dbus.FlagNoAutoStart, args...)}
}

func (r reply) store(into ...any) {
	r.t.Helper()
	if err := r.call.Store(into...); err != nil {
		r.t.Fatalf("%s: %v", r.method, err)
	}
}

// wireSecret is a secret as it travels: (oayays).
type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}
