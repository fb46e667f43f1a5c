package salesforce

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"orgkeep/tokens"
)

// masked stands where a secret was. It is plain ASCII and no part of a token.
const masked = "[masked]"

// mask takes secrets out of texts from outside: those that were sent, in every
// form an endpoint may echo them in, and whatever looks like a token.
type mask struct{ forms []string }

// shortTail is the least part of a secret that is masked at the end of a text
// that was cut.
const shortTail = 6

// newMask makes a mask for the secrets of a request.
func newMask(secrets []tokens.Secret) mask {
	var m mask
	for _, secret := range secrets {
		m.forms = append(m.forms, secret.Forms()...)
	}
	// Longest first, so that no form is broken by one that it contains.
	slices.SortFunc(m.forms, func(a, b string) int { return len(b) - len(a) })
	m.forms = slices.Compact(m.forms)
	return m
}

const tokenNames = `access_token|refresh_token|id_token|client_secret|client_assertion|assertion|signature|code_verifier|` +
	`sid|[a-z_]+_sid|csrf_token|beacon_child_consumer_secret|password`

var tokenName = regexp.MustCompile(`(?i)^(?:` + tokenNames + `)$`)

// lookalikes are texts with the look of a token; the group that is named keep
// stays in front of the mask. A token may stand right behind a letter, as that of a
// colour sequence, so those that are known by their beginning want no word boundary.
var lookalikes = []*regexp.Regexp{
	// opaque access tokens, the mark also in URL and JSON encoding
	regexp.MustCompile(`(?P<keep>00D[A-Za-z0-9]{9,15}(?:!|%21|\\u0021|&#33;))[A-Za-z0-9._\-+/=%]{4,}`),
	regexp.MustCompile(`(?P<keep>5Aep)[A-Za-z0-9._\-=%]{8,}`),
	regexp.MustCompile(`(?P<keep>)eyJ[A-Za-z0-9_\-]{12,}(?:\.[A-Za-z0-9_\-]*){0,4}`),
	regexp.MustCompile(`(?is)(?P<keep>\\?"(?:` + tokenNames + `)\\?"\s*:\s*\\?")(?:[^"\\]|\\.)+`),
	regexp.MustCompile(`(?i)(?P<keep>\b(?:` + tokenNames + `)=)[^&\s"'<>\\]+`),
	regexp.MustCompile(`(?i)(?P<keep><(?:` + tokenNames + `)>)[^<"]+`),
	regexp.MustCompile(`(?P<keep>(?:Bearer|Basic) )[A-Za-z0-9._\-+/=!]{20,}`),
}

// text masks; what it returns is not yet cleaned.
func (m mask) text(text string) string {
	for _, form := range m.forms {
		text = strings.ReplaceAll(text, form, masked)
	}
	for _, form := range m.forms {
		text = cutTail(text, form)
	}
	for _, look := range lookalikes {
		text = look.ReplaceAllString(text, "${keep}"+masked)
	}
	return text
}

// cutTail masks the beginning of a secret at the end of a text that was cut
// there.
func cutTail(text, form string) string {
	for n := min(len(form)-1, len(text)); n >= shortTail; n-- {
		if strings.HasSuffix(text, form[:n]) {
			return text[:len(text)-n] + masked
		}
	}
	return text
}

// line masks and cleans one line.
func (m mask) line(text string) string { return tokens.Clean(m.text(text)) }

// json masks a JSON text, also where escapes hide a secret (\u0035Aep…). A text
// with such a secret is written anew; all others, and what is no JSON, keep
// their form.
func (m mask) json(text string) string {
	text = m.text(text)
	var value any
	if !strings.Contains(text, `\`) || json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	changed := false
	value = m.walk(value, &changed)
	if !changed {
		return text
	}
	out, err := json.Marshal(value)
	if err != nil {
		return masked
	}
	return string(out)
}

// walk masks every text in a JSON value, and tells whether there was need.
func (m mask) walk(value any, changed *bool) any {
	switch v := value.(type) {
	case string:
		safe := m.text(v)
		*changed = *changed || safe != v
		return safe
	case []any:
		for i := range v {
			v[i] = m.walk(v[i], changed)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, field := range v {
			safe := m.text(name)
			*changed = *changed || safe != name
			if text, ok := field.(string); ok && tokenName.MatchString(name) && text != masked {
				field, *changed = masked, true
			}
			out[safe] = m.walk(field, changed)
		}
		return out
	}
	return value
}
