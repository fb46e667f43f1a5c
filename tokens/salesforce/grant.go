package salesforce

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"orgkeep/tokens"
)

// grantJSON returns a grant's text as JSON. The request asks for JSON; a host
// that answers in the form encoding all the same (Salesforce's format
// parameter knows it) must not cost the user the new tokens.
func grantJSON(text string) []byte {
	form, ok := grantForm(text)
	if !ok {
		return []byte(text)
	}
	out, err := json.Marshal(form)
	if err != nil {
		return []byte(text)
	}
	return out
}

func grantForm(text string) (map[string]string, bool) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "{") {
		return nil, false
	}
	values, err := url.ParseQuery(text)
	if err != nil || values.Get("access_token") == "" {
		return nil, false
	}
	form := make(map[string]string, len(values))
	for name := range values {
		form[name] = values.Get(name)
	}
	return form, true
}

// parseGrant reads a grant from JSON or a form. Only the tokens decide whether
// it is usable: a field beside them that cannot be used (an id or instance_url
// of an odd form) is left out, because a rotated refresh token in hand is worth
// more than the order of its surroundings.
func parseGrant(text string) (tokens.Grant, error) {
	whole := grantJSON(text)
	g, err := tokens.ParseGrant(whole)
	if err == nil {
		return g, nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(whole, &fields) != nil {
		return tokens.Grant{}, err //nolint:wrapcheck // tokens.ErrGrant says it all
	}
	used := map[string]json.RawMessage{}
	for _, names := range [][]string{
		{"access_token", "refresh_token"}, // together: one without the other would mislead
		{"instance_url"}, {"issued_at"}, {"id"}, {"scope"}, {"signature"},
	} {
		for _, name := range names {
			if value, ok := fields[name]; ok {
				used[name] = value
			}
		}
		next, nextErr := parseFields(used)
		switch {
		case nextErr == nil:
			g = next
		case len(names) > 1:
			return tokens.Grant{}, err //nolint:wrapcheck // tokens.ErrGrant says it all
		default:
			delete(used, names[0])
		}
	}
	return g, nil
}

func parseFields(fields map[string]json.RawMessage) (tokens.Grant, error) {
	text, err := json.Marshal(fields)
	if err != nil {
		return tokens.Grant{}, fmt.Errorf("reading the grant: %w", err)
	}
	return tokens.ParseGrant(text) //nolint:wrapcheck // tokens.ErrGrant says it all
}
