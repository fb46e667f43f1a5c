//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// A program that is told to stop while a refresh token is on its way finishes
// that refresh and saves it, however often it is told; what was not sent is
// cancelled. Nothing secret is in its arguments or environment meanwhile.
func TestToldToStopItFinishesWhatWasSent(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	first, second := newLogin(t, 1, ""), newLogin(t, 2, "")
	arrived, release := make(chan string, 2), make(chan struct{})
	renew := renewing(t, "login1 login2", first, second)
	e := startEndpoint(t, func(form url.Values) answer {
		arrived <- form.Get("refresh_token")
		<-release
		return renew(form)
	})
	answered := sync.OnceFunc(func() { close(release) })
	t.Cleanup(answered)
	first.instance, second.instance = e.URL, e.URL
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "first", first.file(t)).expect(t, 0)
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "second", second.file(t)).expect(t, 0)

	cmd := m.command(t, "refresh", "--all", "-j", "1", "--json")
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sent := <-arrived
	checkProcess(t, cmd.Process.Pid, first.refresh, first.access, second.refresh, second.access)
	lines := bufio.NewScanner(errs)
	tell := func(signal os.Signal) {
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
	}
	tell(syscall.SIGTERM)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Stopping.") {
		t.Logf("it said: %s", lines.Text())
	}
	tell(os.Interrupt)
	tell(syscall.SIGTERM)
	answered()
	_, _ = io.Copy(io.Discard, errs)
	r := run{args: cmd.Args[1:], code: exitCode(t, cmd.Wait()), out: out.String()}.expect(t, 1)

	outcomes := map[string]string{}
	for _, result := range decode[[]refreshed](t, r) {
		outcomes[result.Alias] = result.Outcome
	}
	finished, cancelled, l := "first", "second", first
	if sent == second.refresh {
		finished, cancelled, l = "second", "first", second
	}
	if outcomes[finished] != "refreshed" || outcomes[cancelled] != "cancelled" || len(e.sent()) != 1 {
		t.Fatalf("outcomes: %v after %d requests", outcomes, len(e.sent()))
	}
	m.run(t, "refresh", finished).expect(t, 0)
	if got := e.sent()[1].Get("refresh_token"); got != l.renewed(true).refresh {
		t.Error("the refresh token that the answer brought was not saved")
	}
}

// checkProcess looks for secrets where other users of the machine could.
func checkProcess(t *testing.T, pid int, secrets ...string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return
	}
	for _, name := range []string{"cmdline", "environ"} {
		text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), name))
		if name == "environ" && errors.Is(err, fs.ErrPermission) {
			continue // nobody but root may look; see keychain.Protect
		}
		if err != nil || len(text) == 0 {
			t.Fatalf("reading %s of the program: %v", name, err)
		}
		for _, secret := range secrets {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s of the program holds a secret", name)
			}
		}
	}
}

// Whoever reads the progress may go away while refresh tokens are on their way.
func TestAClosedPipeEndsNoRefresh(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	first, second := newLogin(t, 1, ""), newLogin(t, 2, "")
	e := startEndpoint(t, renewing(t, "login1 login2", first, second))
	first.instance, second.instance = e.URL, e.URL
	m.run(t, "import", "--client-id", "PlatformCLI", first.file(t), second.file(t)).expect(t, 0)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := m.command(t, "refresh", "--all", "-j", "1")
	cmd.Stdout, cmd.Stderr = writer, writer
	if code := exitCode(t, cmd.Run()); code != 1 {
		t.Errorf("exit %d, want 1: the answer could not be written", code)
	}
	_ = writer.Close()
	if n := len(e.sent()); n != 2 {
		t.Fatalf("%d of 2 orgs were sent", n)
	}
	m.run(t, "refresh", "--all").expect(t, 0)
}
