package demo

import "net/http"

// unknownToken is the refusal of a token that cannot be revoked: none of the
// demo's, or one that is over already. The code is Salesforce's.
var unknownToken = &refusal{status: http.StatusBadRequest, code: "invalid_token", description: "invalid token"}

// serveRevoke ends a token (RFC 7009 section 2): a refresh token with all its
// access tokens, an access token alone. Salesforce answers with an empty 200.
func (e *endpoint) serveRevoke(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if r.Method != http.MethodPost || r.ParseForm() != nil {
		malformed.write(w)
		return
	}
	if refused := e.revoke(r.PostForm.Get("token")); refused != nil {
		refused.write(w)
	}
}

// revoke returns the refusal; nil where the token is over from now on.
func (e *endpoint) revoke(token string) *refusal {
	e.mu.Lock()
	defer e.mu.Unlock()
	l, known := e.byRefresh[token]
	s, isAccess := e.byAccess[token]
	switch {
	case e.down, known && e.isDown(l), isAccess && e.isDown(s.login):
		return maintenance
	case known && l.refresh == token && !l.revoked:
		l.revoked = true
		return nil
	case isAccess && !s.login.revoked && e.clock.Now().Before(s.ends):
		delete(e.byAccess, token)
		return nil
	}
	return unknownToken
}
