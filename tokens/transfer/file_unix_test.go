//go:build unix

package transfer

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestPipesAndDevicesAreNotOpened(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe.json")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, link, "/dev/zero"} {
		_, err := ReadTokenFile(path)
		refused(t, err, path, ErrNoFile, "no regular file")
	}
}
