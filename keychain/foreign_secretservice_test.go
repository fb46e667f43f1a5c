//go:build linux

package keychain_test

import (
	"os/exec"
	"strings"
	"testing"

	"orgkeep/keychain"
	"orgkeep/keychain/keychaintest"
)

// TestTheSalesforceCLIsKey stores the key as the Salesforce CLI does: by running
// secret-tool.
func TestTheSalesforceCLIsKey(t *testing.T) {
	service := keychaintest.Start(t)
	service.Use(t)
	tool, err := exec.LookPath("secret-tool")
	if err != nil {
		t.Skip("secret-tool is not installed")
	}
	if got, err := keychain.SalesforceCLI(t.Context()); err != nil || got != "" {
		t.Fatalf("%q, %v", got, err)
	}
	cmd := exec.CommandContext(t.Context(), tool, "store", "--label=salesforce.com", "user", "local", "domain", "sfdx")
	cmd.Stdin = strings.NewReader("516111c271c11b9120db1c6d962d6f4c")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	if got, err := keychain.SalesforceCLI(t.Context()); err != nil || got != "516111c271c11b9120db1c6d962d6f4c" {
		t.Errorf("%q, %v", got, err)
	}
	service.Lock(t)
	_, err = keychain.SalesforceCLI(t.Context())
	wantKind(t, err, keychain.ErrLocked)
	service.Kill(t)
	_, err = keychain.SalesforceCLI(t.Context())
	wantKind(t, err, keychain.ErrUnavailable)
}
