package main

import (
	"bufio"
	"strings"
	"testing"
)

func TestMovingToTheVaultAndBack(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	logins := []login{newLogin(t, 1, ""), newLogin(t, 2, "")}
	e := startEndpoint(t, renewing(t, "login1 login2", append([]login{}, logins...)...))
	for i := range logins {
		logins[i].instance = e.URL
		m.run(t, "import", "--client-id", "PlatformCLI", "--alias", logins[i].name, logins[i].file(t)).expect(t, 0)
	}
	m.run(t, "store", "move", "keychain").expect(t, 0)
	m.run(t, "store", "move", "vault").expect(t, 2).one(t, "ORGKEEP_PASSPHRASE")
	m = m.knowing()
	for _, step := range []struct {
		to, says string
		items    int
	}{
		{"vault", "Moved the tokens of 2 orgs from Secret Service to the vault.\n", 0},
		{"vault", "The tokens are in the vault already.\n", 0},
		{"keychain", "Moved the tokens of 2 orgs from the vault to Secret Service.\n", 2},
		{"keychain", "The tokens are in Secret Service already.\n", 2},
		{"vault", "Moved the tokens of 2 orgs from Secret Service to the vault.\n", 0},
	} {
		r := m.run(t, "store", "move", step.to).expect(t, 0)
		if n := loginsIn(t, service); r.out != step.says || n != step.items {
			t.Errorf("move %s: %q, %d items in the keychain; want %q, %d", step.to, r.out, n, step.says, step.items)
		}
		if in := m.storeInUse(t); in.Store != step.to || in.Leaving != nil {
			t.Errorf("after a move to %s: %+v", step.to, in)
		}
		if strings.HasPrefix(step.says, "Moved") {
			m.run(t, "refresh", "--all").expect(t, 0)
		}
	}
	secrets := []string{passphrase}
	for _, l := range logins {
		for range 4 {
			secrets = append(secrets, l.access, l.refresh)
			l = l.renewed(true)
		}
	}
	if last := e.sent()[5]; !strings.HasSuffix(last.Get("refresh_token"), "newnew") {
		t.Error("the last refresh did not send what the one before it brought")
	}
	checkNoSecret(t, m, secrets)
	checkModes(t, m)
	r := m.having("ORGKEEP_STORE=keychain").run(t, "store", "move", "vault", "--json").expect(t, 0)
	if r.out != `{"version":1,"store":"vault","moved":0}`+"\n" || !strings.Contains(r.errors, "ORGKEEP_STORE still says keychain") {
		t.Errorf("stdout %q, stderr %q", r.out, r.errors)
	}
}

// A move that is killed leaves every org usable, and ends when it is run again.
func TestAMoveThatIsKilled(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"vault", "keychain"} {
		for _, at := range []string{"login1: copied", "login3: copied", "From now on", "login1: deleted", "login2: deleted"} {
			t.Run(to+" "+at, func(t *testing.T) {
				t.Parallel()
				killedMove(t, to, at)
			})
		}
	}
}

func killedMove(t *testing.T, to, at string) {
	t.Helper()
	m, service := withKeyring(t)
	m = m.knowing()
	logins := []login{newLogin(t, 1, ""), newLogin(t, 2, ""), newLogin(t, 3, "")}
	e := startEndpoint(t, renewing(t, "login1 login2 login3", append([]login{}, logins...)...))
	from := map[string]string{"vault": "keychain", "keychain": "vault"}[to]
	for _, l := range logins {
		l.instance = e.URL
		m.run(t, "import", "--store", from, "--client-id", "PlatformCLI", "--alias", l.name, l.file(t)).expect(t, 0)
	}
	cmd := m.command(t, "store", "move", to)
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(errs); lines.Scan(); {
		if strings.Contains(lines.Text(), at) {
			break
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	results := decode[[]refreshed](t, m.run(t, "refresh", "--all", "--json").expect(t, 0))
	if len(results) != 3 {
		t.Errorf("%d of 3 orgs were refreshed after the kill", len(results))
	}
	m.run(t, "store", "move", to).expect(t, 0)
	want := map[string]int{"vault": 0, "keychain": 3}[to]
	if n := loginsIn(t, service); n != want {
		t.Errorf("the keychain has %d logins, want %d", n, want)
	}
	m.run(t, "refresh", "--all").expect(t, 0)
	if in := m.storeInUse(t); in.Store != to || in.Leaving != nil {
		t.Errorf("the store in use: %+v", in)
	}
}

func TestAVaultWhoseKeyIsInTheKeychain(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "login1", l))
	l.instance = e.URL
	m.run(t, "import", "--store", "vault", "--vault-key", "keychain", "--client-id", "PlatformCLI", "--alias", "acme", l.file(t)).expect(t, 0)
	if n, keys := loginsIn(t, service), service.Items(t, "orgkeep-vault"); n != 0 || keys != 1 {
		t.Errorf("the keychain has %d logins and %d keys, want 0 and 1", n, keys)
	}
	m.run(t, "refresh", "acme").expect(t, 0)
	if in := m.storeInUse(t); *in.Protection != "keychain" {
		t.Errorf("the store in use: %+v", in)
	}
	service.Lock(t)
	m.run(t, "refresh", "acme").expect(t, 3).one(t, "vault", "locked")
	service.Unlock(t)
	m.run(t, "store", "move", "keychain").expect(t, 0)
	if n := loginsIn(t, service); n != 1 {
		t.Errorf("the keychain has %d logins, want 1", n)
	}
	m.run(t, "refresh", "acme").expect(t, 0)
	checkNoSecret(t, m, []string{l.access, l.refresh})
}

func TestAMoveWithoutAKeychain(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	made := m.knowing().run(t, "store", "move", "vault").expect(t, 0)
	if !strings.Contains(made.out, "nothing to move") || m.storeInUse(t).Store != "vault" {
		t.Errorf("stdout %q, stderr %q", made.out, made.errors)
	}
	m, _ = withVault(t)
	m.knowing().run(t, "store", "move", "keychain").expect(t, 3).one(t, "Secret Service")
	m.run(t, "store", "move", "vault").expect(t, 0) // already there, and nothing to be asked of anybody
	m.knowing().run(t, "refresh", "--all").expect(t, 0)
}
