package keeper

import (
	"net/http"
	"sync"
	"time"

	"orgkeep/tokens"
)

// hosts remembers which login hosts have asked for patience, so that the orgs of
// such a host wait and those of the others go on.
type hosts struct {
	mu     sync.Mutex
	paused map[string]hostPause
}

type hostPause struct {
	wait  time.Duration
	since func() time.Duration
	cause *tokens.Failure
}

func newHosts() *hosts { return &hosts{paused: map[string]hostPause{}} }

// pause holds the orgs of a host back for as long as an answer asks for.
func (h *hosts) pause(host string, wait time.Duration, since func() time.Duration, cause *tokens.Failure) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.paused[host] = hostPause{wait: wait, since: since, cause: cause}
}

// left is how long the host is still paused, and the answer that asked for it.
func (h *hosts) left(host string) (time.Duration, *tokens.Failure) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, paused := h.paused[host]
	if !paused {
		return 0, nil
	}
	left := p.wait - p.since()
	if left <= 0 {
		delete(h.paused, host)
		return 0, nil
	}
	return left, p.cause
}

// loginWindow is how long Salesforce counts logins for: 3,600 an hour for one
// user (help article 000381578).
const loginWindow = time.Hour

// patience is how long an answer asks for patience with the whole host; zero
// where it does not.
func patience(f *tokens.Failure, pause time.Duration) time.Duration {
	switch {
	case f.Code == "rate_limit_exceeded" && f.RetryAfter > 0:
		return f.RetryAfter
	case f.Code == "rate_limit_exceeded":
		return loginWindow
	case f.HTTPStatus == http.StatusTooManyRequests:
		return max(f.RetryAfter, pause)
	}
	return 0
}
