package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// historyDocument is the document of orgkeep history --json.
type historyDocument struct {
	Version int          `json:"version"`
	History []pastAnswer `json:"history"`
}

type pastAnswer struct {
	Alias            string  `json:"alias"`
	At               string  `json:"at"`
	Trigger          string  `json:"trigger"`
	Outcome          string  `json:"outcome"`
	HTTPStatus       *int    `json:"http_status"`
	Error            *string `json:"error"`
	ErrorDescription *string `json:"error_description"`
	Problem          *string `json:"problem"`
	DurationMS       int64   `json:"duration_ms"`
	Attempts         int     `json:"attempts"`
	Rotated          bool    `json:"rotated"`
	Fingerprint      *string `json:"fingerprint"`
	PhasesMS         struct {
		Resolve int64 `json:"resolve"`
		Connect int64 `json:"connect"`
		TLS     int64 `json:"tls"`
		Send    int64 `json:"send"`
		Wait    int64 `json:"wait"`
		Read    int64 `json:"read"`
	} `json:"phases_ms"`
}

func TestHistoryOfTwoOrgs(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	first, second := newLogin(t, 1, ""), newLogin(t, 2, "")
	renew := renewing(t, "login1", first)
	const slow = 40 * time.Millisecond
	e := startEndpoint(t, func(form url.Values) answer {
		if form.Get("refresh_token") == second.refresh {
			<-time.After(slow) // what the phases are to show
			return answer{http.StatusBadRequest, grantExpired.body}
		}
		return renew(form)
	})
	first.instance, second.instance = e.URL, e.URL
	empty := m.run(t, "history").expect(t, 0)
	if empty.out != "" || !strings.Contains(empty.errors, "No refresh yet.") {
		t.Errorf("history without orgs: %q, %q", empty.out, empty.errors)
	}
	m.run(t, "import", "--alias", "first", "--client-id", "PlatformCLI", first.file(t)).expect(t, 0)
	m.run(t, "import", "--alias", "second", "--client-id", "PlatformCLI", second.file(t)).expect(t, 0)
	m.run(t, "refresh", "first").expect(t, 0)
	m.run(t, "refresh", "second").expect(t, 4)
	m.run(t, "refresh", "first").expect(t, 0)
	service.Kill(t) // from here on there is no keychain

	all := document[historyDocument](t, m.run(t, "history", "--json").expect(t, 0))
	var order []string
	for _, h := range all.History {
		order = append(order, h.Alias+" "+h.Outcome)
	}
	if all.Version != 1 || !slices.Equal(order, []string{"first refreshed", "second failed", "first refreshed"}) {
		t.Fatalf("version %d, %v", all.Version, order)
	}
	went, failed := all.History[0], all.History[1]
	if went.Trigger != "command" || went.HTTPStatus != nil || went.Error != nil || went.Problem != nil || went.Attempts != 1 || !went.Rotated ||
		went.Fingerprint == nil || *went.Fingerprint == *all.History[2].Fingerprint {
		t.Errorf("what went well: %+v", went)
	}
	if at, err := time.Parse(time.RFC3339, went.At); err != nil || time.Since(at) > runLimit {
		t.Errorf("at %s (%v)", went.At, err)
	}
	if *failed.HTTPStatus != 400 || *failed.Error != "invalid_grant" || *failed.ErrorDescription != "expired access/refresh token" ||
		failed.Rotated || failed.Fingerprint != nil || failed.DurationMS < slow.Milliseconds() {
		t.Errorf("what failed: %+v", failed)
	}
	for _, n := range []string{"1", "2"} {
		one := document[historyDocument](t, m.run(t, "history", "first", "--json", "-n", n).expect(t, 0))
		if want := int(n[0] - '0'); len(one.History) != want || one.History[0] != went && *one.History[0].Fingerprint != *went.Fingerprint {
			t.Errorf("-n %s: %+v", n, one)
		}
	}
	// The endpoint may begin to be slow before the client has noted that it sent.
	if wait := failed.PhasesMS.Wait; wait < slow.Milliseconds()/2 || wait > failed.DurationMS {
		t.Errorf("of %d ms it waited %d for the answer", failed.DurationMS, wait)
	}
	lines := linesOf(m.run(t, "history").expect(t, 0).out)
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "AT ") || !strings.Contains(lines[2], "second") ||
		!strings.Contains(lines[2], "HTTP 400 invalid_grant: expired access/refresh token") {
		t.Errorf("the table:\n%s", strings.Join(lines, "\n"))
	}
}
