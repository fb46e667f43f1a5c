package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// stranger is a user id that owns nothing here; Debian's nobody.
const stranger = 65534

// asUser makes a command run as an ordinary user: root is refused nothing.
func asUser(cmd *exec.Cmd) *exec.Cmd {
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	}
	return cmd
}

// onTerminal starts a command on a terminal and returns once it has written
// something, with what it goes on writing thrown away.
func onTerminal(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = tty.Close()
	})
	part := make([]byte, 1<<10)
	if _, err := tty.Read(part); err != nil {
		t.Fatalf("%s wrote nothing: %v", cmd.Path, err)
	}
	go func() {
		for err == nil {
			_, err = tty.Read(part)
		}
	}()
}

// demo is the program on its demo screen, which stays until it is ended.
func (m *machine) demo(t *testing.T, before ...string) *exec.Cmd {
	t.Helper()
	args := slices.Concat(before, []string{m.program, "demo"})
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env, cmd.Dir = slices.Concat(m.env, []string{canaryVariable}), m.home
	return asUser(cmd)
}

// public returns a machine that an ordinary user may use too, its program
// included: the folders of a test are closed to all but whoever runs it.
func public(t *testing.T) *machine {
	t.Helper()
	m := withoutKeychain(t)
	home, err := os.MkdirTemp("", "okhome") //nolint:usetesting // as the comment says
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	if err := os.Chmod(home, 0o777); err != nil {
		t.Fatal(err)
	}
	m.home = home
	m.env = append(m.env, "HOME="+home)
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	m.program = filepath.Join(home, "orgkeep")
	if err := os.WriteFile(m.program, program, 0o755); err != nil {
		t.Fatal(err)
	}
	return m
}

const canaryVariable = "ORGKEEP_CANARY=canary-in-the-environment"

// Another program of the same user can read neither the environment nor the
// memory of orgkeep.
func TestOtherProgramsCannotLookInside(t *testing.T) {
	t.Parallel()
	open := asUser(exec.CommandContext(t.Context(), "sh", "-c", "echo ready; read line"))
	open.Env = []string{"PATH=" + os.Getenv("PATH"), canaryVariable}
	onTerminal(t, open)
	closed := public(t).demo(t)
	onTerminal(t, closed)
	for _, file := range []string{"environ", "mem", "maps"} {
		look := func(cmd *exec.Cmd) (string, error) {
			path := filepath.Join("/proc", strconv.Itoa(cmd.Process.Pid), file)
			out, err := asUser(exec.CommandContext(t.Context(), "sh", "-c", `exec 3<"$0" && echo opened; [ "$1" = mem ] || cat <&3`, path, file)).CombinedOutput()
			return string(out), err
		}
		if text, err := look(open); err != nil || !strings.HasPrefix(text, "opened") || file == "environ" && !strings.Contains(text, canaryVariable) {
			t.Fatalf("%s of any other program cannot be read here, so that this shows nothing: %v: %.200q", file, err, text)
		}
		if text, err := look(closed); err == nil || strings.Contains(text, "opened") || strings.Contains(text, canaryVariable) {
			t.Errorf("%s of the program can be read: %v: %.200q", file, err, text)
		}
	}
}

// A crash leaves no core file, whatever the user's limit is.
func TestACrashLeavesNoCore(t *testing.T) {
	t.Parallel()
	m := public(t)
	m.env = append(m.env, "GOTRACEBACK=crash")
	const unlimited = `ulimit -c unlimited && exec "$@"`
	program := m.demo(t, "sh", "-c", unlimited, "sh")
	onTerminal(t, program)
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", program.Process.Pid))
	if err == nil && !strings.Contains(strings.Join(strings.Fields(string(limits)), " "), "Max core file size 0 0 ") {
		t.Errorf("the limits:\n%s", limits)
	}
	cores := func(cmd *exec.Cmd) bool {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGABRT); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
		if !status.Signaled() || status.Signal() != syscall.SIGABRT {
			t.Fatalf("%s did not crash: %v", cmd.Path, cmd.ProcessState)
		}
		return status.CoreDump()
	}
	if cores(program) {
		t.Error("the program dumped its memory")
	}
	if found, err := filepath.Glob(filepath.Join(m.home, "*core*")); err != nil || len(found) != 0 {
		t.Errorf("there is %v, %v", found, err)
	}
	other := asUser(exec.CommandContext(t.Context(), "sh", "-c", unlimited, "sh", "sh", "-c", "echo ready; read line"))
	other.Dir = m.home
	onTerminal(t, other)
	if !cores(other) {
		t.Log("no program dumps its memory here")
	}
}
