package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"orgkeep/tokens/transfer"
)

// envPrinting is one run of the env command.
type envPrinting struct {
	handingOut
	format oneOf
	asJSON bool
}

func newEnv(s *session) *cobra.Command {
	o := &envPrinting{handingOut: handingOut{session: s}}
	o.format = oneOf{
		value: string(transfer.EnvShell),
		words: []string{string(transfer.EnvShell), string(transfer.EnvDotenv), string(transfer.EnvJSON)},
	}
	c := &cobra.Command{
		Use:   "env ORG",
		Short: "Print the variables that let other programs call an org",
		Long: "Prints the org's access token and host as variables: " + strings.Join(transfer.VariableNames(), ", ") + ".\n" +
			"The token is refreshed first as by orgkeep token. A terminal is refused without --reveal.\n" +
			"A .env file is plain text: what can read it has the token. orgkeep exec leaves no file.",
		Example: "  # in a shell: eval \"$(orgkeep env acme-uat)\"\n" +
			"  orgkeep env acme-uat --format dotenv > .env",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: s.completeOneAlias,
	}
	c.RunE = act(func(c *cobra.Command, args []string) error {
		if err := o.checkMinLeft(); err != nil {
			return err
		}
		if o.asJSON {
			if c.Flags().Changed("format") && o.format.value != string(transfer.EnvJSON) {
				return usage("--json and --format %s exclude each other", o.format.value)
			}
			o.format.value = string(transfer.EnvJSON)
		}
		if err := o.checkOut(c); err != nil {
			return err
		}
		return o.run(c.Context(), args[0])
	})
	f := c.Flags()
	f.SortFlags = false
	f.Var(&o.format, "format", "how the variables are written")
	f.BoolVar(&o.asJSON, "json", false, "the same as --format json")
	o.addMinLeft(f)
	o.addReveal(f)
	_ = c.RegisterFlagCompletionFunc("format", o.format.offer) // it fails for a flag that is not there
	return c
}

func (o *envPrinting) run(ctx context.Context, name string) error {
	r, err := o.ready(ctx, name)
	if err != nil {
		return err
	}
	text, err := transfer.FormatEnv(transfer.EnvFormat(o.format.value), transfer.Variables(r.org, r.secrets))
	if err != nil {
		return fmt.Errorf("%s: %w", r.org.Alias, err)
	}
	return o.printSecret(text)
}

// printSecret writes an answer as it is: another program reads it.
func (s *session) printSecret(text string) error {
	if _, err := io.WriteString(s.Out, text); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}
