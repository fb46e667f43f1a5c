package cli

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// errNoBrowser means that nothing here could show a browser's window.
var errNoBrowser = errors.New("there is no desktop here to open one on")

// openBrowser shows an address in the user's browser, by the program that the
// system has for it. It returns once that has started or refused. The address
// stands in the program's arguments, which every user of the machine can read:
// it must hold no secret.
func (s *session) openBrowser(ctx context.Context, address string) error {
	command, err := s.browserCommand(address)
	if err != nil {
		return err
	}
	// It outlives the sign-in: the window is the user's.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...) //nolint:gosec // the address is checked
	cmd.Env = slices.DeleteFunc(slices.Clone(s.Environ), func(pair string) bool { return strings.HasPrefix(pair, "ORGKEEP_") })
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", command[0], errors.Unwrap(err))
	}
	go func() { _ = cmd.Wait() }()
	return nil
}

// browserCommand is the program that opens an address. On a machine without a
// desktop, xdg-open would start a browser in this terminal.
func (s *session) browserCommand(address string) ([]string, error) {
	switch runtime.GOOS {
	case "darwin":
		return []string{"open", address}, nil
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", address}, nil
	}
	if s.env("WSL_DISTRO_NAME") != "" {
		if path, err := exec.LookPath("wslview"); err == nil {
			return []string{path, address}, nil
		}
	}
	if s.env("DISPLAY") == "" && s.env("WAYLAND_DISPLAY") == "" {
		return nil, errNoBrowser
	}
	path, err := exec.LookPath("xdg-open")
	if err != nil {
		return nil, errors.New("xdg-open is not installed")
	}
	return []string{path, address}, nil
}
