package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func init() {
	// On Windows cobra would turn away whoever starts orgkeep from a folder's
	// window; its screen works there too.
	cobra.MousetrapHelpText = ""
}

// newRoot returns the tree of commands. The commands run in cobra itself; fang,
// which asks the terminal for its colours whenever something fails, only draws
// the help.
func newRoot(s *session) *cobra.Command {
	root := &cobra.Command{
		Use:   "orgkeep",
		Short: "Keep the OAuth tokens of many Salesforce orgs",
		Long: "orgkeep shows how old the saved OAuth tokens of your Salesforce orgs are and refreshes them.\n" +
			"Without a command it opens the screen. Tokens rest in the keychain of the operating system, or in an encrypted vault.",
		Example: "  # see it with made-up orgs; nothing is saved\n" +
			"  orgkeep demo\n\n" +
			"  # save the tokens of a file, then open the screen\n" +
			"  orgkeep import acme.json --client-id PlatformCLI\n" +
			"  orgkeep",
		Version: s.Version,
		Args:    knownCommand,
		RunE:    act(func(c *cobra.Command, _ []string) error { return s.openScreen(c.Context()) }),
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			return cmp.Or(s.takeSettings(c), s.takeDescriptor(), s.takeTrust(), s.takeLog(c))
		},

		SilenceErrors: true,
		SilenceUsage:  true,

		SuggestionsMinimumDistance: 2,
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetHelpFunc(s.help(root.HelpFunc()))
	root.SetFlagErrorFunc(badFlag)
	flags := root.PersistentFlags()
	flags.SortFlags = false
	flags.StringVar(&s.data, "data", "", "folder of the ledger (default $ORGKEEP_DATA, else orgkeep in the XDG data folder)")
	s.store = oneOf{words: []string{inKeychain, inVault}}
	flags.Var(&s.store, "store", "where the tokens rest (default $ORGKEEP_STORE, else what orgkeep store says)")
	flags.IntVar(&s.passphraseFD, "passphrase-fd", noDescriptor, "descriptor whose first line is the vault's passphrase (default $ORGKEEP_PASSPHRASE, else it is asked)")
	flags.Lookup("passphrase-fd").DefValue = "0" // so that the help does not speak of -1
	s.addTrust(flags)
	flags.StringVar(&s.logPath, "log", "", "file to append lines of what is done to, for its owner alone; no secrets and no answers' bodies are in it")
	flags.BoolVar(&s.noColor, "no-color", false, "no colours, as NO_COLOR")
	flags.StringVar(&s.config, "config", "", "settings file (default $ORGKEEP_CONFIG, else orgkeep/config.toml in the XDG config folder)")
	addSettings(flags, everywhere)
	root.Flags().SortFlags = false
	addSettings(root.Flags(), append(slices.Clone(onScreen), signingIn...))
	completeSettings(root)
	_ = root.RegisterFlagCompletionFunc("store", s.store.offer) // it fails for a flag that is not there
	root.AddCommand(newLogin(s), newImport(s), newList(s), newShow(s), newInspect(s), newCheck(s), newRefresh(s), newHistory(s),
		newToken(s), newEnv(s), newExec(s), newExport(s), newMirror(s),
		newTag(s), newWatch(s), newRename(s), newForget(s), newStore(s), newDemo(s), newSettings(s), newDoctor(s), newMan())
	addExamples(root)
	return root
}

// knownCommand turns down what is no command, and names those that are near.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	problem := fmt.Sprintf("there is no command %q", args[0])
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		problem += "; near it: " + strings.Join(near, ", ")
	}
	return errors.New(problem)
}
