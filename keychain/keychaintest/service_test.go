package keychaintest_test

import (
	"os"
	"os/exec"
	"testing"

	"orgkeep/keychain"
	"orgkeep/keychain/keychaintest"
)

const childVariable = "ORGKEEP_TEST_CHILD"

// TestChildProcess runs this test again as a child that saves one item into the
// parent's keyring.
func TestChildProcess(t *testing.T) {
	if os.Getenv(childVariable) != "" {
		if err := keychain.OS().Set(t.Context(), "account", "value"); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Parallel()
	service := keychaintest.Start(t)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), program, "-test.run=^TestChildProcess$")
	child.Env = append(append(os.Environ(), service.Env()...), childVariable+"=1")
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("the child: %v\n%s", err, out)
	}
	if n := service.Items(t, "orgkeep"); n != 1 {
		t.Errorf("the keyring has %d items, want 1", n)
	}
	if n := service.Items(t, "another"); n != 0 {
		t.Errorf("the keyring has %d items of another service", n)
	}
}

// TestTwoServices has two keyrings that know nothing of each other.
func TestTwoServices(t *testing.T) {
	t.Parallel()
	one, two := keychaintest.Start(t), keychaintest.Start(t)
	if one.Address() == two.Address() {
		t.Errorf("both are at %s", one.Address())
	}
	one.Kill(t)
	if n := two.Items(t, "orgkeep"); n != 0 {
		t.Errorf("a new keyring has %d items", n)
	}
}
