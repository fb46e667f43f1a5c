package keychaintest

import (
	"maps"
	"strconv"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// Fake is a Secret Service whose prompts the test answers. Its methods are safe
// for concurrent use.
type Fake struct {
	*Bus
	conn    *dbus.Conn
	prompts chan *Prompt

	mu         sync.Mutex
	collection dbus.ObjectPath // the only one, and the default; "/" for none
	items      map[dbus.ObjectPath]*fakeItem
	locked     bool
	asks       bool
	made       int           // objects made so far, for their paths
	frozen     chan struct{} // nil while it answers
}

type fakeItem struct {
	attributes map[string]string
	secret     wireSecret
}

// StartFake starts a fake Secret Service, unlocked and empty, for the test's
// length. It skips the test where dbus-daemon is missing; see Required.
func StartFake(t testing.TB) *Fake {
	t.Helper()
	const manyPrompts = 16
	f := &Fake{
		Bus: StartBus(t), prompts: make(chan *Prompt, manyPrompts),
		collection: loginPath, items: make(map[dbus.ObjectPath]*fakeItem),
	}
	f.conn = f.Connect(t)
	t.Cleanup(f.Thaw) // before the connection closes: no handler stays behind
	for _, path := range []dbus.ObjectPath{loginPath, secretsPath + "/collection/session", secretsPath + "/aliases/default"} {
		f.export(t, fakeCollection{f}, path, collectionFace)
		f.export(t, fakeProperties{f}, path, propertiesFace)
	}
	f.export(t, fakeService{f}, secretsPath, secretsInterface)
	f.export(t, fakeProperties{f}, secretsPath, propertiesFace)
	f.export(t, fakeSession{}, secretsPath+"/session/1", "org.freedesktop.Secret.Session")
	if answer, err := f.conn.RequestName(secretsName, dbus.NameFlagDoNotQueue); err != nil || answer != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("taking the name %s: %v (%v)", secretsName, err, answer)
	}
	return f
}

func (f *Fake) export(t testing.TB, object any, path dbus.ObjectPath, iface string) {
	t.Helper()
	if err := f.conn.Export(object, path, iface); err != nil {
		t.Fatalf("exporting %s: %v", path, err)
	}
}

// SetLocked locks or unlocks the collection; unlocking it over the bus prompts.
func (f *Fake) SetLocked(locked bool) { f.with(func() { f.locked = locked }) }

// AskAtWrites makes every CreateItem and Delete prompt, as KeePassXC does.
func (f *Fake) AskAtWrites(ask bool) { f.with(func() { f.asks = ask }) }

// SetCollection makes name ("login", "session") the only collection and the
// default one; an empty name leaves none.
func (f *Fake) SetCollection(name string) {
	f.with(func() {
		f.collection = noObject
		if name != "" {
			f.collection = secretsPath + "/collection/" + dbus.ObjectPath(name)
		}
	})
}

// Freeze makes the service take calls and answer none, until Thaw.
func (f *Fake) Freeze() {
	f.with(func() {
		if f.frozen == nil {
			f.frozen = make(chan struct{})
		}
	})
}

// Thaw lets the service answer again, also what it was asked meanwhile.
func (f *Fake) Thaw() {
	f.with(func() {
		if f.frozen != nil {
			close(f.frozen)
			f.frozen = nil
		}
	})
}

// Prompts gives each prompt when it is shown.
func (f *Fake) Prompts() <-chan *Prompt { return f.prompts }

// Value returns the stored text of an account of a service.
func (f *Fake) Value(service, account string) (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, item := range f.items {
		if item.attributes["service"] == service && item.attributes["username"] == account {
			return string(item.secret.Value), true
		}
	}
	return "", false
}

func (f *Fake) with(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// answering waits while the service is frozen.
func (f *Fake) answering() {
	f.mu.Lock()
	frozen := f.frozen
	f.mu.Unlock()
	if frozen != nil {
		<-frozen
	}
}

// path names a new object under a folder of paths.
func (f *Fake) path(folder string) dbus.ObjectPath {
	f.made++
	return secretsPath + dbus.ObjectPath("/"+folder+"/n"+strconv.Itoa(f.made))
}

// find returns the paths of the items that have the attributes.
func (f *Fake) find(attributes map[string]string) []dbus.ObjectPath {
	found := []dbus.ObjectPath{}
	for path, item := range f.items {
		both := maps.Clone(item.attributes)
		maps.Copy(both, attributes)
		if maps.Equal(both, item.attributes) {
			found = append(found, path)
		}
	}
	return found
}

// Prompt is a question on the screen of a Fake. The person answers once.
type Prompt struct {
	fake *Fake
	path dbus.ObjectPath
	act  func() dbus.Variant // what accepting does, and its result
}

// Accept does what was asked and says so.
func (p *Prompt) Accept() error { return p.complete(false, p.act()) }

// Dismiss says that the person refused, and does nothing.
func (p *Prompt) Dismiss() error { return p.complete(true, dbus.MakeVariant("")) }

func (p *Prompt) complete(dismissed bool, result dbus.Variant) error {
	return p.fake.conn.Emit(p.path, "org.freedesktop.Secret.Prompt.Completed", dismissed, result)
}

// ask makes a prompt object, shown when the client says so.
func (f *Fake) ask(act func() dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	var path dbus.ObjectPath
	f.with(func() { path = f.path("prompt") })
	p := &Prompt{fake: f, path: path, act: act}
	if err := f.conn.Export(fakePrompt{p}, path, "org.freedesktop.Secret.Prompt"); err != nil {
		return "", dbus.MakeFailedError(err)
	}
	return path, nil
}
