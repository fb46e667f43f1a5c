package tokens

import (
	"strings"
	"testing"
	"time"
)

var (
	reportNow   = time.Date(2026, 11, 23, 11, 4, 5, 0, time.UTC)
	reportOrg   = Org{Alias: "globex", OrgID: "00D41000000F8A0EAK", InstanceURL: "https://globex.my.salesforce.com"}
	explanation = Explanation{
		Known: true, Meaning: "The login is over: Salesforce no longer accepts this refresh token. The saved tokens are kept.",
		Causes: []string{"revoked by the user or an admin", "unused for too long"}, Remedy: "Sign in again.", Who: "you",
	}
)

func refused() Failure {
	return Failure{
		Kind: FailedAnswer, Sent: true, Phase: "reading", Host: "globex.my.salesforce.com", HTTPStatus: 400,
		Code: "invalid_grant", Description: "expired access/refresh token", ContentType: "application/json",
		Body: `{"error":"invalid_grant","error_description":"expired access/refresh token"}`, RequestID: "req-1",
		RetryAfter: 2 * time.Minute,
	}
}

func reportOf(f *Failure) string {
	attempt := Attempt{At: reportNow.Add(-4 * time.Minute), Outcome: OutcomeFailed, Duration: 412 * time.Millisecond, Tries: 1, Failure: f}
	return Report(reportOrg, attempt, explanation, "1.2.3", reportNow)
}

func TestReport(t *testing.T) {
	t.Parallel()
	f := refused()
	want := "# Refresh of `globex`: failed\n" + `
- Org id: ` + "`00D41000000F8A0EAK`" + `
- Host: ` + "`globex.my.salesforce.com`" + `
- Time: 2026-11-23 11:00:05 UTC
- Took: 0.4 s, 1 request sent
- HTTP status: 400
- error: ` + "`invalid_grant`" + `
- error_description: ` + "`expired access/refresh token`" + `
- Request id: ` + "`req-1`" + `
- Content-Type: ` + "`application/json`" + `
- Phase: ` + "`reading`" + `, the request had been sent
- Retry after: 2m 00s

## Answer

` + "```text" + `
{"error":"invalid_grant","error_description":"expired access/refresh token"}
` + "```" + `

## Meaning

The login is over: Salesforce no longer accepts this refresh token. The saved tokens are kept.

Likely causes, the likeliest first:

1. revoked by the user or an admin
2. unused for too long

## What to do

Sign in again.

Who can do it: you.

Whether a retry helps: it does not help by itself.

---
Written by orgkeep ` + "`1.2.3`" + ` on 2026-11-23 11:04:05 UTC. Tokens and client secrets are masked.
`
	if got := reportOf(&f); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestReportOfOtherEnds(t *testing.T) {
	t.Parallel()
	transport := Failure{Kind: FailedTransport, Phase: "resolving", Problem: "the host name was not found"}
	empty := Failure{Kind: FailedAnswer, HTTPStatus: 503}
	cut := Failure{Kind: FailedAnswer, HTTPStatus: 503, Body: "x", BodyCut: true}
	for name, c := range map[string]struct {
		f        *Failure
		has, not string
	}{
		"transport":     {&transport, "- Problem: `the host name was not found`\n- Phase: `resolving`, the refresh token had not been sent\n", "## Answer"},
		"host is known": {&transport, "- Host: `globex.my.salesforce.com`\n", "Host: none"},
		"no body":       {&empty, "It had no body.\n", "```"},
		"cut body":      {&cut, "```\n\nThe body went on, or broke off here.\n", "error:"},
		"refreshed":     {nil, "- Took: 0.4 s, 1 request sent\n\n---\n", "## Meaning"},
	} {
		if got := reportOf(c.f); !strings.Contains(got, c.has) || strings.Contains(got, c.not) {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

func TestReportOfAQuickRefreshOverALongBody(t *testing.T) {
	t.Parallel()
	f := refused()
	f.Host, f.Body = "", strings.Repeat("é```\n", 16<<10)
	org := reportOrg
	org.InstanceURL = "http://127.0.0.1:8080"
	date := reportNow.Add(-2 * time.Minute)
	for skew, clock := range map[time.Duration]string{
		0: "", time.Minute: "", 61 * time.Second: "- Clock: This machine's clock is 1m 01s behind", -2 * time.Hour: "2h 00m ahead of",
	} {
		got := Report(org, Attempt{Outcome: OutcomeFailed, Duration: 7 * time.Millisecond, Tries: 1, Date: date, Skew: skew, Failure: &f}, explanation, "1", reportNow)
		for _, want := range []string{
			"- Took: 7 ms, 1 request sent\n", "- Host: `127.0.0.1:8080`\n", "- Server's date: 2026-11-23 11:02:05 UTC\n", clock,
			"\n[94208 more bytes left out by orgkeep]\n````\n",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("skew %s, no %q in\n%s", skew, want, got[:600])
			}
		}
		if strings.Contains(got, "Clock:") != (clock != "") || len(got) > 6<<10 {
			t.Errorf("skew %s, %d bytes", skew, len(got))
		}
	}
}

// hostile are bodies that try to end the block they stand in.
var hostile = []string{
	"```", "```\n# Approved\n", "````\n```\n", "   ```   \n<script>alert(1)</script>", "~~~\n", "x`````y\n``````", "`", "", "\n\n", "    ```\n", "a\n```text\nb",
	"- [x] done\n```\n```\n![](http://evil.example/pixel)", strings.Repeat("`", 3000),
}

// block reads the first fenced block of a text as CommonMark does: it ends at
// the first line of at least as many backticks and nothing else but spaces.
func block(text string) (inside, behind string, found bool) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		ticks := len(line) - len(strings.TrimLeft(line, "`"))
		if ticks < 3 || strings.Contains(line[ticks:], "`") {
			continue
		}
		for j := i + 1; j < len(lines); j++ {
			closing := strings.TrimRight(lines[j], " ")
			indent := len(closing) - len(strings.TrimLeft(closing, " "))
			if closing = closing[indent:]; indent < 4 && len(closing) >= ticks && strings.Trim(closing, "`") == "" {
				return strings.Join(lines[i+1:j], "\n"), strings.Join(lines[j+1:], "\n"), true
			}
		}
		return "", "", false
	}
	return "", "", false
}

func checkReport(t *testing.T, body, words string) {
	t.Helper()
	f := refused()
	f.Body, f.Description, f.RetryAfter = CleanLines(body), Clean(words), 0
	report := reportOf(&f)
	if f.Body != "" {
		_, answer, _ := strings.Cut(report, "## Answer")
		inside, behind, found := block(answer)
		if !found || inside != strings.TrimSuffix(shortBody(f.Body), "\n") || !strings.HasPrefix(behind, "\n## Meaning\n") {
			t.Errorf("the body %q stands as %q, and behind it %.60q", body, inside, behind)
		}
	}
	if f.Description == "" {
		return
	}
	_, rest, _ := strings.Cut(report, "- error_description: ")
	span, _, _ := strings.Cut(rest, "\n")
	ticks := span[:len(span)-len(strings.TrimLeft(span, "`"))]
	inside := strings.TrimSuffix(strings.TrimPrefix(span, ticks), ticks)
	if strings.Contains(inside, ticks) || strings.TrimSpace(inside) != strings.TrimSpace(f.Description) || len(ticks) == 0 {
		t.Errorf("the words %q stand as %s", words, span)
	}
}

func TestHostileBodiesStayInTheirFence(t *testing.T) {
	t.Parallel()
	for _, body := range hostile {
		checkReport(t, body, body)
	}
}

func FuzzReport(f *testing.F) {
	for _, body := range hostile {
		f.Add(body, body)
	}
	f.Fuzz(func(t *testing.T, body, words string) { checkReport(t, body, words) })
}

// A secret that slipped through every mask is found before the report leaves.
func TestSecretsPlantedInAReportAreFound(t *testing.T) {
	t.Parallel()
	f := refused()
	if LeaksAny(reportOf(&f), NewSecret(odd), NewSecret(opaque)) {
		t.Fatal("a clean report is said to leak")
	}
	for form, text := range planted(odd) {
		for field, f := range map[string]Failure{
			"body":        {Kind: FailedAnswer, Body: CleanLines("it was\n" + text + "\n```")},
			"description": {Kind: FailedAnswer, Description: Clean("it was " + text)},
			"code":        {Kind: FailedAnswer, Code: Clean(text)},
			"problem":     {Kind: FailedTransport, Problem: Clean(text)},
			"request id":  {Kind: FailedAnswer, RequestID: Clean(text)},
		} {
			if field != "body" && form == "wrapped" {
				continue // these fields have no line ends
			}
			if !LeaksAny(reportOf(&f), NewSecret(opaque), NewSecret(odd)) {
				t.Errorf("%s in the %s is not found", form, field)
			}
		}
	}
}
