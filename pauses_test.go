package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A limit that the endpoint tells of holds the user's orgs back in the processes
// that follow, and nobody else's.
func TestTheNextProcessKeepsToAPause(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	limited, calm := newLogin(t, 1, ""), newLogin(t, 2, "")
	e := startEndpoint(t, func(url.Values) answer {
		return answer{http.StatusBadRequest, `{"error":"rate_limit_exceeded","error_description":"number of logins exceeded"}`}
	})
	other := startEndpoint(t, func(url.Values) answer { return grantExpired })
	limited.instance, calm.instance = e.URL, other.URL
	m.run(t, "import", "--alias", "globex", "--client-id", "PlatformCLI", limited.file(t)).expect(t, 0)
	m.run(t, "import", "--alias", "calm", "--client-id", "PlatformCLI", calm.file(t)).expect(t, 0)

	first := m.run(t, "refresh", "globex").expect(t, 1)
	if !strings.Contains(first.errors, "number of logins exceeded") || !strings.Contains(first.errors, "It is paused until ") {
		t.Errorf("the first refresh said %q", first.errors)
	}
	again := m.run(t, "refresh", "globex").expect(t, 1)
	if len(e.sent()) != 1 || !strings.Contains(again.errors, "globex: not sent: this user is paused until ") || !strings.Contains(again.out, "cancelled") {
		t.Errorf("%d requests; the second refresh said %q and %q", len(e.sent()), again.errors, again.out)
	}
	m.run(t, "refresh", "calm").expect(t, 4)
	if len(other.sent()) != 1 {
		t.Error("the other host was not asked")
	}

	results := document[struct {
		Version int              `json:"version"`
		Results []map[string]any `json:"results"`
	}](t, m.run(t, "refresh", "globex", "--json").expect(t, 1)).Results
	until, _ := results[0]["paused_until"].(string)
	if at, err := time.Parse(time.RFC3339, until); err != nil || time.Until(at) < 50*time.Minute || results[0]["outcome"] != "cancelled" {
		t.Errorf("refresh --json: %v", results)
	}
	for _, org := range document[struct {
		Version int         `json:"version"`
		Orgs    []listedOrg `json:"orgs"`
	}](t, m.run(t, "list", "--json").expect(t, 0)).Orgs {
		if held := org.PausedUntil != nil; held != (org.Alias == "globex") || held && *org.PausedUntil != until {
			t.Errorf("list --json: %s is paused until %v", org.Alias, org.PausedUntil)
		}
	}
	if text := m.run(t, "show", "globex").expect(t, 0).out; !strings.Contains(text, "pause:         this user is paused until ") {
		t.Errorf("show says\n%s", text)
	}
	m.run(t, "refresh", "globex", "--anyway").expect(t, 1)
	if len(e.sent()) != 2 {
		t.Errorf("%d requests, want one more for --anyway", len(e.sent()))
	}
}
