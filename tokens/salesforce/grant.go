package salesforce

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"slices"
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
	noID := ""
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
			if names[0] == "id" {
				noID = strings.TrimPrefix(nextErr.Error(), tokens.ErrGrant.Error()+": its id: ")
			}
		}
	}
	g.IDProblem = noID
	return g, nil
}

func parseFields(fields map[string]json.RawMessage) (tokens.Grant, error) {
	text, err := json.Marshal(fields)
	if err != nil {
		return tokens.Grant{}, fmt.Errorf("reading the grant: %w", err)
	}
	return tokens.ParseGrant(text) //nolint:wrapcheck // tokens.ErrGrant says it all
}

// domains are Salesforce's own, as its command line has them in its list, and
// that of its sites, which serve the OAuth endpoints too.
var domains = []string{
	".salesforce.com", ".force.com", ".cloudforce.com", ".salesforceliveagent.com", ".my.site.com",
	".salesforce.mil", ".crmforce.mil", ".sfcrmproducts.cn",
}

// distrust takes what names a strange host out of a grant, and says what it
// was; "" is the rule. An answer is not to decide which host the next access
// token goes to: a host is known when it is Salesforce's own or among the known
// URLs, and a loopback address when the asked host is one itself. The tokens
// stay, because the refresh token they came for is spent.
func distrust(g *tokens.Grant, asked string, known []string) string {
	var strange []string
	known = append([]string{asked}, known...)
	if g.InstanceURL != "" && !familiar(g.InstanceURL, asked, known) {
		strange = append(strange, "instance_url "+place(g.InstanceURL))
		g.InstanceURL = ""
	}
	if g.ID != "" && !familiar(g.ID, asked, known) {
		strange = append(strange, "id "+place(g.ID))
		g.ID, g.OrgID, g.UserID = "", "", ""
		g.Signature = tokens.Secret{} // it vouches for the id
	}
	return strings.Join(strange, ", ")
}

func familiar(raw, asked string, known []string) bool {
	base, err := tokens.CheckURL(raw)
	if err != nil {
		return false
	}
	host, port := address(base)
	switch {
	case slices.ContainsFunc(known, func(k string) bool { h, p := address(k); return h == host && p == port }):
		return true
	case loopback(host):
		askedHost, _ := address(asked)
		return loopback(askedHost)
	}
	return slices.ContainsFunc(domains, func(domain string) bool { return strings.HasSuffix(host, domain) })
}

// address is the host of a URL, in lower case, and its port.
func address(raw string) (host, port string) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", ""
	}
	port = u.Port()
	if port == "" && u.Scheme == "https" {
		port = "443"
	}
	return strings.ToLower(u.Hostname()), port
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
