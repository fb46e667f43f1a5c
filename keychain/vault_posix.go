//go:build !windows

package keychain

import (
	"io/fs"
	"os"
	"syscall"
)

// noFollow makes opening fail at a symbolic link, and not wait at a pipe.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

func openPlain(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|noFollow, 0)
}

// exposed says that others than the owner can get at the file or folder.
func exposed(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }
