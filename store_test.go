package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"orgkeep/keychain"
)

func init() {
	// What a guess costs is not what these tests are about.
	vaultOptions = []keychain.VaultOption{keychain.WithWorkFactor(8)}
}

const passphrase = "correct horse battery 1"

// having returns the same machine with more variables.
func (m *machine) having(env ...string) *machine {
	return &machine{home: m.home, env: append(append([]string{}, m.env...), env...), program: m.program}
}

// knowing is the machine whose user gave the passphrase.
func (m *machine) knowing() *machine { return m.having("ORGKEEP_PASSPHRASE=" + passphrase) }

func (m *machine) data(names ...string) string {
	return filepath.Join(append([]string{m.home, ".local", "share", "orgkeep"}, names...)...)
}

// one makes sure that nothing but one line on stderr was said, and that it says
// all of the words.
func (r run) one(t testing.TB, words ...string) run {
	t.Helper()
	if r.out != "" || len(linesOf(r.errors)) != 1 || !strings.HasPrefix(r.errors, "orgkeep: ") {
		t.Errorf("orgkeep %s: stdout %q, stderr %q, want one line on stderr", strings.Join(r.args, " "), r.out, r.errors)
	}
	for _, word := range words {
		if !strings.Contains(r.errors, word) {
			t.Errorf("orgkeep %s: stderr %q does not say %q", strings.Join(r.args, " "), r.errors, word)
		}
	}
	return r
}

// last is one for a run that showed a plan before.
func (r run) last(t testing.TB, words ...string) {
	t.Helper()
	lines := linesOf(r.errors)
	r.errors = lines[len(lines)-1]
	r.one(t, words...)
}

type storeInUse struct {
	Version                     int
	Store, Name, Why            string
	Folder, Protection, Leaving *string
	Exists                      bool
}

func (m *machine) storeInUse(t testing.TB, flags ...string) storeInUse {
	t.Helper()
	r := m.run(t, append([]string{"store", "--json"}, flags...)...).expect(t, 0)
	var in storeInUse
	decoder := json.NewDecoder(strings.NewReader(r.out))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil || in.Version != 1 || r.errors != "" {
		t.Fatalf("store --json: %v: %s%s", err, r.out, r.errors)
	}
	return in
}

// withVault returns a machine without a keychain and with two orgs in a vault.
func withVault(t testing.TB) (*machine, *endpoint) {
	t.Helper()
	m := withoutKeychain(t)
	logins := []login{newLogin(t, 1, ""), newLogin(t, 2, "")}
	e := startEndpoint(t, renewing(t, "login1", append([]login{}, logins...)...))
	args := []string{"import", "--store", "vault", "--client-id", "PlatformCLI", "--login-url", e.URL}
	for i := range logins {
		logins[i].instance = []string{"https://acme.my.salesforce.com", "https://globex.my.salesforce.com"}[i]
		args = append(args, logins[i].file(t))
	}
	m.knowing().run(t, args...).expect(t, 0)
	return m, e
}

func TestAVaultFromImportToRefresh(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	e := startEndpoint(t, renewing(t, "login1", l))
	args := []string{"import", "--client-id", "PlatformCLI", "--login-url", e.URL, l.file(t)}
	m.run(t, args...).expect(t, 3).one(t, "--store vault", "nothing was saved")
	args = append(args, "--store", "vault")
	m.run(t, args...).expect(t, 2).last(t, "ORGKEEP_PASSPHRASE", "--passphrase-fd")
	m.having("ORGKEEP_PASSPHRASE=1234567").run(t, args...).expect(t, 2).last(t, "8 characters")
	if _, err := os.Stat(m.data("vault")); err == nil {
		t.Error("a vault was made without a passphrase")
	}
	done := m.knowing().run(t, args...).expect(t, 0)
	if done.out != "acme: new, PROD, age 3h 00m, saved in the vault\n" || len(linesOf(done.errors)) != 3 ||
		!strings.Contains(done.errors, m.data("vault")) || !strings.Contains(done.errors, "From now on") {
		t.Errorf("import said %q and %q", done.out, done.errors)
	}
	if in := m.storeInUse(t); in.Store != "vault" || in.Why != "pinned" || *in.Folder != m.data("vault") || *in.Protection != "passphrase" || !in.Exists {
		t.Errorf("the store in use: %+v", in)
	}
	if orgs := decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0)); len(orgs) != 1 {
		t.Errorf("list without a passphrase: %+v", orgs)
	}
	m.run(t, "refresh", "--all").expect(t, 3).one(t, "the vault is locked", "ORGKEEP_PASSPHRASE", "--passphrase-fd")
	m.having("ORGKEEP_PASSPHRASE=wrong horse").run(t, "refresh", "--all").expect(t, 3).one(t, "the passphrase does not open the vault")
	if len(e.sent()) != 0 {
		t.Fatal("a refresh token was sent out of a locked vault")
	}
	for range 2 {
		m.knowing().run(t, "refresh", "--all").expect(t, 0)
	}
	if sent := e.sent(); len(sent) != 2 || sent[0].Get("refresh_token") != l.refresh || sent[1].Get("refresh_token") != l.renewed(true).refresh {
		t.Error("the second refresh did not send what the first one brought")
	}
	next := l.renewed(true)
	checkNoSecret(t, m, []string{l.access, l.refresh, l.signature, next.refresh, next.renewed(true).refresh, passphrase})
	checkModes(t, m)
}

func TestThePassphraseByDescriptor(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows hands down no numbered descriptors")
	}
	m, e := withVault(t)
	refresh := func(text string, args ...string) run {
		t.Helper()
		file, err := os.Open(writeFile(t, "passphrase", text))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		cmd := m.command(t, append([]string{"refresh", "--all"}, args...)...)
		cmd.ExtraFiles = []*os.File{file}
		var errs strings.Builder
		cmd.Stderr = &errs
		return run{args: cmd.Args[1:], code: exitCode(t, cmd.Run()), errors: errs.String()}
	}
	refresh(passphrase+"\nand more", "--passphrase-fd", "3").expect(t, 0)
	refresh("wrong horse\n", "--passphrase-fd", "3").expect(t, 3).one(t, "the passphrase does not open")
	refresh("", "--passphrase-fd", "3").expect(t, 2).one(t, "descriptor 3 gave no passphrase")
	refresh("", "--passphrase-fd", "9").expect(t, 2).one(t, "no such descriptor")
	refresh("", "--passphrase-fd", "2").expect(t, 2).one(t, "0 or above 2")
	if n := len(e.sent()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
	// The flag goes before the variable, and 0 is stdin.
	m.having("ORGKEEP_PASSPHRASE=wrong horse").feed(t, strings.NewReader(passphrase), "refresh", "--all", "--passphrase-fd", "0").expect(t, 0)
	m.run(t, "import", "-", "--client-id", "x", "--passphrase-fd", "0").expect(t, 2).one(t, "stdin")
	// What asks nothing of the vault leaves it alone.
	m.run(t, "list", "--passphrase-fd", "0").expect(t, 0)
}

func TestADamagedVaultIsNoWrongPassphrase(t *testing.T) {
	t.Parallel()
	m, e := withVault(t)
	for _, name := range []string{"identity.age", "identity.age.bak"} {
		path := m.data("vault", name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text[len(text)/2] ^= 1
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := m.knowing().run(t, "refresh", "--all").expect(t, 3).one(t, "a file of the vault is damaged", "identity.age")
	if strings.Contains(r.errors, "does not open") || len(e.sent()) != 0 {
		t.Errorf("%d requests, stderr: %s", len(e.sent()), r.errors)
	}
	if err := os.RemoveAll(m.data("vault")); err != nil {
		t.Fatal(err)
	}
	m.knowing().run(t, "refresh", "--all").expect(t, 3).one(t, "there is no vault here", "orgkeep import")
}

func TestWhichStoreIsChosen(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	pin := func(text string) {
		t.Helper()
		if err := os.MkdirAll(m.data(), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(m.data("store"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		pin, variable, flag string
		store, why          string
	}{
		{"", "", "", "keychain", "default"},
		{"vault\n", "", "", "vault", "pinned"},
		{"keychain\n", "", "", "keychain", "pinned"},
		{"keychain\n", "vault", "", "vault", "variable"},
		{"vault\n", "vault", "keychain", "keychain", "flag"},
	} {
		if c.pin != "" {
			pin(c.pin)
		}
		var flags []string
		if c.flag != "" {
			flags = []string{"--store", c.flag}
		}
		in := m.having("ORGKEEP_STORE="+c.variable).storeInUse(t, flags...)
		if in.Store != c.store || in.Why != c.why || in.Exists != (c.store == "keychain") {
			t.Errorf("%+v gives %+v", c, in)
		}
	}
	pin("vault leaving keychain\n")
	if in := m.storeInUse(t); in.Leaving == nil || *in.Leaving != "keychain" {
		t.Errorf("an interrupted move: %+v", in)
	}
	if r := m.run(t, "store").expect(t, 0); !strings.Contains(r.out, "store: vault") || !strings.Contains(r.out, "orgkeep store move vault ends it") {
		t.Errorf("an interrupted move: %s", r.out)
	}
	m.run(t, "store", "--store", "file").expect(t, 2).one(t, "keychain or vault")
	m.having("ORGKEEP_STORE=file").run(t, "refresh", "--all").expect(t, 2).one(t, "ORGKEEP_STORE", "keychain or vault")
	m.run(t, "store", "move", "file").expect(t, 2).one(t, "file")
	m.run(t, "store", "move", "vault", "--store", "vault").expect(t, 2).one(t, "--store")
	pin("keychain leaving keychain")
	m.run(t, "refresh", "--all").expect(t, 3).one(t, "neither vault nor keychain", "--store")
	m.run(t, "list", "--store", "keychain").expect(t, 0)
}
