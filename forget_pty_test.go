//go:build unix

package main

import (
	"strings"
	"testing"
)

func TestForgetAsksOnATerminal(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	m.run(t, "import", "--client-id", "PlatformCLI",
		newLogin(t, 1, "https://acme.my.salesforce.com").file(t),
		newLogin(t, 2, "https://globex--uat.sandbox.my.salesforce.com").file(t)).expect(t, 0)

	x := m.on(t, "forget", "acme", "globex-uat")
	x.await("acme is a production org. To forget it, type its alias:")
	x.enter("yes\r")
	x.await("that is not acme; nothing was forgotten")
	if code := x.ended(); code != 2 || loginsIn(t, service) != 2 {
		t.Errorf("exit %d, %d logins: %s", code, loginsIn(t, service), x.text())
	}

	x = m.on(t, "forget", "acme", "globex-uat")
	x.await("type its alias:")
	x.enter("acme\r")
	x.await("Forget globex-uat? Type yes:")
	x.enter("\r")
	x.await("that is not yes; nothing was forgotten")
	if code := x.ended(); code != 2 || loginsIn(t, service) != 2 {
		t.Errorf("exit %d, %d logins: %s", code, loginsIn(t, service), x.text())
	}

	x = m.on(t, "forget", "acme", "globex-uat")
	x.await("type its alias:")
	x.enter("acme\r")
	x.await("Type yes:")
	x.enter("yes\r")
	x.await("globex-uat forgotten.")
	if code := x.ended(); code != 0 || loginsIn(t, service) != 0 {
		t.Errorf("exit %d, %d logins: %s", code, loginsIn(t, service), x.text())
	}
	if out := m.run(t, "list").expect(t, 0); !strings.Contains(out.errors, "No orgs yet") {
		t.Errorf("left: %s%s", out.out, out.errors)
	}
}
