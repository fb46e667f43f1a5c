package salesforce

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"orgkeep/tokens"
)

var errNotRevoked = errors.New("no confirmation")

// Revoke ends a token at the host (RFC 7009; Salesforce's OAuth 2.0 token
// revocation). An access token ends alone, a refresh token with all its access
// tokens. The token leaves in a form and never in a URL, which servers log.
//
// The error is always a *tokens.Failure whose Sent is false: it speaks of
// refreshes. When the request had left and no whole answer came, the Problem says
// so and the token may be revoked or not; to revoke it again does no harm. ctx may
// cancel until the token begins to leave. Revoke is safe for concurrent use.
func (c *Client) Revoke(ctx context.Context, host string, token tokens.Secret) error {
	host, err := tokens.CheckURL(host)
	switch {
	case err != nil:
		return refuse(err.Error(), err)
	case token.IsZero():
		return refuse(problemNoToken, nil)
	}
	q := question{
		host: host, path: "/services/oauth2/revoke", form: url.Values{"token": {token.Reveal()}},
		left: problemRevokeSent, secrets: []tokens.Secret{token},
	}
	_, failure := c.inquire(ctx, q, problemNotRevoked, func(text string, _ reply, _ mask) error { return confirm(text) })
	if failure != nil {
		return failure
	}
	return nil
}

// confirm takes the text of a 2xx answer for what it is: an empty one, or one of
// a few words, confirms; an error or a page, as a proxy's, does not.
func confirm(text string) error {
	if strings.HasPrefix(strings.TrimSpace(text), "<") || understand(text, false).code != "" {
		return errNotRevoked
	}
	return nil
}
