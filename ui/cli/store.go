package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"orgkeep/keychain"
)

// storing is one run of the store command.
type storing struct {
	*session
	asJSON bool
}

func newStore(s *session) *cobra.Command {
	o := &storing{session: s}
	c := &cobra.Command{
		Use:   "store",
		Short: "Say where the tokens rest, or move them",
		Long: "Says whether the tokens rest in the keychain of the operating system or in the vault, where that is,\n" +
			"and why: the flag --store, the variable ORGKEEP_STORE, the choice that the data folder is pinned to\n" +
			"since a vault was made or the tokens were moved, or else the keychain. Nothing is asked of it.",
		Example: "  orgkeep store\n" +
			"  orgkeep store --json",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              act(func(*cobra.Command, []string) error { return o.run() }),
	}
	c.PersistentFlags().BoolVar(&o.asJSON, "json", false, "print the answer as JSON")
	c.AddCommand(newStoreMove(o), newStorePassphrase(o))
	return c
}

// storeInUse is the answer of orgkeep store --json.
type storeInUse struct {
	Version int    `json:"version"`
	Store   string `json:"store"`
	Name    string `json:"name"`
	Why     string `json:"why"`
	// Folder and Protection are the vault's; null for the keychain. Exists is
	// false for a vault that has not been made yet.
	Folder     *string `json:"folder"`
	Protection *string `json:"protection"`
	Exists     bool    `json:"exists"`
	// Leaving is the store that an interrupted move has not emptied yet.
	Leaving *string `json:"leaving"`
}

func (o *storing) run() error {
	c, err := o.chosen()
	if err != nil {
		return err
	}
	state, err := o.stateFolder()
	if err != nil {
		return err
	}
	p := o.at(c, state)
	in := storeInUse{
		Version: documentVersion, Store: c.store, Name: p.secrets.Name(), Why: c.why,
		Folder: known(p.folder), Exists: true, Leaving: known(c.leaving),
	}
	if p.vault != nil {
		protection, err := keychain.VaultIn(p.folder)
		in.Exists = !errors.Is(err, keychain.ErrNoVault)
		in.Protection = known(string(protection))
	}
	if o.asJSON {
		return writeJSON(o.Out, in)
	}
	return o.describe(in)
}

func (o *storing) describe(in storeInUse) error {
	where := in.Name
	if in.Folder != nil {
		where = *in.Folder
		switch {
		case !in.Exists:
			where += " (not made yet)"
		case in.Protection != nil:
			where += " (protected by a " + *in.Protection + ")"
			if *in.Protection == string(keychain.ByKeychain) {
				where = *in.Folder + " (protected by an item in the keychain)"
			}
		}
	}
	why := map[string]string{
		byFlag: "--store says so", byVariable: "ORGKEEP_STORE says so", byPin: "the data folder is pinned to it", byDefault: "nothing says otherwise",
	}[in.Why]
	if in.Leaving != nil {
		why += "; a move from the " + *in.Leaving + " was interrupted, orgkeep store move " + in.Store + " ends it"
	}
	for _, line := range []string{"store: " + in.Store, "where: " + where, "why:   " + why} {
		if err := o.print(line); err != nil {
			return err
		}
	}
	return nil
}

func newStoreMove(o *storing) *cobra.Command {
	c := &cobra.Command{
		Use:   "move keychain|vault",
		Short: "Move the tokens of every org to the other store",
		Long: "Copies the tokens of every org in the list to the other store, reads all of them back, pins the data folder\n" +
			"to it, and only then deletes them where they were. It can be interrupted anywhere and be run again.\n" +
			"Nothing is sent to Salesforce. No other orgkeep may be using this data folder meanwhile.",
		Example:   "  orgkeep store move vault\n  orgkeep store move keychain",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{inKeychain, inVault},
		RunE:      act(func(c *cobra.Command, args []string) error { return o.move(c.Context(), args[0]) }),
	}
	o.addVaultKey(c.Flags())
	return c
}

// move moves the tokens to a store.
func (o *storing) move(ctx context.Context, to string) error {
	if o.store.value != "" {
		return usage("store move goes to the store that it names; leave --store out")
	}
	ctx, free := stoppable(ctx)
	defer free()
	m := &moving{storing: o, to: to}
	defer m.close()
	return m.run(ctx)
}
