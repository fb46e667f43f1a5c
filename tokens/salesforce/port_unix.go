//go:build !windows

package salesforce

import "syscall"

// errInUse is what listening on a port that somebody has ends with.
const errInUse = syscall.EADDRINUSE
