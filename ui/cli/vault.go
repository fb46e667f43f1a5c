package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"orgkeep/keychain"
)

// requireStore makes sure that the store can be used before anything is asked
// of a person or sent. Where it has to be opened by a passphrase or a password
// and somebody is there to type it, they are asked; the context that it returns
// lets a keychain ask.
func (s *session) requireStore(ctx context.Context, p *place) (context.Context, error) {
	err := p.secrets.Probe(ctx)
	if err == nil {
		return ctx, nil
	}
	var problem *keychain.Error
	if !errors.As(err, &problem) {
		return ctx, &exit{code: exitUnusable, err: err}
	}
	switch {
	case p.asksPassphrase() && errors.Is(err, keychain.ErrLocked):
		return ctx, s.openVault(ctx, p)
	case problem.Ask && s.someoneThere():
		s.say("%s is locked and may ask for its password.", problem.Keychain)
		return keychain.Interactive(ctx), nil
	}
	return ctx, &exit{code: exitUnusable, err: unusable(problem)}
}

// passphraseTries is how often a person may mistype a passphrase.
const passphraseTries = 3

// openVault opens the vault by its passphrase: the one that came with the
// command line, or what a person types.
func (s *session) openVault(ctx context.Context, p *place) error {
	given := s.isGiven()
	if !given && !s.someoneThere() {
		return &exit{code: exitUnusable, err: fmt.Errorf(
			"the vault is locked, and there is no terminal to ask on; %s or --passphrase-fd can give its passphrase; nothing was saved or sent", passphraseVariable)}
	}
	if !given {
		restore, err := s.hush()
		if err != nil {
			return err
		}
		defer func() { _ = restore() }()
	}
	for n := 1; ; n++ {
		err := p.vault.Unlock(ctx)
		var asked *exit
		var problem *keychain.Error
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errStopped):
			return errStopped
		case errors.As(err, &asked):
			return asked
		case errors.Is(err, keychain.ErrPassphrase) && !given && n < passphraseTries:
			s.mistyped = true
			continue
		case errors.As(err, &problem):
			return &exit{code: exitUnusable, err: unusable(problem)}
		}
		return &exit{code: exitUnusable, err: err}
	}
}

// requireUnlessNew is requireStore, but for a vault that is not there yet: it is
// made once the user has agreed to what goes into it.
func (s *session) requireUnlessNew(ctx context.Context, p *place) (context.Context, error) {
	if p.vault != nil && errors.Is(p.secrets.Probe(ctx), keychain.ErrNoVault) {
		return ctx, nil
	}
	return s.requireStore(ctx, p)
}

// openGiven opens the vault where its passphrase came with the command line, for
// what can do without: it asks nobody, and leaves a vault that stays locked to
// whoever reads it.
func (s *session) openGiven(ctx context.Context, p *place) {
	if p.asksPassphrase() && s.isGiven() {
		_ = p.vault.Unlock(ctx)
	}
}

// requireOrMake is requireStore for a command that makes the vault where there
// is none, and pins the data folder to it.
func (s *session) requireOrMake(ctx context.Context, p *place, orgs int) (context.Context, error) {
	if p.vault == nil || !errors.Is(p.secrets.Probe(ctx), keychain.ErrNoVault) {
		return s.requireStore(ctx, p)
	}
	before, err := s.before()
	if err != nil {
		return ctx, err
	}
	if err := s.makeVault(ctx, p); err != nil {
		return ctx, err
	}
	p.made = before
	if err := s.pin(inVault, ""); err != nil {
		return ctx, err
	}
	more := ""
	if orgs > 0 {
		more = "; what the keychain has stays in it until orgkeep store move vault"
	}
	s.say("Made a vault in %s. From now on orgkeep keeps the tokens there%s.", p.folder, more)
	return ctx, nil
}

// addVaultKey adds the flag that says what protects a vault that is made.
func (s *session) addVaultKey(f *pflag.FlagSet) {
	s.vaultKey = oneOf{value: string(keychain.ByPassphrase), words: []string{string(keychain.ByPassphrase), string(keychain.ByKeychain)}}
	f.Var(&s.vaultKey, "vault-key", "what protects a vault that is made now: a passphrase, or one item in the keychain")
}

// makeVault makes the vault and leaves it open.
func (s *session) makeVault(ctx context.Context, p *place) (err error) {
	if p.asksPassphrase() {
		if p.fresh, err = s.newPassphrase(ctx); err != nil {
			return err
		}
		defer func() {
			clear(p.fresh)
			p.fresh = nil
		}()
	}
	err = p.vault.Init(ctx)
	if problem, ok := errors.AsType[*keychain.Error](err); ok {
		return &exit{code: exitUnusable, err: unusable(problem)}
	}
	return err
}

// unusable says which store was tried, what is wrong and what to do.
func unusable(problem *keychain.Error) error {
	text := fmt.Sprintf("%s: %v", problem.Keychain, problem.Kind)
	if problem.Detail != "" {
		text += " (" + problem.Detail + ")"
	}
	text += "; nothing was saved or sent"
	remedy := problem.Remedy
	if errors.Is(problem, keychain.ErrNoVault) {
		remedy = "orgkeep import --store vault and orgkeep store move vault make one"
	}
	if remedy != "" {
		text += "; " + remedy
	}
	return errors.New(text + "; orgkeep list and orgkeep demo work without it")
}
