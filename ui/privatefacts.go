package ui

import "strings"

// tellsNobody are the facts of an online answer, and the claims of a JWT, that
// name no person, org or app, and so are shown in private mode. What is not here
// is hidden, since an answer may name somebody in any other fact.
var tellsNobody = map[string]bool{
	"active": true, "expires_at": true, "issued_at": true, "not_before": true, "scopes": true, "token_type": true,
	"newest": true, "edition": true, "kind": true, "is_sandbox": true, "trial_ends_at": true, "api_calls": true,
	"signature": true, "published_keys": true,
	"alg": true, "typ": true, "tty": true, "ver": true, "exp": true, "iat": true, "nbf": true, "auth_time": true,
	"scp": true, "scope": true, "mty": true, "hsc": true,
}

// veilFact is the text of a fact or claim as the screen may show it now: in
// private mode that of one which may name somebody is its stand-in, where it is a
// name of a saved org, and else left out.
func (m *model) veilFact(name, text string) string {
	p := &m.private
	switch {
	case !p.on, text == "", text == publicClient:
		return text
	case tellsNobody[name]:
		return m.veil(text)
	}
	if to, known := p.words[strings.ToLower(text)]; known {
		return to
	}
	return hidden
}
