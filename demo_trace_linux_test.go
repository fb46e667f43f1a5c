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

// The demo writes no file, starts no program and reaches nobody but itself,
// whatever is pressed: strace sees every call that could. Every key of the
// README's table, which is the table of actions, has to be pressed here.
func TestTheDemoIsTraced(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	m := withoutKeychain(t)
	m.env = append(m.env, "TMPDIR="+filepath.Join(m.home, "tmp"), "DISPLAY=:9", "PATH="+desktopPrograms(t)+":"+os.Getenv("PATH"))
	log := filepath.Join(t.TempDir(), "trace")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m.program = strace
	p := &presenter{window: m.open(t, 120, 40, "-f", "-qq", "-s", "256", "-e", "trace="+traced, "-o", log, program, "demo", "--speed", "100", "--still")}
	p.see("DEMO", "12 orgs")
	p.showsEverything()
	if code := exitCode(t, p.cmd.Wait()); code != 0 {
		t.Errorf("exit %d: %s", code, p.text())
	}
	for _, keys := range tableOfKeys(t) {
		if !slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(p.pressed, key) }) {
			t.Errorf("%q is in the table of keys, and was not pressed in the demo that is traced", keys)
		}
	}
	if strings.Contains(p.sent(), "\x1b]52") {
		t.Error("the terminal was told to copy")
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

// desktopPrograms is a folder of the programs that orgkeep starts elsewhere, for
// a clipboard and a browser, so that the demo could start them too.
func desktopPrograms(t *testing.T) string {
	t.Helper()
	nothing, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, name := range []string{"xclip", "xsel", "wl-copy", "wl-paste", "xdg-open"} {
		if err := os.Symlink(nothing, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// tableOfKeys are the keys of each action, as the README names them.
func tableOfKeys(t *testing.T) [][]string {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(readme), "| key | what it does |\n|---|---|\n")
	if !found {
		t.Fatal("the README has no table of keys")
	}
	var all [][]string
	for line := range strings.Lines(table) {
		cell, is := strings.CutPrefix(line, "| ")
		if !is {
			break
		}
		cell, _, _ = strings.Cut(cell, " | ")
		all = append(all, strings.Fields(strings.ReplaceAll(cell, "`", "")))
	}
	return all
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
