//go:build unix

package keychaintest

import (
	"os"
	"syscall"
)

func stop(p *os.Process) error    { return p.Signal(syscall.SIGSTOP) }
func proceed(p *os.Process) error { return p.Signal(syscall.SIGCONT) }
