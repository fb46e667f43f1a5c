package salesforce

import (
	"context"
	"encoding/json"
	"fmt"

	"orgkeep/tokens"
)

// Userinfo is what the OpenID Connect endpoint tells about the owner of an
// access token. All fields are optional and cleaned.
type Userinfo struct {
	Head
	UserID   string
	OrgID    string
	Username string // preferred_username
	Name     string
	Email    string
}

// Userinfo asks /services/oauth2/userinfo, which only a living access token
// opens: it tells whether one still works. The error is always a
// *tokens.Failure whose Sent is false, since no refresh token is involved; ctx
// may cancel it at any time. It is safe for concurrent use.
func (c *Client) Userinfo(ctx context.Context, host string, access tokens.Secret) (Userinfo, error) {
	q, failure := bearing(host, access)
	if failure != nil {
		return Userinfo{}, failure
	}
	q.path = "/services/oauth2/userinfo"
	var info Userinfo
	head, failure := c.inquire(ctx, q, problemNoUserinfo, func(text string, _ reply, m mask) (err error) {
		info, err = parseUserinfo(text, m)
		return err
	})
	info.Head = head
	if failure != nil {
		return info, failure
	}
	return info, nil
}

// bearing is a question that an access token opens. It goes to host and nowhere
// else: ask follows no redirect.
func bearing(host string, access tokens.Secret) (question, *tokens.Failure) {
	host, err := tokens.CheckURL(host)
	switch {
	case err != nil:
		return question{}, refuse(err.Error(), err)
	case access.IsZero():
		return question{}, refuse(problemNoAccessToken, nil)
	}
	return question{host: host, bearer: access, secrets: []tokens.Secret{access}}, nil
}

func parseUserinfo(text string, m mask) (Userinfo, error) {
	var raw struct {
		UserID   string `json:"user_id"`
		OrgID    string `json:"organization_id"`
		Username string `json:"preferred_username"`
		Name     string `json:"name"`
		Email    string `json:"email"`
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return Userinfo{}, fmt.Errorf("reading userinfo: %w", err)
	}
	if raw.UserID == "" && raw.OrgID == "" {
		return Userinfo{}, fmt.Errorf("reading userinfo: %w", errNoIDs)
	}
	return Userinfo{
		UserID: m.line(raw.UserID), OrgID: m.line(raw.OrgID),
		Username: m.line(raw.Username), Name: m.line(raw.Name), Email: m.line(raw.Email),
	}, nil
}
