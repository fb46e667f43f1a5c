//go:build !windows

package durable

import (
	"errors"
	"os"
)

// replace gives from the name to, in one step.
func replace(from, to string) error { return os.Rename(from, to) }

// syncFolder makes a new or a removed name survive a power cut.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
