package ledger_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"orgkeep/tokens/ledger"
)

func TestExamineTellsHowALedgerIs(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, err := ledger.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c, err := l.Examine(t.Context())
	if err != nil || c.Version < 6 || c.Bytes == 0 || c.Copied {
		t.Errorf("a new ledger: %+v, %v", c, err)
	}
	if err := l.Backup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c, err = l.Examine(t.Context()); err != nil || !c.Copied || c.Behind != 0 {
		t.Errorf("after a copy: %+v, %v", c, err)
	}
	m, err := ledger.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	if c, err := m.Examine(t.Context()); err != nil || c.Bytes != 0 || c.Copied || c.Version < 6 {
		t.Errorf("in memory: %+v, %v", c, err)
	}
}

func TestExamineFindsDamage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, err := ledger.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = ledger.Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(text); i++ { // all pages but the first
		text[i] ^= 0x5a
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Examine(t.Context()); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("damage gives %v", err)
	}
}
