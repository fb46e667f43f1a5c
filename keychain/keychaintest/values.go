package keychaintest

import (
	"testing"

	"github.com/godbus/dbus/v5"
)

// Values returns what the items kept under a service name ("orgkeep") hold, in
// no order, past the code that is tested. The collection must be unlocked.
func (s *Service) Values(t testing.TB, service string) []string {
	t.Helper()
	var output dbus.Variant
	var session dbus.ObjectPath
	s.call(t, secretsInterface+".OpenSession", "plain", dbus.MakeVariant("")).store(&output, &session)
	var unlocked, locked []dbus.ObjectPath
	s.call(t, secretsInterface+".SearchItems", map[string]string{"service": service}).store(&unlocked, &locked)
	if len(locked) > 0 {
		t.Fatalf("%d items of %s are locked", len(locked), service)
	}
	var secrets map[dbus.ObjectPath]wireSecret
	s.call(t, secretsInterface+".GetSecrets", unlocked, session).store(&secrets)
	values := make([]string, 0, len(secrets))
	for _, secret := range secrets {
		values = append(values, string(secret.Value))
	}
	return values
}
