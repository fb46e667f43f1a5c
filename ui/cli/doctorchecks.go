package cli

import (
	"context"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/charmbracelet/colorprofile"
	"golang.org/x/term"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/doctor"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
	"orgkeep/ui"
	"orgkeep/ui/settings"
)

// checks puts together what is looked at, in the order of the answer.
func (o *doctoring) checks(e *examination, state string, ledgerErr, choiceErr error) []doctor.Check {
	checks := []doctor.Check{doctor.Program(o.Version)}
	checks = append(checks, o.storeChecks(e, state, choiceErr)...)
	checks = append(checks,
		doctor.Ledger(e.ledger, ledgerErr),
		doctor.Locks(filepath.Join(state, "locks")),
		o.settingsCheck(),
		doctor.Authorities(o.authorities(), o.Clock),
		doctor.Proxy(o.env),
	)
	checks = append(checks, o.programChecks()...)
	if o.offline {
		return append(checks, doctor.Offline("--offline: no host was contacted")...)
	}
	client := salesforce.New(salesforce.Options{TLS: o.tls, Connect: hostPatience, Whole: hostPatience, Clock: o.Clock})
	return append(checks, doctor.Network(client, doctor.Hosts(e.orgs), doctor.Proxied(o.env), o.Clock)...)
}

// hostPatience is how long one host may take to connect, and to answer.
const hostPatience = 8 * time.Second

// storeChecks look at the store in use, and at the keychain where it protects
// the vault.
func (s *session) storeChecks(e *examination, state string, choiceErr error) []doctor.Check {
	c := choice{store: inKeychain, why: byDefault}
	if choiceErr == nil {
		c, _ = s.chosen()
	}
	p := s.at(c, state)
	if e.opened != nil {
		p = e.opened.place
	}
	use := doctor.Use(c.store, c.why, c.leaving, len(e.orgs))
	if choiceErr != nil {
		use = failedCheck("store", "which store is in use cannot be read", choiceErr)
	}
	checks := []doctor.Check{use}
	if p.vault == nil || p.protection == keychain.ByKeychain {
		// The probe has a service of its own: orgkeep's has one item an org.
		inIt := len(e.orgs)
		if p.vault != nil {
			inIt = 1
		}
		checks = append(checks, doctor.Keychain(s.Keychain(doctor.Service), inIt, s.someoneThere(), s.Clock))
	}
	if p.vault != nil {
		checks = append(checks, doctor.Vault(p.vault, s.givenKey(p), s.unlocking(), s.Clock), doctor.Modes("vault files", p.folder))
	}
	return append(checks, doctor.Journal(p.journal, p.keys), doctor.Modes("journal files", p.journal))
}

// givenKey opens the vault by the passphrase that came with the command line;
// without one it leaves the vault locked.
func (s *session) givenKey(p *place) func(context.Context) error {
	return func(ctx context.Context) error {
		if !p.asksPassphrase() || !s.isGiven() {
			return p.vault.Probe(ctx)
		}
		return p.vault.Unlock(ctx)
	}
}

// unlocking says how a person opens a locked vault, where the checks are shown.
func (s *session) unlocking() string {
	if s.asks != nil {
		return "Reading tokens (2 on an org) or a refresh asks for its passphrase. Do that, then D tries the vault."
	}
	return "Give its passphrase to try it: " + passphraseVariable + ", --passphrase-fd, or a terminal to ask on."
}

// failedCheck is a check of what has failed already.
func failedCheck(name, seen string, err error) doctor.Check {
	return doctor.Check{Name: name, Look: func(context.Context) doctor.Result {
		return doctor.Result{Outcome: doctor.Failed, Seen: seen, Detail: oneLine(err)}
	}}
}

func (o *doctoring) settingsCheck() doctor.Check {
	var changed []string
	for _, k := range settings.Keys() {
		if o.settings.From(k.Name) != settings.FromDefault {
			changed = append(changed, k.Name)
		}
	}
	return doctor.Settings(o.settings.Path, o.settings.Read, changed, o.badSettings)
}

// authorities are the files that the flag and the variable of Go's crypto/x509
// name.
func (s *session) authorities() []string {
	var files []string
	for _, path := range []string{s.trust.ca, s.env("SSL_CERT_FILE")} {
		if path != "" {
			files = append(files, path)
		}
	}
	return files
}

// programChecks look at the terminal and at the programs that are called.
func (s *session) programChecks() []doctor.Check {
	return []doctor.Check{
		s.terminalCheck(),
		doctor.Copying(systemClipboard() != nil, s.settings.OrDefault().ClipboardOSC52, s.env),
		doctor.Browser(s.env, exec.LookPath),
	}
}

func (s *session) terminalCheck() doctor.Check {
	t := doctor.Terminal{MinWidth: ui.MinWidth, MinHeight: ui.MinHeight, ASCII: s.ascii, Env: s.env, Colours: s.colours()}
	for _, stream := range []any{s.Out, s.Err} {
		if fd, there := descriptor(stream); there {
			t.There = true
			t.Width, t.Height, _ = term.GetSize(fd) // 0×0 is said to be too small
			break
		}
	}
	return t.Check()
}

// colours is what the terminal shows of them.
func (s *session) colours() string {
	if s.colourless() {
		return "no colours by choice"
	}
	switch colorprofile.Env(s.Environ) {
	case colorprofile.TrueColor:
		return "true colour"
	case colorprofile.ANSI256:
		return "256 colours"
	case colorprofile.ANSI:
		return "16 colours"
	default:
		return "no colours"
	}
}

// screenChecks are the checks as the screen makes them. Where the state folder
// is not known there are none.
func (s *session) screenChecks(k *opened) func([]tokens.Org) []doctor.Check {
	state, err := s.stateFolder()
	if err != nil {
		return nil
	}
	o := &doctoring{session: s}
	return func(orgs []tokens.Org) []doctor.Check {
		return o.checks(&examination{opened: k, ledger: k.ledger, orgs: orgs}, state, nil, nil)
	}
}

// demoChecks touch nothing outside of the demo but the terminal: it has a clipboard
// of its own, and opens no browser.
func (s *session) demoChecks(store keychain.Store, l *ledger.Ledger) func([]tokens.Org) []doctor.Check {
	return func(orgs []tokens.Org) []doctor.Check {
		checks := []doctor.Check{
			doctor.Program(s.Version), doctor.Keychain(store, len(orgs), false, s.Clock), doctor.Ledger(l, nil), s.terminalCheck(),
		}
		return append(checks, doctor.Offline("the demo contacts no host")...)
	}
}
