package salesforce

import (
	"encoding/binary"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"orgkeep/tokens"
)

func TestGrants(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body    string
		refresh string
	}{
		"plain":         {goodGrant, ""},
		"mark and CRLF": {"\xef\xbb\xbf" + strings.ReplaceAll(goodGrant, ",", ",\r\n"), ""},
		"rotated":       {strings.Replace(goodGrant, "{", `{"refresh_token":"5Aep861new",`, 1), "5Aep861new"},
		"form":          {"access_token=00D41000000F8A0%21AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O76UM&refresh_token=5Aep861new&issued_at=1738348388166", "5Aep861new"},
		"odd beside it": {`{"access_token":"` + testAccess + `","refresh_token":"5Aep861new","id":"odd","issued_at":"odd","instance_url":"odd","scope":7}`, "5Aep861new"},
		"latin":         {strings.Replace(goodGrant, "{", "{\"display\":\"Zo\xeb\",", 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer, err := newClient(t, Options{}).Refresh(t.Context(), request(serve(t, say(200, "text/plain; charset=utf-16", c.body))), nil)
			if err != nil {
				t.Fatal(err)
			}
			if g := answer.Grant; g.AccessToken.Reveal() != testAccess || g.RefreshToken.Reveal() != c.refresh {
				t.Errorf("access %q, refresh %q", g.AccessToken.Reveal(), g.RefreshToken.Reveal())
			}
		})
	}
}

func TestUnusableGrantsAreUndecided(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `null`, `[]`, `"x"`, `{"access_token":""}`, `{"access_token":7}`, `{"refresh_token":"5Aep861new"}`,
		`{"access_token":"` + testAccess + `","refresh_token":"has spaces"}`, `{"access_token":"` + testAccess, "ok",
	} {
		f := refresh(t, serve(t, say(200, "application/json", body)))
		if f.Kind != tokens.FailedAnswer || !f.Sent || !Undecided(f) || Transient(f) || !strings.HasPrefix(f.Problem, problemNoGrant) {
			t.Errorf("%s: %+v", body, f)
		}
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	wide := utf16.Encode([]rune(`{"error":"né"}`))
	little, big := make([]byte, 2*len(wide)), make([]byte, 2*len(wide))
	for i, unit := range wide {
		binary.LittleEndian.PutUint16(little[2*i:], unit)
		binary.BigEndian.PutUint16(big[2*i:], unit)
	}
	for name, body := range map[string]string{
		"UTF-8": `{"error":"né"}`, "latin": "{\"error\":\"n\xe9\"}", "mark": "\xef\xbb\xbf{\"error\":\"né\"}",
		"little": string(little), "big": string(big), "little with mark": "\xff\xfe" + string(little), "big with mark": "\xfe\xff" + string(big),
	} {
		if got := decode([]byte(body)); got != `{"error":"né"}` {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := decode([]byte("user hasn\x92t \x81 \x80")); got != "user hasn’t \u0081 €" {
		t.Errorf("Windows: %q", got)
	}
	if got := decode([]byte(strings.Repeat("x", bodyLimit-1) + "\xc3")); got != strings.Repeat("x", bodyLimit-1) {
		t.Errorf("cut character: %q", got[len(got)-4:])
	}
}

func TestWordsInAWrongCharset(t *testing.T) {
	t.Parallel()
	wide := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(`{"error":"invalid_grant","error_description":"user hasn’t approved this consumer"}`)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	for contentType, body := range map[string]string{
		"application/json":                     string(wide),
		"application/json; charset=iso-8859-1": "{\"error\":\"invalid_grant\",\"error_description\":\"user hasn\x92t approved this consumer\"}",
		"application/json; charset=utf-16":     `{"error":"invalid_grant","error_description":"user hasn’t approved this consumer"}`,
	} {
		f := refresh(t, serve(t, say(400, contentType, body)))
		if f.Description != "user hasn’t approved this consumer" || !strings.Contains(Explain(f).Meaning, "not approved this app") {
			t.Errorf("%s: %+v", contentType, f)
		}
	}
	if f := refresh(t, serve(t, say(503, "text/html; charset=iso-8859-1", "<title>G\xe9n\xe9ral</title>"))); f.Problem != "the answer is not JSON, it says: Général" {
		t.Errorf("page: %+v", f)
	}
}

func TestUnderstand(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 100)
	for body, want := range map[string]words{
		"":                                     {problem: "the answer is empty"},
		" \r\n":                                {problem: "the answer is empty"},
		`{"error":`:                            {problem: `the answer is not JSON, it says: {"error":`},
		`{"error":{"code":1}}`:                 {problem: "the JSON names no error"},
		`{"error":7,"message":"m"}`:            {code: "7", description: "m"},
		`[]`:                                   {problem: "the JSON names no error"},
		`[1]`:                                  {problem: "the JSON names no error"},
		`[{"errorCode":"A","message":"b"},{}]`: {code: "A", description: "b"},
		`error=a&error_description=b+c`:        {code: "a", description: "b c"},
		`Bad_OAuth_Token`:                      {code: "Bad_OAuth_Token"},
		`nonsense`:                             {problem: "the answer is not JSON, it says: nonsense"},
		long:                                   {problem: "the answer is not JSON, it says: " + long[:120] + "…"},
		"<html><head><title> We are\n down </title>":       {problem: "the answer is not JSON, it says: We are down"},
		"<p><title></title><h1>A &amp; <b>B</b></h1>":      {problem: "the answer is not JSON, it says: A & B"},
		"<script>var x</script><body class=x>Hello<br>you": {problem: "the answer is not JSON, it says: Hello you"},
		"<x>y</x>": {problem: "the answer is not JSON, it says: y"},
		"<":        {problem: "the answer is not JSON, it says: <"},
	} {
		if got := understand(body, false); got != want {
			t.Errorf("%q: got %+v, want %+v", body, got, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "120": 2 * time.Minute, " 5 ": 5 * time.Second, "-1": 0, "1.5": 0, "soon": 0,
		"99999999999999999999": 0, "9223372036854775807": retryLongest,
		date.Add(time.Minute).Format(http.TimeFormat): time.Minute,
		date.Add(-time.Hour).Format(http.TimeFormat):  0,
		"Fri, 31 Dec 9999 23:59:59 GMT":               retryLongest,
	} {
		if got := retryAfter(header, date); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
	if got := retryAfter(date.Format(http.TimeFormat), time.Time{}); got != 0 {
		t.Errorf("without a Date: %s", got)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, s := range known() {
		f.Add(s.status, []byte(s.body), "application/json")
	}
	f.Add(200, []byte(goodGrant), "text/html")
	f.Add(200, []byte("\xff\xfe{\x00"), "\x1b[2J")
	f.Fuzz(func(t *testing.T, status int, body []byte, header string) {
		if len(body) > bodyLimit {
			t.Skip()
		}
		q := question{host: "https://acme.my.salesforce.com"}
		m := newMask([]tokens.Secret{tokens.NewSecret(testRefresh)})
		r := reply{status: status, body: body, sent: true, header: http.Header{
			"Content-Type": {header}, "Retry-After": {header}, "Location": {header}, "X-Request-Id": {header},
		}}
		failure := r.refused(q, m)
		if failure == nil {
			if _, failure = r.grant(q, m); failure == nil {
				return
			}
		}
		for _, text := range []string{failure.Code, failure.Description, failure.Problem, failure.ContentType, failure.RequestID, failure.Error()} {
			if !tokens.Printable(text) {
				t.Errorf("not clean: %q", text)
			}
		}
		for line := range strings.SplitSeq(failure.Body, "\n") {
			if !tokens.Printable(line) {
				t.Errorf("not clean: %q", line)
			}
		}
		if Explain(failure).Meaning == "" || failure.RetryAfter < 0 || Transient(failure) && Undecided(failure) {
			t.Errorf("failure: %+v", failure)
		}
	})
}

// Whatever the charset, the words of an answer are read, and nothing breaks.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfe\x00"), "né")
	f.Add([]byte("\x00"), "a")
	f.Fuzz(func(t *testing.T, body []byte, text string) {
		if len(body) > bodyLimit || len(text) > bodyLimit/4 {
			t.Skip()
		}
		if got := decode(body); !utf8.ValidString(got) {
			t.Errorf("%q: %q", body, got)
		}
		if !utf8.ValidString(text) || strings.HasPrefix(text, "\ufeff") {
			return
		}
		wide := []byte("\xfe\xff")
		for _, unit := range utf16.Encode([]rune(text)) {
			wide = binary.BigEndian.AppendUint16(wide, unit)
		}
		if got := decode(wide); got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func FuzzHTMLTitle(f *testing.F) {
	f.Add("<html><title>x</title>")
	f.Add("<script><style></script>&lt;&amp;lt;<body")
	f.Fuzz(func(t *testing.T, page string) {
		if title := htmlTitle(page); len([]rune(title)) > excerpt+1 || strings.ContainsAny(title, "\n\t") {
			t.Errorf("%q", title)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("120")
	f.Add("Mon, 23 Nov 2026 11:02:00 GMT")
	f.Fuzz(func(t *testing.T, header string) {
		if d := retryAfter(header, time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)); d < 0 || d > retryLongest {
			t.Errorf("%q: %s", header, d)
		}
	})
}
