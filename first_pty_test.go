//go:build unix

package main

import (
	"strings"
	"testing"
)

// First run on an empty machine: there is no keychain, so a vault is made by a
// key, an org is added, and the list shows it.
func TestFirstRunOnAnEmptyMachine(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "login1", l))
	l.instance = e.URL
	x := m.on(t)
	x.await("No orgs yet.")
	x.await("the keychain cannot be used")
	x.enter("E")
	x.await("nobody can restore it")
	x.enter(passphrase + "\r")
	x.await("the same again")
	x.enter(passphrase + "\r")
	x.await("Made a vault.")
	x.await("The tokens will rest in the vault.")
	x.enter("i")
	x.await("Add an org")
	x.enter(l.file(t) + "\r")
	x.await("A client id is needed")
	x.enter("PlatformCLI\t\t")
	x.enter("acme\r")
	x.await("will be called acme")
	x.enter("y")
	x.await("acme is added.")
	x.enter("r")
	x.await("New access token")
	x.enter("q")
	if code := x.ended(); code != 0 {
		t.Fatalf("exit %d: %s", code, x.text())
	}
	for _, secret := range []string{passphrase, l.access, l.refresh} {
		if strings.Contains(x.text(), secret) {
			t.Errorf("the terminal was sent a secret")
		}
	}
	next := l.renewed(false)
	checkNoSecret(t, m, []string{passphrase, l.access, l.refresh, next.access})
	if listed := m.run(t, "list").expect(t, 0); !strings.Contains(listed.out, "acme") || len(e.sent()) != 1 {
		t.Errorf("%d requests, the list is\n%s", len(e.sent()), listed.out)
	}
	if store := m.run(t, "store").expect(t, 0); !strings.Contains(store.out, "pinned") {
		t.Errorf("the store is\n%s", store.out)
	}
}

// The demo that is started from the empty screen gives it back, and saves
// nothing.
func TestTheDemoGivesTheEmptyScreenBack(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	x := m.on(t)
	x.await("The tokens will rest in Secret Service.")
	x.enter("d")
	x.await("q goes back.")
	x.await("globex")
	x.enter("q")
	x.awaitTimes("The tokens will rest in Secret Service.", 2)
	x.enter("q")
	if code := x.ended(); code != 0 {
		t.Errorf("exit %d: %s", code, x.text())
	}
	if n := service.Items(t, "orgkeep"); n != 0 {
		t.Errorf("the demo saved %d items", n)
	}
}

// A vault that only waits for its passphrase is not called unusable.
func TestALockedVaultIsAPlaceForTokens(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	x := m.on(t)
	x.await("No orgs yet.")
	x.enter("E")
	x.await("nobody can restore it")
	x.enter(passphrase + "\r")
	x.await("the same again")
	x.enter(passphrase + "\r")
	x.await("Made a vault.")
	x.enter("q")
	if code := x.ended(); code != 0 {
		t.Fatalf("exit %d: %s", code, x.text())
	}
	x = m.on(t)
	x.await("The tokens will rest in the vault.")
	x.enter("i")
	x.await("Add an org")
	x.enter(newLogin(t, 1, "https://acme.my.salesforce.com").file(t) + "\r")
	x.await("A client id is needed")
	x.enter("PlatformCLI\r")
	x.await("will be called acme")
	x.enter("y")
	x.await("Passphrase of the vault")
	x.listens()
	x.enter(passphrase + "\r")
	x.await("acme is added.")
	x.enter("q")
	if code := x.ended(); code != 0 || strings.Contains(x.text(), "not usable") {
		t.Errorf("exit %d: %s", code, x.text())
	}
}

// A passphrase in the environment makes the vault, and opens it for the doctor.
func TestAGivenPassphraseMakesTheVaultAndOpensItForTheDoctor(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t).knowing()
	w := m.open(t, 60, 15, "--store", "vault")
	w.see("No orgs yet.", "E  make a vault")
	if strings.Contains(w.text(), "try the keychain") {
		t.Errorf("the vault is called a keychain:\n%s", w.text())
	}
	w.press("E")
	w.see("orgkeep was started with", "make it with that passphrase")
	w.press("y")
	w.see("Made a vault.", "The tokens will rest in the vault.")
	w.leaves()

	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "", l))
	l.instance = e.URL
	m.run(t, "import", "--client-id", "PlatformCLI", "--login-url", e.URL, l.file(t)).expect(t, 0)
	w = m.open(t, 120, 30)
	w.see("1 org")
	w.press("D")
	w.see("vault: an item was written in", "(pinned), 1 org ", "D once more")
	w.press("\x1b")
	w.gone("D once more")
	w.leaves()

	w = m.having("ORGKEEP_PASSPHRASE=").open(t, 120, 30)
	w.see("1 org")
	w.press("D")
	w.see("the vault is locked", "Reading tokens (2 on an org) or a refresh asks for its passphrase.", "D once more")
	w.press("\x1b")
	w.gone("D once more")
	w.leaves()
}
