package keychain

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// noFollow is nothing here: the caller looks for links first, and making one
// takes a right that ordinary users do not have.
const noFollow = 0

// openPlain waits a moment for somebody who has the file to himself: a virus
// scanner, or a writer that is replacing it.
func openPlain(path string) (*os.File, error) {
	var file *os.File
	var err error
	for pause := time.Millisecond; pause < 300*time.Millisecond; pause *= 2 {
		file, err = os.Open(path)
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return file, err
		}
		time.Sleep(pause)
	}
	return file, err
}

// exposed is always false: the mode bits of Windows say nothing about other
// users; the folder of a user's data is closed to them.
func exposed(fs.FileInfo) bool { return false }
