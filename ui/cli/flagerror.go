package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// badFlag says of a flag whose value is no good, in one sentence, what is allowed
// there. It stands in the place of what Go's own parsers say.
func badFlag(_ *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return err
	}
	flag := bad.GetFlag()
	return fmt.Errorf("--%s is %q, %s", flag.Name, bad.GetValue(), allowedIn(flag, bad.Unwrap()))
}

// allowedIn says what a flag takes, by the type of its value; why is what the
// value itself said.
func allowedIn(flag *pflag.Flag, why error) string {
	switch flag.Value.Type() {
	case "uint64":
		return "it has to be a whole number, 0 to 18446744073709551615"
	case "int":
		return "it has to be a whole number"
	case "float64":
		return "it has to be a number, such as 2 or 0.5"
	case "duration":
		return "it has to be a span such as 30s, 10m or 2h"
	case "bool":
		return "it has to be true or false"
	}
	return why.Error()
}
