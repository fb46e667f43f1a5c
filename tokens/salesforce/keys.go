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
}

// Keys asks an org's discovery document (OpenID Connect Discovery 1.0, section 4)
// where its keys are, and then for them. Both questions go without a token, and to
// the org's own host: a document that names another one is not followed. Errors,
// cancelling and concurrent use are as with Userinfo.
func (c *Client) Keys(ctx context.Context, instance string) (Keys, error) {
	host, err := tokens.CheckURL(instance)
	if err != nil {
		return Keys{}, refuse(err.Error(), err)
	}
	q := question{host: host, path: "/.well-known/openid-configuration"}
	var place string
	head, failure := c.inquire(ctx, q, problemNoKeys, func(text string, _ reply, _ mask) (err error) {
		place, err = parseDiscovery(text)
		return err
	})
	if failure != nil {
		return Keys{Head: head}, failure
	}
	at, err := url.Parse(place)
	if err != nil || at.Scheme+"://"+strings.ToLower(at.Host) != host || at.Path == "" {
		return Keys{Head: head}, refuse(problemKeysElsewhere, err)
	}
	keys := Keys{Path: tokens.Clean(at.EscapedPath())}
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

func parseDiscovery(text string) (string, error) {
	var raw struct {
		Keys string `json:"jwks_uri"`
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return "", fmt.Errorf("reading the discovery document: %w", err)
	}
	if raw.Keys == "" {
		return "", fmt.Errorf("reading the discovery document: %w", tokens.ErrKeys)
	}
	return raw.Keys, nil
}
