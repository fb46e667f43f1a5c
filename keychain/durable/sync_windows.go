package durable

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// replace gives from the name to. Windows refuses while somebody (a virus
// scanner, an indexer) has the old file open, mostly for some milliseconds.
func replace(from, to string) error {
	var err error
	for pause := time.Millisecond; pause < 300*time.Millisecond; pause *= 2 {
		err = os.Rename(from, to)
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return err
		}
		time.Sleep(pause)
	}
	return err
}

// syncFolder does nothing: Windows has no way to sync a folder, and NTFS keeps
// its names in a journal of its own.
func syncFolder(string) error { return nil }
