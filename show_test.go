package main

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// shownOrg is the document of orgkeep show --json.
type shownOrg struct {
	Version int             `json:"version"`
	Org     listedOrg       `json:"org"`
	Failure *lastFailure    `json:"failure"`
	Last    *string         `json:"last_answer"`
	Anatomy json.RawMessage `json:"anatomy"`
	Unread  *string         `json:"tokens_unread"`
	Doubts  []string        `json:"doubts"`
}

type lastFailure struct {
	HTTPStatus       *int     `json:"http_status"`
	Error            *string  `json:"error"`
	ErrorDescription *string  `json:"error_description"`
	Problem          string   `json:"problem"`
	Kind             string   `json:"kind"`
	Phase            *string  `json:"phase"`
	Sent             bool     `json:"sent"`
	Host             *string  `json:"host"`
	ContentType      *string  `json:"content_type"`
	Body             *string  `json:"body"`
	BodyCut          bool     `json:"body_cut"`
	RetryAfterS      *int64   `json:"retry_after_s"`
	RequestID        *string  `json:"request_id"`
	Known            bool     `json:"known"`
	Meaning          *string  `json:"meaning"`
	Causes           []string `json:"causes"`
	Remedy           *string  `json:"remedy"`
	Who              *string  `json:"who"`
	Retry            bool     `json:"retry"`
}

// document reads stdout as one JSON document with no other fields than into's.
func document[T any](t testing.TB, r run) T {
	t.Helper()
	var into T
	decoder := json.NewDecoder(strings.NewReader(r.out))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&into); err != nil || decoder.More() {
		t.Fatalf("orgkeep %s: %v: %s", strings.Join(r.args, " "), err, r.out)
	}
	return into
}

func TestShowAndItsReport(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, func(url.Values) answer { return grantExpired })
	l.instance = e.URL
	m.run(t, "import", "--alias", "globex", "--client-id", "PlatformCLI", l.file(t)).expect(t, 0)

	before := m.run(t, "show", "globex").expect(t, 0)
	for _, secret := range []string{l.access, l.refresh, l.signature} {
		if strings.Contains(before.out, secret) {
			t.Error("show holds a secret")
		}
	}
	for _, fact := range []string{
		"access is:     00D", "refresh is:    ", "identity:      ", "signature:     of the answer, an HMAC of id and issued_at: cannot be checked: its key is the client secret", "lacks:         web: ",
		"alias:         globex\n", "state:         ○ expired\n", l.orgID, l.userID, "username:      not known\n", "client id:     PlatformCLI\n",
		"scopes:        refresh_token api\n", "issued 3h 00m ago, expired 1h 00m ago; an estimate", "by its issued_at last used 3h 00m ago, 29d 20h until its idle limit", e.URL,
	} {
		if !strings.Contains(before.out, fact) {
			t.Errorf("show does not say %q:\n%s", fact, before.out)
		}
	}
	none := m.run(t, "show", "globex", "--report").expect(t, 1)
	if none.out != "" || len(linesOf(none.errors)) != 1 || !strings.Contains(none.errors, "it has not been refreshed") {
		t.Errorf("a report without a refresh: %q, %q", none.out, none.errors)
	}
	if d := document[shownOrg](t, m.run(t, "show", l.orgID, "--json").expect(t, 0)); d.Version != 1 || d.Org.Alias != "globex" || d.Failure != nil || d.Last != nil || len(d.Doubts) != 0 {
		t.Errorf("show --json: %+v", d)
	}

	m.run(t, "refresh", "globex").expect(t, 4)
	checkShownFailure(t, m, l)

	report := m.run(t, "show", "globex", "--report").expect(t, 0)
	for _, fact := range []string{"# Refresh of `globex`: failed\n", l.orgID, "expired access/refresh token", "## What to do", "Written by orgkeep"} {
		if !strings.Contains(report.out, fact) || report.errors != "" {
			t.Errorf("the report does not say %q:\n%s%s", fact, report.out, report.errors)
		}
	}
	for _, secret := range []string{l.access, l.refresh, l.signature} {
		if strings.Contains(report.out, secret) {
			t.Error("the report holds a secret")
		}
	}
	service.Kill(t)
	refused := m.run(t, "show", "globex", "--report").expect(t, 3)
	if refused.out != "" || len(linesOf(refused.errors)) != 1 {
		t.Errorf("a report without a keychain: %q, %q", refused.out, refused.errors)
	}
	if unread := m.run(t, "show", "globex").expect(t, 0); !strings.Contains(unread.out, "tokens:        not read: ") {
		t.Errorf("show without a keychain:\n%s", unread.out)
	}
	if d := document[shownOrg](t, m.run(t, "show", "globex", "--json").expect(t, 0)); d.Unread == nil || string(d.Anatomy) != "null" {
		t.Errorf("show --json without a keychain: %+v", d)
	}
}

func checkShownFailure(t *testing.T, m *machine, l login) {
	t.Helper()
	after := m.run(t, "show", "globex").expect(t, 0)
	for _, fact := range []string{
		"state:         ✗ failed\n", "last refresh:  failed ", "by the command; took ",
		"               HTTP 400 invalid_grant: expired access/refresh token\n", "body:          " + grantExpired.body + "\n", "meaning:       ", "what to do:    ", "orgkeep login globex signs in.", "a retry:       does not help by itself\n",
	} {
		if !strings.Contains(after.out, fact) {
			t.Errorf("show does not say %q:\n%s", fact, after.out)
		}
	}
	d := document[shownOrg](t, m.run(t, "show", "globex", "--json").expect(t, 0))
	f := d.Failure
	if f == nil || *f.HTTPStatus != 400 || *f.Error != "invalid_grant" || f.Kind != "answer" || !f.Sent || f.Phase != nil ||
		*f.Body != grantExpired.body || f.BodyCut || !f.Known || f.Meaning == nil || f.Remedy == nil || f.RetryAfterS != nil || d.Org.OrgID != l.orgID {
		t.Errorf("show --json: %+v, failure %+v", d.Org, f)
	}
	if d.Last == nil || !strings.HasPrefix(*d.Last, "HTTP 400\n") || !strings.HasSuffix(*d.Last, "\n\n"+grantExpired.body+"\n") {
		t.Errorf("the last answer is %v", d.Last)
	}
}

// What a person mistypes is one line, with aliases that are near; the shell
// completes them.
func TestShowAndHistoryWantAnOrg(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	m.run(t, "import", "--alias", "globex", "--client-id", "PlatformCLI", newLogin(t, 1, "https://globex.my.salesforce.com").file(t)).expect(t, 0)
	for args, says := range map[string]string{
		"show": "arg", "show globex globex": "arg", "show glbex": "near it: globex", "show globex --report --json": "not both",
		"show glbex --report": "near it: globex", "history glbex": "near it: globex", "history -n 0": "-n", "history a b": "arg",
	} {
		r := m.run(t, strings.Fields(args)...).expect(t, 2)
		if r.out != "" || len(linesOf(r.errors)) != 1 || !strings.Contains(r.errors, says) {
			t.Errorf("orgkeep %s: stdout %q, stderr %q, want one line that says %s", args, r.out, r.errors, says)
		}
	}
	for args, want := range map[string]bool{
		"__complete show ": true, "__complete show globex ": false, "__complete history ": true, "__complete history globex ": false,
	} {
		if r := m.run(t, strings.Split(args, " ")...).expect(t, 0); strings.HasPrefix(r.out, "globex\n") != want {
			t.Errorf("orgkeep %s: %s", args, r.out)
		}
	}
}

// An endpoint that says a stored secret back gets no report that holds it.
func TestAReportHoldsNoEchoedSecret(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	l := newLogin(t, 1, "")
	var echo atomic.Bool
	e := startEndpoint(t, func(form url.Values) answer {
		echo.Store(true)
		return answer{400, `{"error":"invalid_grant","error_description":"bad ` + form.Get("refresh_token") + `, ` + form.Get("refresh_token")[10:] + ` and ` + l.access + `"}`}
	})
	l.instance = e.URL
	m.run(t, "import", "--alias", "globex", "--client-id", "PlatformCLI", l.file(t)).expect(t, 0)
	if r := m.run(t, "refresh", "globex"); r.code == 0 || !echo.Load() {
		t.Fatalf("exit %d: %s", r.code, r.errors)
	}
	for _, args := range []string{"show globex --report", "show globex", "show globex --json", "history --json", "history"} {
		r := m.run(t, strings.Fields(args)...)
		if said := r.out + r.errors; strings.Contains(said, l.refresh[10:26]) || strings.Contains(said, l.refresh) || strings.Contains(said, l.access) {
			t.Errorf("orgkeep %s holds a secret: %s", args, said)
		}
	}
}

// What an endpoint told of this machine's clock is said again without it, until
// an answer says that the clock is right.
func TestAWrongClockIsSaidOffline(t *testing.T) {
	t.Parallel()
	m, _ := withKeyring(t)
	l := newLogin(t, 1, "")
	e := startEndpoint(t, func(url.Values) answer { return grantExpired })
	e.ahead.Store(600)
	l.instance = e.URL
	m.run(t, "import", "--alias", "globex", "--client-id", "PlatformCLI", l.file(t)).expect(t, 0)
	result := decode[[]refreshed](t, m.run(t, "refresh", "globex", "--json").expect(t, 4))[0]
	if s := result.ClockSkewS; s == nil || *s < 595 || *s > 605 || result.Date == nil || !*result.Known || *result.Who != "you" || result.Retry == nil || *result.Retry || len(result.Causes) == 0 {
		t.Errorf("refresh --json: %+v", result)
	}
	for _, args := range []string{"list", "list --json", "show globex", "show globex --json"} {
		r := m.run(t, strings.Fields(args)...).expect(t, 0)
		if !strings.Contains(r.errors, "clock is ") || !strings.Contains(r.errors, "behind that of 127.0.0.1:") {
			t.Errorf("orgkeep %s says nothing of the clock: %q", args, r.errors)
		}
		if strings.HasSuffix(args, "--json") && !strings.Contains(r.out, `"clock_skew_s":60`) && !strings.Contains(r.out, `"clock_skew_s":59`) {
			t.Errorf("orgkeep %s: %s", args, r.out)
		}
	}
	e.ahead.Store(0)
	m.run(t, "refresh", "globex").expect(t, 4)
	if r := m.run(t, "list", "--json").expect(t, 0); r.errors != "" || strings.Contains(r.out, "clock_skew_s") {
		t.Errorf("of a clock that is right: %q, %s", r.errors, r.out)
	}
}
