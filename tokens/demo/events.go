package demo

import (
	"fmt"
	"net/http"
	"strings"

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

// Reuse lets another program refresh a login and keep what came. Where tokens
// rotate, which it reports, the refresh token that is saved here is used up then,
// and to send it again ends the login. refused is not empty where the endpoint
// refuses the other program as it would refuse this one, or where there is no such
// login or no refresh token of it: it says why, and nothing has changed.
func (d *Demo) Reuse(key tokens.Key) (rotates bool, refused string) {
	refused = "there is no refresh token"
	d.endpoint.change(key, func(l *login) {
		if l.role.noRefresh {
			return
		}
		if r := d.endpoint.refusesOthers(l); r != nil {
			refused = r.words()
			return
		}
		d.endpoint.usedElsewhere(l)
		rotates, refused = l.role.rotates, ""
	})
	return rotates, refused
}

// refusesOthers is the refusal of another program's refresh; nil where it gets
// its tokens. Its requests do not count for the host that asks for patience.
func (e *endpoint) refusesOthers(l *login) *refusal {
	switch {
	case l.busy:
		return alreadyProcessed
	case e.isDown(l):
		return maintenance
	case l.role.refusal != nil:
		return l.role.refusal
	case l.revoked:
		return grantExpired
	}
	return nil
}

// words are the refusal in short.
func (f *refusal) words() string {
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", f.status, f.code))
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

// isDown reports whether the instance of a login is down for maintenance.
func (e *endpoint) isDown(l *login) bool { return e.down || e.westDown && l.role.west }

// hostDown reports whether a host is down for maintenance: all are, or it is that
// of a login whose instance is.
func (e *endpoint) hostDown(host string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.down {
		return true
	}
	for _, l := range e.byKey {
		if at := "https://" + host; e.isDown(l) && (l.org.InstanceURL == at || l.org.LoginHost() == at) {
			return true
		}
	}
	return false
}

// disturbed is the refusal that is for everybody of a host or instance now; nil
// when there is none.
func (e *endpoint) disturbed(l *login, host string) *refusal {
	switch {
	case e.isDown(l):
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
