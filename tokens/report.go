package tokens

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Report writes one refresh down in Markdown, for a ticket: which org, when,
// the endpoint's own words, and what they mean. version is orgkeep's; now is
// when the report is written. Times are in UTC.
//
// It is a pure function of texts that were masked and cleaned where they came
// in. What came from outside stands in code spans and a fenced block, unaltered
// and unable to end them. Before the report leaves, ask LeaksAny about it with
// the secrets that are stored.
func Report(o Org, last Attempt, e Explanation, version string, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Refresh of %s: %s\n\n", code(o.Alias), last.Outcome)
	f := last.Failure
	if f == nil {
		f = &Failure{}
	}
	host := f.Host
	if host == "" {
		host = o.LoginHost()
	}
	if _, bare, ok := strings.Cut(host, "://"); ok {
		host = bare
	}
	item(&b, "Org id", code(o.OrgID))
	item(&b, "Host", code(host))
	item(&b, "Time", utc(last.At))
	item(&b, "Took", FormatTook(last.Duration)+", "+requests(last.Tries)+" sent")
	if !last.Date.IsZero() {
		item(&b, "Server's date", utc(last.Date))
	}
	if text := SkewWarning(last.Skew, host); text != "" {
		item(&b, "Clock", text)
	}
	if last.Failure != nil {
		writeFailure(&b, f)
		writeExplanation(&b, e)
	}
	fmt.Fprintf(&b, "\n---\nWritten by orgkeep %s on %s. Tokens and client secrets are masked.\n", code(version), utc(now))
	return b.String()
}

func writeFailure(b *strings.Builder, f *Failure) {
	if f.HTTPStatus != 0 {
		item(b, "HTTP status", strconv.Itoa(f.HTTPStatus))
	}
	for _, field := range []struct{ name, text string }{
		{"error", f.Code},
		{"error_description", f.Description},
		{"Problem", f.Problem},
		{"Request id", f.RequestID},
		{"Content-Type", f.ContentType},
	} {
		if field.text != "" {
			item(b, field.name, code(field.text))
		}
	}
	if f.Phase != "" {
		sent := "the refresh token had not been sent"
		if f.Sent {
			sent = "the request had been sent"
		}
		item(b, "Phase", code(f.Phase)+", "+sent)
	}
	if f.RetryAfter > 0 {
		item(b, "Retry after", FormatSpan(f.RetryAfter))
	}
	if f.Kind != FailedAnswer {
		return
	}
	b.WriteString("\n## Answer\n\n")
	if f.Body == "" {
		b.WriteString("It had no body.\n")
		return
	}
	b.WriteString(fenced(shortBody(f.Body)))
	if f.BodyCut {
		b.WriteString("\nThe body went on, or broke off here.\n")
	}
}

// reportedBody is how many bytes of a body a report has; ticket systems take no
// more than some tens of thousands in all.
const reportedBody = 4 << 10

// shortBody cuts a body where it is longer than a report has room for, and says
// so in its last line.
func shortBody(body string) string {
	if len(body) <= reportedBody {
		return body
	}
	at := reportedBody
	for !utf8.RuneStart(body[at]) {
		at--
	}
	return fmt.Sprintf("%s\n[%d more bytes left out by orgkeep]", body[:at], len(body)-at)
}

func writeExplanation(b *strings.Builder, e Explanation) {
	fmt.Fprintf(b, "\n## Meaning\n\n%s\n", e.Meaning)
	if len(e.Causes) > 0 {
		b.WriteString("\nLikely causes, the likeliest first:\n\n")
		for i, cause := range e.Causes {
			fmt.Fprintf(b, "%d. %s\n", i+1, cause)
		}
	}
	fmt.Fprintf(b, "\n## What to do\n\n%s\n", e.Remedy)
	if e.Who != "" {
		fmt.Fprintf(b, "\nWho can do it: %s.\n", e.Who)
	}
	fmt.Fprintf(b, "\nWhether a retry helps: it %s.\n", e.RetryText())
}

func item(b *strings.Builder, name, text string) { fmt.Fprintf(b, "- %s: %s\n", name, text) }

func utc(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func requests(n int) string {
	if n == 1 {
		return "1 request"
	}
	return fmt.Sprintf("%d requests", n)
}

// code is one line as a code span (CommonMark 0.31 section 6.1): its backticks
// are more than any run of them inside. A space at either end keeps the inside
// from touching them; readers take one off again.
func code(text string) string {
	if text == "" {
		return "none"
	}
	ticks := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || strings.Trim(text, " ") != text {
		text = " " + text + " "
	}
	return ticks + text + ticks
}

// fenced is a text of many lines as a fenced block (CommonMark 0.31 section
// 4.5). Only a line of at least as many backticks ends it, and no line has them.
func fenced(text string) string {
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fence + "text\n" + strings.TrimSuffix(text, "\n") + "\n" + fence + "\n"
}

// longestRun is the length of the longest run of backticks in text.
func longestRun(text string) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
