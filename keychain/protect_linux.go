package keychain

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Protect keeps other programs of the same user out of this process's memory
// and environment (prctl(2), PR_SET_DUMPABLE: /proc/PID belongs to root and
// nobody may attach), and forbids core files. Call it before the first secret
// is read. A process started from this one can be read again, and writes no
// core file either. It is safe for concurrent use.
func Protect() error {
	var problems []error
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		problems = append(problems, fmt.Errorf("keeping other programs out of the memory: %w", err))
	}
	if err := forbidCores(); err != nil {
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}
