package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"orgkeep/keychain"
	"orgkeep/keychain/durable"
)

// The stores that a person can choose.
const (
	inVault    = "vault"
	inKeychain = "keychain"
)

// The reasons why a store is the one in use, in the order of their weight.
const (
	byFlag     = "flag"
	byVariable = "variable"
	byPin      = "pinned"
	byDefault  = "default"
)

// choice is the store in use and what made it that.
type choice struct {
	store string
	why   string
	// leaving is the store that an interrupted move has not emptied yet; empty
	// when there is none.
	leaving string
}

// oneOf is a flag that takes one of a few words.
type oneOf struct {
	value string
	words []string
}

// String, Type and Set make it a pflag.Value; Type is what the help calls it.
func (o *oneOf) String() string { return o.value }

func (o *oneOf) Type() string { return strings.Join(o.words, "|") }

func (o *oneOf) Set(text string) error {
	if err := o.check(text); err != nil {
		return err
	}
	o.value = text
	return nil
}

func (o *oneOf) check(text string) error {
	if !slices.Contains(o.words, text) {
		return fmt.Errorf("it has to be %s", strings.Join(o.words, " or "))
	}
	return nil
}

// offer completes the flag's words.
func (o *oneOf) offer(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return o.words, cobra.ShellCompDirectiveNoFileComp
}

// chosen says which store this run uses: the flag's, the variable's, the one
// that the data folder is pinned to, else the keychain. That the keychain does
// not answer never makes it another one.
func (s *session) chosen() (choice, error) {
	if s.store.value != "" {
		return choice{store: s.store.value, why: byFlag}, nil
	}
	if text := s.env("ORGKEEP_STORE"); text != "" {
		if err := s.store.check(text); err != nil {
			return choice{}, cannot("ORGKEEP_STORE is %q: %w", text, err)
		}
		return choice{store: text, why: byVariable}, nil
	}
	return s.pinned()
}

// pinFile holds one word, the store in use, and while a move away from another
// one has not ended, "leaving" and that.
func (s *session) pinFile() string { return filepath.Join(s.dataFolder(), "store") }

// pinned reads what the data folder is pinned to.
func (s *session) pinned() (choice, error) {
	text, err := os.ReadFile(s.pinFile())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return choice{store: inKeychain, why: byDefault}, nil
	case err != nil:
		return choice{}, unusablePin(err)
	}
	words := strings.Fields(string(text))
	for _, store := range []string{inVault, inKeychain} {
		switch {
		case slices.Equal(words, []string{store}):
			return choice{store: store, why: byPin}, nil
		case slices.Equal(words, []string{store, "leaving", other(store)}):
			return choice{store: store, why: byPin, leaving: other(store)}, nil
		}
	}
	return choice{}, unusablePin(fmt.Errorf("the file %s in the data folder says neither vault nor keychain", filepath.Base(s.pinFile())))
}

func unusablePin(err error) error {
	return &exit{code: exitUnusable, err: fmt.Errorf("which store is in use cannot be read: %w; --store says it", err)}
}

// pin writes down which store is in use, and which one is still being left.
func (s *session) pin(store, leaving string) error {
	text := store
	if leaving != "" {
		text += " leaving " + leaving
	}
	if err := durable.Write(s.pinFile(), []byte(text+"\n")); err != nil {
		return &exit{code: exitUnusable, err: fmt.Errorf("writing down which store is in use: %w", err)}
	}
	return nil
}

func other(store string) string {
	if store == inVault {
		return inKeychain
	}
	return inVault
}

// place is a store with what belongs to it.
type place struct {
	choice
	secrets keychain.Store
	keys    keychain.Store // of the journal
	journal string         // its folder

	// The rest is the vault's.
	vault      *keychain.VaultStore // nil when the store is the keychain
	folder     string
	protection keychain.Protection
	fresh      []byte // the passphrase of a vault that is being made
	made       *made  // in this run; nil when it was there
}

// at puts together what belongs to a store. It touches nothing.
func (s *session) at(c choice, state string) *place {
	if c.store == inKeychain {
		return &place{
			choice: c, secrets: s.Keychain("orgkeep"), keys: s.Keychain("orgkeep-journal"),
			journal: filepath.Join(state, "journal"),
		}
	}
	p := &place{choice: c, folder: filepath.Join(s.dataFolder(), "vault"), journal: filepath.Join(s.dataFolder(), "vault-journal")}
	protection, err := keychain.VaultIn(p.folder)
	if err != nil { // there is none, or the first call says what is wrong with it
		protection = keychain.Protection(s.vaultKey.value)
	}
	p.protection = cmp.Or(protection, keychain.ByPassphrase)
	key := keychain.Passphrase(func(ctx context.Context) ([]byte, error) { return s.passphrase(ctx, p) })
	if p.protection == keychain.ByKeychain {
		key = keychain.InKeychain(s.Keychain("orgkeep-vault"), "vault.identity")
	}
	p.vault = keychain.Vault(p.folder, key, s.VaultOptions...)
	p.secrets, p.keys = p.vault, p.vault
	return p
}

// name is what sentences call the store.
func (p *place) name() string {
	if p.vault != nil {
		return "the vault"
	}
	return p.secrets.Name()
}

// asksPassphrase reports whether a person's passphrase opens the store.
func (p *place) asksPassphrase() bool { return p.vault != nil && p.protection == keychain.ByPassphrase }

// Whoever uses a store holds a lock that is shared, and whoever changes which
// store is in use has it alone.
const (
	storeLockWait = 5 * time.Second
	storeLockPoll = 20 * time.Millisecond
	storeLockMode = 0o600
)

// lockChoice keeps the choice of the store as it is until free is called; alone
// is for the one who changes it.
func (s *session) lockChoice(ctx context.Context, alone bool) (free func(), err error) {
	short, cancel := context.WithTimeout(ctx, storeLockWait)
	defer cancel()
	lock := flock.New(filepath.Join(s.dataFolder(), "store.lock"), flock.SetPermissions(storeLockMode))
	take, busy := lock.TryRLockContext, "the tokens are being moved to another store by another orgkeep"
	if alone {
		take, busy = lock.TryLockContext, "another orgkeep is using the tokens of this data folder"
	}
	if _, err := take(short, storeLockPoll); err != nil {
		_ = lock.Close() // it holds nothing
		if short.Err() != nil && ctx.Err() == nil {
			err = fmt.Errorf("%s; try again when that has ended", busy)
		}
		return nil, &exit{code: exitUnusable, err: err}
	}
	return func() { _ = lock.Close() }, nil
}
