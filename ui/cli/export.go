package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// The formats of an export.
const (
	asTokenJSON = string(keeper.FormTokenFile)
	asAuthURL   = string(keeper.FormAuthURL)
)

// exporting is one run of the export command.
type exporting struct {
	handingOut
	format oneOf
	output string
	force  bool
	asJSON bool
}

func newExport(s *session) *cobra.Command {
	o := &exporting{handingOut: handingOut{session: s}, format: oneOf{words: []string{asTokenJSON, asAuthURL}}}
	c := &cobra.Command{
		Use:   "export ORG...",
		Short: "Write an org's login for another program",
		Long: "Writes the login of an org as a token file (token-json: the token endpoint's answer and the client id, as orgkeep import\n" +
			"reads it) or as an sfdx auth URL, which sf org login sfdx-url takes. Both have the refresh token in plain text: the file is for its\n" +
			"owner alone (0600), an existing one is left unless --force is said, and a terminal is refused without --reveal.\n" +
			"Of several orgs, token files go into a folder that is there already, auth URLs there or one a line.\n" +
			"Where the app rotates refresh tokens, two programs with one refresh token end the login: the second to use it\n" +
			"is refused. orgkeep forget ORG leaves the login to the other program.",
		Example: "  orgkeep export acme-uat --format token-json --output acme.json\n" +
			"  orgkeep export acme-uat acme-dev --format auth-url --json | jq -r '.results[].auth_url'\n" +
			"  orgkeep export acme-uat --format auth-url --output acme.txt\n" +
			"  # sf org login sfdx-url --sfdx-url-file acme.txt --alias acme-uat",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: s.completeAlias,
	}
	c.RunE = act(func(c *cobra.Command, args []string) error { return o.run(c, args) })
	f := c.Flags()
	f.SortFlags = false
	f.Var(&o.format, "format", "what to write: a token file or an sfdx auth URL")
	f.StringVar(&o.output, "output", "", "file to write to, or a folder that is there (default: stdout, as for -)")
	f.BoolVar(&o.force, "force", false, "write over a file that is there")
	o.addReveal(f)
	f.BoolVar(&o.asJSON, "json", false, "print what became of each org as JSON; without --output the login is in it")
	_ = c.RegisterFlagCompletionFunc("format", o.format.offer) // it fails for a flag that is not there
	return c
}

func (o *exporting) run(c *cobra.Command, names []string) error {
	if o.format.value == "" {
		return usage("say what to write: --format %s", strings.Join(o.format.words, " or --format "))
	}
	if o.output == "-" {
		o.output = ""
	}
	if o.output == "" {
		if err := o.checkOut(c); err != nil {
			return err
		}
	}
	ctx, free := stoppable(c.Context())
	defer free()
	k, done, err := o.openAll(ctx, duty{})
	if err != nil {
		return err
	}
	defer done()
	orgs, err := o.take(ctx, k, names)
	if err != nil {
		return err
	}
	targets, err := o.targets(orgs)
	if err != nil {
		return err
	}
	if ctx, err = o.requireStore(ctx, k.place); err != nil {
		return err
	}
	return o.exportAll(ctx, k, orgs, targets)
}

// targets are the files that the orgs are written to; empty ones are stdout. What
// is there already is found before anything is read.
func (o *exporting) targets(orgs []tokens.Org) ([]string, error) {
	targets := make([]string, len(orgs))
	info, err := os.Stat(o.output)
	folder := o.output != "" && err == nil && info.IsDir()
	if len(orgs) > 1 && !folder && (o.output != "" || o.format.value == asTokenJSON && !o.asJSON) {
		return nil, usage("of %d orgs, --output has to name a folder that is there", len(orgs))
	}
	for i, org := range orgs {
		targets[i] = o.output
		if folder {
			name := org.Alias + map[string]string{asTokenJSON: ".json", asAuthURL: ".txt"}[o.format.value]
			if filepath.Base(name) != name || strings.ContainsAny(name, `/\:`) {
				return nil, cannot("the alias %s is no file name; name the file with --output", org.Alias)
			}
			targets[i] = filepath.Join(o.output, name)
		}
		if targets[i] == "" {
			continue
		}
		err := keeper.Writable(targets[i], o.force)
		if errors.Is(err, keeper.ErrThere) {
			return nil, cannot("%w; --force writes over it", err)
		}
		if err != nil {
			return nil, cannot("%w", err)
		}
	}
	return targets, nil
}

// exportAll exports the orgs one after the other. One that cannot be leaves the
// others alone.
func (o *exporting) exportAll(ctx context.Context, k *opened, orgs []tokens.Org, targets []string) error {
	code := exitWell
	var results []exported
	for i, org := range orgs {
		result := exported{Alias: org.Alias, Format: o.format.value, Result: resultWritten, File: known(targets[i]), Rotates: org.Rotates}
		err := ctx.Err()
		if err == nil {
			err = o.exportOne(ctx, k, org, targets[i], &result)
		}
		if err != nil {
			result.Result, result.Error = resultRefused, known(oneLine(err))
			o.say("orgkeep: %s", oneLine(err))
			code = codeOf(err)
		}
		results = append(results, result)
		if code == exitUnusable {
			break
		}
	}
	if o.asJSON {
		if err := writeResults(o.Out, results); err != nil {
			return err
		}
	}
	return ended(code)
}

func (o *exporting) exportOne(ctx context.Context, k *opened, org tokens.Org, target string, result *exported) error {
	form := keeper.Form(o.format.value)
	if target == "" {
		text, err := k.Written(ctx, org, form)
		switch {
		case err != nil:
		case !o.asJSON:
			err = o.printSecret(text.Reveal())
		case form == keeper.FormTokenFile:
			result.Tokens = json.RawMessage(text.Reveal())
		default:
			result.AuthURL = strings.TrimSpace(text.Reveal())
		}
		if err != nil {
			return err
		}
	} else {
		if err := k.Export(ctx, org, form, target, o.force); err != nil {
			return err
		}
		o.say("%s written to %s.", org.Alias, tokens.Clean(target))
	}
	o.say("%s", sharedLine(org))
	if form == keeper.FormTokenFile {
		o.sayMissing(ctx, k, org)
	}
	return nil
}

// sayMissing says what a token file lacks that an import or another program may
// want.
func (o *exporting) sayMissing(ctx context.Context, k *opened, org tokens.Org) {
	if org.UserID == "" {
		o.say("%s: the file has no id, because its user id is not known before its first refresh; orgkeep import takes it by its username.", org.Alias)
	}
	if a, err := k.Anatomy(ctx, org.Key); err == nil && a.HasClientSecret {
		o.say("%s: the client secret of its app is not in the file; orgkeep import takes it with --client-secret-stdin, and an auth URL has it.", org.Alias)
	}
}

// sharedLine says what two programs with one refresh token have to expect.
func sharedLine(org tokens.Org) string {
	if inDoubt(org) {
		return org.Alias + ": its last refresh " + unanswered(org) + ", so the refresh token in it may have been used up already."
	}
	switch org.Rotates {
	case tokens.RotationNo:
		return org.Alias + ": its app did not rotate the refresh token so far, so both programs can use it."
	case tokens.RotationYes:
		return fmt.Sprintf("%s: its app rotates refresh tokens. Whichever program refreshes first keeps the login; the other's copy is dead then, and using it "+
			"ends the login for both. Let one of them refresh: orgkeep forget %s leaves it to the other.", org.Alias, org.Alias)
	case tokens.RotationUnknown:
	}
	return fmt.Sprintf("%s: whether its app rotates refresh tokens is not known. If it does, whichever program refreshes first keeps the login, and using the "+
		"other's copy ends it for both. Let one of them refresh.", org.Alias)
}
