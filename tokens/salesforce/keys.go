package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"orgkeep/tokens"
)

// Keys are the keys that an org publishes to check its signatures with.
type Keys struct {
	Head
	tokens.Keys
	Path string // where they are, at the org's own host
	// Note says that the document names another issuer than the host that was asked,
	// which is Salesforce's all the same; empty where it does not.
	Note string
}

// Keys asks an org's discovery document (OpenID Connect Discovery 1.0, section 4)
// where its keys are, and then for them. Both questions go without a token, and to
// the org's own host: a document that names another one is not followed. Neither is
// one whose issuer is a host of somebody else's (section 4.3 wants the host that was
// asked). Errors, cancelling and concurrent use are as with Userinfo.
func (c *Client) Keys(ctx context.Context, instance string) (Keys, error) {
	host, err := tokens.CheckURL(instance)
	if err != nil {
		return Keys{}, refuse(err.Error(), err)
	}
	q := question{host: host, path: "/.well-known/openid-configuration"}
	var found discovery
	head, failure := c.inquire(ctx, q, problemNoKeys, func(text string, _ reply, m mask) (err error) {
		found, err = parseDiscovery(text, m)
		return err
	})
	if failure != nil {
		return Keys{Head: head}, failure
	}
	if found.Issuer != "" && !familiar(found.Issuer, host, []string{host}) {
		return Keys{Head: head}, refuse(problemIssuerElsewhere+": "+place(found.Issuer), nil)
	}
	at, err := url.Parse(found.Keys)
	if err != nil || at.Scheme+"://"+strings.ToLower(at.Host) != host || at.Path == "" {
		return Keys{Head: head}, refuse(problemKeysElsewhere, err)
	}
	keys := Keys{Path: tokens.Clean(at.EscapedPath()), Note: found.note(host)}
	q.path = at.EscapedPath()
	first := head.Latency.Whole
	keys.Head, failure = c.inquire(ctx, q, problemNoKeys, func(text string, _ reply, _ mask) (err error) {
		keys.Keys, err = tokens.ParseKeys([]byte(text))
		return err
	})
	keys.Latency.Whole += first
	if failure != nil {
		return Keys{Head: keys.Head}, failure
	}
	return keys, nil
}

// discovery is what a discovery document tells (OpenID Connect Discovery 1.0 section 3).
type discovery struct {
	Issuer string `json:"issuer"` // cleaned; empty where it names none
	Keys   string `json:"jwks_uri"`
}

func parseDiscovery(text string, m mask) (discovery, error) {
	var found discovery
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		return discovery{}, fmt.Errorf("reading the discovery document: %w", err)
	}
	if found.Keys == "" {
		return discovery{}, fmt.Errorf("reading the discovery document: %w", tokens.ErrKeys)
	}
	found.Issuer = m.line(found.Issuer)
	return found, nil
}

// note says that the issuer is at another host than the one that was asked.
func (d discovery) note(asked string) string {
	issuer, issuerPort := address(d.Issuer)
	host, port := address(asked)
	if d.Issuer == "" || issuer == host && issuerPort == port {
		return ""
	}
	return "The published issuer is " + place(d.Issuer) + ", and " + asked + " was asked; OpenID Connect Discovery 1.0 section 4.3 wants them the same."
}
