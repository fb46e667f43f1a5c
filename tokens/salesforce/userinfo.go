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
	host, err := tokens.CheckURL(host)
	switch {
	case err != nil:
		return Userinfo{}, refuse(err.Error(), err)
	case access.IsZero():
		return Userinfo{}, refuse(problemNoAccessToken, nil)
	}
	q := question{
		host: host, path: "/services/oauth2/userinfo",
		bearer: access, secrets: []tokens.Secret{access},
	}
	reply := c.ask(ctx, q)
	mask := newMask(q.secrets)
	if failure := reply.refused(q, mask); failure != nil {
		return Userinfo{}, failure
	}
	info, err := parseUserinfo(decode(reply.body), mask)
	if err != nil {
		f := reply.refusal(q, mask)
		f.Problem = problemNoUserinfo
		return Userinfo{}, f
	}
	return info, nil
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
