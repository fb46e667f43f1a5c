package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orgkeep/tokens"
)

// sfFixture copies the home that a real Salesforce CLI has written.
func sfFixture(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	if err := os.CopyFS(home, os.DirFS(filepath.Join("..", "..", "tokens", "transfer", "testdata", "sf-home"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(home, ".sfdx", "key.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// importDocument is what import --json prints.
type importDocument struct {
	DryRun  bool       `json:"dry_run"`
	Results []imported `json:"results"`
}

func parsed[T any](t *testing.T, text string) (d T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

func counts(d importDocument) string {
	n := map[string]int{}
	for _, r := range d.Results {
		n[r.Result]++
	}
	return strings.TrimPrefix(fmt.Sprint(n), "map")
}

func TestASalesforceCLIHomeIsImported(t *testing.T) {
	t.Parallel()
	d, home := newDesk(t), sfFixture(t)
	out, errs := d.run(t, 0, "import", "--from-sf", home, "--dry-run")
	for _, line := range []string{
		"new      two ", "also called second, kept as a tag", "new      prod-myapp", "user201@mock.example, app myapp", "skipped  tokenonly",
		"it has an access token only", "skipped  jwtorg", "new      dev+uat.o'neil@mock.example  DEV ", "uat                          SBX ",
		"scratch1                     SCR ", "ends on 2026-12-20", "a Dev Hub", "is called by its username",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in:\n%s", line, out)
		}
	}
	if !strings.Contains(errs, "--take-over and --read-only") || !strings.Contains(errs, "dry run") {
		t.Errorf("%s", errs)
	}
	if out, _ := d.run(t, 0, "list", "--json"); !strings.Contains(out, `"orgs":[]`) {
		t.Errorf("a dry run saved: %s", out)
	}
	if _, errs := d.run(t, 2, "import", "--from-sf", home); !strings.Contains(errs, "--yes says to save 9 orgs") {
		t.Errorf("%s", errs)
	}
	out, _ = d.run(t, 0, "import", "--from-sf", home, "--yes", "--json")
	if got := counts(parsed[importDocument](t, out)); got != "[new:9 skipped:2]" {
		t.Errorf("%s", got)
	}
	out, _ = d.run(t, 0, "list", "--json")
	list := parsed[orgList](t, out)
	aliases := map[string]listedOrg{}
	for _, org := range list.Orgs {
		aliases[org.Alias] = org
		if org.AgeS != nil || org.IssuedAt != nil || org.Shared == nil || org.Shared.Mode != tokens.SharedLocked ||
			org.Shared.Home != filepath.Join(home, ".sfdx") || org.Shared.Username != *org.Username {
			t.Errorf("%+v, %+v", org, org.Shared)
		}
	}
	if len(list.Orgs) != 9 || aliases["prod-myapp"].Shared.App != "myapp" || aliases["customapp"].ClientID != "3MVG9fakeConsumerKey.205" ||
		aliases["dev+uat.o'neil@mock.example"].OrgID != "00D000000000210EAA" || aliases["uat"].Type != tokens.Sandbox ||
		aliases["scratch1"].Type != tokens.Scratch || !slices.Equal(aliases["two"].Tags, []string{"second"}) || aliases["two"].IdleLeftS != nil {
		t.Errorf("%+v", list)
	}
	if out, _ := d.run(t, 0, "show", "two"); !strings.Contains(out, "shared with the Salesforce CLI, under its lock") || !strings.Contains(out, "not known when it was issued or last used") {
		t.Errorf("%s", out)
	}
	// Again nothing is new, so that nothing is asked.
	out, _ = d.run(t, 0, "import", "--from-sf", home, "--json")
	if got := counts(parsed[importDocument](t, out)); got != "[skipped:2 unchanged:9]" {
		t.Errorf("%s", got)
	}
	// The same tokens stay, and the mode is the one asked for now.
	if out, _ := d.run(t, 0, "import", "--from-sf", home, "--take-over", "--dry-run"); strings.Count(out, "from now on orgkeep's alone") != 9 {
		t.Errorf("%s", out)
	}
	if _, errs := d.run(t, 2, "import", "--from-sf", home, "--take-over"); !strings.Contains(errs, "--yes says to change 9 saved orgs") {
		t.Errorf("%s", errs)
	}
	out, _ = d.run(t, 0, "import", "--from-sf", home, "--yes", "--json", "--take-over")
	if got := counts(parsed[importDocument](t, out)); got != "[skipped:2 updated:9]" {
		t.Errorf("%s", got)
	}
	if out, _ := d.run(t, 0, "list", "--json"); strings.Contains(out, `"shared"`) {
		t.Errorf("%s", out)
	}
	out, _ = d.run(t, 0, "import", "--from-sf", home, "--yes", "--json")
	if got := counts(parsed[importDocument](t, out)); got != "[skipped:11]" || !strings.Contains(out, "tokens of its own") {
		t.Errorf("%s", out)
	}
}

func TestFlagsOfFromSF(t *testing.T) {
	t.Parallel()
	d, home := newDesk(t), sfFixture(t)
	for _, args := range [][]string{
		{"--from-sf", home, home},
		{"--from-sf", home, "--take-over", "--read-only"},
		{"--from-sf", home, "--alias", "x"},
		{"--take-over", "x.json"},
		{},
	} {
		d.run(t, 2, append([]string{"import", "--client-id", "c"}, args...)...)
	}
	if _, errs := d.run(t, 1, "import", "--from-sf", t.TempDir()); !strings.Contains(errs, "no logins of the Salesforce CLI") {
		t.Errorf("%s", errs)
	}
	// Without DIR it is the home folder.
	if _, errs := d.run(t, 1, "import", "--from-sf"); !strings.Contains(errs, "no logins") {
		t.Errorf("%s", errs)
	}
}

func TestAReadOnlyOrgIsSkippedAndSaysWhy(t *testing.T) {
	t.Parallel()
	d, home := newDesk(t), sfFixture(t)
	d.run(t, 0, "import", "--from-sf", home, "--yes", "--read-only")
	if out, errs := d.run(t, 0, "refresh", "--all"); out != "" || strings.Contains(errs, "refreshed in") {
		t.Errorf("%s%s", out, errs)
	}
	_, errs := d.run(t, 1, "refresh", "two")
	if !strings.Contains(errs, "two: not refreshed here: it was imported as read-only; the Salesforce CLI refreshes it as user209@mock.example. Nothing was sent.") {
		t.Errorf("%s", errs)
	}
}

// rotating answers refreshes of a login with a new refresh token each.
func rotating(t *testing.T, identity string) *httptest.Server {
	t.Helper()
	n := 0
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.PostFormValue("refresh_token") != fmt.Sprintf("5Aep8.%d", n) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"error":"invalid_grant","error_description":"expired access/refresh token"}`)
			return
		}
		n++
		_, _ = fmt.Fprintf(w, `{"access_token":"00D41000000F8A1!AQ.%d","refresh_token":"5Aep8.%d","instance_url":"http://%s","id":%q,"issued_at":"1795426200000"}`,
			n, n, r.Host, identity)
	}))
}

func TestALoginWrittenByTheCLIIsRefreshedForBoth(t *testing.T) {
	t.Parallel()
	server := rotating(t, "https://login.salesforce.com/id/00D41000000F8A1/005410000031xA1")
	t.Cleanup(server.Close)
	d, home := newDesk(t), t.TempDir()
	file := filepath.Join(home, ".sfdx", "ada@acme.example.json")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`{"orgId":"00D41000000F8A1","clientId":"PlatformCLI","refreshToken":"5Aep8.0","instanceUrl":%q}`, server.URL)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	// One org alone is saved without --yes.
	d.run(t, 0, "import", "--from-sf", home)
	d.run(t, 0, "refresh", "--all")
	got, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(got), `"5Aep8.1"`) || !strings.Contains(string(got), `"00D41000000F8A1!AQ.1"`) {
		t.Errorf("%s, %v", got, err)
	}
	out, _ := d.run(t, 0, "list", "--json")
	list := parsed[orgList](t, out)
	if len(list.Orgs) != 1 || list.Orgs[0].UserID != "005410000031xA1AAI" && !strings.HasPrefix(list.Orgs[0].UserID, "005410000031xA1") {
		t.Errorf("%s", out)
	}
	// The same login from a token file is the same org, by its ids.
	d.run(t, 0, "import", "--client-id", "PlatformCLI", "--yes", d.file(t, 1, server.URL))
	if out, _ := d.run(t, 0, "list", "--json"); strings.Count(out, `"alias"`) != 1 {
		t.Errorf("%s", out)
	}
}
