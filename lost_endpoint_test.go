package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"orgkeep/keychain/keychaintest"
	"orgkeep/tokens"
)

// rotator is a token endpoint that gives out a new refresh token each time and
// revokes a login whose old refresh token comes again, as Salesforce does.
type rotator struct {
	*httptest.Server

	mu       sync.Mutex
	granted  map[string]*granted // by every refresh token ever given out
	requests int
	revoked  int
	meets    func(*granted) // a request, before it is carried out; may wait
}

// granted is one login at the endpoint.
type granted struct {
	login

	base    login
	count   int
	revoked bool
}

func startRotator(t testing.TB) *rotator {
	t.Helper()
	r := &rotator{granted: map[string]*granted{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		token := request.FormValue("refresh_token")
		r.mu.Lock()
		r.requests++
		g, meets := r.granted[token], r.meets
		r.mu.Unlock()
		if meets != nil {
			meets(g)
		}
		a := r.answer(t, token)
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.body))
	}))
	t.Cleanup(r.Close)
	return r
}

// grant makes the n-th login; where again is not 0 it signs in anew, with tokens
// of its own for each number.
func (r *rotator) grant(t testing.TB, n, again int) *granted {
	t.Helper()
	g := &granted{base: newLogin(t, n, r.URL)}
	g.base.access += fmt.Sprintf(".%d", again)
	g.base.refresh += fmt.Sprintf(".%d", again)
	g.login = g.base
	r.mu.Lock()
	defer r.mu.Unlock()
	if again > 0 { // later than all that came before
		g.issued = time.Now().UTC().Truncate(time.Millisecond)
	}
	r.granted[g.refresh] = g
	return g
}

// answer carries a refresh out.
func (r *rotator) answer(t testing.TB, token string) answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.granted[token]
	switch {
	case g == nil:
		return grantExpired
	case g.revoked || token != g.refresh:
		if !g.revoked {
			r.revoked++
		}
		g.revoked = true
		return grantExpired
	}
	g.count++
	g.access = fmt.Sprintf("%s.%d", g.base.access, g.count)
	g.refresh = fmt.Sprintf("%s.%d", g.base.refresh, g.count)
	g.issued = time.Now().UTC().Truncate(time.Millisecond)
	r.granted[g.refresh] = g
	return answer{http.StatusOK, g.json(t, true)}
}

// current is the refresh token that the endpoint would take.
func (r *rotator) current(g *granted) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return g.refresh
}

// sent returns how many requests have come, and how many logins were revoked.
func (r *rotator) sent() (requests, revoked int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests, r.revoked
}

// meet sets what a request meets before it is carried out.
func (r *rotator) meet(meets func(*granted)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.meets = meets
}

// inKeychain reads what the keychain has of every login, by the org id, past
// the program.
func inKeychain(t testing.TB, service *keychaintest.Service) map[string]tokens.Secrets {
	t.Helper()
	found := map[string]tokens.Secrets{}
	for _, value := range service.Values(t, "orgkeep") {
		s, err := tokens.ParseSecrets(value)
		if err != nil {
			t.Fatal(err)
		}
		org, _, err := tokens.ParseIdentityURL(s.ID)
		if err != nil {
			t.Fatal(err)
		}
		found[org] = s
	}
	return found
}
