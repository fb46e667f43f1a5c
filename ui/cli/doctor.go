package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/doctor"
	"orgkeep/tokens/ledger"
)

// doctoring is one run of the doctor command.
type doctoring struct {
	*session
	asJSON, offline bool
	bundle          string
	badSettings     error // why the settings do not hold
}

func newDoctor(s *session) *cobra.Command {
	o := &doctoring{session: s}
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check what orgkeep works with on this machine",
		Long: "Checks the store of the tokens (a probe item is written, read and deleted), the ledger, the journal, the locks,\n" +
			"the settings, the way to the orgs' hosts, this machine's clock, the terminal and the programs that orgkeep calls.\n" +
			"It contacts the login and instance hosts of your orgs, once each and without a token, and nothing else; --offline\n" +
			"leaves that out. The exit code is the number of checks that failed, at most 100.\n\n" +
			"--bundle writes a zip file that can be given away: results, versions, settings, and each org under a stand-in with its\n" +
			"type, clocks in hours and last failure. No alias, host, user, id or answer is in it. It is searched for every stored\n" +
			"secret first, so the store has to be open. It is sent nowhere.",
		Example: "  orgkeep doctor\n" +
			"  orgkeep doctor --offline --json\n" +
			"  orgkeep doctor --bundle orgkeep-doctor.zip",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		// It has to work while the settings are wrong, and to say so.
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			o.badSettings = s.takeSettings(c)
			return cmp.Or(s.takeDescriptor(), s.takeTrust())
		},
		RunE: act(func(c *cobra.Command, _ []string) error { return o.run(c.Context()) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.BoolVar(&o.asJSON, "json", false, "print the results as JSON")
	f.BoolVar(&o.offline, "offline", false, "contact no host")
	f.StringVar(&o.bundle, "bundle", "", "write what can be shared into this zip `file`, which must not be there yet")
	return c
}

// exitMost is the most failed checks that the exit code tells: shells use 126
// and more for themselves.
const exitMost = 100

func (o *doctoring) run(ctx context.Context) error {
	if o.bundle != "" {
		if _, err := os.Lstat(o.bundle); !errors.Is(err, fs.ErrNotExist) {
			return usage("--bundle %s: the file is there already, or cannot be looked at; nothing is overwritten", tokens.Clean(o.bundle))
		}
	}
	ctx, free := stoppable(ctx)
	defer free()
	e, err := o.examination(ctx)
	if err != nil {
		return err
	}
	defer e.close()
	if p := e.opened; p != nil && p.place.asksPassphrase() && (o.isGiven() || o.someoneThere()) {
		if ctx, err = o.requireStore(ctx, p.place); err != nil {
			o.say("orgkeep: %s", oneLine(err)) // the vault's check tells it too
		}
	}
	results := o.carryOut(ctx, e)
	if o.bundle != "" {
		r := o.writeBundle(ctx, e, results)
		results = append(results, r)
		if err := o.printResult(r); err != nil {
			return err
		}
	}
	if err := o.conclusion(results); err != nil {
		return err
	}
	return ended(min(doctor.Count(results, doctor.Failed), exitMost))
}

// examination is what there is to check here.
type examination struct {
	opened *opened        // nil where the ledger or the choice of the store cannot be read
	ledger *ledger.Ledger // nil where it cannot be opened
	orgs   []tokens.Org
	checks []doctor.Check
	close  func()
}

// examination opens what is to be looked at. What cannot be opened is a check
// that fails, so that the others still tell.
func (o *doctoring) examination(ctx context.Context) (*examination, error) {
	state, err := o.stateFolder()
	if err != nil {
		return nil, err
	}
	e := &examination{close: func() {}}
	l, closeLedger, ledgerErr := o.openLedger(ctx)
	if ledgerErr == nil {
		e.ledger, e.close = l, closeLedger
		e.orgs, ledgerErr = l.Orgs(ctx)
	}
	chosen, choiceErr := o.chosen()
	if ledgerErr == nil && choiceErr == nil {
		p := o.at(chosen, state)
		e.opened = &opened{Keeper: o.keeperAt(p, l, state, duty{looks: true}), place: p, ledger: l}
	}
	e.checks = o.checks(e, state, ledgerErr, choiceErr)
	return e, nil
}
