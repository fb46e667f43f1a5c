package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// importing is one run of the import command.
type importing struct {
	*session
	alias, clientID, loginURL string
	secretOnStdin, asJSON     bool
	clientSecret              tokens.Secret
	// patience is how long, after the program was told to stop, a second signal
	// cannot end a login's being saved; free lets it.
	patience time.Duration
	free     func()
}

func newImport(s *session) *cobra.Command {
	o := &importing{session: s, patience: 5 * time.Second}
	c := &cobra.Command{
		Use:   "import FILE...",
		Short: "Save the tokens of token files in the keychain or the vault",
		Long: "Reads the JSON that Salesforce's token endpoint answered with, from files or, for -, from stdin,\n" +
			"and saves its tokens in the keychain of the operating system. The files stay as they are,\n" +
			"and are read before anything is asked.\n" +
			"The same org, user and client id again updates the entry; tokens older than the saved ones do not.\n" +
			"With --store vault they go into a vault, a folder of encrypted files; the first import makes it.",
		Example: "  orgkeep import acme.json --alias acme --client-id PlatformCLI\n" +
			"  orgkeep import *.json --client-id 3MVG9... --client-secret-stdin < secret.txt",
		Args: cobra.ArbitraryArgs,
		RunE: act(func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) }),
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.alias, "alias", "", "name for the org, when there is one FILE (default: from its host)")
	f.StringVar(&o.clientID, "client-id", "", "consumer key of the app that got the tokens; PlatformCLI is the Salesforce CLI's")
	f.BoolVar(&o.secretOnStdin, "client-secret-stdin", false, "read the app's client secret from stdin, one line")
	f.StringVar(&o.loginURL, "login-url", "", "host that refreshes the tokens (default: the org's instance URL)")
	s.addVaultKey(f)
	f.BoolVar(&o.asJSON, "json", false, "print the results as JSON")
	return c
}

func (o *importing) run(ctx context.Context, names []string) error {
	if o.clientID == "" {
		o.clientID = o.settings.ClientID
	}
	if err := o.check(names); err != nil {
		return err
	}
	files := o.readAll(names)
	if !slices.ContainsFunc(files, tokenFile.usable) {
		return o.importAll(ctx, nil, files) // which says why, and asks nothing for it
	}
	ctx, free := stoppable(ctx)
	defer free()
	o.free = free
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return err
	}
	defer done()
	orgs, err := k.Orgs(ctx)
	if err != nil {
		return err
	}
	ctx, err = o.requireOrMake(ctx, k.place, len(orgs))
	if err != nil {
		return err
	}
	if err := o.fillIn(ctx); err != nil {
		return err
	}
	err = o.importAll(ctx, k, files)
	o.backUp(context.WithoutCancel(ctx), k).Wait() // the new orgs are in the copy too
	return err
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
		return usage("import wants at least one FILE, or - for stdin")
	case o.alias != "" && len(files) > 1:
		return usage("--alias names one org, and there are %d files", len(files))
	case stdin > 1:
		return usage("- is stdin and can be read once")
	case o.passphraseFD == 0 && (stdin > 0 || o.secretOnStdin):
		return usage("--passphrase-fd 0 is stdin, which is wanted for something else already")
	case stdin > 0 && o.secretOnStdin:
		return usage("- and --client-secret-stdin both want stdin; give the token JSON as a file")
	case o.clientID == "" && !o.someoneThere():
		return usage("without a terminal to ask on, import wants --client-id (PlatformCLI for tokens of the Salesforce CLI)")
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

// fillIn gets what the flags have not told: the client id from the person, and
// the client secret from the person or from stdin.
func (o *importing) fillIn(ctx context.Context) (err error) {
	asked := o.clientID == ""
	if asked {
		o.clientID, err = o.ask(ctx, "Client id (consumer key) of the app that got these tokens, or PlatformCLI for the Salesforce CLI's:")
		if err != nil {
			return err
		}
		if o.clientID == "" {
			return cannot("without a client id the tokens could not be refreshed")
		}
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

// imported is what came of one file, as the JSON tells it.
type imported struct {
	File   string  `json:"file"`
	Result string  `json:"result"` // new, updated, kept, refused
	Alias  *string `json:"alias"`
	Error  *string `json:"error"`
}

const resultRefused = "refused"

// importAll takes the files one by one. A file that cannot be used leaves the
// others alone; a keychain or ledger that cannot be used ends the run.
func (o *importing) importAll(ctx context.Context, k *opened, files []tokenFile) error {
	results := make([]imported, 0, len(files))
	code := exitWell
	for _, file := range files {
		if ctx.Err() != nil {
			o.say("orgkeep: %v", errStopped)
			code = exitFailed
			break
		}
		result, err := o.importOne(ctx, k, file)
		results = append(results, result)
		if err == nil {
			continue
		}
		o.say("orgkeep: %s", oneLine(err))
		if code = codeOf(err); code == exitUnusable {
			break
		}
	}
	if o.asJSON {
		document := struct {
			Version int        `json:"version"`
			Results []imported `json:"results"`
		}{documentVersion, results}
		if err := writeJSON(o.Out, document); err != nil {
			return err
		}
	}
	return ended(code)
}

func (o *importing) importOne(ctx context.Context, k *opened, file tokenFile) (imported, error) {
	refused := func(err error) (imported, error) {
		return imported{File: file.name, Result: resultRefused, Error: known(oneLine(err))}, err
	}
	if file.err != nil {
		return refused(file.err)
	}
	now := o.Clock.Now()
	org, secrets, err := o.orgOf(file.grant, o.clientID, now)
	if err != nil {
		return refused(fmt.Errorf("%s: %w", tokens.Clean(file.name), err))
	}
	org, added, err := o.save(ctx, k, org, secrets)
	if err != nil {
		return refused(fmt.Errorf("%s: %w", tokens.Clean(file.name), err))
	}
	result := imported{File: file.name, Result: string(added), Alias: known(org.Alias)}
	if o.asJSON {
		return result, nil
	}
	age := "unknown"
	if c := org.Clocks(now, k.Limits()); c.AgeKnown {
		age = tokens.FormatSpan(c.Age)
	}
	done := "saved in " + k.place.name()
	if added == keeper.AddedKept {
		done = fmt.Sprintf("the tokens in %s are newer", k.place.name())
	}
	return result, o.print(fmt.Sprintf("%s: %s, %s, age %s, %s", org.Alias, added, org.Type.Label(), age, done))
}
