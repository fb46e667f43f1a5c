package keeper_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

// endpoint is a token endpoint that rotates refresh tokens and revokes a login
// whose old refresh token is sent again, as Salesforce does.
type endpoint struct {
	*httptest.Server

	mu       sync.Mutex
	logins   map[string]*login // by every refresh token ever given out
	posts    int
	busy     int
	busiest  int
	behave   func(n int, w http.ResponseWriter, answer func()) // of POST n; nil: answer
	accessOK bool
	revoked  []string // the tokens of the requests to revoke
	keeps    bool     // whether those are refused
	id       string   // whose login an answer says it is; empty: it does not say
}

type login struct {
	name    string
	current string
	count   int
	rotates bool
	revoked bool
}

func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{logins: map[string]*login{}, accessOK: true}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /services/oauth2/token", e.token)
	mux.HandleFunc("/services/oauth2/userinfo", e.userinfo)
	mux.HandleFunc("POST /services/oauth2/revoke", e.revoke)
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	return e
}

// grant makes a login and returns its first refresh token.
func (e *endpoint) grant(name string, rotates bool) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := &login{name: name, rotates: rotates, current: name + ".refresh.0"}
	e.logins[l.current] = l
	return l.current
}

// current returns the refresh token of a login that is valid now.
func (e *endpoint) current(first string) (token string, revoked bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.logins[first]
	return l.current, l.revoked
}

// does sets how the endpoint behaves at POST n; nil: it answers.
func (e *endpoint) does(behave func(n int, w http.ResponseWriter, answer func())) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.behave = behave
}

func (e *endpoint) sent() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.posts
}

func (e *endpoint) token(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	e.posts++
	n := e.posts
	e.busy++
	e.busiest = max(e.busiest, e.busy)
	behave := e.behave
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		e.busy--
		e.mu.Unlock()
	}()
	token := r.FormValue("refresh_token")
	if behave == nil {
		e.answer(w, token)
		return
	}
	behave(n, w, func() { e.answer(w, token) })
}

// answer carries the refresh out and writes the answer.
func (e *endpoint) answer(w http.ResponseWriter, token string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.logins[token]
	if l == nil || l.revoked || token != l.current {
		if l != nil && l.rotates {
			l.revoked = true
		}
		refuse(w, "expired access/refresh token")
		return
	}
	l.count++
	body := map[string]string{
		"access_token": fmt.Sprintf("00Dxx!%s.access.%d", l.name, l.count),
		"instance_url": e.URL, "token_type": "Bearer",
		"issued_at": strconv.FormatInt(time.Date(2026, 11, 23, 9, 0, l.count, 0, time.UTC).UnixMilli(), 10),
	}
	if e.id != "" {
		body["id"] = e.id
	}
	if l.rotates {
		l.current = fmt.Sprintf("%s.refresh.%d", l.name, l.count)
		e.logins[l.current] = l
		body["refresh_token"] = l.current
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

// revoke ends a login by its present refresh token, and takes an access token.
func (e *endpoint) revoke(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	token := r.FormValue("token")
	e.revoked = append(e.revoked, token)
	if e.keeps {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"unsupported_token_type","error_description":"this token type is not supported"}`))
		return
	}
	if l := e.logins[token]; l != nil && l.current == token {
		l.revoked = true
	}
}

func (e *endpoint) userinfo(w http.ResponseWriter, _ *http.Request) {
	if !e.accessOK {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("Bad_OAuth_Token"))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"user_id":"005410000031xAAAAY","organization_id":"00D41000000F8A0EAK","preferred_username":"ada@acme.example"}`))
}

// refuse answers with invalid_grant.
func refuse(w http.ResponseWriter, description string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_grant", "error_description": description})
}

// hangUp ends the connection without an answer.
func hangUp(http.ResponseWriter, func()) { panic(http.ErrAbortHandler) }

// discard is a ResponseWriter for answers that never leave.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
