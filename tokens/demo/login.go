package demo

import (
	"context"
	"sync"
	"time"

	"orgkeep/tokens"
)

// sessionTimeout is the life of an opaque access token where nobody set
// another: Salesforce's default.
const sessionTimeout = 2 * time.Hour

// login is one user's approval of one app as the endpoint knows it.
type login struct {
	role          role
	org           tokens.Org
	latency       time.Duration
	signingSecret string
	clientSecret  string // empty for a public client

	// Under the endpoint's lock:
	refresh   string // the refresh token that counts
	issued    int    // access tokens
	rotations int
	busy      bool // a refresh is being answered
	revoked   bool
}

func (l *login) identityURL() string {
	host := "https://login.salesforce.com"
	switch tokens.TypeOf(l.org.InstanceURL) {
	case tokens.Sandbox, tokens.Scratch:
		host = "https://test.salesforce.com"
	default:
	}
	return host + "/id/" + l.org.OrgID + "/" + l.org.UserID
}

// session is what stands behind an access token.
type session struct {
	login *login
	ends  time.Time
}

// endpoint is the state of the demo's Salesforce.
type endpoint struct {
	clock  tokens.Clock
	source source
	wait   func(context.Context, time.Duration) bool

	mu        sync.Mutex
	down      bool // everything
	westDown  bool // the instance of the outage scenario
	slow      bool
	busyAsked int // requests to the busy host
	byKey     map[tokens.Key]*login
	byRefresh map[string]*login // rotated-out refresh tokens too
	byAccess  map[string]session
	clients   map[string]bool // the ids of the apps that exist
}

func newEndpoint(clock tokens.Clock, values source) *endpoint {
	return &endpoint{
		clock: clock, source: values, wait: wait,
		byKey: map[tokens.Key]*login{}, byRefresh: map[string]*login{}, byAccess: map[string]session{}, clients: map[string]bool{},
	}
}

// begin finds the login that a refresh is for and holds it until end is called.
func (e *endpoint) begin(refreshToken, clientID, clientSecret string) (*login, *refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.byRefresh[refreshToken]
	switch own := l != nil && l.role.app.id == clientID; {
	case !own && !e.clients[clientID]:
		return nil, unknownClient
	case !own:
		return nil, grantExpired
	case l.clientSecret != clientSecret:
		return nil, badCredentials
	case l.busy:
		return nil, alreadyProcessed
	}
	l.busy = true
	return l, nil
}

func (e *endpoint) end(l *login) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l.busy = false
}

// refreshed gives the answer to a refresh: new tokens or a refusal. A refresh
// token that was rotated out ends the login, as Salesforce's reuse detection
// does.
func (e *endpoint) refreshed(l *login, refreshToken, host string) (grant, *refusal, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if refused := e.disturbed(l, host); refused != nil {
		return grant{}, refused, nil
	}
	switch {
	case l.role.refusal != nil:
		return grant{}, l.role.refusal, nil
	case l.refresh != refreshToken:
		l.revoked = true
	}
	if l.revoked {
		return grant{}, grantExpired, nil
	}
	g, err := e.issue(l, e.clock.Now())
	if err != nil {
		return grant{}, nil, err
	}
	if l.role.rotates {
		l.rotations++
		l.refresh = e.source.refreshToken(l.role.alias, l.rotations)
		e.byRefresh[l.refresh] = l
		g.RefreshToken = l.refresh
	}
	return g, nil, nil
}

// alive returns the login behind an access token that can still be used.
func (e *endpoint) alive(accessToken string) (*login, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, known := e.byAccess[accessToken]
	if !known || s.login.revoked || !e.clock.Now().Before(s.ends) {
		return nil, false
	}
	return s.login, true
}
