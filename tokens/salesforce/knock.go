package salesforce

import (
	"context"

	"orgkeep/tokens"
)

// knockPath lists the versions of the API. It needs no token and counts against
// no limit ("Resources by API version", REST API Developer Guide).
const knockPath = "/services/data/"

// Knock finds out whether a host can be reached: its name resolved, a connection
// made, TLS verified, an answer given. It sends nothing that tells of a login:
// no token, no client id. An answer of any status is one, since only the way to
// the host is looked at. The failure is of Kind tokens.FailedTransport, or
// tokens.FailedLocal for a base that tokens.CheckURL refuses.
func (c *Client) Knock(ctx context.Context, base string) (Head, *tokens.Failure) {
	host, err := tokens.CheckURL(base)
	if err != nil {
		return Head{}, refuse(tokens.Clean(err.Error()), err)
	}
	q := question{host: host, path: knockPath, aside: true}
	r := c.ask(ctx, q)
	m := newMask(nil)
	if r.err != nil {
		f := r.failure(q, m)
		f.Sent = false
		return r.head(m), f
	}
	return r.head(m), nil
}
