package salesforce

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"orgkeep/tokens"
)

// words are what an answer says: the code and description of an OAuth error,
// or a sentence about an answer that has none.
type words struct {
	code        string
	description string
	problem     string
}

// refusal is the failure of a reply that has an answer.
func (r reply) refusal(q question, m mask) *tokens.Failure {
	cut := r.cut || r.broken != nil
	text := m.body(r.unread(q, decode(r.body)), cut) // masked first: an excerpt could lose what marks a secret
	said := understand(text, cut)
	f := &tokens.Failure{
		Kind: tokens.FailedAnswer, Sent: r.sent, Aside: q.aside, Host: hostOf(q.host),
		HTTPStatus:  r.status,
		Code:        m.line(said.code),
		Description: m.line(said.description),
		ContentType: m.line(r.header.Get("Content-Type")),
		Body:        tokens.CleanLines(text),
		BodyCut:     cut,
		RetryAfter:  retryAfter(r.header.Get("Retry-After"), r.date()),
		RequestID:   m.line(r.requestID()),
		Problem:     m.line(said.problem),
	}
	switch {
	case r.status >= 300 && r.status < 400 && r.header.Get("Location") != "":
		f.Problem = problemRedirect + " " + m.line(place(r.header.Get("Location")))
	case errors.Is(r.broken, errGzip) && f.Code == "":
		f.Problem = problemGzip
	case r.broken != nil && f.Code == "":
		f.Problem = problemBrokeOff + ": " + m.line(problem(r.broken, reading))
	}
	return f
}

// place is a Location without its query, which may carry what was sent.
func place(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return "a place that is no URL"
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return shorten(u.String())
}

// codeOnly is the form of answers that are nothing but a code, as userinfo's
// Bad_OAuth_Token.
var codeOnly = regexp.MustCompile(`^[A-Za-z]+(?:_[A-Za-z0-9]+)+$`)

const codeLongest = 60 // characters; no code of Salesforce's comes near

// understand finds the error in a body; cut says that its end is missing. What the
// body is decides, not what its Content-Type says.
func understand(text string, cut bool) words {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return words{problem: problemEmpty}
	case text[0] == '{', text[0] == '[':
		return understandJSON(text, cut)
	case text[0] == '<':
		return words{problem: notJSON(htmlTitle(text), text)}
	case len(text) <= codeLongest && codeOnly.MatchString(text):
		return words{code: text}
	}
	if form, err := url.ParseQuery(text); err == nil && form.Get("error") != "" {
		return words{code: form.Get("error"), description: form.Get("error_description")}
	}
	return words{problem: notJSON("", text)}
}

// understandJSON reads an OAuth error (RFC 6749 section 5.2) or the first of an
// array of REST errors, where the end is missing those that came before it.
func understandJSON(text string, cut bool) words {
	list := make([]map[string]json.RawMessage, 1)
	switch {
	case cut:
		list[0] = cutObject(text)
	case text[0] == '[':
		if json.Unmarshal([]byte(text), &list) != nil || len(list) == 0 {
			return words{problem: problemNoError}
		}
	case json.Unmarshal([]byte(text), &list[0]) != nil:
		return words{problem: notJSON("", text)}
	}
	w := words{
		code:        firstText(list[0], "error", "errorCode", "error_code"),
		description: firstText(list[0], "error_description", "message"),
	}
	switch {
	case w.code != "" || w.description != "":
	case cut:
		w.problem = problemTooLong
	default:
		w.problem = problemNoError
	}
	return w
}

// firstText is the first of the fields that holds a text; a number counts.
func firstText(fields map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		var text string
		if json.Unmarshal(fields[name], &text) == nil && text != "" {
			return text
		}
		var number json.Number
		if json.Unmarshal(fields[name], &number) == nil && number != "" {
			return number.String()
		}
	}
	return ""
}

func notJSON(title, text string) string {
	if title != "" {
		return problemNotJSON + ", it says: " + title
	}
	return problemNotJSON + ", it says: " + shorten(text)
}

const excerpt = 120 // characters shown of a text that is not understood

// shorten makes one line of the beginning of a text.
func shorten(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > excerpt {
		return string(runes[:excerpt]) + "…"
	}
	return text
}

var titles = []*regexp.Regexp{
	regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title`),
	regexp.MustCompile(`(?is)<h1[^>]*>(.*?)</h1`),
	regexp.MustCompile(`(?is)<body[^>]*>(.*)`),
}

var (
	unseen = regexp.MustCompile(`(?is)<(script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->`)
	markup = regexp.MustCompile(`<[^>]*>`)
	amp    = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&nbsp;", " ", "&amp;", "&")
)

// htmlTitle is what a person would take a page for: its title, its first
// heading or the beginning of its text; empty when it has none of them.
func htmlTitle(page string) string {
	page = unseen.ReplaceAllString(page, " ")
	for _, title := range titles {
		found := title.FindStringSubmatch(page)
		if found == nil {
			continue
		}
		if text := shorten(amp.Replace(markup.ReplaceAllString(found[1], " "))); text != "" {
			return text
		}
	}
	return shorten(amp.Replace(markup.ReplaceAllString(page, " ")))
}

const retryLongest = 24 * time.Hour

// retryAfter reads the header's seconds or HTTP date (RFC 9110 section 10.2.3),
// the date against the answer's own Date so that this machine's clock does not
// matter. What cannot be read is zero; more than a day is a day.
func retryAfter(header string, date time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseUint(header, 10, 63); err == nil {
		return time.Duration(min(seconds, uint64(retryLongest/time.Second))) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil || date.IsZero() {
		return 0
	}
	return min(max(0, at.Sub(date)), retryLongest)
}
