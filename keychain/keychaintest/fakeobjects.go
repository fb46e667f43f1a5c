package keychaintest

import (
	"github.com/godbus/dbus/v5"
)

// The objects that a Fake shows on the bus. godbus calls their exported methods
// by name; the API is
// https://specifications.freedesktop.org/secret-service/latest/.
type (
	fakeService    struct{ f *Fake }
	fakeCollection struct{ f *Fake }
	fakeProperties struct{ f *Fake }
	fakeSession    struct{}
	fakePrompt     struct{ p *Prompt }
	fakeItemObject struct {
		f    *Fake
		path dbus.ObjectPath
	}
)

const (
	itemFace     = "org.freedesktop.Secret.Item"
	errNoObject  = "org.freedesktop.Secret.Error.NoSuchObject"
	errNoSession = "org.freedesktop.DBus.Error.NotSupported"
)

// OpenSession opens a session that sends secrets in the clear.
func (s fakeService) OpenSession(algorithm string, _ dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	s.f.answering()
	if algorithm != "plain" {
		return dbus.MakeVariant(""), noObject, dbus.NewError(errNoSession, nil)
	}
	return dbus.MakeVariant(""), secretsPath + "/session/1", nil
}

// ReadAlias knows the alias "default".
func (s fakeService) ReadAlias(name string) (dbus.ObjectPath, *dbus.Error) {
	s.f.answering()
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if name != "default" {
		return noObject, nil
	}
	return s.f.collection, nil
}

// Unlock prompts when the collection is locked.
func (s fakeService) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	s.f.answering()
	var locked bool
	s.f.with(func() { locked = s.f.locked })
	if !locked {
		return paths, noObject, nil
	}
	prompt, err := s.f.ask(func() dbus.Variant {
		s.f.SetLocked(false)
		return dbus.MakeVariant(paths)
	})
	return []dbus.ObjectPath{}, prompt, err
}

// SearchItems looks through the collection.
func (c fakeCollection) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	c.f.answering()
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	return c.f.find(attributes), nil
}

// CreateItem makes an item, or replaces the one with the same attributes.
func (c fakeCollection) CreateItem(properties map[string]dbus.Variant, secret wireSecret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	c.f.answering()
	attributes, ok := properties[itemFace+".Attributes"].Value().(map[string]string)
	if !ok {
		return noObject, noObject, dbus.NewError("org.freedesktop.DBus.Error.InvalidArgs", nil)
	}
	create := func() dbus.Variant {
		c.f.mu.Lock()
		defer c.f.mu.Unlock()
		path := c.f.path("collection/login")
		if same := c.f.find(attributes); len(same) > 0 {
			path = same[0]
		}
		c.f.items[path] = &fakeItem{attributes, secret}
		_ = c.f.conn.Export(fakeItemObject{c.f, path}, path, itemFace) // fails only for a malformed path
		return dbus.MakeVariant(path)
	}
	if c.f.asking() {
		prompt, err := c.f.ask(create)
		return noObject, prompt, err
	}
	path, _ := create().Value().(dbus.ObjectPath)
	return path, noObject, nil
}

// GetSecret returns the item's secret.
func (i fakeItemObject) GetSecret(session dbus.ObjectPath) (wireSecret, *dbus.Error) {
	i.f.answering()
	i.f.mu.Lock()
	defer i.f.mu.Unlock()
	item, ok := i.f.items[i.path]
	if !ok {
		return wireSecret{}, dbus.NewError(errNoObject, nil)
	}
	secret := item.secret
	secret.Session = session
	return secret, nil
}

// Delete removes the item.
func (i fakeItemObject) Delete() (dbus.ObjectPath, *dbus.Error) {
	i.f.answering()
	remove := func() dbus.Variant {
		i.f.with(func() { delete(i.f.items, i.path) })
		return dbus.MakeVariant("")
	}
	if i.f.asking() {
		return i.f.ask(remove)
	}
	remove()
	return noObject, nil
}

func (f *Fake) asking() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asks
}

// Prompt shows the question.
func (p fakePrompt) Prompt(string) *dbus.Error {
	p.p.fake.prompts <- p.p
	return nil
}

// Close ends the session.
func (fakeSession) Close() *dbus.Error { return nil }

// Get reads the two properties that are asked for.
func (p fakeProperties) Get(_, name string) (dbus.Variant, *dbus.Error) {
	p.f.answering()
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	switch name {
	case "Collections":
		collections := []dbus.ObjectPath{}
		if p.f.collection != noObject {
			collections = append(collections, p.f.collection)
		}
		return dbus.MakeVariant(collections), nil
	case "Locked":
		return dbus.MakeVariant(p.f.locked), nil
	}
	return dbus.MakeVariant(""), dbus.NewError("org.freedesktop.DBus.Error.UnknownProperty", nil)
}
