package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// stoppable returns a context that ends at ctrl+c, SIGTERM or SIGHUP. Until free
// is called those no longer kill the program, however often they come: a refresh
// token that has been sent must not die with the process. Nor must it when
// whoever reads the progress goes away, so from now on a write to a closed pipe
// is an error and no signal.
func stoppable(ctx context.Context) (stop context.Context, free context.CancelFunc) {
	signal.Ignore(syscall.SIGPIPE)
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}
