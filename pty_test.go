//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"

	"orgkeep/keychain/keychaintest"
)

// terminal is the program on a terminal of its own.
type terminal struct {
	t   testing.TB
	tty *os.File
	cmd *exec.Cmd

	mu    sync.Mutex
	shown bytes.Buffer
	more  chan struct{} // has an item when shown has grown
}

// on starts the program on a terminal of 120 by 30.
func (m *machine) on(t testing.TB, args ...string) *terminal {
	t.Helper()
	cmd := m.command(t, args...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 30, Cols: 120})
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, tty: tty, cmd: cmd, more: make(chan struct{}, 1)}
	go x.read()
	t.Cleanup(x.end)
	return x
}

// end ends the program if it has not ended by itself.
func (x *terminal) end() {
	_ = x.cmd.Process.Kill()
	_ = x.cmd.Wait()
	_ = x.tty.Close()
}

func (x *terminal) read() {
	part := make([]byte, 4096)
	for {
		n, err := x.tty.Read(part)
		x.mu.Lock()
		x.shown.Write(part[:n])
		x.mu.Unlock()
		select {
		case x.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (x *terminal) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.shown.String()
}

// await waits until the terminal has been sent text.
func (x *terminal) await(text string) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	for !strings.Contains(x.text(), text) {
		select {
		case <-x.more:
		case <-ctx.Done():
			x.t.Fatalf("waited in vain for %q; the terminal shows:\n%s", text, x.text())
		}
	}
}

func (x *terminal) enter(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.tty, keys); err != nil {
		x.t.Fatal(err)
	}
}

// ended waits for the program's end and returns its exit code.
func (x *terminal) ended() int {
	x.t.Helper()
	return exitCode(x.t, x.cmd.Wait())
}

func TestImportAsksForWhatItWasNotTold(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "", l))
	l.instance = e.URL
	x := m.on(t, "import", "--alias", "acme", l.file(t))
	x.await("Client id")
	x.enter("3MVG9.test\r")
	x.await("Client secret")
	x.enter(clientSecret + "\r")
	x.await("acme: new")
	if code := x.ended(); code != 0 {
		t.Fatalf("exit %d: %s", code, x.text())
	}
	if strings.Contains(x.text(), clientSecret) {
		t.Errorf("the client secret was shown: %s", x.text())
	}
	m.run(t, "refresh", "acme").expect(t, 0)
	if sent := e.sent()[0]; sent.Get("client_id") != "3MVG9.test" || sent.Get("client_secret") != clientSecret {
		t.Errorf("what was typed is not what was sent")
	}
}

func TestImportOfPlatformCLIAsksForNoSecret(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	x := m.on(t, "import", newLogin(t, 1, "https://acme.my.salesforce.com").file(t))
	x.await("PlatformCLI")
	x.enter("PlatformCLI\r")
	x.await("acme: new")
	if code := x.ended(); code != 0 || strings.Contains(x.text(), "secret") {
		t.Errorf("exit %d: %s", code, x.text())
	}
}

func TestStoppedAtAQuestionNothingIsSaved(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	file := newLogin(t, 1, "https://acme.my.salesforce.com").file(t)
	for _, question := range []string{"Client id", "Client secret"} {
		x := m.on(t, "import", file)
		x.await("Client id")
		if question != "Client id" {
			x.enter("3MVG9.test\r")
			x.await(question)
		}
		x.enter("\x03")
		x.await("nothing more was saved")
		if code := x.ended(); code != 1 {
			t.Errorf("exit %d: %s", code, x.text())
		}
	}
	if n := service.Items(t, "orgkeep"); n != 0 {
		t.Errorf("the keychain has %d items, want 0", n)
	}
}

func TestWithoutAKeychainNothingIsAsked(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	x := m.on(t, "import", newLogin(t, 1, "https://acme.my.salesforce.com").file(t))
	if code := x.ended(); code != 3 || strings.Contains(x.text(), "Client id") {
		t.Errorf("exit %d: %s", code, x.text())
	}
}

func TestTheScreenIsRefusedOnADumbTerminal(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	m.env = append(m.env, "TERM=dumb")
	for _, args := range [][]string{nil, {"demo"}} {
		x := m.on(t, args...)
		x.await("--accessible asks and answers in lines there")
		if code := x.ended(); code != 2 {
			t.Errorf("exit %d: %s", code, x.text())
		}
	}
}

func TestTheDemoTouchesNothing(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	trace := filepath.Join(m.home, "trace.log")
	m.env = append(m.env, "TEA_TRACE="+trace, "TEA_DEBUG="+trace)
	x := m.on(t, "demo", "--clock", "2026-11-23T09:00:00Z", "--seed", "7", "--speed", "100")
	x.await("DEMO")
	x.await("acme-prod")
	x.enter("q")
	if code := x.ended(); code != 0 {
		t.Errorf("exit %d: %s", code, x.text())
	}
	for path := range m.files(t) {
		t.Errorf("the demo wrote %s", path)
	}
}

func TestTheScreenShowsTheSavedOrgs(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	m.run(t, "import", "--client-id", "PlatformCLI", newLogin(t, 1, "https://acme.my.salesforce.com").file(t)).expect(t, 0)
	x := m.on(t)
	x.await("acme")
	x.enter("q")
	if code := x.ended(); code != 0 {
		t.Errorf("exit %d: %s", code, x.text())
	}
}

func TestHelpWithoutColours(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	m.env = append(m.env, "NO_COLOR=yes")
	x := m.on(t, "refresh", "--help")
	x.await("--expired")
	if code := x.ended(); code != 0 || strings.ContainsRune(x.text(), 0x1b) {
		t.Errorf("exit %d, or escapes under NO_COLOR: %q", code, x.text())
	}
}

func TestHelpInColours(t *testing.T) {
	t.Parallel()
	x := withoutKeychain(t).on(t, "refresh", "--help")
	x.await("\x1b]11;?") // it asks for the background
	x.enter("\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62c")
	x.await("--expired")
	if code := x.ended(); code != 0 {
		t.Errorf("exit %d: %q", code, x.text())
	}
}

// A locked keychain asks its owner when there is somebody to answer; a dismissed
// question saves nothing.
func TestALockedKeychainAsksOnATerminal(t *testing.T) {
	t.Parallel()
	fake := keychaintest.StartFake(t)
	m := newMachine(t, fake.Env()...)
	file := newLogin(t, 1, "https://acme.my.salesforce.com").file(t)
	for _, c := range []struct {
		answer func(*keychaintest.Prompt) error
		says   string
		code   int
	}{
		{(*keychaintest.Prompt).Dismiss, "the keychain is locked", 3},
		{(*keychaintest.Prompt).Accept, "acme: new", 0},
	} {
		fake.SetLocked(true)
		x := m.on(t, "import", "--client-id", "PlatformCLI", file)
		x.await("may ask for its password")
		if err := c.answer(<-fake.Prompts()); err != nil {
			t.Fatal(err)
		}
		x.await(c.says)
		if code := x.ended(); code != c.code {
			t.Errorf("exit %d, want %d: %s", code, c.code, x.text())
		}
	}
	fake.SetLocked(true)
	m.run(t, "import", "--client-id", "PlatformCLI", file).expect(t, 3)
	if n := len(fake.Prompts()); n != 0 {
		t.Errorf("without a terminal %d questions were asked", n)
	}
}
