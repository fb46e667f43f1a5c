//go:build unix

package main

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
)

// spoken is the program in lines: it fails the test if it ever sends a control
// sequence.
func (x *terminal) spoken(code int) {
	x.t.Helper()
	if got := x.ended(); got != code {
		x.t.Errorf("exit %d, want %d: %s", got, code, x.text())
	}
	for _, r := range x.text() {
		if r < ' ' && r != '\n' && r != '\r' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			x.t.Fatalf("the control character %q was sent: %q", r, x.text())
		}
	}
}

// say types a line and waits for what is said after it.
func (x *terminal) say(line string, answers ...string) {
	x.t.Helper()
	before := len(x.text())
	x.enter(line + "\r")
	for _, answer := range answers {
		x.awaitAfter(before, answer)
	}
}

// awaitAfter waits until the terminal has been sent text after so many bytes.
func (x *terminal) awaitAfter(before int, text string) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	for !strings.Contains(x.text()[before:], text) {
		select {
		case <-x.more:
		case <-ctx.Done():
			x.t.Fatalf("waited in vain for %q; the terminal shows:\n%s", text, x.text())
		}
	}
}

func TestScreenReaderMode(t *testing.T) {
	t.Parallel()
	folder, held, _ := fakeClipboard(t)
	m := withoutKeychain(t)
	m.env = append(m.env, "TERM=dumb", "PATH="+folder+":"+os.Getenv("PATH"), "DISPLAY=:9")
	x := m.on(t, "demo", "--accessible", "--clock", onStage, "--speed", "100")
	x.await("orgkeep in lines. This is the demo")
	x.await("globex, production, expired")
	x.await("q to leave.")
	x.say("refresh all stale", "Refreshing 7 orgs.", "globex: HTTP 400 invalid_grant", "(F retries, y copies reports)", "orgkeep: ")
	x.say("globex", "globex, failure.", "What it means", "What to do", "More: ")
	x.say("r globex", "globex: HTTP 400 invalid_grant", "What it means", "orgkeep: ")
	x.say("y globex", "invalid_grant", "End of the report.")
	if content(held) != "" {
		t.Errorf("the demo has copied %q", content(held))
	}
	x.say("v globex", "reveal is off: a token that is said here would stay")
	x.say("q")
	x.spoken(0)
}

// The vault's passphrase is asked before the first line, and not shown; a signal
// leaves as q does.
func TestLinesOverAVault(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "login1", l))
	l.instance = e.URL
	m.knowing().run(t, "import", "--store", "vault", "--client-id", "PlatformCLI", "--alias", "acme", l.file(t)).expect(t, 0)
	m.env = append(m.env, "TERM=dumb", "ORGKEEP_ACCESSIBLE=true", "NO_COLOR=1", "ORGKEEP_ASCII=true")
	x := m.on(t)
	x.await("Passphrase of the vault")
	x.enter(passphrase + "\r")
	x.await("1: acme, ")
	x.say("r", "acme refreshed in", "New access token", "saved in the vault.", "orgkeep: ")
	x.say("token 1", "acme, token.", "kind: opaque, ", "More: ")
	if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	x.spoken(0)
	next := l.renewed(false)
	for _, secret := range []string{passphrase, l.access, l.refresh, next.access} {
		if strings.Contains(x.text(), secret) {
			t.Error("a secret was said")
		}
	}
	if len(e.sent()) != 1 {
		t.Errorf("%d requests were sent", len(e.sent()))
	}
}
