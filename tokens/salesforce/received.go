package salesforce

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"orgkeep/tokens"
)

// openFields are the fields of a token endpoint's answer that open nothing
// (Salesforce's help, "OAuth 2.0 Refresh Token Flow", and its mobile SDKs). An answer
// may bring fields that nobody here has heard of, sessions of a web page among
// them, so the value of every other one is masked.
var openFields = map[string]bool{
	"id": true, "instance_url": true, "api_instance_url": true, "issued_at": true, "scope": true, "token_type": true,
	"token_format": true, "expires_in": true,
	"sfdc_community_url": true, "sfdc_community_id": true, "sfdc_site_url": true, "sfdc_site_id": true,
	"lightning_domain": true, "visualforce_domain": true, "content_domain": true,
}

// received is an answer that brought tokens, as it was received but for its secrets:
// those of the request, those that it brought, and whatever looks like one.
func (r reply) received(q question, g tokens.Grant) func() tokens.Received {
	return func() tokens.Received {
		text, hidden := closed(decode(r.body))
		m := newMask(slices.Concat([]tokens.Secret{g.AccessToken, g.RefreshToken, g.Signature}, q.secrets, hidden))
		return tokens.Received{
			HTTPStatus:  r.status,
			ContentType: m.line(r.header.Get("Content-Type")),
			RequestID:   m.line(r.requestID()),
			Date:        r.date(),
			Body:        tokens.CleanLines(m.text(text)),
		}
	}
}

// grantNames are what only an answer with tokens, or with sessions that open as
// much, speaks of.
var grantNames = regexp.MustCompile(`(?i)access_token|refresh_token|id_token|[a-z]_sid\b|\bsid_|-sid_`)

// unread is the text of an answer of status 2xx that is no grant. Where it may hold
// tokens all the same, what of it can be told is what could be of a grant.
func (r reply) unread(q question, text string) string {
	if q.path != tokenPath || r.status < 200 || r.status > 299 {
		return text
	}
	plain, _ := tokens.Unescaped(text)
	if !grantNames.MatchString(text) && !grantNames.MatchString(plain) {
		return text
	}
	shut, hidden := closed(text)
	return tokens.NewFinder(hidden...).Mask(shut)
}

// hiddenLeast is from how many bytes on a value that was masked is looked for in the
// rest of an answer: a shorter one, such as a flag, stands there by chance.
const hiddenLeast = 8

// closed is the text of a grant with the values of all but its open fields masked,
// and those values. The rest stays as it was written, as far as it is a grant.
func closed(text string) (shut string, hidden []tokens.Secret) {
	if _, ok := grantForm(text); ok {
		return closedForm(text)
	}
	return closedJSON(text)
}

// isOpen reports whether a field's value can be told: a URL only without what may
// follow it or stand before its host.
func isOpen(name, value string) bool { return openFields[name] && !strings.ContainsAny(value, "?#@{[") }

func closedForm(text string) (string, []tokens.Secret) {
	var hidden []tokens.Secret
	fields := strings.Split(text, "&")
	for i, field := range fields {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		read, err := url.QueryUnescape(value)
		if err == nil && isOpen(name, read) {
			continue
		}
		fields[i] = name + "=" + masked
		hidden = hide(hidden, read)
	}
	return strings.Join(fields, "&"), hidden
}

func hide(hidden []tokens.Secret, value string) []tokens.Secret {
	if len(value) < hiddenLeast {
		return hidden
	}
	return append(hidden, tokens.NewSecret(value))
}

// closedJSON is closed for a JSON object. What comes where it breaks off, and a text
// that is no object, is masked whole.
func closedJSON(text string) (string, []tokens.Secret) {
	d := json.NewDecoder(strings.NewReader(text))
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return masked, nil
	}
	var b strings.Builder
	var hidden []tokens.Secret
	behind := d.InputOffset() // the end of what is told
	b.WriteString(text[:behind])
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return b.String() + masked, hidden
		}
		end := d.InputOffset()
		if field, _ := name.(string); isOpen(field, string(value)) {
			b.WriteString(text[behind:end])
		} else {
			b.WriteString(text[behind:end-int64(len(value))] + `"` + masked + `"`)
			var read string
			if json.Unmarshal(value, &read) == nil {
				hidden = hide(hidden, read)
			}
		}
		behind = end
	}
	if _, err := d.Token(); err != nil {
		return b.String() + masked, hidden
	}
	b.WriteString(text[behind:d.InputOffset()])
	rest := text[d.InputOffset():]
	if strings.TrimSpace(rest) != "" {
		rest = masked
	}
	return b.String() + rest, hidden
}
