package salesforce

import "golang.org/x/sys/windows"

// errInUse is what listening on a port that somebody has ends with.
const errInUse = windows.WSAEADDRINUSE
