package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const nextPassphrase = "another horse battery 2"

func TestThePassphraseIsChanged(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows hands down no numbered descriptors")
	}
	m, e := withVault(t)
	change := func(m *machine, old, next string, args ...string) run {
		t.Helper()
		cmd := m.command(t, append([]string{"store", "passphrase"}, args...)...)
		for _, text := range []string{old, next} {
			file, err := os.Open(writeFile(t, "passphrase", text))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = file.Close() }()
			cmd.ExtraFiles = append(cmd.ExtraFiles, file)
		}
		var out, errs strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errs
		return run{args: cmd.Args[1:], code: exitCode(t, cmd.Run()), out: out.String(), errors: errs.String()}
	}
	identity := func() string {
		t.Helper()
		text, err := os.ReadFile(m.data("vault", "identity.age"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	before := identity()
	change(m, passphrase, "1234567", "--passphrase-fd", "3", "--new-passphrase-fd", "4").expect(t, 2).one(t, "8 characters")
	change(m, passphrase, "", "--passphrase-fd", "3", "--new-passphrase-fd", "4").expect(t, 2).one(t, "descriptor 4 gave no passphrase")
	change(m, passphrase, nextPassphrase, "--passphrase-fd", "3").expect(t, 2).one(t, "--new-passphrase-fd")
	change(m, passphrase, nextPassphrase, "--passphrase-fd", "3", "--new-passphrase-fd", "9").expect(t, 2).one(t, "no such descriptor")
	change(m, passphrase, nextPassphrase, "--new-passphrase-fd", "4").expect(t, 3).one(t, "the vault is locked")
	change(m, "wrong horse", nextPassphrase, "--passphrase-fd", "3", "--new-passphrase-fd", "4").expect(t, 3).one(t, "does not open the vault")
	if identity() != before {
		t.Fatal("a change that was refused has changed the vault")
	}

	done := change(m, passphrase, nextPassphrase, "--passphrase-fd", "3", "--new-passphrase-fd", "4").expect(t, 0)
	if want := "Changed the passphrase of the vault in " + m.data("vault") + ".\n"; done.out != want || done.errors != "" {
		t.Errorf("it said %q and %q, want %q", done.out, done.errors, want)
	}
	m.knowing().run(t, "refresh", "--all").expect(t, 3).one(t, "the passphrase does not open the vault")
	m.having("ORGKEEP_PASSPHRASE="+nextPassphrase).run(t, "refresh", "--all").expect(t, 0)
	if len(e.sent()) != 2 {
		t.Errorf("%d requests, want 2", len(e.sent()))
	}

	// The old one from the variable, and both from one descriptor.
	again := change(m.having("ORGKEEP_PASSPHRASE="+nextPassphrase), "", passphrase, "--new-passphrase-fd", "4", "--json").expect(t, 0)
	if again.out != `{"version":1,"folder":"`+m.data("vault")+"\"}\n" {
		t.Errorf("--json: %s", again.out)
	}
	change(m, passphrase+"\n"+nextPassphrase, "", "--passphrase-fd", "3", "--new-passphrase-fd", "3").expect(t, 0)
	m.having("ORGKEEP_PASSPHRASE="+nextPassphrase).run(t, "refresh", "--all").expect(t, 0)
	checkNoSecret(t, m, []string{passphrase, nextPassphrase})
	checkModes(t, m)
}

func TestNoPassphraseToChange(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	m.run(t, "store", "passphrase").expect(t, 2).one(t, "no passphrase protects the tokens")
	m.run(t, "store", "passphrase", "--store", "vault").expect(t, 2).one(t, "--new-passphrase-fd")
	m.knowing().feed(t, strings.NewReader(nextPassphrase), "store", "passphrase", "--store", "vault", "--new-passphrase-fd", "0").
		expect(t, 3).one(t, "there is no vault here")
}

// A file of the vault that is damaged is one org's trouble, and no locked keychain.
func TestADamagedEntryHasTheVaultsRemedy(t *testing.T) {
	t.Parallel()
	m, _ := withVault(t)
	entries, err := filepath.Glob(m.data("vault", "entries", "*.age"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range entries {
		if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := m.knowing().run(t, "refresh", "globex").expect(t, 3)
	if !strings.Contains(r.errors, "A file of the vault is not what was written") || strings.Contains(r.errors, "keychain") {
		t.Errorf("it says %q", r.errors)
	}
}
