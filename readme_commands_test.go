//go:build linux

package main

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readmeLines are the lines of the README's fenced blocks that a reader would
// type, without their comments.
func readmeLines(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	fenced, inside := false, false
	for line := range strings.SplitSeq(string(text), "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
			inside = fenced && (line == "```" || line == "```sh")
			continue
		}
		line, _, _ = strings.Cut(line, "  #")
		line = strings.TrimSpace(line)
		if inside && !strings.HasPrefix(line, "go ") && strings.Contains(line+" ", "orgkeep ") { // those of Go are CI's
			lines = append(lines, line)
		}
	}
	return lines
}

// reader is somebody who follows the README: a vault with the orgs that it
// names, the files that it names, and the other programs of its lines.
type reader struct {
	*machine
	endpoint *httptest.Server
}

func newReader(t *testing.T) reader {
	t.Helper()
	m := withoutKeychain(t).knowing().having("ORGKEEP_STORE=vault")
	logins := make([]login, 8)
	for i := range logins {
		logins[i] = newLogin(t, i+1, fmt.Sprintf("https://org%d.my.salesforce.com", i+1))
	}
	refresh := renewing(t, "", append([]login{}, logins...)...)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		switch r.URL.Path {
		case "/services/oauth2/token":
			a := refresh(r.PostForm)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(a.status)
			_, _ = w.Write([]byte(a.body))
		case "/services/oauth2/revoke":
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	put := func(mode os.FileMode, name, text string) {
		path := filepath.Join(m.home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	put(0o600, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	put(0o600, "acme.json", logins[5].json(t, true))
	put(0o600, "globex.json", logins[6].json(t, true))
	url := "force://PlatformCLI::" + logins[7].refresh + "@" + strings.TrimPrefix(server.URL, "https://")
	put(0o600, "auth.txt", url)
	put(0o600, "acme/tokens.json", logins[1].json(t, true))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	put(0o700, "bin/orgkeep", "#!/bin/sh\nexec "+self+" \"$@\"\n")
	put(0o700, "bin/sf", "#!/bin/sh\nprintf '{\"status\":0,\"result\":{\"sfdxAuthUrl\":\"%s\"}}' '"+url+"'\n")
	put(0o700, "bin/pbpaste", "#!/bin/sh\ncat acme.json\n")
	put(0o700, "load.sh", "#!/bin/sh\ngrep -q '^00D'\n")
	put(0o700, "deploy.sh", "#!/bin/sh\ntest -n \"$SF_ACCESS_TOKEN\"\n")
	if err := os.CopyFS(filepath.Join(m.home, ".sfdx"), os.DirFS("tokens/transfer/testdata/sf-home/.sfdx")); err != nil {
		t.Fatal(err)
	}
	m = m.having("SSL_CERT_FILE="+filepath.Join(m.home, "ca.pem"), "PATH="+filepath.Join(m.home, "bin")+":"+os.Getenv("PATH"))
	for i, alias := range []string{"acme-prod", "acme-uat", "globex", "hooli"} {
		m.run(t, "import", "--client-id", "PlatformCLI", "--login-url", server.URL, "--alias", alias, logins[i].file(t)).expect(t, 0)
	}
	return reader{m, server}
}

// talk is what a terminal shows, and what is typed then.
type talk struct{ shows, types string }

// talks are the lines that want a person, by how they begin.
var talks = []struct {
	begins string
	talk   []talk
	code   int
}{
	{"orgkeep demo --tour", []talk{{"1 of 5", "q"}, {"The demo is yours", "q"}}, 0},
	{"orgkeep demo", []talk{{"q quit", "q"}}, 0},
	{"orgkeep --accessible", []talk{{"orgkeep:", "q\r"}}, 0},
	{"orgkeep login", []talk{{"/services/oauth2/authorize", "\x03"}}, 1},
	{"orgkeep refresh --watch", []talk{{"watching acme-prod", "\x03"}}, 0},
	{"orgkeep store passphrase", []talk{{"New passphrase", newPassphrase}, {"once more", newPassphrase}}, 0},
	{"orgkeep import --from-sf --dry-run", []talk{{"no refresh token", ""}}, 0},
	{"orgkeep import --from-sf", []talk{{"Type yes:", "yes\r"}}, 0},
	{"orgkeep import auth.txt", []talk{{"Type yes:", "yes\r"}}, 0}, // the made-up orgs have one host
}

const newPassphrase = "correct horse battery 2\r"

// codes are the exit codes of the lines that end with another one than 0 on a
// machine without a keychain and with made-up hosts.
var codes = map[string]int{
	"orgkeep store move keychain":     3, // there is none
	"orgkeep check --within 7d":       1, // access tokens end within hours
	"orgkeep show acme-prod --online": 1, // the made-up host knows no token but for refreshing
}

// ofAcme are the lines about an org that earlier lines have saved as acme.
var ofAcme = regexp.MustCompile(`^orgkeep (login|refresh|token) acme( |$)`)

func TestEveryCommandOfTheReadme(t *testing.T) {
	lines := readmeLines(t)
	if len(lines) < 30 {
		t.Fatalf("the README has %d commands", len(lines))
	}
	for _, line := range lines {
		t.Run(line, func(t *testing.T) {
			r := newReader(t)
			if ofAcme.MatchString(line) {
				r.run(t, "rename", "acme-prod", "acme").expect(t, 0)
			}
			if line == "orgkeep" {
				r.answers(t, line, []talk{{"acme-prod", "q"}}, 0)
				return
			}
			for _, one := range talks {
				if strings.HasPrefix(line, one.begins) {
					r.answers(t, line, one.talk, one.code)
					return
				}
			}
			r.runs(t, line)
		})
	}
}

// runs runs a line in a shell.
func (r reader) runs(t *testing.T, line string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
	cmd.Env, cmd.Dir = r.env, r.home
	out, err := cmd.CombinedOutput()
	code := exitCode(t, err)
	switch {
	case strings.HasPrefix(line, "orgkeep doctor"):
		// Its code is the number of checks that fail where nothing is set up.
		if code == 2 || len(out) == 0 {
			t.Errorf("exit %d: %s", code, out)
		}
	case code != codes[line]:
		t.Errorf("exit %d, want %d: %s", code, codes[line], out)
	}
}

// answers runs a line on a terminal and types what a person would.
func (r reader) answers(t *testing.T, line string, talk []talk, code int) {
	t.Helper()
	w := r.open(t, 200, 60, strings.Fields(line)[1:]...)
	for _, one := range talk {
		w.see(one.shows)
		w.press(one.types)
	}
	if got := exitCode(t, w.cmd.Wait()); got != code {
		t.Errorf("exit %d, want %d; the screen shows\n%s", got, code, w.text())
	}
}
