package salesforce

import (
	"context"
	"time"

	"orgkeep/tokens"
)

// Head is what an answer tells beside its contents.
type Head struct {
	HTTPStatus int
	Date       time.Time // the answer's Date header, zero if there was none
	RequestID  string
	Latency    Latency
}

func (r reply) head(m mask) Head {
	return Head{HTTPStatus: r.status, Date: r.date(), RequestID: m.line(r.requestID()), Latency: r.latency}
}

// Skew is how far the answer's Date is ahead of this machine's clock; negative
// when it is behind, zero when there was no Date. now is this machine's time as
// the answer was complete.
//
// The Date (RFC 9110 section 6.6.1) has whole seconds, so half of one is added. It
// is taken to be of the middle of the wait for the answer, which leaves an error of
// half that wait.
func (h Head) Skew(now time.Time) time.Duration {
	if h.Date.IsZero() {
		return 0
	}
	then := now.Add(-h.Latency.Read - h.Latency.Wait/2)
	return h.Date.Add(500 * time.Millisecond).Sub(then)
}

// inquire asks a question that uses up no refresh token, and has read take the
// facts out of a whole answer of status 2xx. An answer that read refuses is a
// failure with the words in missing.
//
// The failure's Sent is false, since the login stays as it is whatever became of
// the question. Where the question had left all the same, its own words say so.
func (c *Client) inquire(ctx context.Context, q question, missing string, read func(text string, r reply, m mask) error) (Head, *tokens.Failure) {
	q.aside = true
	r := c.ask(ctx, q)
	m := newMask(q.secrets)
	f := r.refused(q, m)
	if f == nil && (r.cut || read(decode(r.body), r, m) != nil) {
		f = r.refusal(q, m)
		f.Problem = missing
	}
	if f != nil && f.Sent {
		f.Sent = false
		if f.Kind == tokens.FailedTransport && q.left != "" {
			f.Problem = q.left + ": " + f.Problem
		}
	}
	return r.head(m), f
}
