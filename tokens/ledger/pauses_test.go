package ledger

import (
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestPausesHoldForTheirScopeAndTheirTime(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/ledger.db"
	first, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	org := tokens.Org{OrgID: "00D1", UserID: "0051", InstanceURL: "https://Acme.my.salesforce.com"}
	asked := &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 429, Code: "rate_limit_exceeded", Body: "a page", RetryAfter: time.Hour}
	host := tokens.Pause{Scope: tokens.HostScope(org), Since: start, Until: start.Add(time.Hour), Failure: asked}
	user := tokens.Pause{Scope: tokens.UserScope(org), Since: start.Add(time.Minute), Until: start.Add(2 * time.Hour)}
	for _, p := range []tokens.Pause{{Scope: host.Scope, Since: start, Until: start.Add(9 * time.Hour)}, host, user} {
		if err := first.SavePause(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	next, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = next.Close() })
	bodiless := *asked
	bodiless.Body = ""
	host.Failure = &bodiless
	stranger := tokens.Org{OrgID: "00D1", UserID: "0052", InstanceURL: "https://other.my.salesforce.com"}
	neighbour := tokens.Org{OrgID: "00D2", UserID: "0052", LoginURL: "https://acme.my.salesforce.com"}
	for _, c := range []struct {
		org   tokens.Org
		after time.Duration
		want  []tokens.Pause
	}{
		{org, 30 * time.Minute, []tokens.Pause{host, user}},
		{neighbour, 30 * time.Minute, []tokens.Pause{host}},
		{stranger, 30 * time.Minute, nil},
		{org, time.Hour, []tokens.Pause{user}},
		{org, 2 * time.Hour, nil},
		{org, 30 * time.Second, []tokens.Pause{host}}, // the clock was put back before the other
		{org, -time.Hour, nil},
	} {
		got, err := next.PausesOf(t.Context(), c.org, start.Add(c.after))
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, c.want)
	}

	// What is over goes when the next one is written.
	later := tokens.Pause{Scope: "host late", Since: start.Add(90 * time.Minute), Until: start.Add(3 * time.Hour)}
	if err := next.SavePause(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	all, err := next.Pauses(t.Context(), start.Add(95*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	same(t, all, []tokens.Pause{user, later})
	var rows int
	if err := next.db.QueryRowContext(t.Context(), `SELECT count(*) FROM pauses`).Scan(&rows); err != nil || rows != 2 {
		t.Errorf("%d rows, %v", rows, err)
	}
}
