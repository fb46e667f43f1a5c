package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// linesOf splits what was said into lines.
func linesOf(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

func TestBadFilesAreNamedAndTheGoodOneIsImported(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	good := newLogin(t, 1, "https://acme.my.salesforce.com")
	whole := good.json(t, true)
	other := newLogin(t, 2, "https://acme.my.salesforce.com")
	huge := writeFile(t, "huge.json", whole)
	if err := os.Truncate(huge, 50<<20); err != nil {
		t.Fatal(err)
	}
	bad := []struct{ file, says string }{
		{writeFile(t, "cut.json", whole[:len(whole)/2]), "the JSON ends too early"},
		{writeFile(t, "text.json", "hello"), "not JSON"},
		{writeFile(t, "noaccess.json", strings.Replace(other.json(t, true), `"access_token"`, `"token"`, 1)), "no access_token"},
		{huge, "too big"},
		{t.TempDir(), "folder"},
		{writeFile(t, "bell.json", strings.Replace(other.json(t, true), "{", `{"username":"ada\u001b]0;x\u0007",`, 1)), "control characters"},
		{filepath.Join(t.TempDir(), "away.json"), "no such file"},
		{writeFile(t, "empty.json", ""), "empty"},
		{writeFile(t, "esc\x1b[31m.json", "[]"), `esc\x1b[31m.json`},
	}
	args := []string{"import", "--client-id", "PlatformCLI"}
	for _, b := range bad {
		args = append(args, b.file)
	}
	args = append(args, good.file(t))
	done := m.run(t, args...).expect(t, 1)
	if !strings.HasPrefix(done.out, "acme: new, PROD, age ") || len(linesOf(done.out)) != 1 {
		t.Errorf("stdout has not just the good file: %s", done.out)
	}
	lines := linesOf(done.errors)
	if len(lines) != len(bad)+2 || !strings.HasPrefix(lines[len(bad)], "PLAN") || !strings.HasPrefix(lines[len(bad)+1], "new   acme") {
		t.Fatalf("%d lines for %d bad files:\n%s", len(lines), len(bad), done.errors)
	}
	for i, b := range bad {
		name := strings.ReplaceAll(filepath.Base(b.file), "\x1b", `\x1b`)
		if !strings.HasPrefix(lines[i], "orgkeep: ") || !strings.Contains(lines[i], name) || !strings.Contains(lines[i], b.says) {
			t.Errorf("line for %s does not say %q: %s", name, b.says, lines[i])
		}
		if strings.ContainsRune(lines[i], 0x1b) {
			t.Errorf("line for %s holds an escape character", name)
		}
	}
	if n := loginsIn(t, service); n != 1 {
		t.Errorf("the keychain has %d logins, want the good one", n)
	}
	if orgs := decode[[]listedOrg](t, m.run(t, "list", "--json")); len(orgs) != 1 {
		t.Errorf("the ledger has %d orgs, want the good one", len(orgs))
	}
	results := decode[[]imported](t, m.run(t, append(args, "--json")...).expect(t, 1))
	if last := results[len(results)-1]; len(results) != len(bad)+1 || last.Result != "unchanged" || results[0].Result != "refused" ||
		results[0].Alias != nil || !strings.Contains(*results[0].Error, "cut.json") {
		t.Errorf("import --json: %+v", results)
	}
}

func TestImportReadsStdin(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	windows := "\xef\xbb\xbf" + strings.ReplaceAll(l.json(t, true), "\n", "\r\n")
	done := m.feed(t, strings.NewReader(windows), "import", "-", "--client-id", "PlatformCLI", "--alias", "piped").expect(t, 0)
	if !strings.HasPrefix(done.out, "piped: new, PROD") {
		t.Errorf("stdout: %s", done.out)
	}
	refused := m.feed(t, strings.NewReader("{"), "import", "-", "--client-id", "PlatformCLI").expect(t, 1)
	if !strings.Contains(refused.errors, "stdin") {
		t.Errorf("stderr: %s", refused.errors)
	}
}

func TestAnAliasThatAnotherOrgHasIsRefused(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", newLogin(t, 1, "https://acme.my.salesforce.com").file(t)).expect(t, 0)
	second := newLogin(t, 2, "https://globex.my.salesforce.com").file(t)
	refused := m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", second).expect(t, 1)
	if !strings.Contains(refused.errors, "another org has this alias") || len(linesOf(refused.errors)) != 1 {
		t.Errorf("stderr: %s", refused.errors)
	}
	if n := loginsIn(t, service); n != 1 {
		t.Errorf("half a login was saved: the keychain has %d logins, want 1", n)
	}
}

func TestWithoutAKeychain(t *testing.T) {
	t.Parallel()
	file := newLogin(t, 1, "https://acme.my.salesforce.com").file(t)
	bogus := withoutKeychain(t)
	for name, m := range map[string]*machine{"bogus": bogus, "unset": newMachine(t)} {
		refused := m.run(t, "import", "--client-id", "PlatformCLI", file).expect(t, 3)
		if len(linesOf(refused.errors)) != 1 || refused.out != "" ||
			!strings.Contains(refused.errors, "Secret Service") || !strings.Contains(refused.errors, "nothing was saved") {
			t.Errorf("%s: stdout %q, stderr %q", name, refused.out, refused.errors)
		}
		listed := m.run(t, "list").expect(t, 0)
		if listed.out != "" || !strings.Contains(listed.errors, "orgkeep import") || !strings.Contains(listed.errors, "orgkeep demo") {
			t.Errorf("%s: list: stdout %q, stderr %q", name, listed.out, listed.errors)
		}
	}
}

func TestAKeychainThatGoesAwaySendsNothing(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "", l))
	l.instance = e.URL
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", l.file(t)).expect(t, 0)
	service.Lock(t)
	refused := m.run(t, "refresh", "--all").expect(t, 3)
	if !strings.Contains(refused.errors, "locked") || len(linesOf(refused.errors)) != 1 {
		t.Errorf("stderr: %s", refused.errors)
	}
	service.Kill(t)
	m.run(t, "refresh", "acme", "--json").expect(t, 3)
	if n := len(e.sent()); n != 0 {
		t.Errorf("%d requests were sent without a keychain", n)
	}
	if orgs := decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0)); len(orgs) != 1 || orgs[0].LastRefresh != nil {
		t.Errorf("list: %+v", orgs)
	}
}

func TestALedgerThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	file := writeFile(t, "file", "not a folder")
	for _, args := range [][]string{{"list", "--data", file}, {"list", "--json", "--data", filepath.Join(file, "below")}} {
		refused := m.run(t, args...).expect(t, 3)
		if !strings.HasPrefix(refused.errors, "orgkeep: ") || len(linesOf(refused.errors)) != 1 || refused.out != "" {
			t.Errorf("stdout %q, stderr %q", refused.out, refused.errors)
		}
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "ledger.db"), []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	m.env = append(m.env, "ORGKEEP_DATA="+broken)
	m.run(t, "list").expect(t, 3)
}

func TestWhereTheLedgerIs(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	given, variable, xdg := filepath.Join(m.home, "given"), filepath.Join(m.home, "variable"), filepath.Join(m.home, "xdg")
	for _, step := range []struct{ more, flag, folder string }{
		{"XDG_DATA_HOME=" + xdg, "", filepath.Join(xdg, "orgkeep")},
		{"ORGKEEP_DATA=" + variable, "", variable},
		{"ORGKEEP_DATA=" + variable, given, given},
	} {
		m.env = append(m.env, step.more)
		args := []string{"list"}
		if step.flag != "" {
			args = append(args, "--data", step.flag)
		}
		m.run(t, args...).expect(t, 0)
		var found []string
		for path := range m.files(t) {
			if filepath.Dir(path) != step.folder {
				t.Errorf("%v with %s wrote %s, want it in %s", args, step.more, path, step.folder)
			}
			found = append(found, filepath.Base(path))
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Contains(found, "ledger.db") {
			t.Errorf("%v with %s wrote %v and no ledger", args, step.more, found)
		}
	}
}

func TestWrongUsage(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	for _, c := range []struct {
		args string
		says string
	}{
		{"", "orgkeep list"},
		{"demo", "needs a terminal"},
		{"demo --speed 0", "--speed"},
		{"demo --speed NaN", "--speed"},
		{"demo --clock yesterday", "--clock"},
		{"demo --seed -1", "--seed"},
		{"lst", "list"},
		{"nothing-like-it", "nothing-like-it"},
		{"list extra", "extra"},
		{"list --jsn", "--jsn"},
		{"import", "FILE"},
		{"import " + newLogin(t, 1, "https://acme.my.salesforce.com").file(t), "--client-id"},
		{"import a.json b.json --alias x --client-id y", "--alias"},
		{"import a.json --alias -x --client-id y", "--alias"},
		{"import a.json --client-id y --login-url http://example.com", "--login-url"},
		{"import - --client-id y --client-secret-stdin", "stdin"},
		{"import - - --client-id y", "stdin"},
		{"import a.json --client-id y --client-secret x", "--client-secret"},
		{"refresh", "--all"},
		{"refresh --all --failed", "--failed"},
		{"refresh acme --all", "ORG"},
		{"refresh --all -j 0", "-j"},
		{"refresh --all --timeout 0s", "--timeout"},
		{"refresh acme", "acme"},
		{"tokens acme", "tokens"},
	} {
		r := m.run(t, strings.Fields(c.args)...).expect(t, 2)
		if r.out != "" || len(linesOf(r.errors)) != 1 || !strings.HasPrefix(r.errors, "orgkeep: ") || !strings.Contains(r.errors, c.says) {
			t.Errorf("orgkeep %s: stdout %q, stderr %q, want one line that says %s", c.args, r.out, r.errors, c.says)
		}
	}
}

func TestHelpVersionAndCompletion(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	for args, says := range map[string]string{
		"--version":          "orgkeep ",
		"--help":             "orgkeep demo",
		"help refresh":       "--expired",
		"import --help":      "--client-secret-stdin",
		"demo -h":            "--speed",
		"completion bash":    "orgkeep",
		"completion zsh":     "orgkeep",
		"__complete refr":    "refresh",
		"__complete import ": ":0",
	} {
		fields := strings.Split(args, " ")
		if r := m.run(t, fields...).expect(t, 0); !strings.Contains(r.out, says) || strings.ContainsRune(r.out, 0x1b) {
			t.Errorf("orgkeep %s does not say %s, or says it with escapes: %.300s", args, says, r.out)
		}
	}
}
