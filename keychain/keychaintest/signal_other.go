//go:build !unix

package keychaintest

import (
	"errors"
	"os"
)

func stop(*os.Process) error    { return errors.ErrUnsupported }
func proceed(*os.Process) error { return errors.ErrUnsupported }
