package salesforce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"orgkeep/tokens"
)

// question is one request to an endpoint.
type question struct {
	host    string // scheme and host, checked
	path    string
	form    url.Values    // nil for a GET
	bearer  tokens.Secret // for the Authorization header
	secrets []tokens.Secret
	aside   bool   // no refresh: no refresh token is at stake
	left    string // what to say of a question that left and had no whole answer
	step    func(tokens.Step)
}

// reply is what came back: an answer of any status, whole or cut, or the error
// that stood in its place.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	cut     bool  // the body went on beyond bodyLimit
	broken  error // the body broke off
	err     error // no answer at all
	phase   phase
	sent    bool // the body of the request, and the secrets in it, began to leave
	latency Latency
}

// ask sends the question and reads the answer.
//
// It re-sends only what cannot have left. Request.GetBody is not set, because
// with it net/http's HTTP/2 sends a body again after a PROTOCOL_ERROR reset,
// which a gateway also sends when it could not read an answer: the refresh may
// have been carried out, and the same token sent twice makes Salesforce end the
// login. Without it, net/http re-sends a POST only before it read the body
// (Transport.roundTrip, shouldRetryRequest, rewindBody); the case it then
// leaves out, a kept connection that the server had closed, is the loop here.
func (c *Client) ask(ctx context.Context, q question) reply {
	if ctx.Err() != nil {
		return reply{err: context.Cause(ctx)}
	}
	t, own := c.begin(ctx, q.step)
	r := c.attempts(ctx, own, t, q)
	r.latency = t.end()
	return r
}

func (c *Client) attempts(ctx, own context.Context, t *trip, q question) reply {
	for attempt := 0; ; attempt++ {
		res, err := c.send(own, t, q, attempt) //nolint:bodyclose // readBody closes it
		if err == nil {
			t.enter(reading)
			r := reply{status: res.StatusCode, header: res.Header, sent: q.form != nil}
			r.body, r.cut, r.broken = readBody(res)
			if r.broken != nil && own.Err() != nil {
				r.broken = context.Cause(own)
			}
			r.phase = t.phase()
			return r
		}
		r := reply{err: err, phase: t.phase(), sent: t.gate.failed(connectionProblem(err) != "")}
		switch {
		case ctx.Err() != nil && !r.sent:
			r.err = context.Cause(ctx)
			return r
		case own.Err() != nil:
			r.err = context.Cause(own)
			return r
		case r.sent || !t.kept() || attempt > idlePerHost:
			return r
		}
		t.again()
	}
}

// kept reports whether the latest attempt went over a connection that had been
// kept from an earlier request.
func (t *trip) kept() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reused
}

// send makes one attempt. It goes through a RoundTripper and no http.Client,
// which would follow redirects and name the URL in its errors.
func (c *Client) send(ctx context.Context, t *trip, q question, attempt int) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, q.host+q.path, nil)
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	if q.form != nil {
		form := q.form.Encode()
		req.Method = http.MethodPost
		req.ContentLength = int64(len(form))
		req.Body = &body{gate: &t.gate, attempt: attempt, rest: strings.NewReader(form)}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if !q.bearer.IsZero() {
		req.Header.Set("Authorization", "Bearer "+q.bearer.Reveal())
	}
	req.Header.Set("Accept", "application/json")
	// Asked for here, it is unpacked here: net/http would not tell a body that broke
	// off from one that was packed badly.
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("User-Agent", c.userAgent)
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, err //nolint:wrapcheck // worded, not wrapped, by problem
	}
	return res, nil
}

// failure words a reply without an answer.
func (r reply) failure(q question, m mask) *tokens.Failure {
	f := tokens.Failure{
		Kind: tokens.FailedTransport, Phase: r.phase.String(), Sent: r.sent, Aside: q.aside,
		Host: hostOf(q.host), Problem: m.line(problem(r.err, r.phase)),
	}
	cancelled := errors.Is(r.err, context.Canceled) || errors.Is(r.err, context.DeadlineExceeded)
	if cancelled && !r.sent {
		f.Kind = tokens.FailedCancelled
		f.Problem = problemCancelled
		if q.aside {
			f.Problem = problemCalledOff
		}
		return f.WithCause(r.err)
	}
	if errors.Is(r.err, errConnectTime) || errors.Is(r.err, errWholeTime) {
		return f.WithCause(context.DeadlineExceeded)
	}
	return &f
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return tokens.Clean(u.Host)
}

// refuse is the failure of a request that was not made.
func refuse(words string, cause error) *tokens.Failure {
	return tokens.Failure{Kind: tokens.FailedLocal, Problem: words}.WithCause(cause)
}

// date reads the Date header; zero when there is none.
func (r reply) date() time.Time {
	t, err := http.ParseTime(r.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// requestID is the ids that the answer has, each once: the host's and that of a
// gateway before it can differ.
func (r reply) requestID() string {
	var ids []string
	for _, name := range []string{"X-Request-Id", "X-Sfdc-Request-Id", "X-Correlation-Id"} {
		if id := r.header.Get(name); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, ", ")
}
