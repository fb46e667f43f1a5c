// Package durable writes files that are whole or not there, whatever happens to
// the program or the machine in between.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	folderMode = 0o700
	fileMode   = 0o600
)

// Write puts data into the file at path, for its owner alone: into a new file
// beside it first, which is synced to the disk and then takes the name, so that
// a reader sees the old content or the new one and never a part. The folder is
// made when it is missing. On an error the old content stays.
//
// It is safe for concurrent use; of several writers of one path the last wins.
func Write(path string, data []byte) error {
	folder, name := filepath.Dir(path), filepath.Base(path)
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return fmt.Errorf("making the folder of %s: %w", name, err)
	}
	temp, err := os.CreateTemp(folder, "."+name+".*.tmp") // 0600 by its contract
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := fill(temp, data); err != nil {
		_ = os.Remove(temp.Name())
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := replace(temp.Name(), path); err != nil {
		_ = os.Remove(temp.Name())
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := syncFolder(folder); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// fill writes, syncs and closes the file, and reports the first problem.
func fill(f *os.File, data []byte) error {
	_, err := f.Write(data)
	return errors.Join(err, f.Chmod(fileMode), f.Sync(), f.Close())
}

// Remove deletes the file at path for good. That it is not there is no error.
func Remove(path string) error {
	name := filepath.Base(path)
	if err := os.Remove(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return fmt.Errorf("removing %s: %w", name, err)
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("removing %s: %w", name, err)
	}
	return nil
}
