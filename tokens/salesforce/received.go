package salesforce

import (
	"encoding/json"
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
func (r reply) received(q question, g tokens.Grant) tokens.Received {
	m := newMask(append([]tokens.Secret{g.AccessToken, g.RefreshToken, g.Signature}, q.secrets...))
	return tokens.Received{
		HTTPStatus:  r.status,
		ContentType: m.line(r.header.Get("Content-Type")),
		RequestID:   m.line(r.requestID()),
		Date:        r.date(),
		Body:        tokens.CleanLines(m.text(closed(decode(r.body)))),
	}
}

// closed is the text of a grant with the values of all but its open fields masked.
// The rest stays as it was written. A text that is no grant is masked whole.
func closed(text string) string {
	if _, ok := grantForm(text); ok {
		return closedForm(text)
	}
	shut, ok := closedJSON(text)
	if !ok {
		return masked
	}
	return shut
}

func closedForm(text string) string {
	fields := strings.Split(text, "&")
	for i, field := range fields {
		if name, _, _ := strings.Cut(strings.TrimSpace(field), "="); !openFields[name] {
			fields[i] = name + "=" + masked
		}
	}
	return strings.Join(fields, "&")
}

// closedJSON is closed for a JSON object.
func closedJSON(text string) (string, bool) {
	var b strings.Builder
	d := json.NewDecoder(strings.NewReader(text))
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return "", false
	}
	behind := int64(0) // the end of what is written
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return "", false
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return "", false
		}
		end := d.InputOffset()
		if open, _ := name.(string); openFields[open] && value[0] != '{' && value[0] != '[' {
			continue
		}
		b.WriteString(text[behind:end-int64(len(value))] + `"` + masked + `"`)
		behind = end
	}
	b.WriteString(text[behind:])
	return b.String(), true
}
