// Command orgkeep keeps the OAuth tokens of many Salesforce orgs: it shows how
// old they are and refreshes them, on a screen or by commands for scripts.
package main

import (
	"context"
	"os"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/ui/cli"
)

// vaultOptions is set by tests alone, to make passphrases cheap.
var vaultOptions []keychain.VaultOption

func main() {
	_ = keychain.Protect() // where the system refuses, the program works as safely as it did before
	os.Exit(cli.Program{
		In:            os.Stdin,
		Out:           os.Stdout,
		Err:           os.Stderr,
		Environ:       os.Environ(),
		Clock:         tokens.SystemClock(),
		Keychain:      func(service string) keychain.Store { return keychain.OS(keychain.WithService(service)) },
		SalesforceKey: keychain.SalesforceCLI,
		Home:          os.UserHomeDir,
		Version:       cli.BuildVersion(),

		VaultOptions: vaultOptions,
	}.Run(context.Background(), os.Args[1:]))
}
