package demo

import (
	"net/http"

	"orgkeep/tokens"
)

// tooMany is the answer of a host that asks for patience (RFC 6585 section 4).
// Its words are a gateway's: Salesforce's own for it are not known.
var tooMany = &refusal{
	status:     http.StatusTooManyRequests,
	page:       "<html><head><title>Too Many Requests</title></head><body><h1>Too Many Requests</h1></body></html>\n",
	retryAfter: 5,
}

// SetOutage takes the whole endpoint down for maintenance, or brings it back,
// that of the outage scenario too.
func (d *Demo) SetOutage(down bool) {
	d.endpoint.mu.Lock()
	defer d.endpoint.mu.Unlock()
	d.endpoint.down, d.endpoint.westDown = down, down
}

// Outage reports whether some or all of the endpoint is down.
func (d *Demo) Outage() bool {
	d.endpoint.mu.Lock()
	defer d.endpoint.mu.Unlock()
	return d.endpoint.down || d.endpoint.westDown
}

// SetSlow makes every answer take eight times as long, or the usual time again.
func (d *Demo) SetSlow(slow bool) {
	d.endpoint.mu.Lock()
	defer d.endpoint.mu.Unlock()
	d.endpoint.slow = slow
}

// Slow reports whether answers take longer than usual.
func (d *Demo) Slow() bool {
	d.endpoint.mu.Lock()
	defer d.endpoint.mu.Unlock()
	return d.endpoint.slow
}

// Revoke ends a login, as an admin does in the org's setup: its next refresh is
// refused. It reports whether there is such a login.
func (d *Demo) Revoke(key tokens.Key) bool {
	return d.endpoint.change(key, func(l *login) { l.revoked = true })
}

// Reuse lets another program refresh a login and keep what came: the refresh
// token that is saved here is used up then, and to send it again ends the login
// where tokens rotate. It reports whether there is such a login.
func (d *Demo) Reuse(key tokens.Key) bool {
	return d.endpoint.change(key, func(l *login) { d.endpoint.usedElsewhere(l) })
}

// change does something to a login, under the lock.
func (e *endpoint) change(key tokens.Key, do func(*login)) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.byKey[key]
	if l != nil {
		do(l)
	}
	return l != nil
}

// usedElsewhere gives the login a refresh token that only somebody else has. A
// login that does not rotate goes on.
func (e *endpoint) usedElsewhere(l *login) {
	if !l.role.rotates {
		return
	}
	l.rotations++
	l.refresh = e.source.refreshToken(l.role.alias, l.rotations)
	e.byRefresh[l.refresh] = l
}

// disturbed is the refusal that is for everybody of a host or instance now; nil
// when there is none.
func (e *endpoint) disturbed(l *login, host string) *refusal {
	switch {
	case e.down, e.westDown && l.role.west:
		return maintenance
	case host != busyHost:
		return nil
	}
	e.busyAsked++
	if e.busyAsked == patienceAt {
		return tooMany
	}
	return nil
}

const (
	busyHost   = "login.busy.example"
	patienceAt = 3 // the request to the busy host that is one too many
)
