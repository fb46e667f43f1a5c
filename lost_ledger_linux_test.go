package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"orgkeep/keychain/keychaintest"
)

// disk is a small disk that only the programs started through it see, as the
// folder of the ledger.
type disk struct {
	t      *testing.T
	holder int // process whose mounts these are
	folder string
}

// newDisk mounts a disk of one megabyte; it skips the test where that is not
// permitted.
func newDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{t: t, folder: t.TempDir()}
	holder := exec.CommandContext(t.Context(), "sh", "-c",
		`mount --make-rprivate / && mount -t tmpfs -o size=1m,mode=700 tmpfs "$0" || { echo refused; exit 1; }; echo ready; read line`, d.folder)
	holder.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	if os.Geteuid() == 0 {
		holder.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	}
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := holder.StdinPipe() // closed with the test
	if err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 5)
	if err := holder.Start(); err == nil {
		t.Cleanup(func() { _ = in.Close(); _ = holder.Wait() })
		_, _ = out.Read(said)
	}
	if string(said) != "ready" {
		t.Skip("this machine does not let a test mount a disk")
	}
	d.holder = holder.Process.Pid
	return d
}

// within makes a command run where the disk is.
func (d *disk) within(cmd *exec.Cmd) *exec.Cmd {
	d.t.Helper()
	nsenter, err := exec.LookPath("nsenter")
	if err != nil {
		d.t.Skip("nsenter is missing")
	}
	enter := []string{"nsenter", "--target", strconv.Itoa(d.holder), "--mount"}
	if os.Geteuid() != 0 {
		enter = append(enter, "--user", "--preserve-credentials")
	}
	cmd.Args = append(append(enter, "--", cmd.Path), cmd.Args[1:]...)
	cmd.Path = nsenter
	return cmd
}

// sh runs a line of shell in the disk's folder.
func (d *disk) sh(line string) {
	d.t.Helper()
	if out, err := d.within(exec.CommandContext(d.t.Context(), "/bin/sh", "-c", `cd "$0" && `+line, d.folder)).CombinedOutput(); err != nil {
		d.t.Errorf("%s: %v: %s", line, err, out)
	}
}

func (d *disk) fill()  { d.sh("cat /dev/zero > filler 2>/dev/null; true") }
func (d *disk) free()  { d.sh("rm filler") }
func (d *disk) close() { d.sh(`mount -o remount,ro "$0"`) }
func (d *disk) open()  { d.sh(`mount -o remount,rw "$0"`) }

// run runs the program with the ledger on the disk.
func (d *disk) run(m *machine, args ...string) run {
	d.t.Helper()
	var out, errs strings.Builder
	cmd := d.within(m.command(d.t, append(args, "--data", d.folder)...))
	cmd.Stdout, cmd.Stderr = &out, &errs
	return run{args: args, code: exitCode(d.t, cmd.Run()), out: out.String(), errors: errs.String()}
}

// With a ledger that cannot be written nothing is sent and nothing saved.
func TestALedgerThatCannotBeWrittenSendsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil, mend func(*disk)
		says        string
	}{
		"disk full": {(*disk).fill, (*disk).free, "the disk "},
		"read-only": {(*disk).close, (*disk).open, "read-only"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDisk(t)
			m, service := withKeyring(t)
			r := startRotator(t)
			g := r.grant(t, 1, 0)
			d.run(m, "import", "--client-id", "PlatformCLI", "--alias", "acme", g.file(t)).expect(t, 0)
			c.spoil(d)
			d.refused(m, r, service, c.says)
			c.mend(d)
			d.run(m, "refresh", "acme").expect(t, 0)
			d.isCurrent(service, r, g)
		})
	}
}

// A disk that is full by the time the answer comes costs no token: it is in the
// keychain, the command says so, and the next one takes it over.
func TestADiskThatFillsUpInTheMiddleLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDisk(t)
	m, service := withKeyring(t)
	r := startRotator(t)
	g := r.grant(t, 1, 0)
	d.run(m, "import", "--client-id", "PlatformCLI", "--alias", "acme", g.file(t)).expect(t, 0)
	r.meet(func(*granted) { d.fill() })
	done := d.run(m, "refresh", "acme").expect(t, 3)
	if !strings.Contains(done.errors, "New access token saved in Secret Service.") || !strings.Contains(done.errors, "the disk is full") {
		t.Errorf("it does not say where the tokens are and what is wrong: %s", done.errors)
	}
	d.isCurrent(service, r, g)
	r.meet(nil)
	d.free()
	results := decode[[]refreshed](t, d.run(m, "refresh", "acme", "--json").expect(t, 0))
	if results[0].Outcome != "adopted" {
		t.Errorf("the next run: %+v", results)
	}
	d.run(m, "refresh", "acme").expect(t, 0)
	d.isCurrent(service, r, g)
	if requests, revoked := r.sent(); requests != 2 || revoked != 0 {
		t.Errorf("%d requests, %d logins revoked", requests, revoked)
	}
}

// refused makes sure that nothing is sent or saved while the ledger cannot be
// written.
func (d *disk) refused(m *machine, r *rotator, service *keychaintest.Service, says string) {
	d.t.Helper()
	second := newLogin(d.t, 2, "https://globex.my.salesforce.com")
	for _, args := range [][]string{{"refresh", "acme"}, {"import", "--client-id", "PlatformCLI", second.file(d.t)}} {
		done := d.run(m, args...).expect(d.t, 3)
		if len(linesOf(done.errors)) != 1 || !strings.Contains(done.errors, says) || done.out != "" {
			d.t.Errorf("orgkeep %s: stdout %q, stderr %q", args[0], done.out, done.errors)
		}
	}
	if requests, _ := r.sent(); requests != 0 {
		d.t.Errorf("%d requests were sent", requests)
	}
	if n := loginsIn(d.t, service); n != 1 {
		d.t.Errorf("the keychain has %d logins, want 1", n)
	}
}

func (d *disk) isCurrent(service *keychaintest.Service, r *rotator, g *granted) {
	d.t.Helper()
	if inKeychain(d.t, service)[g.orgID].RefreshToken.Reveal() != r.current(g) {
		d.t.Error("the keychain has another refresh token than the endpoint")
	}
}

// A damaged ledger is set aside for its copy; without one the orgs are imported
// anew, and token files from before the last refresh do not replace its tokens.
func TestADamagedLedgerLosesNoToken(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	r := startRotator(t)
	g := r.grant(t, 1, 0)
	file := g.file(t)
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", file).expect(t, 0)
	m.run(t, "refresh", "acme").expect(t, 0)
	data := filepath.Join(m.home, ".local", "share", "orgkeep")
	damage := func() {
		if err := os.WriteFile(filepath.Join(data, "ledger.db"), []byte(strings.Repeat("damage", 2000)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.run(t, "refresh", "acme").expect(t, 0) // at whose start the copy was made
	damage()
	done := m.run(t, "refresh", "acme").expect(t, 0)
	if !strings.Contains(done.errors, "damaged") {
		t.Errorf("nothing says that the ledger was damaged: %s", done.errors)
	}
	m.run(t, "refresh", "acme").expect(t, 0)

	copies, err := filepath.Glob(filepath.Join(data, "ledger-copy*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range copies {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	damage()
	refused := m.run(t, "refresh", "acme").expect(t, 3)
	if len(linesOf(refused.errors)) != 1 || !strings.Contains(refused.errors, filepath.Join(data, "ledger.db")) {
		t.Errorf("a damaged ledger without a copy: %s", refused.errors)
	}
	if err := os.Remove(filepath.Join(data, "ledger.db")); err != nil {
		t.Fatal(err)
	}
	kept := m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", file).expect(t, 0)
	if !strings.HasPrefix(kept.out, "acme: kept") {
		t.Errorf("import said: %s", kept.out)
	}
	m.run(t, "refresh", "acme").expect(t, 0)
	if _, revoked := r.sent(); revoked != 0 || inKeychain(t, service)[g.orgID].RefreshToken.Reveal() != r.current(g) {
		t.Errorf("%d logins revoked", revoked)
	}
}
