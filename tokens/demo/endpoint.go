package demo

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// grant is a successful answer, with the fields that Salesforce's has.
type grant struct {
	AccessToken    string `json:"access_token"`
	RefreshToken   string `json:"refresh_token,omitempty"`
	Signature      string `json:"signature"`
	Scope          string `json:"scope"`
	InstanceURL    string `json:"instance_url"`
	APIInstanceURL string `json:"api_instance_url,omitempty"`
	ID             string `json:"id"`
	TokenType      string `json:"token_type"`
	TokenFormat    string `json:"token_format,omitempty"`
	IssuedAt       string `json:"issued_at"`
}

// Refusals of requests that a correct client does not send, or not twice at a
// time.
var (
	alreadyProcessed = &refusal{status: http.StatusBadRequest, code: "invalid_grant", description: "token request is already being processed"}
	badCredentials   = &refusal{status: http.StatusBadRequest, code: "invalid_client", description: "invalid client credentials"}
	badGrantType     = &refusal{status: http.StatusBadRequest, code: "unsupported_grant_type", description: "grant type not supported"}
	notPost          = &refusal{status: http.StatusBadRequest, code: "invalid_request", description: "must use HTTP POST"}
	// RFC 6749 section 5.2 gives the code; the words are not Salesforce's.
	malformed = &refusal{status: http.StatusBadRequest, code: "invalid_request", description: "malformed request"}
)

// ServeHTTP answers for every host: the orgs' own and the shared login hosts.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The demo's time, or orgkeep would warn that this machine's clock is off.
	w.Header().Set("Date", e.clock.Now().UTC().Format(http.TimeFormat))
	switch r.URL.Path {
	case "/services/oauth2/token":
		e.serveToken(w, r)
	case "/services/oauth2/revoke":
		e.serveRevoke(w, r)
	default:
		e.serveHost(w, r)
	}
}

// serveHost answers what is asked of one host, unless that is down.
func (e *endpoint) serveHost(w http.ResponseWriter, r *http.Request) {
	switch {
	case e.hostDown(r.Host):
		maintenance.write(w)
	case r.URL.Path == "/services/oauth2/userinfo":
		e.serveUserinfo(w, r)
	case !e.serveOnline(w, r):
		http.NotFound(w, r)
	}
}

// serveToken is the token endpoint (RFC 6749 section 3.2) for refreshes.
func (e *endpoint) serveToken(w http.ResponseWriter, r *http.Request) {
	form, refused := readForm(w, r)
	if refused != nil {
		refused.write(w)
		return
	}
	l, refused := e.begin(form.refreshToken, form.clientID, form.clientSecret)
	if refused != nil {
		refused.write(w)
		return
	}
	defer e.end(l)
	if !e.wait(r.Context(), e.latency(l)) {
		// The client has gone or the demo ends; an empty 200 would be a lie.
		panic(http.ErrAbortHandler)
	}
	g, refused, err := e.refreshed(l, form.refreshToken, r.Host)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case refused != nil:
		refused.write(w)
	default:
		writeJSON(w, g)
	}
}

type refreshForm struct{ refreshToken, clientID, clientSecret string }

const formLimit = 64 << 10 // bytes

// readForm reads a refresh request: a form in the body of a POST. The query is
// not looked at, since secrets do not belong there (RFC 6749 section 2.3.1).
func readForm(w http.ResponseWriter, r *http.Request) (refreshForm, *refusal) {
	if r.Method != http.MethodPost {
		return refreshForm{}, notPost
	}
	// A body in another form has no grant type as far as the endpoint can see.
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return refreshForm{}, badGrantType
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, formLimit))
	if err != nil {
		return refreshForm{}, malformed
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return refreshForm{}, malformed
	}
	for _, all := range values {
		if len(all) > 1 { // RFC 6749 section 3.2: not more than once
			return refreshForm{}, malformed
		}
	}
	if grantType := values.Get("grant_type"); grantType != "refresh_token" && grantType != "hybrid_refresh" {
		return refreshForm{}, badGrantType
	}
	form := refreshForm{values.Get("refresh_token"), values.Get("client_id"), values.Get("client_secret")}
	if id, secret, basic := r.BasicAuth(); basic {
		form.clientID, form.clientSecret = id, secret
	}
	if form.refreshToken == "" {
		return refreshForm{}, malformed
	}
	return form, nil
}

// slowness is how many times as long a slow network takes.
const slowness = 8

func (e *endpoint) latency(l *login) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.slow {
		return slowness * l.latency
	}
	return l.latency
}

// wait reports whether the whole time passed before the context ended.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// serveUserinfo tells who an access token belongs to. Salesforce refuses a dead
// one with 403 and a plain word, not with JSON.
func (e *endpoint) serveUserinfo(w http.ResponseWriter, r *http.Request) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	l, alive := e.alive(token)
	if !strings.EqualFold(scheme, "Bearer") || !alive {
		w.Header().Set("Content-Type", "text/plain;charset=UTF-8")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "Bad_OAuth_Token")
		return
	}
	name, _, _ := strings.Cut(l.org.Username, "@")
	writeJSON(w, map[string]any{
		"sub": l.identityURL(), "user_id": l.org.UserID, "organization_id": l.org.OrgID,
		"preferred_username": l.org.Username, "nickname": name, "name": name, "email": l.org.Username, "email_verified": true,
		"zoneinfo": "GMT", "active": true, "user_type": "STANDARD", "language": "en_US", "locale": "en_US",
	})
}

func (f *refusal) contentType() string {
	if f.page != "" {
		return "text/html;charset=UTF-8"
	}
	return jsonType
}

// body is the text of the answer. A code and its description always make JSON.
func (f *refusal) body() string {
	if f.page != "" {
		return f.page
	}
	return `{"error":` + strconv.Quote(f.code) + `,"error_description":` + strconv.Quote(f.description) + `}`
}

func (f *refusal) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.contentType())
	w.Header().Set("Cache-Control", "no-store")
	if f.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.retryAfter))
	}
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, f.body()) //nolint:gosec // a refusal is one of a few fixed texts
}

const jsonType = "application/json;charset=UTF-8"

func writeJSON(w http.ResponseWriter, answer any) {
	text, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(text)
}
