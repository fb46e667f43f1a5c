package salesforce

import (
	"context"
	"encoding/json"
	"fmt"

	"orgkeep/tokens"
)

// Identity is what the identity URL tells about a user. All fields are optional
// and cleaned.
type Identity struct {
	Head
	UserID   string
	OrgID    string
	Username string
	Name     string // display_name
	Email    string
	Active   bool
	UserType string
	Language string
	Locale   string
}

// Identity asks for the user that an identity URL names (the "id" of a grant).
// It needs the id, api or full scope.
//
// The URL lends its ids and nothing else: the question goes to host, which is the
// org's own instance or login host, so that a URL from an answer cannot lead the
// access token elsewhere. Errors, cancelling and concurrent use are as with Userinfo.
func (c *Client) Identity(ctx context.Context, host, identityURL string, access tokens.Secret) (Identity, error) {
	q, failure := bearing(host, access)
	if failure != nil {
		return Identity{}, failure
	}
	org, user, err := tokens.ParseIdentityURL(identityURL)
	if err != nil {
		return Identity{}, refuse(err.Error(), err)
	}
	q.path = "/id/" + org + "/" + user
	var id Identity
	head, failure := c.inquire(ctx, q, problemNoUserinfo, func(text string, _ reply, m mask) (err error) {
		id, err = parseIdentity(text, m)
		return err
	})
	id.Head = head
	if failure != nil {
		return id, failure
	}
	return id, nil
}

func parseIdentity(text string, m mask) (Identity, error) {
	var raw struct {
		UserID   string `json:"user_id"`
		OrgID    string `json:"organization_id"`
		Username string `json:"username"`
		Name     string `json:"display_name"`
		Email    string `json:"email"`
		Active   bool   `json:"active"`
		UserType string `json:"user_type"`
		Language string `json:"language"`
		Locale   string `json:"locale"`
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return Identity{}, fmt.Errorf("reading the identity: %w", err)
	}
	if raw.UserID == "" || raw.OrgID == "" {
		return Identity{}, fmt.Errorf("reading the identity: %w", errNoIDs)
	}
	return Identity{
		UserID: m.line(raw.UserID), OrgID: m.line(raw.OrgID),
		Username: m.line(raw.Username), Name: m.line(raw.Name), Email: m.line(raw.Email),
		Active: raw.Active, UserType: m.line(raw.UserType), Language: m.line(raw.Language), Locale: m.line(raw.Locale),
	}, nil
}
