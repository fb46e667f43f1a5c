package cli

import (
	"strings"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"
)

// help draws the help: with fang on a terminal that shows colours, else in
// cobra's plain words.
func (s *session) help(plain func(*cobra.Command, []string)) func(*cobra.Command, []string) {
	return func(c *cobra.Command, args []string) {
		if _, terminal := descriptor(s.Out); !terminal || s.colourless() || s.env("TERM") == "dumb" {
			plain(c, args)
			return
		}
		root := c.Root()
		// fang offers its help by running the command only.
		root.SetArgs(append(strings.Fields(c.CommandPath())[1:], "--help"))
		_ = fang.Execute(c.Context(), root, fang.WithoutManpage(), fang.WithVersion(s.Version))
	}
}
