package cli

import (
	"slices"

	"github.com/spf13/cobra"
)

// completeOneAlias offers the aliases to a command that takes one.
func (s *session) completeOneAlias(c *cobra.Command, typed []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(typed) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return s.completeAlias(c, typed, begun)
}

// completeAlias offers the aliases that have not been typed yet. A ledger that
// cannot be read offers none: the shell has no place for an error.
func (s *session) completeAlias(c *cobra.Command, typed []string, _ string) ([]string, cobra.ShellCompDirective) {
	l, closeLedger, err := s.openLedger(c.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer closeLedger()
	orgs, err := l.Orgs(c.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var aliases []string
	for _, org := range orgs {
		if !slices.Contains(typed, org.Alias) {
			aliases = append(aliases, org.Alias)
		}
	}
	return aliases, cobra.ShellCompDirectiveNoFileComp
}
