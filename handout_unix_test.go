//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestATerminalGetsNoTokenUnlessAsked(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	l.issued = time.Now()
	m := holding(t, l)
	for _, args := range [][]string{{"token", "login1"}, {"env", "login1"}, {"export", "login1", "--format", "auth-url"}} {
		x := m.on(t, args...)
		x.await("--reveal")
		if code := x.ended(); code != 2 || strings.Contains(x.text(), l.access) || strings.Contains(x.text(), l.refresh) {
			t.Errorf("%q: exit %d: %s", args, code, x.text())
		}
		x = m.on(t, append(args, "--reveal")...)
		x.await(map[string]string{"token": l.access, "env": l.access, "export": l.refresh}[args[0]])
		if code := x.ended(); code != 0 {
			t.Errorf("%q --reveal: exit %d: %s", args, code, x.text())
		}
	}
}

// The program has the token in its environment, the token of the org that was
// named, and no process has it among its arguments.
func TestExecGivesTheTokenInTheEnvironmentAlone(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	l.issued = time.Now()
	m := holding(t, l)
	m.env = append(m.env, "SF_ACCESS_TOKEN=of-another-org", "ORGKEEP_PASSPHRASE=not-for-children")
	cmd := m.command(t, "exec", "login1", "--", "sh", "-c", `env; echo ready; read line; exit 7`)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var seen bytes.Buffer
	for part := make([]byte, 512); !strings.Contains(seen.String(), "ready\n"); {
		n, err := out.Read(part)
		seen.Write(part[:n])
		if err != nil {
			t.Fatalf("%v: %s", err, seen.String())
		}
	}
	if runtime.GOOS == "linux" {
		noProcessShows(t, l.access)
	}
	if _, err := io.WriteString(in, "\n"); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd.Wait()); code != 7 {
		t.Errorf("exit %d, want the program's own 7", code)
	}
	env := seen.String()
	for _, want := range []string{"SF_ACCESS_TOKEN=" + l.access, "SFDX_ACCESS_TOKEN=" + l.access, "SF_ORG_INSTANCE_URL=https://acme.my.salesforce.com"} {
		if strings.Count(env, want+"\n") != 1 {
			t.Errorf("%q is not in the environment once: %s", want, env)
		}
	}
	if strings.Contains(env, "of-another-org") || strings.Contains(env, "not-for-children") {
		t.Errorf("the environment has what it should not: %s", env)
	}
}

// noProcessShows fails the test if a process has the text among its arguments.
func noProcessShows(t *testing.T, text string) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Fatalf("no process is seen: %v", err)
	}
	for _, path := range lines {
		if line, err := os.ReadFile(path); err == nil && bytes.Contains(line, []byte(text)) {
			t.Errorf("%s has the token", path)
		}
	}
}

// Signals are the program's own, as if orgkeep had never been there.
func TestExecLeavesSignalsToTheProgram(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	l.issued = time.Now()
	m := holding(t, l)
	for name, script := range map[string]string{
		"SIGTERM ends it":      `kill -TERM $$; exit 0`,
		"SIGPIPE is as it was": `kill -PIPE $$; exit 0`,
	} {
		cmd := m.command(t, "exec", "login1", "--", "sh", "-c", script)
		_ = cmd.Run()
		if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
			t.Errorf("%s: %v", name, cmd.ProcessState)
		}
	}
	for _, args := range [][]string{
		{"exec", "login1"}, {"exec", "login1", "--"}, {"exec", "login1", "sh"}, {"exec", "login1", "--", "no-such-program"}, {"exec", "--", "sh"},
	} {
		if r := m.run(t, args...).expect(t, 2); r.out != "" {
			t.Errorf("%q: %s", args, r.out)
		}
	}
}
