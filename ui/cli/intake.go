package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
	"orgkeep/ui"
)

// intake is how the screen adds orgs and makes a vault: what the import command
// does, without its words on the terminal.
type intake struct {
	*session
	to   *opened
	door *door // nil where no passphrase opens the store

	saving sync.Mutex // while something is written
	over   bool       // the screen has ended: nothing more is saved
}

// Read is the screen's.
func (i *intake) Read(in ui.Import) (ui.Arrival, error) {
	o := &importing{session: i.session, alias: in.Alias, clientSecret: in.ClientSecret}
	login, name, err := i.login(in)
	if err != nil {
		return ui.Arrival{}, err
	}
	o.appNamed = in.ClientID != i.settings.ClientID // the form begins with that one
	org, secrets, err := o.orgOf(login, in.ClientID)
	if errors.Is(err, transfer.ErrClientID) && in.ClientID == "" {
		return ui.Arrival{}, fmt.Errorf("%s: %w", name, ui.ErrNoClientID)
	}
	if err != nil {
		return ui.Arrival{}, fmt.Errorf("%s: %w", name, err)
	}
	foreseen, err := i.to.Foresee(context.Background(), org, secrets, login.IsURL)
	if err != nil {
		return ui.Arrival{}, fmt.Errorf("%s: %w", name, err)
	}
	add := adder(i.to.Add)
	if login.IsURL {
		add = i.to.Introduce
	}
	return ui.Arrival{Org: org, Foreseen: foreseen, Save: func(ctx context.Context) (tokens.Org, keeper.Added, error) {
		return i.save(ctx, add, org, secrets)
	}}, nil
}

// login reads the token endpoint's answer or an auth URL, and says what errors
// call it.
func (i *intake) login(in ui.Import) (l transfer.Login, name string, err error) {
	if in.Path == "" {
		name = "what was pasted"
		l, err = transfer.Read(strings.NewReader(in.Text.Reveal()), name)
		return l, name, err
	}
	path := i.underHome(in.Path)
	l, err = transfer.ReadFile(path)
	return l, tokens.Clean(path), err
}

// save saves a login whole or not at all. The passphrase is asked for first.
func (i *intake) save(ctx context.Context, add adder, org tokens.Org, secrets tokens.Secrets) (tokens.Org, keeper.Added, error) {
	if i.door != nil {
		if err := i.door.open(ctx); err != nil {
			return org, "", err
		}
	}
	i.saving.Lock()
	defer i.saving.Unlock()
	if i.over {
		return org, "", errStopped
	}
	ctx = context.WithoutCancel(ctx)
	org, added, err := add(ctx, org, secrets)
	if err == nil || keeper.OfMirrorOnly(err) {
		_ = i.to.Backup(ctx) // the ledger itself is well
	}
	return org, added, err
}

// end waits for what is being saved, and lets nothing more begin.
func (i *intake) end() {
	i.saving.Lock()
	i.over = true
	i.saving.Unlock()
}

// underHome writes out what a shell would have: ~ is the home folder.
func (i *intake) underHome(path string) string {
	rest, short := strings.CutPrefix(path, "~"+string(filepath.Separator))
	home, err := i.Home()
	if !short || err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// completeMost is how many files of a folder are looked at.
const completeMost = 10_000

// Complete is the screen's. Names that would not print as they are, and those
// that begin with a dot that was not typed, are left out.
func (i *intake) Complete(path string) []string {
	folder, start := filepath.Split(path)
	at, err := os.Open(cmp.Or(i.underHome(folder), "."))
	if err != nil {
		return nil
	}
	defer func() { _ = at.Close() }()      // nothing was written
	entries, _ := at.ReadDir(completeMost) // what could be read will do
	var paths []string
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, start) || tokens.Clean(name) != name || strings.HasPrefix(name, ".") && start == "" {
			continue
		}
		if info, err := os.Stat(filepath.Join(at.Name(), name)); err == nil && info.IsDir() {
			name += string(filepath.Separator)
		}
		paths = append(paths, folder+name)
	}
	return paths
}

// PassphraseGiven is the screen's.
func (i *intake) PassphraseGiven() bool { return i.isGiven() }

// MakeVault is the screen's. It makes the vault and pins the data folder to it,
// unless this run was told to use the keychain.
func (i *intake) MakeVault(ctx context.Context, passphrase tokens.Secret) error {
	if c := i.to.place.choice; c.store == inKeychain && (c.why == byFlag || c.why == byVariable) {
		told := map[string]string{byFlag: "--store", byVariable: "ORGKEEP_STORE"}[c.why]
		return cannot("%s says keychain; without it a vault can be made", told)
	}
	i.saving.Lock()
	defer i.saving.Unlock()
	state, err := i.stateFolder()
	if err != nil {
		return err
	}
	p := i.at(choice{store: inVault, why: byPin}, state)
	if !errors.Is(p.secrets.Probe(ctx), keychain.ErrNoVault) {
		return cannot("there is a vault in %s already; orgkeep --store vault opens it", p.folder)
	}
	if !passphrase.IsZero() {
		i.reading.Lock()
		i.given, i.passphraseFile = passphrase, nil
		i.reading.Unlock()
	}
	if err := i.makeVault(ctx, p); err != nil {
		i.forgetGiven()
		return err
	}
	return i.pin(inVault, "")
}

// Trouble is the screen's. That a vault can be made is left out of the remedy:
// the screen has a key for it.
func (i *intake) Trouble(err error) ui.Trouble {
	problem, ok := errors.AsType[*keychain.Error](err)
	if !ok {
		return ui.Trouble{What: tokens.Clean(err.Error())}
	}
	t := ui.Trouble{
		What: fmt.Sprintf("%s: %v", problem.Keychain, problem.Kind), Remedy: keychain.WithoutVault(problem.Remedy),
		Locked:  errors.Is(err, keychain.ErrLocked),
		None:    errors.Is(err, keychain.ErrUnavailable) || errors.Is(err, keychain.ErrNoVault),
		NoVault: errors.Is(err, keychain.ErrNoVault),
	}
	if problem.Detail != "" {
		t.What += " (" + problem.Detail + ")"
	}
	t.What, t.Remedy = tokens.Clean(t.What), tokens.Clean(t.Remedy)
	return t
}
