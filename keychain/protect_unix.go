//go:build unix

package keychain

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// forbidCores lowers both limits, so that nothing in this process can raise
// them again.
func forbidCores() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("forbidding core files: %w", err)
	}
	return nil
}
