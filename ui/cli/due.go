package cli

import (
	"cmp"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// The tokens of an org, in the words of the JSON output.
const (
	accessToken  = "access"
	refreshToken = "refresh"
)

// due is a token that runs out.
type due struct {
	Alias  string      `json:"alias"`
	OrgID  string      `json:"org_id"`
	Type   tokens.Type `json:"type"`
	Token  string      `json:"token"` // "access" or "refresh"
	EndsAt *string     `json:"ends_at"`
	LeftS  *int64      `json:"left_s"` // negative once over; null where the login is over
	Source string      `json:"source"` // how the end is known: as left_source, "idle limit", or a keeper.End
	// Renewable says that a refresh mends it: it replaces an access token, and
	// begins the idle time of a refresh token anew.
	Renewable bool `json:"renewable"`
	then      string
	left      time.Duration
}

// endless is a token of which no end is known.
type endless struct {
	Alias     string `json:"alias"`
	OrgID     string `json:"org_id"`
	Token     string `json:"token"`
	renewable bool
}

const byIdleLimit = "idle limit"

// dueOf are the tokens of an org that run out within the span, and those of which
// no end is known.
func dueOf(org *tokens.Org, within time.Duration, now time.Time, limits tokens.Limits) (list []due, unknown []endless) {
	c := org.Clocks(now, limits)
	add := func(token, source string, left time.Duration, renewable bool, then string) {
		if left > within {
			return
		}
		seconds, at := wholeSeconds(left), instant(now.Add(left))
		list = append(list, due{org.Alias, org.OrgID, org.Type, token, &at, &seconds, source, renewable, then, left})
	}
	switch end := keeper.EndedBy(org); {
	case end != keeper.EndNot:
		list = append(list, due{Alias: org.Alias, OrgID: org.OrgID, Type: org.Type, Token: refreshToken, Source: string(end), then: signInAgain})
	case org.HasRefreshToken && c.IdleKnown:
		renewable, then := keeping(&c)
		add(refreshToken, byIdleLimit, c.IdleLeft, renewable, then)
	case org.HasRefreshToken:
		unknown = append(unknown, endless{org.Alias, org.OrgID, refreshToken, false})
	}
	renewable, then := renewal(org, &c)
	if c.LeftSource == tokens.LeftUnknown {
		return list, append(unknown, endless{org.Alias, org.OrgID, accessToken, renewable})
	}
	add(accessToken, string(c.LeftSource), c.Left, renewable, then)
	return list, unknown
}

const (
	signInAgain = "a person has to sign in"
	notKnown    = "not known: the last refresh got no answer"
)

// keeping says whether a refresh begins the idle time of an org's refresh token
// anew, and what follows on its end.
func keeping(c *tokens.Clocks) (renewable bool, then string) {
	switch {
	case c.LastUnknown:
		return false, notKnown
	case c.IdleLeft <= 0:
		return false, "the login is over if the limit holds; a refresh shows it"
	case c.NotOurs:
		return true, "a refresh by the Salesforce CLI before then keeps the login"
	}
	return true, "a refresh before then keeps the login"
}

// renewal says whether the next refresh replaces an org's access token, and what
// follows on the token's end.
func renewal(org *tokens.Org, c *tokens.Clocks) (renewable bool, then string) {
	switch {
	case keeper.EndedBy(org) != keeper.EndNot, !org.HasRefreshToken:
		return false, signInAgain
	case c.LastUnknown:
		return false, notKnown
	case c.NotOurs:
		return true, "the Salesforce CLI replaces it"
	case c.IdleKnown && c.IdleLeft <= 0:
		return false, "the login is over if the idle limit holds"
	}
	return true, "the next refresh replaces it"
}

// gravest puts what ends a login before access tokens that a refresh replaces,
// and of each what ends first.
func gravest(a, b due) int {
	return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.left, b.left))
}

func (d due) rank() int {
	switch {
	case d.LeftS == nil:
		return 0
	case !d.Renewable:
		return 1
	case d.Token == refreshToken:
		return 2
	}
	return 3
}

// over reports whether the token has run out, or its login has ended.
func (d due) over() bool { return d.LeftS == nil || d.left <= 0 }

func (d due) when() string {
	switch {
	case d.LeftS == nil:
		return "over"
	case d.over():
		return "over " + tokens.Ago(-d.left)
	}
	return tokens.FormatSpan(d.left)
}

func (d due) why() string {
	switch d.Source {
	case byIdleLimit:
		return "the idle limit"
	case string(keeper.EndRefused):
		return "the endpoint's refusal"
	case string(keeper.EndOtherLogin):
		return "an answer for another login"
	case string(keeper.EndUnusable):
		return "a token that is not there or must not be sent"
	}
	return map[string]string{
		string(tokens.LeftFromJWT): "the token itself", string(tokens.LeftFromIntrospection): "the endpoint",
		string(tokens.LeftFromAnswer): "an answer",
		string(tokens.LeftConfigured): "the life that was set", string(tokens.LeftEstimated): "an estimate",
	}[d.Source]
}

// endlessNames are the orgs whose token of a kind has no known end.
func endlessNames(unknown []endless, token string) string {
	var names []string
	for _, e := range unknown {
		if e.Token == token {
			names = append(names, e.Alias)
		}
	}
	return strings.Join(names, ", ")
}
