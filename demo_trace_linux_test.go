package main

import (
	"bufio"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// traced are the system calls that make or change something outside the process.
const traced = "openat,openat2,open,creat,connect,bind,sendto,sendmsg,sendmmsg,unlink,unlinkat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,truncate,execve"

// The demo writes no file and reaches nobody but itself, through a scenario, a
// refresh of everything and a start anew: strace sees every call that could.
func TestTheDemoIsTraced(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	m := withoutKeychain(t)
	m.env = append(m.env, "TMPDIR="+filepath.Join(m.home, "tmp"))
	log := filepath.Join(t.TempDir(), "trace")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m.program = strace
	x := m.open(t, 120, 30, "-f", "-qq", "-s", "256", "-e", "trace="+traced, "-o", log, program, "demo", "--scenario", "expired", "--speed", "100", "--still")
	x.see("DEMO", "30 orgs")
	x.press("R")
	x.see("28 of 30 refreshed")
	x.press("\x1bOQ") // f2
	x.see("Scenarios")
	x.press("1")
	x.see("12 orgs")
	x.press("q")
	if code := exitCode(t, x.cmd.Wait()); code != 0 {
		t.Errorf("exit %d: %s", code, x.text())
	}
	for path := range m.files(t) {
		t.Errorf("the demo wrote %s", path)
	}
	reached := 0
	for _, call := range calls(t, log) {
		reached += len(loopbackConnect.FindString(call))
		if why := outside(call); why != "" {
			t.Errorf("the demo %s: %s", why, call)
		}
	}
	if reached == 0 {
		t.Error("the trace has no connection to the demo's own endpoint, so that it shows nothing")
	}
}

// calls are the lines of a trace, one a call, without the process and after the
// program itself was started.
func calls(t *testing.T, log string) []string {
	t.Helper()
	file, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var all []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		_, call, _ := strings.Cut(lines.Text(), " ")
		all = append(all, strings.TrimSpace(call))
	}
	started := slices.IndexFunc(all, func(call string) bool { return strings.HasPrefix(call, "execve(") })
	if started < 0 {
		t.Fatalf("the trace does not begin with the program: %q", all)
	}
	return all[started+1:]
}

var (
	opened          = regexp.MustCompile(`^(?:open|openat|openat2)\((?:AT_FDCWD, )?"([^"]*)", (?:\{flags=)?([A-Z_|]+)`)
	toAddress       = regexp.MustCompile(`sin6?_addr|inet_pton`)
	address         = regexp.MustCompile(`"([0-9a-fA-F.:]+)"`)
	loopbackConnect = regexp.MustCompile(`^connect\(\d+, \{sa_family=AF_INET, .*"127\.0\.0\.1"`)
)

// outside says what a call does outside the process; empty for nothing.
func outside(call string) string {
	switch name, _, _ := strings.Cut(call, "("); name {
	case "open", "openat", "openat2":
		match := opened.FindStringSubmatch(call)
		switch {
		case match == nil:
			return "opened what cannot be read in the trace"
		case !strings.Contains(match[2], "O_WRONLY") && !strings.Contains(match[2], "O_RDWR") && !strings.Contains(match[2], "O_CREAT"):
			return ""
		case match[1] == "/dev/null", match[1] == "/dev/tty", match[1] == "/dev/ptmx", strings.HasPrefix(match[1], "/dev/pts/"):
			return ""
		}
		return "opened a file for writing"
	case "connect", "bind", "sendto", "sendmsg", "sendmmsg":
		return reaches(call)
	case "unlink", "unlinkat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "truncate", "creat":
		return "changed a file"
	case "execve":
		return "started a program"
	}
	return ""
}

// nameService is where the C library asks who the user is. The tests are linked
// with it, for the race detector; a released program is not.
const nameService = `sun_path="/var/run/nscd/socket"`

// reaches says whether a call names an address that is not this machine's own.
func reaches(call string) string {
	if strings.Contains(call, nameService) {
		return ""
	}
	if strings.Contains(call, "sa_family=AF_UNIX") {
		return "reached for a socket of this machine"
	}
	if !toAddress.MatchString(call) {
		return ""
	}
	match := address.FindStringSubmatch(call)
	if match == nil {
		return "reached an address that cannot be read in the trace"
	}
	at, err := netip.ParseAddr(match[1])
	if err != nil || !at.IsLoopback() {
		return "reached " + match[1]
	}
	return ""
}

// The reading of a trace finds what it is for.
func TestATraceIsRead(t *testing.T) {
	t.Parallel()
	for call, want := range map[string]string{
		`openat(AT_FDCWD, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 5`:                                                         "",
		`openat(AT_FDCWD, "/dev/null", O_RDWR|O_CLOEXEC) = 5`:                                                            "",
		`openat(AT_FDCWD, "/home/x/log", O_WRONLY|O_CREAT|O_APPEND, 0600) = 5`:                                           "opened a file for writing",
		`connect(7, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`:                  "",
		`connect(7, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = 0`:                  "reached 192.0.2.1",
		`connect(7, {sa_family=AF_UNIX, sun_path="/run/dbus"}, 16) = 0`:                                                  "reached for a socket of this machine",
		`connect(7, {sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = 0`: "reached 2001:db8::1",
		`mkdirat(AT_FDCWD, "/home/x", 0700) = 0`:                                                                         "changed a file",
		`execve("/usr/bin/xdg-open", ["xdg-open"], 0x0) = 0`:                                                             "started a program",
	} {
		if got := outside(call); got != want {
			t.Errorf("%s: %q, want %q", call, got, want)
		}
	}
}
