package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/tokens/transfer"
)

// desk is an intake over the keeper of a test's screen.
type desk struct {
	keeper *keeper.Keeper
	vaults []tokens.Secret
	refuse error // what making a vault comes to
	given  bool  // a passphrase came with the command line
}

func (d *desk) Read(in Import) (Arrival, error) {
	grant, err := transfer.ReadTokens(strings.NewReader(in.Text.Reveal()), "the pasted JSON")
	if in.Path != "" {
		grant, err = transfer.ReadTokenFile(in.Path)
	}
	if err != nil {
		return Arrival{}, err
	}
	org, secrets, err := transfer.NewOrg(grant, transfer.Options{Alias: in.Alias, ClientID: in.ClientID, ClientSecret: in.ClientSecret})
	if errors.Is(err, transfer.ErrClientID) {
		err = ErrNoClientID
	}
	if err != nil {
		return Arrival{}, err
	}
	foreseen, err := d.keeper.Foresee(context.Background(), org, secrets, false)
	return Arrival{Org: org, Foreseen: foreseen, Save: func(ctx context.Context) (tokens.Org, keeper.Added, error) { return d.keeper.Add(ctx, org, secrets) }}, err
}

func (d *desk) Complete(path string) []string {
	paths, _ := filepath.Glob(path + "*")
	return paths
}

func (d *desk) MakeVault(_ context.Context, passphrase tokens.Secret) error {
	d.vaults = append(d.vaults, passphrase)
	return d.refuse
}

func (d *desk) PassphraseGiven() bool { return d.given }

func (d *desk) Trouble(err error) Trouble {
	problem, _ := errors.AsType[*keychain.Error](err)
	return Trouble{
		What: fmt.Sprintf("%s: %v (%s)", problem.Keychain, problem.Kind, problem.Detail), Remedy: problem.Remedy,
		Locked: errors.Is(err, keychain.ErrLocked), None: errors.Is(err, keychain.ErrUnavailable),
		NoVault: errors.Is(err, keychain.ErrNoVault),
	}
}

// probing is a keychain whose probe says what it is told to.
type probing struct {
	keychain.Store
	err  error
	name string // empty for the Secret Service
}

func (p *probing) Name() string { return cmp.Or(p.name, "Secret Service") }

func (p *probing) Probe(context.Context) error { return p.err }

var (
	errNoKeychain = &keychain.Error{
		Keychain: "Secret Service", Op: "looking", Kind: keychain.ErrUnavailable, Detail: "nothing on the D-Bus session bus keeps secrets",
		Remedy: "start GNOME Keyring, KWallet or KeePassXC, or log in to a desktop; without a keychain, --store vault keeps the tokens in an encrypted vault",
	}
	errLockedKeychain = &keychain.Error{
		Keychain: "Secret Service", Op: "looking", Kind: keychain.ErrLocked, Detail: "the collection login is locked",
		Remedy: "unlock it, or log in to your desktop, and try again", Ask: true,
	}
)

// newFirst is a screen on which nothing is saved and whose keychain has been
// looked at.
func newFirst(t *testing.T, w, h int, err error) (*screen, *desk, *probing) {
	t.Helper()
	store := &probing{Store: keychain.Memory(), err: err}
	s := newScreenWith(t, w, h, Options{Browser: func(context.Context, string) error { return nil }}, store)
	d := s.receives()
	s.start(s.model.Init())
	s.until("the probe", func() bool { return s.model.first.probed })
	return s, d, store
}

// receives gives the screen an intake.
func (s *screen) receives() *desk {
	s.t.Helper()
	k, ok := s.model.keeper.(*keeper.Keeper)
	if !ok {
		s.t.Fatal("the screen has another keeper")
	}
	d := &desk{keeper: k}
	s.model.first.intake = d
	return d
}

// answer is what a token endpoint answered, with the access token named.
func answer(n int, access string) string {
	return fmt.Sprintf(`{"access_token":"%s","refresh_token":"5Aep861.refresh.%d","instance_url":"https://acme%d.my.salesforce.com",`+
		`"id":"https://login.salesforce.com/id/00D0000000000%02dAAA/00500000000%04dAAA","issued_at":"1795424400000","scope":"api refresh_token"}`, access, n, n, n, n)
}

func tokenFile(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "acme.json")
	if err := os.WriteFile(path, []byte(answer(n, "00D!access")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestGoldenFirst(t *testing.T) {
	t.Parallel()
	views := map[string]struct {
		err    error
		arrive func(*screen)
	}{
		"guide":    {nil, func(*screen) {}},
		"none":     {errNoKeychain, func(*screen) {}},
		"locked":   {errLockedKeychain, func(*screen) {}},
		"unlooked": {nil, func(s *screen) { s.model.first.probed = false }},
		"vault":    {errNoKeychain, func(s *screen) { s.press("E"); s.typeText("short"); s.press("enter") }},
		"form":     {nil, func(s *screen) { s.press("i") }},
		"refused": {nil, func(s *screen) {
			s.press("i")
			s.tell(tea.PasteMsg{Content: answer(1, "00D!access")})
			s.press("enter")
			s.until("the answer", func() bool { return s.model.adding.busy == addIdle })
		}},
		"plan": {nil, func(s *screen) {
			s.press("i")
			s.tell(tea.PasteMsg{Content: answer(1, "00D!access")})
			s.press("down")
			s.typeText("PlatformCLI")
			s.press("enter")
			s.until("the plan", func() bool { return s.model.dialog() != nil })
		}},
	}
	for name, view := range views {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s_%dx%d", name, size.w, size.h), func(t *testing.T) {
				t.Parallel()
				s, _, _ := newFirst(t, size.w, size.h, view.err)
				view.arrive(s)
				s.fits()
				golden.RequireEqual(t, s.text()+"\n")
				t.Run("looks", s.looks)
			})
		}
	}
}

func TestTheGuideNamesOnlyKeysThatWork(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, errNoKeychain, errLockedKeychain} {
		s, _, _ := newFirst(t, 120, 30, err)
		ways := s.model.leads()
		if len(ways) < 2 {
			t.Fatalf("%v: the guide has %d ways", err, len(ways))
		}
		for _, w := range ways {
			a, known := s.model.meant(w.key)
			if !known || a.why(s.model) != "" || a.name != w.name {
				t.Errorf("%v: %s is %q, off because of %q", err, w.key, a.name, a.why(s.model))
			}
		}
	}
}

// The guide's keys are no other ones once there is an org.
func TestTheGuidesKeysAreOffWithOrgs(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.model.first.intake = &desk{}
	for _, key := range []string{"d", "E"} {
		s.press(key)
		s.shows(key + " is off: orgs are saved")
	}
	if a, known := s.model.meant("i"); known && a.keys[0] == "A" {
		t.Error("i adds an org although some are saved")
	}
}

func TestAnOrgIsAddedFromAFile(t *testing.T) {
	t.Parallel()
	s, _, store := newFirst(t, 80, 24, nil)
	path := tokenFile(t, 7)
	s.press("i")
	s.typeText(strings.TrimSuffix(path, "me.json"))
	s.press("tab")
	s.until("the completion", func() bool { return s.model.adding.fields[addSource].Value() == path })
	s.press("enter")
	s.until("the answer", func() bool { return s.model.adding.busy == addIdle })
	s.shows("A client id is needed")
	s.typeText("3MVG9.test")
	s.press("down")
	s.typeText("the app's secret")
	s.showsNot("the app's secret")
	s.press("down")
	s.typeText("acme")
	s.press("enter")
	s.until("the plan", func() bool { return s.model.dialog() != nil })
	s.shows("Add acme", "acme7.my.salesforce.com", "It is new, and will be called acme.", "The file stays as it is.")
	s.press("enter") // leaves things as they are
	if n := len(s.model.list.orgs); n != 0 || !s.model.adding.open {
		t.Fatalf("enter saved %d orgs, or closed the form", n)
	}
	s.press("enter")
	s.until("the plan", func() bool { return s.model.dialog() != nil })
	s.press("y")
	s.shows("Saving")
	s.press("esc")
	s.shows("It is being saved.")
	s.until("the org", func() bool { return len(s.model.list.orgs) == 1 })
	s.shows("acme is added. Its tokens are saved in Secret Service.", "1 org")
	line, err := store.Get(t.Context(), string(s.model.list.cursorKey()))
	if err != nil {
		t.Fatal(err)
	}
	saved, err := tokens.ParseSecrets(line)
	if err != nil || saved.ClientSecret.Reveal() != "the app's secret" || saved.AccessToken.Reveal() != "00D!access" {
		t.Errorf("the keychain has other tokens (%v)", err)
	}
}

func TestPastedTokensAreNotShown(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.receives()
	n := len(s.model.list.orgs)
	s.goTo("globex")
	s.press("/")
	s.typeText("globex")
	s.press("enter", "A")
	s.tell(tea.PasteMsg{Content: "\n" + strings.ReplaceAll(answer(9, "00D!NeverShown"), ",", ",\n")})
	s.showsNot("NeverShown", "access_token", "{")
	s.press("down")
	s.typeText("PlatformCLI")
	s.press("enter")
	s.until("the plan", func() bool { return s.model.dialog() != nil })
	s.press("y")
	s.until("the org", func() bool { return len(s.model.list.orgs) == n+1 })
	if org, _ := s.model.list.current(); org.Alias != "acme9" || s.model.filter.Value() != "" {
		t.Errorf("the cursor is on %s, the filter is %q", org.Alias, s.model.filter.Value())
	}
	s.shows("acme9 is added.")

	s.press("A")
	s.tell(tea.PasteMsg{Content: answer(9, "00D!NeverShown")})
	s.press("down")
	s.typeText("PlatformCLI")
	s.press("enter")
	s.until("the answer", func() bool { return s.model.adding.busy == addIdle })
	s.shows("It is saved already, as acme9, with the same tokens.")
	s.press("esc", "A")
	s.tell(tea.PasteMsg{Content: answer(9, "00D!NeverShownEither")})
	s.press("down")
	s.typeText("PlatformCLI")
	s.press("down", "down")
	s.typeText("beta9")
	s.press("enter")
	s.until("the plan", func() bool { return s.model.dialog() != nil })
	s.shows("Change acme9", "It is saved already, as acme9. These tokens take the place of the", "It will be renamed from acme9 to beta9.")
	s.press("y")
	s.until("the end", func() bool { return !s.model.adding.open })
	if len(s.model.list.orgs) != n+1 {
		t.Errorf("the same login again makes %d orgs of %d", len(s.model.list.orgs), n+1)
	}
	s.shows("beta9 has the new tokens.", "It was called acme9.")
}

func TestARefusedFileLeavesTheFormOpen(t *testing.T) {
	t.Parallel()
	s, _, _ := newFirst(t, 80, 24, nil)
	s.press("i", "enter")
	s.shows("The path of a token file is needed")
	s.tell(tea.PasteMsg{Content: `{"access_token":"00D!x"}`})
	s.press("down")
	s.typeText("PlatformCLI")
	s.press("enter")
	s.until("the refusal", func() bool { return s.model.adding.bad })
	s.shows("it has no id", "Add an org")
	s.press("esc")
	s.shows("Nothing was added.", "No orgs yet.")
}

func TestTheDemoSavesNothing(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.press("A")
	s.shows("A is off: the demo saves nothing.")
}

func TestWithoutAKeychainTheGuideMakesAVault(t *testing.T) {
	t.Parallel()
	s, d, _ := newFirst(t, 80, 24, errNoKeychain)
	s.shows("Secret Service: the keychain cannot be used (nothing on the", "E  make a vault", "d  demo")
	s.press("i")
	s.shows("i is off: there is no place for the tokens; E makes a vault.")
	d.refuse = errors.New("the disk is full")
	give := func(first, second string) {
		s.typeText(first)
		s.press("enter")
		s.typeText(second)
		s.press("enter")
	}
	s.press("E")
	s.typeText("short")
	s.press("enter")
	s.shows("That has fewer than 8 characters.")
	give("correct horse", "wrong horse")
	s.shows("The two were not the same.")
	s.showsNot("horse")
	give("correct horse", "correct horse")
	s.shows("Making the vault ...")
	s.press("d") // does not interrupt it
	s.until("the refusal", func() bool { return !s.model.first.making })
	s.shows("the disk is full.")
	if s.quit || s.model.ending.Next != NextEnd {
		t.Fatal("the screen ended although there is no vault")
	}
	d.refuse = nil
	s.press("E")
	give("correct horse", "correct horse")
	s.until("the end", func() bool { return s.quit })
	if len(d.vaults) != 2 || d.vaults[1].Reveal() != "correct horse" || s.model.ending.Next != NextAgain {
		t.Errorf("%d vaults, next is %d", len(d.vaults), s.model.ending.Next)
	}
}

func TestAVaultIsMadeByThePassphraseThatWasGiven(t *testing.T) {
	t.Parallel()
	s, d, store := newFirst(t, 60, 15, &keychain.Error{Keychain: "vault", Op: "looking", Kind: keychain.ErrNoVault})
	store.name, d.given = vault, true
	s.shows("No orgs yet.", "E  make a vault")
	s.showsNot("try the keychain", "keychain cannot", "locked")
	s.press("r")
	s.shows("r is off: there is no vault yet; E makes one.")
	s.press("E")
	s.shows("that orgkeep was started with protects", "y    make it with that passphrase")
	s.press("y")
	for key, want := range map[string]string{"A": "A", "l": "l", "r": "r", "E": "E"} {
		s.press(key)
		s.shows(want + " is off: the vault is being made.")
	}
	s.shows("Making the vault")
	s.showsNot("  try the")
	s.until("the end", func() bool { return s.quit })
	if len(d.vaults) != 1 || !d.vaults[0].IsZero() {
		t.Errorf("%d vaults were made", len(d.vaults))
	}
}

func TestAVaultThatCannotBeUsedIsNoKeychain(t *testing.T) {
	t.Parallel()
	s, _, store := newFirst(t, 80, 24, &keychain.Error{Keychain: "vault", Op: "looking", Kind: keychain.ErrDamaged})
	store.name = vault
	s.shows("r  try the vault")
	s.press("r")
	s.until("the probe", func() bool { return !s.model.first.asked })
	s.shows("The vault still cannot be used.")
	s.showsNot("try the keychain")
}

func TestALockedKeychainIsTriedAgain(t *testing.T) {
	t.Parallel()
	s, _, store := newFirst(t, 80, 24, errLockedKeychain)
	s.shows("the keychain is locked", "Unlock it, or log in to your desktop, and try again.", "r  try the keychain")
	s.showsNot("make a vault")
	probe := func() {
		s.press("r")
		s.shows("Looking at Secret Service.")
		s.until("the probe", func() bool { return !s.model.first.asked })
	}
	probe()
	s.shows("Secret Service still cannot be used.")
	store.err = nil
	probe()
	s.shows("Secret Service can be used.", "The tokens will rest in Secret Service.")
	s.showsNot("try the keychain")
}

func TestTheDemoIsOneKeyAway(t *testing.T) {
	t.Parallel()
	s, _, _ := newFirst(t, 80, 24, nil)
	_, cmd := s.model.Update(keyPress("d"))
	if _, quit := cmd().(tea.QuitMsg); !quit || s.model.ending.Next != NextDemo {
		t.Errorf("next is %d", s.model.ending.Next)
	}
	s.tell(signalledMsg{})
	if s.model.ending.Next != NextStop {
		t.Error("a signal does not end the program")
	}
}

func TestTheGuideTakesClicks(t *testing.T) {
	t.Parallel()
	s, _, _ := newFirst(t, 80, 24, nil)
	for y, line := range strings.Split(s.text(), "\n") {
		if strings.Contains(line, "i  add an org") {
			s.tell(tea.MouseClickMsg{Button: tea.MouseLeft, X: 10, Y: y})
			break
		}
	}
	if !s.model.adding.open {
		t.Fatal("a click on i does nothing")
	}
	for y, line := range strings.Split(s.text(), "\n") {
		if strings.Contains(line, "│ alias") {
			s.tell(tea.MouseClickMsg{Button: tea.MouseLeft, X: 30, Y: y})
		}
	}
	if s.model.adding.at != addAlias {
		t.Errorf("a click on the alias goes to field %d", s.model.adding.at)
	}
}
