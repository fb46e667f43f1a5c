//go:build unix

package ledger

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestOpenRefusesPipesWithoutWaiting(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, "no regular file")
}
