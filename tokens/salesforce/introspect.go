package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"orgkeep/tokens"
)

// Hint tells the introspection endpoint which kind of token it is shown.
type Hint string

// The hints (RFC 7662 section 2.1).
const (
	HintAccess  Hint = "access_token"
	HintRefresh Hint = "refresh_token"
)

// IntrospectRequest is what an introspection needs.
type IntrospectRequest struct {
	// Host is the login host, https://host; plain http for loopback only.
	Host     string
	ClientID string
	// ClientSecret is needed: public clients cannot introspect.
	ClientSecret tokens.Secret
	Token        tokens.Secret
	Hint         Hint // may be empty
}

// Introspection is what the endpoint tells about a token (RFC 7662 section
// 2.2). An inactive token has no other fields. Texts are cleaned; times that
// were not told are zero.
type Introspection struct {
	Head
	Active    bool
	Scopes    []string
	ClientID  string
	Username  string
	Subject   string // Salesforce sends the identity URL
	TokenType string
	ExpiresAt time.Time
	IssuedAt  time.Time
	NotBefore time.Time
	// Unread says which of the times cannot be taken, in sentences.
	Unread []string
}

var errNoActive = errors.New("it does not say whether the token is active")

// Introspect asks whether a token is active and when it ends. Showing a refresh
// token here does not use it up. Errors, cancelling and concurrent use are as
// with Revoke.
func (c *Client) Introspect(ctx context.Context, r IntrospectRequest) (Introspection, error) {
	host, err := tokens.CheckURL(r.Host)
	switch {
	case err != nil:
		return Introspection{}, refuse(err.Error(), err)
	case r.Token.IsZero():
		return Introspection{}, refuse(problemNoToken, nil)
	case r.ClientID == "":
		return Introspection{}, refuse(problemNoClientID, nil)
	case r.ClientSecret.IsZero():
		return Introspection{}, refuse(problemNoClientSecret, nil)
	}
	q := question{
		host: host, path: "/services/oauth2/introspect", form: r.form(),
		left: problemIntrospectSent, secrets: []tokens.Secret{r.Token, r.ClientSecret},
	}
	var told Introspection
	head, failure := c.inquire(ctx, q, problemNoIntrospection, func(text string, _ reply, m mask) (err error) {
		told, err = parseIntrospection(text, m)
		return err
	})
	told.Head = head
	if failure != nil {
		return told, failure
	}
	return told, nil
}

func (r IntrospectRequest) form() url.Values {
	form := url.Values{
		"token":         {r.Token.Reveal()},
		"client_id":     {r.ClientID},
		"client_secret": {r.ClientSecret.Reveal()},
	}
	if r.Hint != "" {
		form.Set("token_type_hint", string(r.Hint))
	}
	return form
}

func parseIntrospection(text string, m mask) (Introspection, error) {
	var raw struct {
		Active    *bool           `json:"active"`
		Scope     string          `json:"scope"`
		ClientID  string          `json:"client_id"`
		Username  string          `json:"username"`
		Subject   string          `json:"sub"`
		TokenType string          `json:"token_type"`
		ExpiresAt json.RawMessage `json:"exp"`
		IssuedAt  json.RawMessage `json:"iat"`
		NotBefore json.RawMessage `json:"nbf"`
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return Introspection{}, fmt.Errorf("reading the introspection: %w", err)
	}
	if raw.Active == nil {
		return Introspection{}, fmt.Errorf("reading the introspection: %w", errNoActive)
	}
	told := Introspection{
		Active: *raw.Active, Scopes: strings.Fields(m.line(raw.Scope)),
		ClientID: m.line(raw.ClientID), Username: m.line(raw.Username),
		Subject: m.line(raw.Subject), TokenType: m.line(raw.TokenType),
	}
	for _, t := range []struct {
		name string
		raw  json.RawMessage
		at   *time.Time
	}{{"exp", raw.ExpiresAt, &told.ExpiresAt}, {"iat", raw.IssuedAt, &told.IssuedAt}, {"nbf", raw.NotBefore, &told.NotBefore}} {
		var read bool
		if *t.at, read = seconds(t.raw); !read {
			told.Unread = append(told.Unread, fmt.Sprintf("Its %s cannot be taken: %s is no time after 1970 and before the year 3000.", t.name, shorten(m.line(string(t.raw)))))
		}
	}
	return told, nil
}

// seconds reads a NumericDate (RFC 7519 section 2), a text of digits too. One that is
// absent or null is zero; read is false for what is no time before the year 3000.
func seconds(raw json.RawMessage) (at time.Time, read bool) {
	const yearThreeThousand = 32503680000
	if len(raw) == 0 || string(raw) == "null" {
		return time.Time{}, true
	}
	n, err := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if err != nil || !(n > 0 && n < yearThreeThousand) {
		return time.Time{}, false
	}
	return time.Unix(int64(n), 0).UTC(), true
}
