package salesforce

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"orgkeep/tokens"
)

// SignIn is one sign-in by the web-server flow with PKCE (RFC 6749 section 4.1,
// RFC 7636): what the browser is sent to, and what proves afterwards that the
// code came to the program that asked for it. It is made by NewSignIn, serves
// once, and does not change.
type SignIn struct {
	// Host is the authorize and token host, https://host; plain http for loopback
	// only.
	Host     string
	ClientID string
	// ClientSecret is sent with the code only when present: public clients must
	// not send one.
	ClientSecret tokens.Secret
	// Redirect is the callback URL. Salesforce compares it to the letter with
	// those that the app lists, port included.
	Redirect string
	Scopes   []string
	// Known are URLs that are saved for the org (instance, identity), when it is
	// known; see Answer.Distrusted.
	Known []string
	// Prompt is Salesforce's prompt parameter: "login" asks for the user anew
	// although the browser has a session. Empty leaves it out.
	Prompt string

	state    tokens.Secret
	verifier tokens.Secret
}

// DefaultScopes are what is asked for where nobody says: the API, a refresh
// token, and who the user is.
func DefaultScopes() []string { return []string{"api", "refresh_token", "id"} }

const signInBytes = 32 // 43 characters of base64url: the least that RFC 7636 section 4.1 takes

// NewSignIn completes s with a state and a verifier of its own. The error is a
// *tokens.Failure: a host that no token may be sent to, or no client id.
func NewSignIn(s SignIn) (SignIn, error) {
	host, err := tokens.CheckURL(s.Host)
	switch {
	case err != nil:
		return SignIn{}, notSignedIn(err.Error(), err)
	case s.ClientID == "":
		return SignIn{}, notSignedIn(problemNoClientID, nil)
	}
	s.Host = host
	if len(s.Scopes) == 0 {
		s.Scopes = DefaultScopes()
	}
	s.state, s.verifier = random(), random()
	return s, nil
}

// OfSignIn marks the failure in err, if there is one, as that of a sign-in, so that
// Explain speaks of a sign-in. What is in this room marks its own as those of a new
// one; who knows that tokens are saved says so.
func OfSignIn(err error, kind tokens.SignInKind) error {
	if f, ok := errors.AsType[*tokens.Failure](err); ok {
		f.SignIn, f.Aside = kind, true
	}
	return err
}

func notSignedIn(problem string, cause error) error {
	return OfSignIn(refuse(problem, cause), tokens.SignInNew)
}

// random is a text that nobody can guess, of the characters that a verifier may
// have.
func random() tokens.Secret {
	raw := make([]byte, signInBytes)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	return tokens.NewSecret(base64.RawURLEncoding.EncodeToString(raw))
}

const authorizePath = "/services/oauth2/authorize"

// URL is where the browser goes. It holds the challenge and not the verifier, so
// whoever reads it cannot finish the sign-in.
func (s SignIn) URL() string {
	sum := sha256.Sum256([]byte(s.verifier.Reveal()))
	query := url.Values{
		"response_type":         {"code"},
		"client_id":             {s.ClientID},
		"redirect_uri":          {s.Redirect},
		"scope":                 {strings.Join(s.Scopes, " ")},
		"state":                 {s.state.Reveal()},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(sum[:])},
		"code_challenge_method": {"S256"},
	}
	if s.Prompt != "" {
		query.Set("prompt", s.Prompt)
	}
	return s.Host + authorizePath + "?" + query.Encode()
}

// Code reads the query of a callback: the code, or the *tokens.Failure that the
// browser's leg ended with. A callback with another state belongs to another
// sign-in (RFC 6749 section 10.12); nothing else of it is believed, and the
// failure wraps ErrState.
func (s SignIn) Code(query url.Values) (tokens.Secret, error) {
	if !tokens.NewSecret(query.Get("state")).Equal(s.state) {
		return tokens.Secret{}, notSignedIn(problemState, ErrState)
	}
	m := newMask([]tokens.Secret{s.state, s.verifier, s.ClientSecret})
	if code := query.Get("error"); code != "" {
		return tokens.Secret{}, OfSignIn(&tokens.Failure{
			Kind: tokens.FailedAnswer, Host: hostOf(s.Host), Code: m.line(code), Description: m.line(query.Get("error_description")),
		}, tokens.SignInNew)
	}
	code := tokens.NewSecret(query.Get("code"))
	if code.IsZero() {
		return tokens.Secret{}, notSignedIn(problemNoCode, nil)
	}
	return code, nil
}

// Pasted reads a callback URL that a person has copied from the browser's
// address bar, or its query alone; see Code.
func (s SignIn) Pasted(text string) (tokens.Secret, error) {
	text = strings.Join(strings.Fields(text), "") // a terminal may have broken the line
	_, query, found := strings.Cut(text, "?")
	if !found {
		query = text
	}
	query, after, _ := strings.Cut(query, "#")
	if after != "" && !strings.Contains(query, "state=") {
		query = after // errors of the user-agent flow stand behind the hash
	}
	values, err := url.ParseQuery(query)
	// With response_type it is the address that the browser was sent to.
	if err != nil || values.Get("state") == "" || values.Has("response_type") {
		return tokens.Secret{}, notSignedIn(problemNoCallback, nil)
	}
	return s.Code(values)
}

// Exchange sends the code for the tokens (RFC 6749 section 4.1.3, RFC 7636
// section 4.5). The code serves once, so nothing is sent twice. ctx may cancel
// it until the request begins to leave, and not after. The error is always a
// *tokens.Failure.
func (c *Client) Exchange(ctx context.Context, s SignIn, code tokens.Secret, step func(tokens.Step)) (_ Answer, err error) {
	defer func() { err = OfSignIn(err, tokens.SignInNew) }()
	form := url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {code.Reveal()},
		"client_id":     {s.ClientID},
		"redirect_uri":  {s.Redirect},
		"code_verifier": {s.verifier.Reveal()},
	}
	if !s.ClientSecret.IsZero() {
		form.Set("client_secret", s.ClientSecret.Reveal())
	}
	q := question{
		host: s.Host, path: tokenPath, form: form, step: step, aside: true,
		secrets: []tokens.Secret{code, s.verifier, s.ClientSecret, s.state},
	}
	reply := c.ask(ctx, q)
	m := newMask(q.secrets)
	answer := Answer{Head: reply.head(m)}
	if failure := reply.refused(q, m); failure != nil {
		switch {
		case failure.Kind == tokens.FailedTransport && failure.Sent:
			failure.Problem = problemSignInSent + ": " + failure.Problem
		case says(failure.Description, []string{"expired authorization code"}):
			failure.Problem = problemCodeOver // a refresh gets these words too, and they mean another thing there
		}
		return answer, failure
	}
	var failure *tokens.Failure
	if answer.Grant, failure = reply.grant(q, m); failure != nil {
		return answer, failure
	}
	answer.received = reply.received(q, answer.Grant)
	answer.Distrusted = m.line(distrust(&answer.Grant, s.Host, s.Known))
	return answer, nil
}
