//go:build unix

package main

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// canaries collects what the program says and shows, and looks in all of it for
// secrets.
type canaries struct {
	*testing.T
	m       *machine
	secrets []string

	mu     sync.Mutex
	spoken map[string]string // by where it was said
}

func (c *canaries) hear(where, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spoken[where] += text
}

// run runs the program and listens to it.
func (c *canaries) run(code int, args ...string) {
	c.Helper()
	done := c.m.feed(c, strings.NewReader(clientSecret+"\n"), append(args, "--log", "orgkeep.log")...).expect(c, code)
	c.hear("stdout of orgkeep "+args[0], done.out)
	c.hear("stderr of orgkeep "+args[0], done.errors)
}

// hearArguments listens to the arguments of every process there is, where the
// system shows them.
func (c *canaries) hearArguments() {
	found, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		c.Error(err)
	}
	for _, path := range found {
		text, _ := os.ReadFile(path) // a process that has ended meanwhile has none
		c.hear("the arguments of a process", string(text))
	}
}

// search fails the test for each secret in what was said and in the files,
// whole or in part, in the clear or encoded.
func (c *canaries) search() {
	c.Helper()
	const part = 16 // characters of a secret that nothing shows: masks have nine
	for _, secret := range c.secrets {
		whole := append(forms(secret), url.QueryEscape(secret), url.PathEscape(secret))
		pieces := []string{secret[8 : 8+part], secret[len(secret)/2-part/2:][:part], secret[len(secret)-part:]}
		for where, text := range c.spoken {
			for _, form := range append(whole, pieces...) {
				if strings.Contains(text, form) {
					c.Errorf("%s: %.8s… as %.8s…", where, secret, form)
				}
			}
		}
		for path, text := range c.m.files(c) {
			for _, form := range append(whole, pieces...) {
				if bytes.Contains(text, []byte(form)) {
					c.Errorf("%s: %.8s… as %.8s…", path, secret, form)
				}
			}
		}
	}
}

// Whatever is done with the program, secrets are in the keychain and on their
// way to the endpoint, and nowhere else.
func TestCanariesStayWhereTheyBelong(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	well, refused, cut := newLogin(t, 1, ""), newLogin(t, 2, ""), newLogin(t, 3, "")
	next := well.renewed(true)
	c := &canaries{T: t, m: m, spoken: map[string]string{}, secrets: []string{clientSecret}}
	for _, l := range []login{well, refused, cut, next, next.renewed(true)} {
		c.secrets = append(c.secrets, l.access, l.refresh, l.signature)
	}
	renew := renewing(t, well.name, well)
	e := startEndpoint(t, func(form url.Values) answer {
		c.hearArguments()
		switch form.Get("refresh_token") {
		case refused.refresh:
			return echo(form, refused)
		case cut.refresh:
			panic(http.ErrAbortHandler)
		}
		return renew(form)
	})
	well.instance, refused.instance, cut.instance = e.URL, e.URL, e.URL
	for alias, l := range map[string]login{"well": well, "refused": refused, "cut": cut} {
		c.run(0, "import", "--client-id", "3MVG9.test", "--client-secret-stdin", "--alias", alias, l.file(t))
	}
	whole := refused.json(t, true)
	for name, text := range map[string]string{
		"cut.json": whole[:len(whole)-20], "type.json": `{"refresh_token":["` + refused.refresh + `"]}`, "bare.txt": refused.refresh,
	} {
		c.run(1, "import", "--json", "--client-id", "PlatformCLI", writeFile(t, name, text))
	}
	c.run(1, "refresh", "--all", "--json")
	for _, alias := range []string{"refused", "cut"} {
		c.run(1, "refresh", alias)
	}
	c.run(0, "refresh", "well")
	c.run(0, "list")
	c.run(0, "list", "--json")
	c.run(0, "history", "--json")
	for _, alias := range []string{"refused", "well"} {
		c.run(0, "show", alias, "--report")
		c.run(1, "show", alias, "--json") // the made-up signature is not of the client secret
	}
	c.run(0, "refresh", "--help")
	c.run(2, "refresh")
	c.run(2, "import", "--client-secret", clientSecret, "x.json")
	c.screen(e, refused)
	if said := c.spoken["stderr of orgkeep refresh"]; !strings.Contains(said, "invalid_client") || !strings.Contains(said, "[masked]") {
		t.Errorf("the endpoint's words are not shown: %s", said)
	}
	c.search()
}

// screen opens the detail and the history of the org that the endpoint refused.
func (c *canaries) screen(e *endpoint, l login) {
	c.Helper()
	before := len(e.sent())
	w := c.m.open(c, 120, 30)
	w.see("refused", "well", "cut")
	w.press("/refused\r")
	w.see("1/1")
	w.press("r")
	w.see("refused: HTTP 400 invalid_client")
	w.press("\r")
	w.see("The endpoint said", "The endpoint's answer")
	c.hear("the screen", w.text())
	w.press("1")
	w.see(l.orgID)
	c.hear("the screen", w.text())
	w.press("q")
	w.see("r refresh")
	w.press("h")
	w.see("invalid_client")
	c.hear("the screen", w.text())
	w.press("q")
	w.see("r refresh")
	w.press("q")
	if code := exitCode(c, w.cmd.Wait()); code != 0 || len(e.sent()) != before+1 {
		c.Errorf("exit %d, %d requests", code, len(e.sent())-before)
	}
	c.hear("the screen", w.sent())
}

// The search finds what it looks for.
func TestCanariesAreFound(t *testing.T) {
	t.Parallel()
	form := url.Values{"refresh_token": {newLogin(t, 1, "").refresh}, "client_secret": {clientSecret}}
	said := echo(form, newLogin(t, 2, "")).body
	for _, secret := range []string{form.Get("refresh_token"), clientSecret, newLogin(t, 2, "").access} {
		n := 0
		for _, coded := range append(forms(secret), url.QueryEscape(secret)) {
			if strings.Contains(said, coded) {
				n++
			}
		}
		if n < 2 {
			t.Errorf("%d forms of %.8s… are found", n, secret)
		}
	}
}
