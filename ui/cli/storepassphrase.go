package cli

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"orgkeep/keychain"
)

// rekeying is one run of the store passphrase command.
type rekeying struct {
	*storing
	newFD int
}

func newStorePassphrase(o *storing) *cobra.Command {
	r := &rekeying{storing: o}
	c := &cobra.Command{
		Use:   "passphrase",
		Short: "Change the passphrase of the vault",
		Long: "Opens the vault by its passphrase and protects it by a new one, which is asked twice. No token is encrypted anew\n" +
			"or sent: whoever has a copy of the vault from before and the old passphrase can still read the tokens in it.\n" +
			"Without a terminal the old passphrase comes from ORGKEEP_PASSPHRASE or --passphrase-fd and the new one from\n" +
			"--new-passphrase-fd, one line each; where both are the same descriptor, the old one is the first line.",
		Example:           "  orgkeep store passphrase\n  orgkeep store passphrase --passphrase-fd 3 --new-passphrase-fd 4 3<old 4<new",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              act(func(c *cobra.Command, _ []string) error { return r.run(c.Context()) }),
	}
	c.Flags().IntVar(&r.newFD, "new-passphrase-fd", noDescriptor, "read the new passphrase from this file descriptor")
	return c
}

func (r *rekeying) run(ctx context.Context) error {
	file, err := r.openDescriptor("--new-passphrase-fd", r.newFD)
	if err != nil {
		return err
	}
	c, err := r.chosen()
	if err != nil {
		return err
	}
	state, err := r.stateFolder()
	if err != nil {
		return err
	}
	p := r.at(c, state)
	switch {
	case !p.asksPassphrase():
		return cannot("no passphrase protects the tokens: they are in %s; orgkeep store tells more", p.name())
	case file == nil && !r.someoneThere():
		return cannot("without a terminal the new passphrase has to come from --new-passphrase-fd")
	}
	ctx, free := stoppable(ctx)
	defer free()
	if ctx, err = r.requireStore(ctx, p); err != nil {
		return err
	}
	if err := r.rekey(ctx, p, file); err != nil {
		return err
	}
	if r.asJSON {
		return writeJSON(r.Out, struct {
			Version int    `json:"version"`
			Folder  string `json:"folder"`
		}{documentVersion, p.folder})
	}
	return r.print("Changed the passphrase of the vault in " + p.folder + ".")
}

// rekey gets the new passphrase, from file where there is one, and gives it to
// the open vault.
func (r *rekeying) rekey(ctx context.Context, p *place, file io.Reader) error {
	fresh, err := r.freshPassphrase(ctx, file)
	if err != nil {
		return err
	}
	defer clear(fresh)
	err = p.vault.Rekey(ctx, keychain.Passphrase(func(context.Context) ([]byte, error) {
		return slices.Clone(fresh), nil // the vault wipes what it gets
	}))
	if problem, ok := errors.AsType[*keychain.Error](err); ok {
		return &exit{code: exitUnusable, err: problem}
	}
	return err
}

func (r *rekeying) freshPassphrase(ctx context.Context, file io.Reader) ([]byte, error) {
	if file == nil {
		return r.askNewPassphrase(ctx, "Nobody can restore a passphrase that is forgotten.\n")
	}
	secret, err := readPassphrase(ctx, file, r.newFD)
	if err != nil {
		return nil, err
	}
	return longEnough(secret)
}
