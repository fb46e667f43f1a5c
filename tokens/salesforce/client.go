// Package salesforce is the wire: it asks Salesforce's OAuth endpoints, tells
// answers from failures, and knows what a failure means for the person in front
// of it.
package salesforce

import (
	"crypto/tls"
	"net/http"
	"time"

	"orgkeep/tokens"
)

// Options are what a Client can be given; the zero value of each field stands
// for what its comment says.
type Options struct {
	// Transport carries the requests: nil for the Client's own, which verifies
	// TLS, obeys HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and speaks HTTP/2. A
	// transport given here must not follow redirects or send a request twice.
	Transport http.RoundTripper
	// TLS is what the Client's own transport begins with (extra CAs, client
	// certificates; see TLSConfig); nil for the system's trust. It is copied.
	TLS *tls.Config
	// Connect limits resolving, connecting and the TLS handshake together; 10 s.
	Connect time.Duration
	// Whole limits a request from its beginning to the last byte of the answer; 30 s.
	Whole time.Duration
	// UserAgent is sent with every request; "orgkeep".
	UserAgent string
	// Clock measures latencies; the machine's.
	Clock tokens.Clock
}

// Client asks Salesforce's OAuth endpoints. It is safe for concurrent use, and
// shares connections between orgs of one host.
type Client struct {
	transport http.RoundTripper
	connect   time.Duration
	whole     time.Duration
	userAgent string
	clock     tokens.Clock
}

// New returns a Client. It opens no connection.
func New(o Options) *Client {
	c := &Client{
		transport: o.Transport,
		connect:   o.Connect,
		whole:     o.Whole,
		userAgent: o.UserAgent,
		clock:     o.Clock,
	}
	if c.connect <= 0 {
		c.connect = 10 * time.Second
	}
	if c.whole <= 0 {
		c.whole = 30 * time.Second
	}
	if c.userAgent == "" {
		c.userAgent = "orgkeep"
	}
	if c.clock == nil {
		c.clock = tokens.SystemClock()
	}
	if c.transport == nil {
		c.transport = newTransport(o.TLS, c.connect)
	}
	return c
}

const (
	// idleLimit is shorter than the keep-alive time of common servers (Apache's
	// is 5 s), so that a connection is seldom closed from afar just as a refresh
	// token leaves on it. It still serves a run over many orgs of one host.
	idleLimit = 3 * time.Second
	// idlePerHost is how many connections rest at one host.
	idlePerHost = 4
	headerLimit = 256 << 10 // bytes
)

func newTransport(base *tls.Config, connect time.Duration) *http.Transport {
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer{connect}.dial,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    connect,
		IdleConnTimeout:        idleLimit,
		MaxIdleConnsPerHost:    idlePerHost,
		MaxResponseHeaderBytes: headerLimit,
		OnProxyConnectResponse: checkProxy,
	}
	if base != nil {
		t.TLSClientConfig = base.Clone()
	}
	return t
}

// CloseIdle closes the connections that no request is using.
func (c *Client) CloseIdle() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
