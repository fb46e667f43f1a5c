//go:build unix

package main

import (
	"context"
	"strings"
	"testing"
)

func TestAVaultIsMadeAndOpenedOnATerminal(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "login1", l))
	l.instance = e.URL
	x := m.on(t, "import", "--store", "vault", "--client-id", "PlatformCLI", "--alias", "acme", l.file(t))
	asked := []string{"not shown):", "not shown):", "once more:", "not shown):", "once more:"}
	for i, answer := range []string{"short", passphrase, "something else", passphrase, passphrase} {
		x.awaitTimes(asked[i], strings.Count(strings.Join(asked[:i+1], ""), asked[i]))
		x.enter(answer + "\r")
	}
	x.await("acme: new")
	if code := x.ended(); code != 0 {
		t.Fatalf("exit %d: %s", code, x.text())
	}
	for _, want := range []string{"New passphrase", "fewer than 8", "once more", "two different", "Made a vault in"} {
		if !strings.Contains(x.text(), want) {
			t.Errorf("the terminal does not say %q: %s", want, x.text())
		}
	}
	for _, answer := range []string{"short", passphrase, "something else"} {
		if strings.Contains(x.text(), answer) {
			t.Errorf("the terminal shows %q", answer)
		}
	}

	x = m.on(t, "refresh", "acme")
	x.await("Passphrase of the vault")
	x.enter("wrong horse\r")
	x.await("does not open the vault")
	x.enter(passphrase + "\r")
	x.await("acme refreshed")
	if code := x.ended(); code != 0 || strings.Contains(x.text(), passphrase) || strings.Count(x.text(), "Passphrase of the vault") != 2 {
		t.Errorf("exit %d: %s", code, x.text())
	}

	x = m.on(t, "refresh", "acme")
	for n := range 3 {
		x.awaitTimes("not shown):", n+1)
		x.enter("wrong horse\r")
	}
	x.await("the passphrase does not open the vault")
	if code := x.ended(); code != 3 {
		t.Errorf("exit %d after three wrong ones: %s", code, x.text())
	}

	x = m.on(t, "refresh", "acme")
	x.await("not shown):")
	x.enter("\x03")
	if code := x.ended(); code != 1 || len(e.sent()) != 1 {
		t.Errorf("exit %d after ctrl+c, %d requests: %s", code, len(e.sent()), x.text())
	}
	if code := m.on(t, "list").ended(); code != 0 {
		t.Errorf("list on a terminal: exit %d", code)
	}
}

func TestThePassphraseIsChangedOnATerminal(t *testing.T) {
	t.Parallel()
	m, _ := withVault(t)
	x := m.on(t, "store", "passphrase")
	asked := []string{"not shown):", "not shown):", "not shown):", "once more:", "not shown):", "once more:"}
	for i, answer := range []string{"wrong horse", passphrase, nextPassphrase, "something else", nextPassphrase, nextPassphrase} {
		x.awaitTimes(asked[i], strings.Count(strings.Join(asked[:i+1], ""), asked[i]))
		x.enter(answer + "\r")
	}
	x.await("Changed the passphrase")
	if code := x.ended(); code != 0 {
		t.Fatalf("exit %d: %s", code, x.text())
	}
	for _, want := range []string{"does not open the vault", "New passphrase", "Nobody can restore", "two different"} {
		if !strings.Contains(x.text(), want) {
			t.Errorf("the terminal does not say %q: %s", want, x.text())
		}
	}
	for _, answer := range []string{passphrase, nextPassphrase, "something else", "wrong horse"} {
		if strings.Contains(x.text(), answer) {
			t.Errorf("the terminal shows %q", answer)
		}
	}
	m.having("ORGKEEP_PASSPHRASE="+nextPassphrase).run(t, "refresh", "--all").expect(t, 0)

	x = m.having("ORGKEEP_PASSPHRASE="+nextPassphrase).on(t, "store", "passphrase")
	x.await("not shown):")
	x.enter("\x03")
	if code := x.ended(); code != 1 {
		t.Errorf("exit %d after ctrl+c: %s", code, x.text())
	}
	m.having("ORGKEEP_PASSPHRASE="+nextPassphrase).run(t, "refresh", "--all").expect(t, 0)
}

// awaitTimes waits until the terminal has been sent text n times.
func (x *terminal) awaitTimes(text string, n int) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	for strings.Count(x.text(), text) < n {
		select {
		case <-x.more:
		case <-ctx.Done():
			x.t.Fatalf("waited in vain for %q, %d times; the terminal shows:\n%s", text, n, x.text())
		}
	}
}

// listens types into the open dialog until that shows it, and takes it back: a
// dialog that opened by itself ignores what comes at once.
func (x *terminal) listens() {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	for before := strings.Count(x.text(), "*"); strings.Count(x.text(), "*") == before; {
		x.enter("x")
		select {
		case <-x.more:
		case <-ctx.Done():
			x.t.Fatalf("the dialog takes no key; the terminal shows:\n%s", x.text())
		}
	}
	x.enter("\x15") // ctrl+u
}

// The screen asks for the passphrase when it first needs it, and once.
func TestTheScreenAsksForThePassphraseOnce(t *testing.T) {
	t.Parallel()
	m, e := withVault(t)
	x := m.on(t)
	x.await("globex")
	if strings.Contains(x.text(), "Passphrase") {
		t.Error("the list alone asked for the passphrase")
	}
	refused := m.knowing().run(t, "store", "move", "keychain").expect(t, 3)
	if !strings.Contains(refused.errors, "another orgkeep is using the tokens") {
		t.Errorf("a move under an open screen: %s", refused.errors)
	}
	x.enter("R")
	x.await("Passphrase of the vault")
	x.listens()
	x.enter("\x1b")
	x.await("2 cancelled")
	if len(e.sent()) != 0 {
		t.Error("a refresh token was sent without the passphrase")
	}
	x.enter("R")
	x.awaitTimes("Passphrase of the vault", 2)
	x.listens()
	x.enter("wrong horse\r")
	x.await("does not open the vault")
	x.listens()
	x.enter(passphrase + "\r")
	x.await("2 of 2 refreshed")
	x.enter("r")
	x.await("New access token")
	x.enter("q")
	if code := x.ended(); code != 0 || strings.Contains(x.text(), passphrase) || len(e.sent()) != 3 {
		t.Errorf("exit %d, %d requests: %s", code, len(e.sent()), x.text())
	}
}

// With the passphrase in the environment the screen asks nothing.
func TestTheScreenTakesThePassphraseThatItWasGiven(t *testing.T) {
	t.Parallel()
	m, e := withVault(t)
	x := m.knowing().on(t)
	x.await("globex")
	x.enter("R")
	x.await("2 of 2 refreshed")
	x.enter("q")
	if code := x.ended(); code != 0 || strings.Contains(x.text(), "Passphrase") || len(e.sent()) != 2 {
		t.Errorf("exit %d, %d requests: %s", code, len(e.sent()), x.text())
	}
	x = m.having("ORGKEEP_PASSPHRASE=wrong horse").on(t)
	x.await("globex")
	x.enter("r")
	x.await("does not open the vault")
	x.listens()
	x.enter(passphrase + "\r")
	x.await("New access token")
	x.enter("q")
	if code := x.ended(); code != 0 {
		t.Errorf("exit %d: %s", code, x.text())
	}
}
