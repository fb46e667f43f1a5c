//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"

	"orgkeep/tokens"
)

// become makes this process the program: its signals, its terminal and its exit
// code are then its own, and nothing of orgkeep stays in memory.
func become(program string, command, environ []string) error {
	// What a process ignores, the program it becomes ignores too; what it handles
	// goes back to the default.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	err := syscall.Exec(program, command, environ) //nolint:gosec // the user's own command
	return cannot("%s cannot be run: %w", tokens.Clean(command[0]), err)
}
