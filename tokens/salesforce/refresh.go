package salesforce

import (
	"context"
	"net/url"
	"strings"

	"orgkeep/tokens"
)

// RefreshRequest is what a refresh needs.
type RefreshRequest struct {
	// Host is the login host, https://host; plain http for loopback only.
	Host     string
	ClientID string
	// ClientSecret is sent only when present: public clients must not send one.
	ClientSecret tokens.Secret
	RefreshToken tokens.Secret
	// Known are URLs that are saved for the org (instance, identity). An answer may
	// name their hosts; see Answer.Distrusted. Host is known without being here.
	Known []string
	// Mask are further secrets of the org (the saved access token, the signature)
	// that an answer may echo; they are masked like those that are sent.
	Mask []tokens.Secret
}

// Answer is what the token endpoint said beside, or instead of, a failure.
type Answer struct {
	Head
	Grant    tokens.Grant
	received func() tokens.Received
	// Distrusted is what the answer named and the Grant leaves out: an
	// instance_url or id at a host that is neither known nor Salesforce's. The
	// saved ones stay, and the new tokens go nowhere new. It is cleaned, and empty
	// when all is well.
	Distrusted string
}

// Received is the answer that the Grant was read from, without its secrets; zero
// where there is no Grant. To take them out is work, which can wait until the tokens
// are safe.
func (a Answer) Received() tokens.Received {
	if a.received == nil {
		return tokens.Received{}
	}
	return a.received()
}

const tokenPath = "/services/oauth2/token" //nolint:gosec // a path, no credential

// Refresh asks the host's token endpoint for a new access token (RFC 6749
// section 6; Salesforce's OAuth 2.0 refresh token flow). It never sends a scope
// and never follows a redirect, which would carry the token elsewhere.
//
// ctx may cancel it until the refresh token begins to leave, and not after: the
// request then runs to its end, within the Client's own limits. The error is
// always a *tokens.Failure. Where its Sent is true and Undecided says so, the
// refresh token may have been used up; it must not be sent again without being
// asked for.
//
// step, if not nil, hears StepContacting and StepWaiting, one call at a time
// and none after Refresh has returned. It must not block. Refresh is safe for
// concurrent use.
func (c *Client) Refresh(ctx context.Context, r RefreshRequest, step func(tokens.Step)) (Answer, error) {
	host, err := tokens.CheckURL(r.Host)
	switch {
	case err != nil:
		return Answer{}, refuse(err.Error(), err)
	case r.RefreshToken.IsZero():
		return Answer{}, refuse(problemNoRefreshToken, nil)
	case r.ClientID == "":
		return Answer{}, refuse(problemNoClientID, nil)
	}
	q := question{
		host: host, path: tokenPath, form: r.form(), step: step,
		secrets: append([]tokens.Secret{r.RefreshToken, r.ClientSecret}, r.Mask...),
	}
	reply := c.ask(ctx, q)
	mask := newMask(q.secrets)
	answer := Answer{Head: reply.head(mask)}
	if failure := reply.refused(q, mask); failure != nil {
		return answer, failure
	}
	var failure *tokens.Failure
	if answer.Grant, failure = reply.grant(q, mask); failure != nil {
		return answer, failure
	}
	answer.received = reply.received(q, answer.Grant)
	answer.Distrusted = mask.line(distrust(&answer.Grant, host, r.Known))
	return answer, nil
}

func (r RefreshRequest) form() url.Values {
	form := url.Values{
		"grant_type":    {"refresh_token"},
		"refresh_token": {r.RefreshToken.Reveal()},
		"client_id":     {r.ClientID},
	}
	if !r.ClientSecret.IsZero() {
		form.Set("client_secret", r.ClientSecret.Reveal())
	}
	return form
}

// refused returns the failure of a reply that is not a whole answer of status
// 2xx, nil otherwise.
func (r reply) refused(q question, m mask) *tokens.Failure {
	switch {
	case r.err != nil:
		return r.failure(q, m)
	case r.status < 200 || r.status > 299:
		return r.refusal(q, m)
	case r.broken != nil:
		broken := r
		broken.err = r.broken
		f := broken.failure(q, m)
		f.HTTPStatus = r.status
		return f
	}
	return nil
}

// grant reads the tokens of a whole 2xx answer. An answer that is no usable
// grant is a failure with Sent true: tokens may have been issued, and the old
// refresh token be dead, although nothing here shows the new one.
func (r reply) grant(q question, m mask) (tokens.Grant, *tokens.Failure) {
	text := decode(r.body)
	g, err := parseGrant(text)
	if err == nil && !r.cut {
		return g, nil
	}
	f := r.refusal(q, m)
	switch {
	case r.cut: // what is missing may be the tokens, whatever error is named before
		f.Code, f.Description = "", ""
		f.Problem = problemNoGrant + ": it is longer than 64 KiB"
	case f.Code == "" && strings.HasPrefix(f.Problem, problemNotJSON):
		f.Problem = problemNoGrant + ": " + f.Problem
	case f.Code == "":
		f.Problem = problemNoGrant + ": " + m.line(err.Error())
	}
	return tokens.Grant{}, f
}
