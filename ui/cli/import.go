package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
)

// importing is one run of the import command.
type importing struct {
	*session
	alias, clientID, loginURL string
	secretOnStdin, asJSON     bool
	mirror                    bool
	dryRun, yes, anyway       bool
	fromSF                    bool
	takeOver, readOnly        bool
	appNamed                  bool // by a flag, whatever a file says
	clientSecret              tokens.Secret
	secretOf                  string // the client id that the secret was asked for; empty for every app
	// patience is how long, after the program was told to stop, a second signal
	// cannot end a login's being saved; free lets it.
	patience time.Duration
	free     func()
}

func newImport(s *session) *cobra.Command {
	o := &importing{session: s, patience: 5 * time.Second}
	c := &cobra.Command{
		Use:   "import FILE|URL|-... | --from-sf [DIR]",
		Short: "Save the tokens of files, auth URLs or the Salesforce CLI",
		Long: "Reads the JSON that Salesforce's token endpoint answered with, or an sfdx auth URL (force://...), also in the JSON\n" +
			"that the Salesforce CLI prints, from files or, for -, from stdin, and saves the tokens in the keychain of the\n" +
			"operating system. The files stay as they are, and are read before anything is asked.\n" +
			"A file that orgkeep export has written tells the client id too; --client-id names that of others.\n" +
			"What it will do is shown first. Where that changes an org that is saved already, you are asked; without a terminal\n" +
			"--yes has to say so.\n" +
			"The same org, user and client id again updates the entry, and --alias renames it; tokens older than the saved ones do\n" +
			"not, and the same ones change nothing. A refresh token that was rotated out since is neither taken nor sent, unless\n" +
			"its org is not here and --anyway says so.\n" +
			"An auth URL does not say whose login it is: it is refreshed once, which tells. As an argument it stays in the\n" +
			"shell's history; a file or stdin is better.\n" +
			"--from-sf imports every login of the Salesforce CLI in DIR (default: your home folder), and asks where those are\n" +
			"several. The CLI goes on using the same refresh tokens. Where an app rotates those, one program would break the other:\n" +
			"such orgs are refreshed under the CLI's own lock, and the new tokens are written back to its files.\n" +
			"--take-over makes them orgkeep's alone, and the CLI has to sign in again; --read-only leaves refreshing to the CLI.\n" +
			"With --store vault the tokens go into a vault, a folder of encrypted files; the first import makes it.",
		Example: "  orgkeep import acme.json --alias acme --client-id PlatformCLI\n" +
			"  orgkeep import *.json --client-id 3MVG9... --client-secret-stdin < secret.txt\n" +
			"  sf org auth show-sfdx-auth-url --target-org acme --json | orgkeep import -\n" +
			"  orgkeep import --from-sf --dry-run",
		Args: cobra.ArbitraryArgs,
		RunE: act(func(c *cobra.Command, args []string) error {
			if o.fromSF {
				return o.runSF(c.Context(), args)
			}
			return o.run(c.Context(), args)
		}),
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.alias, "alias", "", "name for the org, when there is one FILE (default: from its host)")
	f.StringVar(&o.clientID, "client-id", "", "consumer key of the app that got the tokens; PlatformCLI is the Salesforce CLI's")
	f.BoolVar(&o.secretOnStdin, "client-secret-stdin", false, "read the app's client secret from stdin, one line")
	f.StringVar(&o.loginURL, "login-url", "", "host that refreshes the tokens (default: the org's instance URL)")
	f.BoolVar(&o.mirror, "mirror", false, "keep each FILE in step with its org from now on, as orgkeep mirror")
	f.BoolVar(&o.fromSF, "from-sf", false, "import the logins of the Salesforce CLI in DIR, a home folder or its .sfdx")
	f.BoolVar(&o.takeOver, "take-over", false, "with --from-sf: the orgs are orgkeep's alone from now on; the CLI's copies break when tokens rotate")
	f.BoolVar(&o.readOnly, "read-only", false, "with --from-sf: orgkeep never refreshes the orgs, and takes over what the CLI refreshes")
	f.BoolVar(&o.anyway, "anyway", false, "also refresh tokens that are known to have been rotated out; to send one may end its login")
	f.BoolVar(&o.dryRun, "dry-run", false, "say what would be saved, and neither save nor send anything")
	f.BoolVar(&o.yes, "yes", false, "ask nothing: also change orgs that are saved already, and save all of --from-sf")
	s.addVaultKey(f)
	f.BoolVar(&o.asJSON, "json", false, "print the results as JSON")
	return c
}

func (o *importing) run(ctx context.Context, names []string) error {
	o.appNamed = o.clientID != ""
	if !o.appNamed {
		o.clientID = o.settings.ClientID
	}
	if err := o.check(names); err != nil {
		return err
	}
	files := o.readAll(names)
	if !slices.ContainsFunc(files, tokenFile.usable) {
		return o.refuseAll(files)
	}
	for _, file := range files {
		if file.err != nil && !o.dryRun {
			o.say("orgkeep: %s", oneLine(file.err)) // before anything is asked for the others
		}
	}
	if slices.ContainsFunc(files, tokenFile.appless) && o.clientID == "" && !o.someoneThere() {
		return usage("without a terminal to ask on, import wants --client-id (PlatformCLI for tokens of the Salesforce CLI)")
	}
	ctx, free := stoppable(ctx)
	defer free()
	o.free = free
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return err
	}
	defer func() { o.unmake(ctx, k.place, done) }()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	if ctx, err = o.ready(ctx, k.place); err != nil {
		return err
	}
	if err := o.fillIn(ctx, files); err != nil {
		return err
	}
	plan, err := o.planFiles(ctx, k, files, orgs)
	if err != nil {
		return err
	}
	if o.dryRun {
		return o.answerPlan(plan)
	}
	return o.carryOut(ctx, k, plan, len(orgs))
}

// check turns down what cannot be carried out, before anything is opened.
func (o *importing) check(files []string) error {
	stdin := 0
	for _, file := range files {
		if file == "-" {
			stdin++
		}
	}
	switch {
	case len(files) == 0:
		return usage("import wants at least one FILE, an auth URL, - for stdin, or --from-sf")
	case o.alias != "" && len(files) > 1:
		return usage("--alias names one org, and there are %d files", len(files))
	case stdin > 0 && o.mirror:
		return usage("--mirror keeps a file in step, and - is none")
	case stdin > 1:
		return usage("- is stdin and can be read once")
	case o.passphraseFD == 0 && (stdin > 0 || o.secretOnStdin):
		return usage("--passphrase-fd 0 is stdin, which is wanted for something else already")
	case stdin > 0 && o.secretOnStdin:
		return usage("- and --client-secret-stdin both want stdin; give the token JSON as a file")
	case o.takeOver || o.readOnly:
		return usage("--take-over and --read-only are for --from-sf")
	}
	if o.alias != "" {
		if err := tokens.CheckAlias(o.alias); err != nil {
			return usage("--alias: %w", err)
		}
	}
	if o.loginURL != "" {
		var err error
		if o.loginURL, err = tokens.CheckURL(o.loginURL); err != nil {
			return usage("--login-url: %w", err)
		}
	}
	return nil
}

// fillIn gets what neither the flags nor the files have told: the client id from
// the person, and the client secret from the person or from stdin.
func (o *importing) fillIn(ctx context.Context, files []tokenFile) (err error) {
	if !slices.ContainsFunc(files, func(f tokenFile) bool { return !f.login.IsURL }) {
		return nil // auth URLs tell both
	}
	asked := o.clientID == "" && slices.ContainsFunc(files, tokenFile.appless)
	if asked {
		o.clientID, err = o.ask(ctx, "Client id (consumer key) of the app that got these tokens, or PlatformCLI for the Salesforce CLI's:")
		if err != nil {
			return err
		}
		if o.clientID == "" {
			return cannot("without a client id the tokens could not be refreshed")
		}
		o.secretOf = o.clientID
	}
	o.clientSecret, err = o.appSecret(ctx, o.secretOnStdin, asked && o.clientID != platformCLI)
	return err
}

// appSecret gets the client secret of an app: from stdin, or from a person where
// asked says so; absent otherwise.
func (s *session) appSecret(ctx context.Context, onStdin, asked bool) (tokens.Secret, error) {
	_, terminal := descriptor(s.In)
	switch {
	case onStdin && !terminal:
		line, err := readLine(s.In)
		if err != nil {
			return tokens.Secret{}, cannot("--client-secret-stdin: reading stdin: %w", err)
		}
		if line == "" {
			return tokens.Secret{}, cannot("--client-secret-stdin: the line on stdin is empty")
		}
		return tokens.NewSecret(line), nil
	case onStdin, asked:
		return s.askSecret(ctx, "Client secret (not shown; empty when the app has none):")
	}
	return tokens.Secret{}, nil
}

// platformCLI is the Salesforce CLI's own client id. Its app has no secret.
const platformCLI = "PlatformCLI"
