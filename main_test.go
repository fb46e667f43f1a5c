package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// asProgram is the variable that makes the test binary be orgkeep: what the
// tests run is what users run, from exec to exit code.
const asProgram = "ORGKEEP_MAIN"

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == browserName {
		browse(os.Args[1])
		return
	}
	if os.Getenv(asProgram) == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// runLimit is how long one run of the program may take before the test fails.
const runLimit = time.Minute

// machine is a home folder and an environment of its own, for the programs that
// one test runs.
type machine struct {
	home    string
	env     []string
	program string // the test binary unless it is set
}

// newMachine returns a machine that has the given variables and nothing of the
// test's own session.
func newMachine(t testing.TB, env ...string) *machine {
	t.Helper()
	home := t.TempDir()
	return &machine{home: home, env: append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TERM=xterm-256color", "LANG=C.UTF-8", "TZ=UTC",
		asProgram + "=1", "GORACE=atexit_sleep_ms=0",
		// Windows finds its folders by these.
		"USERPROFILE=" + home, "LOCALAPPDATA=" + filepath.Join(home, "AppData", "Local"), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
	}, env...)}
}

// withoutKeychain returns a machine where no keychain answers.
func withoutKeychain(t testing.TB) *machine {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the keychain of whoever runs the tests would answer")
	}
	return newMachine(t, "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(t.TempDir(), "no-bus"))
}

func (m *machine) command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	program := m.program
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env, cmd.Dir = m.env, m.home
	return cmd
}

// run is one run of the program that has ended.
type run struct {
	args        []string
	code        int
	out, errors string
}

// run runs the program with an empty stdin.
func (m *machine) run(t testing.TB, args ...string) run {
	t.Helper()
	return m.feed(t, strings.NewReader(""), args...)
}

// feed runs the program with in as its stdin.
func (m *machine) feed(t testing.TB, in io.Reader, args ...string) run {
	t.Helper()
	cmd := m.command(t, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &out, &errs
	return run{args: args, code: exitCode(t, cmd.Run()), out: out.String(), errors: errs.String()}
}

func exitCode(t testing.TB, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("running the program: %v", err)
	}
	if exit == nil {
		return 0
	}
	return exit.ExitCode()
}

// expect fails the test unless the run ended with code.
func (r run) expect(t testing.TB, code int) run {
	t.Helper()
	if r.code != code {
		t.Fatalf("orgkeep %s: exit %d, want %d\nstdout: %s\nstderr: %s", strings.Join(r.args, " "), r.code, code, r.out, r.errors)
	}
	return r
}

// decode reads stdout as one JSON document of version 1 with no other fields
// than into has.
func decode[T any](t testing.TB, r run) T {
	t.Helper()
	var document struct {
		Version int
		Orgs    json.RawMessage
		Results json.RawMessage
	}
	if err := json.Unmarshal([]byte(r.out), &document); err != nil || document.Version != 1 {
		t.Fatalf("orgkeep %s: stdout is no document of version 1 (%v): %s", strings.Join(r.args, " "), err, r.out)
	}
	text := document.Orgs
	if text == nil {
		text = document.Results
	}
	var into T
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&into); err != nil {
		t.Fatalf("orgkeep %s: %v: %s", strings.Join(r.args, " "), err, r.out)
	}
	return into
}

// files returns the content of every file under the machine's home folder.
func (m *machine) files(t testing.TB) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir(m.home, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		found[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
