//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// The stories of the three people who use orgkeep, each from the first key to
// the exit code, with the program on a terminal.

// gone waits until the screen shows none of the words.
func (w *window) gone(words ...string) {
	w.t.Helper()
	w.until(fmt.Sprintf("%q to go", words), func() bool {
		text := w.text()
		return !slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
	})
}

// leaves presses q and makes sure that the program ends well.
func (w *window) leaves() {
	w.t.Helper()
	w.press("q")
	if code := exitCode(w.t, w.cmd.Wait()); code != 0 {
		w.t.Errorf("exit %d", code)
	}
}

// whole makes sure that every line of the screen is in its place: one that was
// too wide would have pushed those below it down.
func (w *window) whole() {
	w.t.Helper()
	lines := strings.Split(w.text(), "\n")
	last := len(lines) - 1
	if !strings.HasPrefix(lines[0], " orgkeep") || !strings.HasPrefix(lines[1], "╭") || !strings.HasPrefix(lines[last-1], "╰") || strings.HasPrefix(lines[last], "╰") {
		w.t.Errorf("the screen is not whole:\n%s", w.text())
	}
}

func TestSupportRefreshesThirtyOrgsTwoFailCopiesTwoReports(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	folder, held, _ := fakeClipboard(t)
	m.env = append(m.env, "PATH="+folder+":"+os.Getenv("PATH"), "DISPLAY=:9")
	const orgs = 30
	over := []int{7, 21} // their logins are over
	var alive []login
	var secrets []string
	args := []string{"import", "--client-id", "PlatformCLI"}
	for n := 1; n <= orgs; n++ {
		l := newLogin(t, n, fmt.Sprintf("https://customer-%02d.my.salesforce.com", n))
		args, secrets = append(args, l.file(t)), append(secrets, l.access, l.refresh)
		if !slices.Contains(over, n) {
			alive, secrets = append(alive, l), append(secrets, l.renewed(false).access)
		}
	}
	e := startEndpoint(t, renewing(t, "", alive...))
	m.run(t, append(args, "--login-url", e.URL)...).expect(t, 0)

	w := m.open(t, 120, 40, "-j", "8")
	w.see("30 orgs", "30 expired", "customer-30")
	w.press("R")
	w.see("28 of 30 refreshed in ", "2 failed and need a person (y copies reports): customer-07, customer-21.", "28 fresh", "2 failed")
	w.press("y")
	w.see("2 reports are copied, on customer-", ", without secrets.")
	reports := strings.Split(content(held), "\n---\n\n")
	if len(reports) != 2 {
		t.Fatalf("%d reports were copied:\n%s", len(reports), reports)
	}
	for i, report := range reports {
		for _, word := range []string{fmt.Sprintf("customer-%02d", over[i]), "400", "invalid_grant", "expired access/refresh token"} {
			if !strings.Contains(report, word) {
				t.Errorf("report %d does not have %q:\n%s", i, word, report)
			}
		}
	}
	for _, secret := range secrets {
		if strings.Contains(strings.Join(reports, ""), secret) || strings.Contains(w.sent(), secret) {
			t.Error("a token was shown or copied")
		}
	}
	w.press("F")
	w.see("0 of 2 refreshed in ", "2 failed and need a person (y copies reports)")
	w.leaves()

	if n := len(e.sent()); n != orgs+2 {
		t.Errorf("%d requests, want %d", n, orgs+2)
	}
	var failed []string
	for _, org := range decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0)) {
		if org.Health != "fresh" {
			failed = append(failed, org.Alias+" "+org.Health)
		}
	}
	if !slices.Equal(failed, []string{"customer-07 failed", "customer-21 failed"}) {
		t.Errorf("not fresh in the end: %v", failed)
	}
}

// accepting is an org that accepts the access tokens of the logins.
func accepting(t *testing.T, username string, l *login) string {
	t.Helper()
	org := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/services/oauth2/userinfo" || r.Header.Get("Authorization") != "Bearer "+l.access {
			http.Error(w, "Bad_OAuth_Token", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"user_id": l.userID, "organization_id": l.orgID, "preferred_username": username})
	}))
	t.Cleanup(org.Close)
	return org.URL
}

func TestADeveloperFindsAnOrgByTypingChecksItsTokenCopiesItSeesItCleared(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	folder, held, _ := fakeClipboard(t)
	m.env = append(m.env, "PATH="+folder+":"+os.Getenv("PATH"))
	var wanted login
	for n, alias := range []string{"acme-prod", "acme-uat", "globex-prod", "globex-uat", "initech"} {
		l := newLogin(t, n+1, fmt.Sprintf("https://%s.my.salesforce.com", alias))
		if alias == "globex-uat" {
			wanted = l
			l.instance = accepting(t, "dev@globex.example", &wanted)
		}
		m.run(t, "import", "--client-id", "PlatformCLI", "--alias", alias, l.file(t)).expect(t, 0)
	}

	w := m.open(t, 120, 30, "--clipboard", "2s")
	w.see("5 orgs", "initech")
	w.press("/glo ua")
	w.see("1/1 of 5", "globex-uat")
	w.gone("acme-prod", "initech")
	w.press("\r2")
	w.see("Access token", wanted.access[:5]+"…", fmt.Sprintf("kind       opaque, %d characters", len(wanted.access)))
	w.press("a")
	w.see("globex-uat accepts the access token, as dev@globex.example: the login has not been revoked.")
	w.press("c")
	w.see("globex-uat's access token is on the clipboard; cleared in 2 s.")
	if content(held) != wanted.access {
		t.Error("the clipboard has not the access token")
	}
	w.see("The clipboard was cleared: globex-uat's access token is gone from it.")
	if content(held) != "" {
		t.Error("the token is still on the clipboard")
	}
	w.gone("token on clipboard")
	w.leaves()
	if strings.Contains(w.sent(), wanted.access) || strings.Contains(w.sent(), wanted.refresh) {
		t.Error("a token was drawn")
	}
}

func TestAPresenterStartsTheDemoGoesPrivateRefreshesAll(t *testing.T) {
	t.Parallel()
	m := withoutKeychain(t)
	w := m.open(t, 120, 30, "demo", "--clock", onStage, "--speed", "20")
	w.see("DEMO", "acme-prod", "ada@acme.example", "12 orgs")
	w.press("p")
	w.see("PRIVATE", "org-12", "user-12")
	w.gone("acme", "globex", "umbrella", ".example")
	public := len(w.sent())
	w.press("R")
	w.see(" refreshed in ", " need a person (F retries, y copies reports): org-")
	w.press("\r")
	w.see("The endpoint said")
	w.press("1")
	w.see("Access token")
	w.press("\x1b")
	w.see("sorted by urgency")
	w.press(":")
	w.see("Commands and orgs")
	w.press("org-")
	w.see("org-03")
	w.press("\x1b")
	w.see("r refresh")
	hidden := strings.ToLower(w.sent()[public:])
	for _, name := range []string{"acme", "globex", "initech", "stark", "tyrell", "vandelay", "wayne", "wonka", "cyberdyne", "hooli", "umbrella", ".example", "salesforce.com"} {
		if strings.Contains(hidden, name) {
			t.Errorf("%q was drawn in private mode", name)
		}
	}
	w.press("p")
	w.see("acme-prod", "ada@acme.example")
	w.leaves()
	for path := range m.files(t) {
		t.Errorf("the demo wrote %s", path)
	}
}

func TestA60x15WindowOverSSH(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	folder, held, _ := fakeClipboard(t)
	m.env = append(m.env, "PATH="+folder+":"+os.Getenv("PATH"), "SSH_TTY=/dev/pts/9", "SSH_CONNECTION=192.0.2.7 50022 192.0.2.1 22")
	alive, over := newLogin(t, 1, "https://acme.my.salesforce.com"), newLogin(t, 2, "https://globex--uat.sandbox.my.salesforce.com")
	e := startEndpoint(t, renewing(t, "", alive))
	m.run(t, "import", "--client-id", "PlatformCLI", "--login-url", e.URL, alive.file(t), over.file(t)).expect(t, 0)

	w := m.open(t, 60, 15)
	w.see("orgkeep", "2 orgs", "acme", "globex-uat", "PROD", "SBX", "expired", "q quit")
	w.whole()
	w.press("R")
	w.see("1 of 2 refreshed in ", "● 1", "✗ 1")
	w.press("/globex\r\r")
	w.see("The endpoint said", "invalid_grant", "expired access/refresh token", "lines 1–", "esc close")
	w.whole()
	w.press("G")
	w.gone("The endpoint said")
	w.press("y")
	w.see("The report on globex-uat", "c copy")
	w.whole()
	w.press("c")
	w.see("Nothing can copy here; orgkeep show globex-uat --report")
	w.press("\x1b")
	w.gone("The report on globex-uat")
	w.press("c")
	w.see("c is off: over SSH")
	if content(held) != "" || strings.Contains(w.sent(), alive.access) || strings.Contains(w.sent(), over.access) {
		t.Error("a token was copied or shown")
	}
	w.press("?")
	w.see("Refresh the org under the cursor")
	w.whole()
	w.press("\x1b")
	w.see("1-4 tab")
	w.resize(59, 15)
	w.see("orgkeep needs a window of 60×15; this one is 59×15.")
	w.resize(60, 15)
	w.see("1-4 tab")
	w.press("\x1b")
	w.see("sorted by urgency")
	w.whole()
	w.leaves()
}

// resize gives the terminal another size.
func (w *window) resize(cols, rows uint16) {
	w.t.Helper()
	w.term.Resize(int(cols), int(rows))
	if err := pty.Setsize(w.tty, &pty.Winsize{Rows: rows, Cols: cols}); err != nil {
		w.t.Fatal(err)
	}
}

// Without colours, and with the colours that anybody can tell apart, a state is a
// glyph and a word too.
func TestColourBlindAndNoColour(t *testing.T) {
	t.Parallel()
	const failedForAll = "38;2;210;120;105" // #D27869, failed in the colour-blind theme on a dark ground
	colours := regexp.MustCompile(`\x1b\[[0-9;]*(3[0-7]|4[0-7]|9[0-7]|38;[25]|48;[25])[0-9;]*m`)
	for name, c := range map[string]struct {
		env, args []string
		coloured  bool
		glyphs    []string
	}{
		"colour-blind": {[]string{"COLORTERM=truecolor"}, []string{"--theme", "colour-blind", "--appearance", "dark"}, true, []string{"● 3 fresh", "◐ 2 ageing", "○ 5 expired", "✗ 1 failed"}},
		"NO_COLOR":     {[]string{"COLORTERM=truecolor", "NO_COLOR=1"}, nil, false, []string{"● 3 fresh", "◐ 2 ageing", "○ 5 expired", "✗ 1 failed"}},
		"no-color":     {[]string{"COLORTERM=truecolor"}, []string{"--no-color", "--ascii"}, false, []string{"o 3 fresh", "c 2 ageing", ". 5 expired", "x 1 failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := withoutKeychain(t)
			m.env = append(m.env, c.env...)
			w := m.open(t, 120, 30, append([]string{"demo", "--clock", onStage, "--speed", "100"}, c.args...)...)
			w.see(c.glyphs...)
			w.see("expired", "PROD", "HTTP 400")
			w.press("/globex\rr")
			w.see("globex: HTTP 400 invalid_grant", "refresh failed just now")
			w.press(" ")
			w.see("1 marked")
			w.leaves()
			sent := w.sent()
			if colours.MatchString(sent) != c.coloured || strings.Contains(sent, failedForAll) != c.coloured {
				t.Errorf("colours were sent: %q", colours.FindString(sent))
			}
		})
	}
}
