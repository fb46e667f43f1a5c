package journal

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"orgkeep/keychain/durable"
)

// shelf is where the entries are kept. write and remove return once the change
// would survive a crash; read of a missing entry is fs.ErrNotExist.
type shelf interface {
	write(name string, data []byte) error
	read(name string) ([]byte, error)
	remove(name string) error
	names() ([]string, error)
	// sweep removes what writes left that were killed before the moment.
	sweep(before time.Time) error
}

// files keeps each entry in a file of a folder.
type files string

func (f files) path(name string) string { return filepath.Join(string(f), name) }

func (f files) write(name string, data []byte) error { return durable.Write(f.path(name), data) }

func (f files) read(name string) ([]byte, error) { return os.ReadFile(f.path(name)) }

func (f files) remove(name string) error { return durable.Remove(f.path(name)) }

// names lists the entries; a folder that is not there has none.
func (f files) names() ([]string, error) {
	entries, err := os.ReadDir(string(f))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// sweep knows the files of durable.Write by their names.
func (f files) sweep(before time.Time) error {
	names, err := f.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if !strings.HasPrefix(name, ".") || !strings.HasSuffix(name, ".tmp") {
			continue
		}
		// One that has gone meanwhile has taken its place, or another process swept it.
		info, err := os.Lstat(f.path(name))
		if err != nil || !info.Mode().IsRegular() || !info.ModTime().Before(before) {
			continue
		}
		if err := f.remove(name); err != nil {
			return err
		}
	}
	return nil
}

// memory keeps the entries for as long as the process lives.
type memory struct {
	mu      sync.Mutex
	entries map[string][]byte
}

func (m *memory) write(name string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries[name] = slices.Clone(data)
	return nil
}

func (m *memory) read(name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, there := m.entries[name]
	if !there {
		return nil, fs.ErrNotExist
	}
	return slices.Clone(data), nil
}

func (m *memory) remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, name)
	return nil
}

func (m *memory) names() ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.entries)), nil
}

// sweep has nothing to do: a write of the memory is never half done.
func (m *memory) sweep(time.Time) error { return nil }
