package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// completeOneAlias offers the aliases to a command that takes one.
func (s *session) completeOneAlias(c *cobra.Command, typed []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(typed) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return s.completeAlias(c, typed, begun)
}

// completeAlias offers the aliases that have not been typed yet.
func (s *session) completeAlias(c *cobra.Command, typed []string, _ string) ([]string, cobra.ShellCompDirective) {
	var aliases []string
	for _, org := range s.knownOrgs(c) {
		if !slices.Contains(typed, org.Alias) {
			aliases = append(aliases, org.Alias)
		}
	}
	return aliases, cobra.ShellCompDirectiveNoFileComp
}

// knownOrgs reads the orgs for a completion. A ledger that cannot be read has
// none: the shell has no place for an error.
func (s *session) knownOrgs(c *cobra.Command) []tokens.Org {
	l, closeLedger, err := s.openLedger(c.Context())
	if err != nil {
		return nil
	}
	defer closeLedger()
	orgs, err := l.Orgs(c.Context())
	if err != nil {
		return nil
	}
	return orgs
}

// knownTags returns every tag that an org has, once.
func (s *session) knownTags(c *cobra.Command) []string {
	var tags []string
	for _, org := range s.knownOrgs(c) {
		tags = append(tags, org.Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// completeTags offers the aliases, and after a plus the tags that orgs have.
func (s *session) completeTags(c *cobra.Command, typed []string, begun string) ([]string, cobra.ShellCompDirective) {
	if !strings.HasPrefix(begun, "+") {
		return s.completeAlias(c, typed, begun)
	}
	tags := s.knownTags(c)
	for i := range tags {
		tags[i] = "+" + tags[i]
	}
	return tags, cobra.ShellCompDirectiveNoFileComp
}

// completeFilter offers what the last term of a filter can become.
func (s *session) completeFilter(c *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	at, terms := tokens.Suggest(begun, s.knownTags(c))
	for i := range terms {
		terms[i] = begun[:at] + terms[i]
	}
	return terms, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completionExamples are how each shell is taught the completions, for the shells
// of the command that cobra makes.
var completionExamples = map[string]string{
	"completion": "  # for this shell: source <(orgkeep completion bash)\n" +
		"  orgkeep completion zsh > \"${fpath[1]}/_orgkeep\"",
	"bash": "  # for this shell: source <(orgkeep completion bash)\n" +
		"  # for every new one:\n" +
		"  orgkeep completion bash > ~/.local/share/bash-completion/completions/orgkeep",
	"zsh": "  # for every new shell, once compinit is loaded\n" +
		"  orgkeep completion zsh > \"${fpath[1]}/_orgkeep\"",
	"fish": "  orgkeep completion fish > ~/.config/fish/completions/orgkeep.fish",
	"powershell": "  # for every new shell\n" +
		"  orgkeep completion powershell >> $PROFILE",
}

// addExamples makes cobra's own commands now, and gives their help the examples
// that every other has.
func addExamples(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Example, c.Args = "  orgkeep help import", cobra.ArbitraryArgs
		case "completion":
			c.Example = completionExamples["completion"]
			for _, shell := range c.Commands() {
				shell.Example = completionExamples[shell.Name()]
			}
		}
	}
}
