package salesforce

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"orgkeep/tokens"
)

// Where the browser comes back to unless the user says otherwise: the callback
// of the Salesforce CLI, which its app PlatformCLI lists.
const (
	DefaultPort     = 1717
	DefaultCallback = "/OauthRedirect"
)

// ErrPort marks a callback port that another program has.
var ErrPort = errors.New("the port is taken")

// ErrState marks a callback that belongs to another sign-in.
var ErrState = errors.New("the state is another one")

// Callback listens for the browser's return, on this machine's loopback
// addresses alone. Salesforce compares the URL to the letter, so the port is
// fixed and the host is "localhost". It is safe for concurrent use.
type Callback struct {
	port      int
	path      string
	listeners []net.Listener
	server    *http.Server
	judge     func(url.Values) error
	came      chan url.Values
	strange   chan struct{}
	strayed   atomic.Bool
}

// Listen takes the port on 127.0.0.1 and, where there is one, on ::1: browsers
// try either for "localhost". Port 0 takes any that is free. Nothing is answered
// before Serve. The error is a *tokens.Failure, and wraps ErrPort where another
// program has the port.
func Listen(ctx context.Context, port int, path string) (*Callback, error) {
	c := &Callback{
		port: port, path: "/" + strings.TrimPrefix(path, "/"),
		came: make(chan url.Values, 1), strange: make(chan struct{}, 1),
	}
	var config net.ListenConfig
	first, err := config.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, portFailure(ctx, port, err)
	}
	if address, ok := first.Addr().(*net.TCPAddr); ok { // a TCP listener has no other
		c.port = address.Port
	}
	c.listeners = []net.Listener{first}
	second, err := config.Listen(ctx, "tcp6", net.JoinHostPort("::1", strconv.Itoa(c.port)))
	switch {
	case err == nil:
		c.listeners = append(c.listeners, second)
	case errors.Is(err, errInUse) && port != 0: // any other error is of a machine without IPv6
		_ = first.Close()
		return nil, portFailure(ctx, port, err)
	}
	c.server = &http.Server{
		Handler: http.HandlerFunc(c.serve), ReadHeaderTimeout: callbackLimit, ReadTimeout: callbackLimit, WriteTimeout: callbackLimit,
		MaxHeaderBytes: callbackHeader,
	}
	return c, nil
}

// Serve begins to answer the browser. Each query that comes to the callback is
// given to judge, and the page that the browser shows says what that returned.
func (c *Callback) Serve(judge func(url.Values) error) {
	c.judge = judge
	for _, l := range c.listeners {
		go func() { _ = c.server.Serve(l) }()
	}
}

const (
	callbackLimit  = 20 * time.Second
	callbackHeader = 64 << 10 // bytes
)

// portFailure words an error of listening; for a port that somebody has, with
// who that is.
func portFailure(ctx context.Context, port int, err error) error {
	if !errors.Is(err, errInUse) {
		return notSignedIn(problemNoListen+": "+tokens.Clean(innermost(err)), err)
	}
	words := fmt.Sprintf("%s: port %d", problemPort, port)
	if owner := portOwner(ctx, port); owner != "" {
		words += ", which " + tokens.Clean(owner) + " has"
	}
	return notSignedIn(words, ErrPort)
}

// Port is the port that was taken; another one than was asked for only where
// that was 0.
func (c *Callback) Port() int { return c.port }

// URL is the callback URL as the app has to list it.
func (c *Callback) URL() string {
	return "http://" + net.JoinHostPort("localhost", strconv.Itoa(c.port)) + c.path
}

// Wait returns the query that judge has let pass, or the error of ctx.
func (c *Callback) Wait(ctx context.Context) (url.Values, error) {
	select {
	case query := <-c.came:
		return query, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Strange has an item when a callback of another sign-in has come, which nothing
// was taken from.
func (c *Callback) Strange() <-chan struct{} { return c.strange }

// Strayed reports whether a callback of another sign-in has come.
func (c *Callback) Strayed() bool { return c.strayed.Load() }

// Close gives the port back. A page that is being sent is finished first, within
// a second.
func (c *Callback) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if c.server.Shutdown(ctx) != nil {
		_ = c.server.Close()
	}
	for _, l := range c.listeners { // that Serve was not called for
		_ = l.Close()
	}
}

// serve answers the browser. Whatever comes to another path or by another method
// is no callback; the preflight is what Chromium sends before a page of the
// network may lead to this machine.
func (c *Callback) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.Header().Set("Connection", "close")
	switch {
	case r.Method == http.MethodOptions && r.URL.Path == c.path:
		w.Header().Set("Access-Control-Allow-Private-Network", "true")
		w.Header().Set("Access-Control-Allow-Methods", http.MethodGet)
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Path != c.path:
		http.NotFound(w, r)
	case r.Method != http.MethodGet:
		http.Error(w, "the callback is a GET", http.StatusMethodNotAllowed)
	default:
		c.answer(w, r.URL.Query())
	}
}

// answer judges a callback and tells the browser. A callback of another sign-in
// is told so, and the right one is waited for all the same.
func (c *Callback) answer(w http.ResponseWriter, query url.Values) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if !query.Has("state") && !query.Has("code") && !query.Has("error") {
		// What stands behind the hash the browser keeps to itself; Salesforce's
		// documents have errors there.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src '"+unhashSum+"'")
		_, _ = io.WriteString(w, page("This is no answer of a sign-in", "If this page stays, copy its whole address and paste it into orgkeep.")+
			"<script>"+unhash+"</script>")
		return
	}
	err := c.judge(query)
	if errors.Is(err, ErrState) {
		c.strayed.Store(true)
		select {
		case c.strange <- struct{}{}:
		default:
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, page("This is not the sign-in that orgkeep waits for", "Nothing was taken from it. Go back to orgkeep, and use the address it shows."))
		return
	}
	select {
	case c.came <- query:
	default: // a page that was loaded twice
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, page("The sign-in has failed", tokens.Clean(err.Error())))
		_, _ = io.WriteString(w, "<p>orgkeep says what to do; this window can be closed.</p>")
		return
	}
	_, _ = io.WriteString(w, page("Back to orgkeep", "The browser has done its part. orgkeep fetches the tokens now and says how it ends; this window can be closed."))
}

// unhash loads the page again with what stands behind the hash as its query. The
// page may run this script and no other: unhashSum is its digest.
const unhash = `if(location.hash.length>1)location.replace(location.pathname+"?"+location.hash.slice(1))`

var unhashSum = func() string {
	sum := sha256.Sum256([]byte(unhash))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}()

// page is what the browser shows at the end. It loads nothing.
func page(title, text string) string {
	return `<!doctype html><html lang="en"><meta charset="utf-8"><title>orgkeep</title>` +
		`<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em;color-scheme:light dark}</style>` +
		`<h1>` + html.EscapeString(title) + `</h1><p>` + html.EscapeString(text) + `</p>`
}
