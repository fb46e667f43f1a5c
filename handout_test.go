package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// holding returns a machine with a keychain that has the logins, named as given.
func holding(t testing.TB, logins ...login) *machine {
	t.Helper()
	m, _ := withKeyring(t)
	for _, l := range logins {
		m.run(t, "import", "--alias", l.name, "--client-id", "PlatformCLI", l.file(t)).expect(t, 0)
	}
	return m
}

func TestTokenRefreshesOnlyWhenNeeded(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "")
	e := startEndpoint(t, func(url.Values) answer { return answer{http.StatusInternalServerError, "{}"} })
	l.instance, l.issued = e.URL, time.Now().Add(-time.Hour)
	unknown := newLogin(t, 2, e.URL)
	m := holding(t, l)
	if r := m.run(t, "token", "login1").expect(t, 0); r.out != l.access+"\n" || r.errors != "" || len(e.sent()) != 0 {
		t.Errorf("an hour is left: %q, %q, %d requests", r.out, r.errors, len(e.sent()))
	}

	// Less is left than asked for; nobody knows how much; it has expired.
	undated := strings.Replace(unknown.json(t, true), `"issued_at"`, `"issued_when"`, 1)
	m.run(t, "import", "--alias", "undated", "--client-id", "PlatformCLI", writeFile(t, "undated.json", undated)).expect(t, 0)
	for _, args := range [][]string{{"login1", "--min-left", "90m"}, {"undated"}, {"login1", "--assumed-life", "30m"}} {
		before := len(e.sent())
		r := m.run(t, append([]string{"token"}, args...)...).expect(t, 1)
		if r.out != "" || len(e.sent()) == before || strings.Contains(r.errors, "Aep8") {
			t.Errorf("%q: %q, %q, %d requests", args, r.out, r.errors, len(e.sent()))
		}
	}
}

func TestTokenPrintsWhatTheRefreshBrought(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "login1", l))
	l.instance = e.URL
	m := holding(t, l)
	next := l.renewed(true)
	if r := m.run(t, "token", "login1").expect(t, 0); r.out != next.access+"\n" || !strings.Contains(r.errors, "login1 refreshed") {
		t.Errorf("%q, %q", r.out, r.errors)
	}
	var document map[string]any
	r := m.run(t, "token", "login1", "--json").expect(t, 0)
	if err := json.Unmarshal([]byte(r.out), &document); err != nil {
		t.Fatal(err)
	}
	left, _ := document["left_s"].(float64)
	if document["version"] != 1.0 || document["alias"] != "login1" || document["access_token"] != next.access || document["instance_url"] != e.URL ||
		document["refreshed"] != false || document["left_source"] != "estimate" || left < 7100 || left > 7200 || len(document) != 8 {
		t.Errorf("%v", document)
	}
	if n := len(e.sent()); n != 1 {
		t.Errorf("%d requests", n)
	}
	// What no life allows is asked for once in a run, and said.
	r = m.run(t, "token", "login1", "--min-left", "3h").expect(t, 0)
	if r.out != next.renewed(true).access+"\n" || !strings.Contains(r.errors, "does not last the 3h0m0s") || len(e.sent()) != 2 {
		t.Errorf("%q, %q, %d requests", r.out, r.errors, len(e.sent()))
	}
}

func TestTokenSaysWhatIsWrongByItsExitCode(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "")
	e := startEndpoint(t, func(url.Values) answer { return grantExpired })
	l.instance = e.URL
	m := holding(t, l)
	if r := m.run(t, "token", "login1").expect(t, 4); r.out != "" || !strings.Contains(r.errors, "invalid_grant") {
		t.Errorf("%q, %q", r.out, r.errors)
	}
	m.run(t, "token", "nobody").expect(t, 2)
	m.run(t, "token", "login1", "--min-left", "-1s").expect(t, 2)
	if runtime.GOOS == "linux" {
		m.env = append(m.env, "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(t.TempDir(), "no-bus"))
		if r := m.run(t, "token", "login1").expect(t, 3); r.out != "" {
			t.Errorf("%q", r.out)
		}
	}
}

func TestEnvInItsFormats(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	l.issued = time.Now()
	m := holding(t, l)
	shell := m.run(t, "env", "login1").expect(t, 0).out
	dotenv := m.run(t, "env", "login1", "--format", "dotenv").expect(t, 0).out
	if !strings.HasPrefix(shell, "export SF_ACCESS_TOKEN='"+l.access+"'\nexport SF_INSTANCE_URL='https://acme.my.salesforce.com'\n") {
		t.Errorf("shell: %s", shell)
	}
	if dotenv != strings.NewReplacer("export ", "", "'", "").Replace(shell) {
		t.Errorf("dotenv: %s", dotenv)
	}
	var object map[string]string
	if err := json.Unmarshal([]byte(m.run(t, "env", "login1", "--json").expect(t, 0).out), &object); err != nil || object["SF_ACCESS_TOKEN"] != l.access || len(object) != 5 {
		t.Errorf("json: %v, %v", object, err)
	}
	m.run(t, "env", "login1", "--format", "yaml").expect(t, 2)
}

func TestExportAndImportAgain(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	m := holding(t, l)
	path := filepath.Join(m.home, "out", "acme.json")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	r := m.run(t, "export", "login1", "--format", "token-json", "--output", path).expect(t, 0)
	if r.out != "" || !strings.Contains(r.errors, "rotates refresh tokens is not known") || strings.Contains(r.errors, l.refresh) {
		t.Errorf("%q, %q", r.out, r.errors)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	m.run(t, "export", "login1", "--format", "token-json", "--output", path).expect(t, 2)
	m.run(t, "export", "login1", "--format", "token-json", "--output", path, "--force").expect(t, 0)
	m.run(t, "export", "login1", "--format", "token-json", "--output", filepath.Join(m.home, "out")).expect(t, 0)

	// Another machine has the same login from the file, and hands out the same.
	other, _ := withKeyring(t)
	other.run(t, "import", "--alias", "again", "--client-id", "PlatformCLI", path).expect(t, 0)
	if got, want := other.run(t, "export", "again", "--format", "token-json").expect(t, 0).out, m.run(t, "export", "login1", "--format", "token-json").expect(t, 0).out; got != want {
		t.Errorf("exported again:\n%s\nwant:\n%s", got, want)
	}
	want := "force://PlatformCLI::" + l.refresh + "@acme.my.salesforce.com\n"
	if got := other.run(t, "export", "again", "--format", "auth-url").expect(t, 0).out; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The imported file has the new tokens after a refresh, and what it had beside them.
func TestAMirrorOfTheImportedFile(t *testing.T) {
	t.Parallel()
	l := newLogin(t, 1, "")
	e := startEndpoint(t, renewing(t, "login1", l))
	l.instance = e.URL
	m, _ := withKeyring(t)
	file := writeFile(t, "tokens.json", strings.Replace(l.json(t, true), "{", `{"mine": true,`, 1))
	m.run(t, "import", "--alias", "acme", "--client-id", "PlatformCLI", "--mirror", file).expect(t, 0)
	m.run(t, "refresh", "acme").expect(t, 0)
	text, err := os.ReadFile(file)
	next := l.renewed(true)
	if err != nil || !strings.HasPrefix(string(text), "{\n  \"mine\": true,\n") || !strings.Contains(string(text), next.refresh) || !strings.Contains(string(text), next.access) {
		t.Errorf("the file was not kept in step (%v)", err)
	}
	if r := m.run(t, "show", "acme").expect(t, 0); !strings.Contains(r.out, "tokens.json") || strings.Contains(r.out, "behind") {
		t.Errorf("show: %s", r.out)
	}
	m.run(t, "mirror", "acme", "--off").expect(t, 0)
	m.run(t, "refresh", "acme").expect(t, 0)
	if after, err := os.ReadFile(file); err != nil || string(after) != string(text) {
		t.Errorf("it was written although it is off (%v)", err)
	}
	if r := m.run(t, "mirror", "acme").expect(t, 0); !strings.Contains(r.out, "no token file") {
		t.Errorf("%s", r.out)
	}
	m.run(t, "mirror", "acme", file, "--off").expect(t, 2)
	m.run(t, "mirror", "acme", file).expect(t, 0)
}

func TestExportRefuses(t *testing.T) {
	t.Parallel()
	plain := newLogin(t, 1, "http://127.0.0.1:1")
	odd := newLogin(t, 2, "https://acme.my.salesforce.com")
	odd.refresh += "+x"
	m := holding(t, plain, odd)
	m.run(t, "export", "login1").expect(t, 2)
	m.run(t, "export", "login1", "login2", "--format", "token-json").expect(t, 2)
	m.run(t, "export", "login1", "login2", "--format", "auth-url", "--output", filepath.Join(m.home, "both")).expect(t, 2)
	m.run(t, "export", "login1", "--format", "token-json", "--output", os.DevNull, "--force").expect(t, 2)
	r := m.run(t, "export", "login1", "login2", "--format", "auth-url").expect(t, 1)
	if r.out != "" || !strings.Contains(r.errors, "exporting login1: it cannot be an sfdx auth URL: the Salesforce CLI takes https hosts only") ||
		!strings.Contains(r.errors, "exporting login2: it cannot be an sfdx auth URL: its refresh token has characters") || strings.Contains(r.errors, "5Aep8") {
		t.Errorf("%q, %q", r.out, r.errors)
	}
}

// What is written of several orgs into a folder has a file each.
func TestExportOfSeveralOrgs(t *testing.T) {
	t.Parallel()
	m := holding(t, newLogin(t, 1, "https://acme.my.salesforce.com"), newLogin(t, 2, "https://globex.my.salesforce.com"))
	folder := t.TempDir()
	m.run(t, "export", "login1", "login2", "--format", "token-json", "--output", folder).expect(t, 0)
	m.run(t, "export", "login1", "login2", "--format", "auth-url", "--output", folder).expect(t, 0)
	entries, err := os.ReadDir(folder)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if err != nil || !slices.Equal(names, []string{"login1.json", "login1.txt", "login2.json", "login2.txt"}) {
		t.Errorf("%v, %v", names, err)
	}
}
