package cli

import (
	"fmt"
	"slices"
	"strings"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
)

// examples are those of a command and of all below it that the man page lists, a
// line each.
func examples(c *cobra.Command) string {
	var lines []string
	for line := range strings.Lines(c.Example) {
		lines = append(lines, strings.TrimSpace(line))
	}
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			lines = append(lines, examples(sub))
		}
	}
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return line == "" }), "\n")
}

// newMan returns the command that packagers make the man page with, as fang has
// one.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:               "man",
		Short:             "Print the man page",
		Long:              "Prints the man page of orgkeep and all of its commands, for man -l or for a package.",
		Example:           "  orgkeep man | man -l -\n  orgkeep man > orgkeep.1",
		Hidden:            true,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: act(func(c *cobra.Command, _ []string) error {
			page, err := mango.NewManPage(1, c.Root())
			if err != nil {
				return fmt.Errorf("making the man page: %w", err)
			}
			page = page.WithSection("Examples", examples(c.Root()))
			if _, err := fmt.Fprint(c.OutOrStdout(), page.Build(roff.NewDocument())); err != nil {
				return fmt.Errorf("writing the answer: %w", err)
			}
			return nil
		}),
	}
}
