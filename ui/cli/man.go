package cli

import (
	"fmt"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
)

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
			if _, err := fmt.Fprint(c.OutOrStdout(), page.Build(roff.NewDocument())); err != nil {
				return fmt.Errorf("writing the answer: %w", err)
			}
			return nil
		}),
	}
}
