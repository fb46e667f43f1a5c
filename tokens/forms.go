package tokens

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	// shortSecret is the least length that is looked for at all; less is no secret.
	shortSecret = 4
	// shortForm is the least length that is looked for in an encoded form; shorter
	// ones occur by chance.
	shortForm = 6
	// wrappedForm is the least length that is looked for across line ends.
	wrappedForm = 16
)

// Forms returns the secret in the clear and in every form that a text may carry
// it in: escaped for URLs, JSON and HTML, in base64 (also as a part of a longer
// text) and in hex. The longest come first, so that replacing them in their
// order breaks none by one that it contains. A secret of fewer than four
// characters has no forms: they would be found everywhere.
func (s Secret) Forms() []string {
	text := s.Reveal()
	if len(text) < shortSecret {
		return nil
	}
	forms := slices.DeleteFunc(encodings(text), func(form string) bool { return len(form) < shortForm })
	forms = append(forms, text)
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(forms)
}

var upperEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

func encodings(text string) []string {
	var forms []string
	for _, escaped := range []string{url.QueryEscape(text), url.PathEscape(text), strings.ReplaceAll(url.QueryEscape(text), "+", "%20")} {
		forms = append(forms, escaped, upperEscape.ReplaceAllStringFunc(escaped, strings.ToLower), url.QueryEscape(escaped))
	}
	for _, inner := range []string{quoted(text, true), quoted(text, false)} {
		forms = append(forms, inner, strings.ReplaceAll(inner, "/", `\/`))
	}
	forms = append(forms, strings.ReplaceAll(text, "/", `\/`), strings.ReplaceAll(text, `"`, `\"`), html.EscapeString(text))
	for offset := range 3 {
		forms = append(forms, base64At(text, offset)...)
	}
	digits := hex.EncodeToString([]byte(text))
	return append(forms, digits, strings.ToUpper(digits))
}

// quoted is text as it stands inside a JSON string.
func quoted(text string, escapeHTML bool) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(escapeHTML)
	if e.Encode(text) != nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(out.String()), `"`), `"`)
}

// base64At is the base64 of text as it stands inside a longer one: the
// characters that depend on text alone when it begins offset bytes into a group
// of three. ("client_id:client_secret" is sent so in Basic authentication.)
func base64At(text string, offset int) []string {
	first := []int{0, 2, 3}[offset]
	whole := strings.Repeat("\x00", offset) + text
	last := len(whole) * 8 / 6
	std := base64.RawStdEncoding.EncodeToString([]byte(whole))
	if last <= first {
		return nil
	}
	std = std[first:last]
	safe := strings.NewReplacer("+", "-", "/", "_").Replace(std)
	return []string{std, safe, url.QueryEscape(std), strings.ReplaceAll(std, "/", `\/`)}
}

// LeaksAny reports whether any of the secrets stands in text, in the clear or in
// one of its Forms, also where white space or line ends break a long form up. It is
// the last check of a text before it leaves for a ticket or a clipboard.
func LeaksAny(text string, secrets ...Secret) bool {
	unbroken := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	for _, secret := range secrets {
		for _, form := range secret.Forms() {
			if strings.Contains(text, form) || len(form) >= wrappedForm && strings.Contains(unbroken, form) {
				return true
			}
		}
	}
	return false
}
