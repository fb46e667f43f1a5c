package tokens

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// unwrap takes off what stands around a token where people copy it from: a byte
// order mark, the header that it was sent in, quotes, and the line ends of a
// terminal or a mail that wrapped it. The notes are what of that changed the text
// itself.
func unwrap(text string) (string, []string) {
	text = strings.TrimSpace(ofUTF16(strings.TrimPrefix(text, "\xef\xbb\xbf")))
	const layers = 6 // of quotes and headers; more are no accident of copying
	for range layers {
		inner := strings.TrimSpace(unquote(headerForm.ReplaceAllString(text, "")))
		if inner == text {
			break
		}
		text = inner
	}
	var notes []string
	if whole := joined(text); whole != "" {
		text, notes = whole, append(notes, "it was broken over several lines, which were joined")
	}
	if found := escapedMark.FindStringSubmatch(text); found != nil {
		text, notes = found[1]+"!"+text[len(found[0]):], append(notes, "its exclamation mark was escaped")
	}
	return text, notes
}

// escapedMark is the beginning of an access token from an address, or from a shell
// where the exclamation mark stands for a command of before.
var escapedMark = regexp.MustCompile(`^(00D[0-9A-Za-z]{9,15})(?:%21|\\!)`)

// headerInside is the header of a request in a command or in what a browser shows.
var headerInside = regexp.MustCompile(`(?i)authorization:\s*(?:bearer|oauth)\s+([!#-&(-~]+)`)

// headerForm is the header that a token is sent in. Salesforce's own examples
// once said OAuth for Bearer (RFC 6750 section 2.1; the scheme has no case).
var headerForm = regexp.MustCompile(`(?i)^(?:authorization:\s*)?(?:bearer|oauth)\s+|^(?i:authorization):`)

// unquote takes off a pair of quotes, and a comma or semicolon behind them.
func unquote(text string) string {
	bare := strings.TrimRight(text, ",;")
	for _, pair := range [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"‘", "’"}} {
		inner, opened := strings.CutPrefix(bare, pair[0])
		if inner, closed := strings.CutSuffix(inner, pair[1]); opened && closed {
			return inner
		}
	}
	return text
}

// ofUTF16 decodes what Windows PowerShell writes into a file.
func ofUTF16(text string) string {
	little := strings.HasPrefix(text, "\xff\xfe")
	if !little && !strings.HasPrefix(text, "\xfe\xff") {
		return text
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		low, high := uint16(text[i]), uint16(text[i+1])
		if !little {
			low, high = high, low
		}
		units = append(units, high<<8|low)
	}
	return string(utf16.Decode(units))
}

// tokenStart is how a token or an auth URL begins.
var tokenStart = regexp.MustCompile(`^(?:00D[0-9A-Za-z]{9,15}!|eyJ|5Aep|3MVG|force://)`)

// joined is a token that was wrapped over lines, as one; empty where the lines are
// no pieces of one token.
func joined(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) < 2 || !tokenStart.MatchString(text) {
		return ""
	}
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
		if i > 0 && tokenStart.MatchString(lines[i]) || strings.ContainsFunc(lines[i], unicode.IsSpace) || strings.HasPrefix(lines[i], "--") {
			return ""
		}
	}
	return strings.Join(lines, "")
}

// webURL is an address of the web.
var webURL = regexp.MustCompile(`(?i)^https?://`)

// urlSpecimen reads the tokens that an address carries: the answer behind the hash
// of the user-agent flow (RFC 6749 section 4.2.2), or the session of a link that
// opens an org.
func urlSpecimen(text string) (Specimen, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Specimen{}, wrapSpecimen("it is a URL that cannot be read")
	}
	s := Specimen{Form: FormURL}
	query, _ := url.ParseQuery(u.RawQuery)             // what can be read of it
	fragment, _ := url.ParseQuery(u.EscapedFragment()) // likewise
	members := slices.Concat(membersOfForm(query), membersOfForm(fragment))
	opens := false
	for i, m := range members {
		if m.name == "sid" {
			members[i].name, opens = "access_token", true
		}
	}
	s.takeAll(members)
	switch {
	case query.Get("error") != "" || fragment.Get("error") != "":
		return Specimen{}, wrapSpecimen("it is the URL of a sign-in that was refused: " + brief(query.Get("error")+fragment.Get("error")))
	case s.hasToken():
		// Only a link that opens an org is at the org's host; an answer goes to the app's.
		if opens && s.Secrets.InstanceURL == "" && ofSalesforce(text) && !loopback(u.Hostname()) {
			s.instance("https://" + u.Host)
		}
		return s, nil
	case query.Get("code") != "":
		return Specimen{}, wrapSpecimen("it is the URL at the end of a sign-in; its code is good for one exchange and is no token")
	}
	if _, _, err := ParseIdentityURL(text); err == nil && strings.HasPrefix(u.Path, "/id/") {
		return Specimen{Form: FormIdentityURL, Secrets: Secrets{ID: text}}, nil
	}
	return Specimen{}, wrapSpecimen("it is a URL without a token in it")
}

// variableForm is a line that gives a variable a value: of a POSIX shell, a .env
// file, cmd or PowerShell.
var variableForm = regexp.MustCompile(`^(?:export\s+|(?i:set)\s+|\$(?i:env):)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$`)

// variablesSpecimen reads lines of variables, if one of them holds something of a
// login.
func variablesSpecimen(text string) (Specimen, bool) {
	s := Specimen{Form: FormVariables}
	known, others := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		found := variableForm.FindStringSubmatch(line)
		if found == nil {
			others++
			continue
		}
		value, err := json.Marshal(unquote(found[2]))
		if err == nil && s.takeVariable(member{found[1], value}) {
			known++
		} else {
			others++
		}
	}
	if known > 0 && others > 0 {
		s.Problems = append(s.Problems, "other lines and variables stand beside those of a login, and were passed over")
	}
	return s, known > 0
}
