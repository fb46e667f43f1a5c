package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// onlyTheCLIs is an org that the Salesforce CLI alone refreshes: the CLI's file, and
// a host that accepts one access token and counts what it is asked.
type onlyTheCLIs struct {
	*desk
	file string
	host *httptest.Server

	mu       sync.Mutex
	accepted string
	tested   int
	posts    int
}

func newOnlyTheCLIs(t *testing.T) *onlyTheCLIs {
	t.Helper()
	x := &onlyTheCLIs{desk: newDesk(t), accepted: "00D41000000F8A1!AQ.0"}
	x.host = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.mu.Lock()
		defer x.mu.Unlock()
		switch {
		case r.URL.Path != "/services/oauth2/userinfo":
			x.posts++
			http.Error(w, "{}", http.StatusInternalServerError)
			return
		case r.Header.Get("Authorization") != "Bearer "+x.accepted:
			x.tested++
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprint(w, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`)
			return
		}
		x.tested++
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"user_id":"005410000031xA1AAI","organization_id":"00D41000000F8A1EAK","preferred_username":"ada@acme.example"}`)
	}))
	t.Cleanup(x.host.Close)
	x.file = filepath.Join(x.home, ".sfdx", "ada@acme.example.json")
	if err := os.Mkdir(filepath.Dir(x.file), 0o700); err != nil {
		t.Fatal(err)
	}
	x.has(t, "00D41000000F8A1!AQ.0")
	x.run(t, 0, "import", "--from-sf", "--read-only")
	return x
}

// has writes what the CLI has after a refresh of its own.
func (x *onlyTheCLIs) has(t *testing.T, access string) {
	t.Helper()
	text := fmt.Sprintf(`{"orgId":"00D41000000F8A1","clientId":"PlatformCLI","refreshToken":"5Aep8.0","accessToken":%q,"instanceUrl":%q}`, access, x.host.URL)
	if err := os.WriteFile(x.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (x *onlyTheCLIs) asked() (tested, posts int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.tested, x.posts
}

// Nobody knows how long its access token lasts; it is handed out while the org
// accepts it, and the one that the CLI has refreshed is taken over.
func TestTheTokenOfAReadOnlyOrg(t *testing.T) {
	t.Parallel()
	x := newOnlyTheCLIs(t)
	alias := "127.0.0.1"
	x.run(t, 0, "rename", "00D41000000F8A1", alias)
	out, errs := x.run(t, 0, "token", alias)
	if out != "00D41000000F8A1!AQ.0\n" || !strings.Contains(errs, "the org accepts the access token") || strings.Contains(errs, "not refreshed here") {
		t.Errorf("%s%s", out, errs)
	}
	if out, errs := x.run(t, 0, "env", alias, "--min-left", "0s"); !strings.Contains(out, "SF_ACCESS_TOKEN='00D41000000F8A1!AQ.0'") || errs != "" {
		t.Errorf("%s%s", out, errs)
	}
	if tested, posts := x.asked(); tested != 1 || posts != 0 {
		t.Errorf("%d tests, %d refreshes", tested, posts)
	}

	// The old one has ended, and the CLI has a new one.
	x.mu.Lock()
	x.accepted = "00D41000000F8A1!AQ.1"
	x.mu.Unlock()
	x.has(t, "00D41000000F8A1!AQ.1")
	if out, _ := x.run(t, 0, "token", alias); out != "00D41000000F8A1!AQ.1\n" {
		t.Errorf("%s", out)
	}

	// It has ended too: why there is none, and what to do.
	x.mu.Lock()
	x.accepted = "another"
	x.mu.Unlock()
	for i, args := range [][]string{{"token", alias}, {"exec", alias, "--", os.Args[0], "-test.run=^$"}} {
		out, errs := x.run(t, 1, args...)
		why := "the org does not accept its access token (HTTP 401"
		if i > 0 {
			why = "its access token has expired" // what the first answer showed is kept
		}
		for _, want := range []string{
			alias + ": " + why, "imported as read-only", "sf org auth show-access-token --target-org ada@acme.example",
			"orgkeep import --from-sf " + filepath.Dir(x.file) + " --take-over", "orgkeep login " + alias,
		} {
			if !strings.Contains(errs, want) {
				t.Errorf("%q: no %q in %s", args, want, errs)
			}
		}
		if out != "" || strings.Contains(errs, "AQ.1") || strings.Contains(errs, "Nothing was sent") {
			t.Errorf("%q: %s%s", args, out, errs)
		}
	}
	if _, posts := x.asked(); posts != 0 {
		t.Errorf("%d refreshes were sent", posts)
	}
	x.has(t, "00D41000000F8A1!AQ.2") // of which no answer has shown anything
	x.host.Close()
	if _, errs := x.run(t, 1, "token", alias); !strings.Contains(errs, "could not be tested") || !strings.Contains(errs, "--min-left 0s hands it out untested") {
		t.Errorf("%s", errs)
	}
	if out, _ := x.run(t, 0, "token", alias, "--min-left", "0s"); out != "00D41000000F8A1!AQ.2\n" {
		t.Errorf("%s", out)
	}
}

// The CLI has logged out: it is said, with what helps, and what is saved can still
// be had.
func TestAnOrgThatTheCLIHasLoggedOutOf(t *testing.T) {
	t.Parallel()
	d, home := newDesk(t), sfFixture(t)
	d.run(t, 0, "import", "--from-sf", home, "--yes")
	if err := os.Remove(filepath.Join(home, ".sfdx", "user209@mock.example.json")); err != nil {
		t.Fatal(err)
	}
	_, errs := d.run(t, 1, "token", "two")
	if !strings.Contains(errs, "two: the Salesforce CLI has no login as user209@mock.example any more") || !strings.Contains(errs, "orgkeep login two") {
		t.Errorf("%s", errs)
	}
	if out, _ := d.run(t, 0, "token", "two", "--min-left", "0s"); !strings.HasPrefix(out, "00D") {
		t.Errorf("%s", out)
	}
}

// What the Salesforce CLI wrote is exported before any refresh, and another
// orgkeep has the same from it.
func TestTheExportOfASalesforceCLIHomeIsImported(t *testing.T) {
	t.Parallel()
	d, folder := newDesk(t), t.TempDir()
	d.run(t, 0, "import", "--from-sf", sfFixture(t), "--yes")
	out, _ := d.run(t, 0, "list", "--json")
	first := parsed[orgList](t, out)
	args := []string{"export", "--format", "token-json", "--output", folder}
	for _, org := range first.Orgs {
		args = append(args, org.Alias)
	}
	_, errs := d.run(t, 0, args...)
	if !strings.Contains(errs, "customapp: the client secret of its app is not in the file") || strings.Contains(errs, "two: the client secret") ||
		!strings.Contains(errs, "two: the file has no id") {
		t.Errorf("%s", errs)
	}
	again := newDesk(t)
	for _, org := range first.Orgs {
		file := filepath.Join(folder, org.Alias+".json")
		again.run(t, 0, "import", file, "--alias", org.Alias)
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if after, _ := again.run(t, 0, "export", org.Alias, "--format", "token-json"); after != string(before) {
			t.Errorf("%s exported again:\n%s\nwant\n%s", org.Alias, after, before)
		}
		url, _ := d.run(t, 0, "export", org.Alias, "--format", "auth-url")
		if other, _ := again.run(t, 0, "export", org.Alias, "--format", "auth-url"); org.ClientID == "PlatformCLI" && other != url {
			t.Errorf("%s: another auth URL", org.Alias)
		}
	}
	out, _ = again.run(t, 0, "list", "--json")
	if got := parsed[orgList](t, out); len(got.Orgs) != len(first.Orgs) {
		t.Errorf("%d orgs, want %d", len(got.Orgs), len(first.Orgs))
	}
}

// A flag names the app whatever the file says, and a setting only where it says
// nothing.
func TestWhichAppAnImportedFileIsOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		more string
		args []string
		want string
	}{
		"the file":                 {`"client_id":"3MVG9.file",`, nil, "3MVG9.file"},
		"the flag over the file":   {`"client_id":"3MVG9.file",`, []string{"--client-id", "3MVG9.flag"}, "3MVG9.flag"},
		"the file over a setting":  {`"client_id":"3MVG9.file",`, []string{"--config", "CONFIG"}, "3MVG9.file"},
		"a setting, without a one": {"", []string{"--config", "CONFIG"}, "3MVG9.setting"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			config := filepath.Join(d.home, "config.toml")
			if err := os.WriteFile(config, []byte("client_id = \"3MVG9.setting\"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(d.home, "x.json")
			if err := os.WriteFile(file, []byte(strings.Replace(grant(1, "https://acme.my.salesforce.com"), "{", "{"+c.more, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"import", file}
			for _, arg := range c.args {
				args = append(args, strings.Replace(arg, "CONFIG", config, 1))
			}
			d.run(t, 0, args...)
			out, _ := d.run(t, 0, "list", "--json")
			if got := parsed[orgList](t, out); len(got.Orgs) != 1 || got.Orgs[0].ClientID != c.want {
				t.Errorf("%s", out)
			}
		})
	}
}
