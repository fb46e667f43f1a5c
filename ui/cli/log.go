package cli

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
)

// logMode lets the owner alone read the log: it names orgs and hosts.
const logMode = 0o600

// takeLog opens the file that --log names, so that one that cannot be written is
// said before anything else is done. Without the flag nothing is logged.
func (s *session) takeLog(c *cobra.Command) error {
	if s.logPath == "" {
		return nil
	}
	file, err := os.OpenFile(s.logPath, os.O_APPEND|os.O_CREATE|os.O_WRONLY, logMode)
	if err != nil {
		return cannot("opening the log: %w", err)
	}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm() != logMode {
		if err := file.Chmod(logMode); err != nil {
			_ = file.Close() // nothing was written
			return cannot("keeping the log to its owner: %w", err)
		}
	}
	s.logFile = file
	s.log = slog.New(slog.NewTextHandler(file, nil))
	s.log.Info("begin", "command", c.CommandPath(), "version", s.Version, "pid", os.Getpid())
	s.logged = s.Clock.Stopwatch()
	return nil
}

// closeLog writes down how the command ended and closes the log.
func (s *session) closeLog(c *cobra.Command, code int) {
	if s.logFile == nil {
		return
	}
	s.log.Info("end", "command", c.CommandPath(), "exit", code, "took_ms", s.logged().Milliseconds())
	if err := s.logFile.Close(); err != nil {
		s.say("orgkeep: %s", oneLine(fmt.Errorf("closing the log: %w", err)))
	}
}
