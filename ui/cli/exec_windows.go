package cli

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"

	"orgkeep/tokens"
)

// become runs the program and ends as it does. ctrl+c reaches it by the console;
// orgkeep waits for what it makes of that.
func become(program string, command, environ []string) error {
	signal.Ignore(os.Interrupt)
	child := exec.Command(program, command[1:]...) //nolint:gosec,noctx // the user's own command, which ends by itself
	child.Env, child.Stdin, child.Stdout, child.Stderr = environ, os.Stdin, os.Stdout, os.Stderr
	err := child.Run()
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		return &exit{code: ended.ExitCode()}
	}
	if err != nil {
		return cannot("%s cannot be run: %w", tokens.Clean(command[0]), err)
	}
	return nil
}
