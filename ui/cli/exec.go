package cli

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"orgkeep/tokens"
	"orgkeep/tokens/transfer"
)

// executing is one run of the exec command.
type executing struct{ handingOut }

func newExec(s *session) *cobra.Command {
	o := &executing{handingOut{session: s}}
	c := &cobra.Command{
		Use:   "exec ORG -- CMD...",
		Short: "Run a program with an org's access token in its environment",
		Long: "Runs a program that finds the org's access token and host in its environment: " + strings.Join(transfer.VariableNames(), ", ") + ".\n" +
			"They are never arguments, and take the place of variables of these names that are set already.\n" +
			"The Salesforce CLI (sf) goes to its own default org unless its target is the token, as in the last example; it shows the\n" +
			"token as the username then. For sf org login access-token it is there, with --instance-url \"$SF_INSTANCE_URL\".\n" +
			"The token is refreshed first as by orgkeep token. Signals and the exit code are the program's own; where it was not\n" +
			"started, the exit code is that of orgkeep token, or 2.",
		Example: "  orgkeep exec acme-uat -- ./deploy.sh --check\n" +
			"  orgkeep exec acme-uat --min-left 1h -- python3 load.py\n" +
			"  orgkeep exec acme-uat -- sh -c 'SF_TARGET_ORG=$SF_ACCESS_TOKEN sf limits api display'",
		Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(c *cobra.Command, typed []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(typed) > 0 {
				return nil, cobra.ShellCompDirectiveDefault // the program's files
			}
			return s.completeOneAlias(c, typed, begun)
		},
	}
	c.RunE = act(func(c *cobra.Command, args []string) error {
		if err := o.checkMinLeft(); err != nil {
			return err
		}
		if c.ArgsLenAtDash() != 1 || len(args) < 2 {
			return usage("say for which org and what to run: ORG -- CMD...")
		}
		return o.run(c.Context(), args[0], args[1:])
	})
	c.SetFlagErrorFunc(programsFlag)
	o.addMinLeft(c.Flags())
	return c
}

// programsFlag says of a flag that exec does not have that it may be the program's.
func programsFlag(c *cobra.Command, err error) error {
	if _, unknown := errors.AsType[*pflag.NotExistError](err); unknown {
		return fmt.Errorf("%w; where it is the program's, put -- before the program: ORG -- CMD", err)
	}
	return badFlag(c, err)
}

func (o *executing) run(ctx context.Context, name string, command []string) error {
	// Looked for first: no refresh for a program that is not there.
	program, err := exec.LookPath(command[0])
	if err != nil {
		if problem, ok := errors.AsType[*exec.Error](err); ok {
			err = problem.Err
		}
		return cannot("%s cannot be run: %w", tokens.Clean(command[0]), err)
	}
	r, err := o.ready(ctx, name)
	if err != nil {
		return err
	}
	return become(program, command, childEnviron(o.Environ, transfer.Variables(r.org, r.secrets)))
}

// childEnviron is the environment with the variables in it. They win over what is
// set already: that may be the login of another org, and this one was named.
func childEnviron(environ []string, variables []transfer.Variable) []string {
	child := slices.DeleteFunc(slices.Clone(environ), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.ContainsFunc(variables, func(v transfer.Variable) bool { return strings.EqualFold(v.Name, name) })
	})
	for _, v := range variables {
		child = append(child, v.Name+"="+v.Value.Reveal())
	}
	return child
}
