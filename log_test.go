package main

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestTheLogTellsWhatWasDone(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	well, refused := newLogin(t, 1, ""), newLogin(t, 2, "")
	renew := renewing(t, "", well)
	e := startEndpoint(t, func(form url.Values) answer {
		if form.Get("refresh_token") == refused.refresh {
			return echo(form, refused)
		}
		return renew(form)
	})
	well.instance, refused.instance = e.URL, e.URL
	path := filepath.Join(m.home, "orgkeep.log")
	run := func(code int, args ...string) {
		t.Helper()
		m.run(t, append(args, "--log", "orgkeep.log")...).expect(t, code)
	}
	run(0, "import", "--alias", "well", "--client-id", "PlatformCLI", well.file(t))
	run(0, "import", "--alias", "refused", "--client-id", "PlatformCLI", refused.file(t))
	if runtime.GOOS != "windows" {
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run(1, "refresh", "--all")
	run(0, "forget", "well", "--yes")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the log is for others too: %v, %v", info.Mode(), err)
	}
	log := string(text)
	for _, want := range [][]string{
		{`msg=begin command="orgkeep import"`, "version="},
		{"msg=add org=well", "org_id=" + well.orgID, "outcome=done", "took_ms="},
		{"level=INFO msg=refresh org=well", "outcome=refreshed", "tries=1", "send_ms=", "by=command"},
		{"level=WARN msg=refresh org=refused", "outcome=failed", "status=400", "error=invalid_client", "sent=true"},
		{`msg=forget org=well`, "outcome=done"},
		{`msg=end command="orgkeep refresh" exit=1`},
	} {
		if !hasLine(log, want) {
			t.Errorf("no line has %q:\n%s", want, log)
		}
	}
	if n := strings.Count(log, "msg=begin"); n != 4 {
		t.Errorf("the log has %d runs", n)
	}
	for _, secret := range []string{well.access, well.refresh, refused.access, refused.refresh, refused.refresh[10:26], refused.signature, "error_description"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %.8s…:\n%s", secret, log)
		}
	}
}

// hasLine reports whether a line of the text has all the parts.
func hasLine(text string, parts []string) bool {
	for line := range strings.Lines(text) {
		all := true
		for _, part := range parts {
			all = all && strings.Contains(line, part)
		}
		if all {
			return true
		}
	}
	return false
}

func TestALogThatCannotBeWrittenIsSaidFirst(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	r := m.run(t, "list", "--log", filepath.Join("no", "such", "folder", "x.log")).expect(t, 2)
	if !strings.Contains(r.errors, "opening the log") || r.out != "" {
		t.Errorf("%q %q", r.errors, r.out)
	}
	m.run(t, "list").expect(t, 0)
	for path := range m.files(t) {
		if strings.HasSuffix(path, ".log") {
			t.Errorf("without the flag there is %s", path)
		}
	}
}
