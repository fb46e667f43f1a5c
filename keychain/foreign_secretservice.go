//go:build linux || freebsd || netbsd || openbsd || dragonfly

package keychain

import (
	"context"
	"os"
	"strconv"

	"github.com/godbus/dbus/v5"
)

// salesforceCLI looks for the item as secret-tool does, by the attributes that the
// CLI gives it: go-keyring looks for others.
func salesforceCLI(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	s := newSecretService("/run/user/" + strconv.Itoa(os.Getuid()) + "/bus")
	found := make(chan string, 1)
	f := look(ctx, func(ctx context.Context) *finding {
		value, f := s.byAttributes(ctx, map[string]string{"user": "local", "domain": "sfdx"})
		found <- value
		return f
	})
	if f != nil {
		return "", f.error(s.platform().name, opGet, "", true)
	}
	return <-found, nil
}

const (
	itemInterface    = "org.freedesktop.Secret.Item"
	sessionInterface = "org.freedesktop.Secret.Session"
)

// byAttributes returns the secret of the first item with the attributes, empty
// where there is none. It reads over a connection of its own, which ends with
// ctx, and opens nothing: a locked item is ErrLocked.
func (s secretService) byAttributes(ctx context.Context, attributes map[string]string) (string, *finding) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // closes the connection
	address, f := s.address()
	if f != nil {
		return "", f
	}
	conn, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		return "", unanswered(ctx, err)
	}
	if f := running(ctx, conn); f != nil {
		return "", f
	}
	service := conn.Object(secretsName, secretsPath)
	var unlocked, locked []dbus.ObjectPath
	if err := service.CallWithContext(ctx, secretsInterface+".SearchItems", dbus.FlagNoAutoStart, attributes).Store(&unlocked, &locked); err != nil {
		return "", unanswered(ctx, err)
	}
	switch {
	case len(unlocked) > 0:
		return secretOf(ctx, conn, unlocked[0])
	case len(locked) > 0:
		return "", &finding{kind: ErrLocked, detail: "the Salesforce CLI's key is in it", remedy: unlockIt}
	}
	return "", nil
}

// secretOf reads one item, in a session without encryption of its own, as
// go-keyring's are: the bus is the user's.
func secretOf(ctx context.Context, conn *dbus.Conn, item dbus.ObjectPath) (string, *finding) {
	var output dbus.Variant
	var session dbus.ObjectPath
	err := conn.Object(secretsName, secretsPath).
		CallWithContext(ctx, secretsInterface+".OpenSession", dbus.FlagNoAutoStart, "plain", dbus.MakeVariant("")).Store(&output, &session)
	if err != nil {
		return "", unanswered(ctx, err)
	}
	var secret struct {
		Session     dbus.ObjectPath
		Parameters  []byte
		Value       []byte
		ContentType string
	}
	err = conn.Object(secretsName, item).CallWithContext(ctx, itemInterface+".GetSecret", dbus.FlagNoAutoStart, session).Store(&secret)
	if err != nil {
		return "", unanswered(ctx, err)
	}
	// The session ends with the connection too.
	_ = conn.Object(secretsName, session).CallWithContext(ctx, sessionInterface+".Close", dbus.FlagNoAutoStart).Err
	return string(secret.Value), nil
}
