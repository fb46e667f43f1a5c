package cli

import (
	"time"

	"orgkeep/tokens"
)

// orgList is the document of orgkeep list --json. What is not known is null.
type orgList struct {
	Version int         `json:"version"`
	Orgs    []listedOrg `json:"orgs"`
}

// listedOrg is one org of the list. Spans are whole seconds, negative once
// passed; times are RFC 3339 in UTC.
type listedOrg struct {
	Alias       string            `json:"alias"`
	OrgID       string            `json:"org_id"`
	UserID      string            `json:"user_id"`
	Username    *string           `json:"username"`
	Type        tokens.Type       `json:"type"`
	LoginURL    string            `json:"login_url"`
	InstanceURL string            `json:"instance_url"`
	ClientID    string            `json:"client_id"`
	Scopes      []string          `json:"scopes"`
	Tags        []string          `json:"tags"`
	Favourite   bool              `json:"favourite,omitempty"`
	Watched     bool              `json:"watched,omitempty"`
	Mirror      string            `json:"mirror,omitempty"`
	IssuedAt    *string           `json:"issued_at"`
	AgeS        *int64            `json:"age_s"`
	LeftS       *int64            `json:"left_s"`
	LeftSource  tokens.LeftSource `json:"left_source"`
	IdleLeftS   *int64            `json:"idle_left_s"`
	Health      tokens.Health     `json:"health"`
	Rotates     tokens.Rotation   `json:"rotates"`
	LastRefresh *lastRefresh      `json:"last_refresh"`
	// PausedUntil is there while a pause holds the org's refreshes back.
	PausedUntil *string `json:"paused_until,omitempty"`
	// Shared is there for an org whose refresh token the Salesforce CLI has too.
	Shared *tokens.Shared `json:"shared,omitempty"`
}

// lastRefresh is the latest refresh of an org. Date and ClockSkewS are there where
// they are known, the fields after them when it brought no tokens.
type lastRefresh struct {
	At         string         `json:"at"`
	Outcome    tokens.Outcome `json:"outcome"`
	DurationMS int64          `json:"duration_ms"`
	Attempts   int            `json:"attempts"`
	Date       *string        `json:"date,omitempty"`
	ClockSkewS *int64         `json:"clock_skew_s,omitempty"`
	*refusal
}

// clockSkew is how many seconds the endpoint's clock was ahead of this machine's,
// negative when it was behind; nil where that is not worth a warning.
func clockSkew(a tokens.Attempt) *int64 {
	if tokens.SkewWarning(a.Skew, "") == "" {
		return nil
	}
	return known(wholeSeconds(a.Skew))
}

// refusal is why tokens did not come: the endpoint's own words, null where it
// said none, and the problem where it did not answer.
type refusal struct {
	HTTPStatus       *int    `json:"http_status"`
	Error            *string `json:"error"`
	ErrorDescription *string `json:"error_description"`
	Problem          string  `json:"problem,omitempty"`
}

func newOrgList(orgs []tokens.Org, now time.Time, limits tokens.Limits) orgList {
	list := orgList{Version: documentVersion, Orgs: make([]listedOrg, len(orgs))}
	for i, org := range orgs {
		list.Orgs[i] = newListedOrg(org, now, limits)
	}
	return list
}

func newListedOrg(org tokens.Org, now time.Time, limits tokens.Limits) listedOrg {
	c := org.Clocks(now, limits)
	return listedOrg{
		Alias: org.Alias, OrgID: org.OrgID, UserID: org.UserID, Username: known(org.Username), Type: org.Type,
		LoginURL: org.LoginHost(), InstanceURL: org.InstanceURL, ClientID: org.ClientID,
		Scopes: listed(org.Scopes), Tags: listed(org.Tags), Favourite: org.Favourite, Watched: org.Watched, Mirror: org.Mirror,
		IssuedAt: known(instant(org.IssuedAt)), AgeS: secondsOf(c.AgeKnown, c.Age),
		LeftS: secondsOf(c.LeftSource != tokens.LeftUnknown, c.Left), LeftSource: c.LeftSource,
		IdleLeftS: secondsOf(c.IdleKnown, c.IdleLeft),
		Health:    c.Health, Rotates: org.Rotates, LastRefresh: newLastRefresh(org.Last),
		PausedUntil: pausedUntil(org, now), Shared: known(org.Shared),
	}
}

// secondsOf is a span in whole seconds, nil where it is not known.
func secondsOf(known bool, d time.Duration) *int64 {
	if !known {
		return nil
	}
	s := wholeSeconds(d)
	return &s
}

func newLastRefresh(last *tokens.Attempt) *lastRefresh {
	if last == nil {
		return nil
	}
	r := &lastRefresh{
		At: instant(last.At), Outcome: last.Outcome, DurationMS: last.Duration.Milliseconds(), Attempts: last.Tries,
		Date: known(instant(last.Date)), ClockSkewS: clockSkew(*last),
	}
	if last.Failure != nil {
		refused := newRefusal(last.Failure)
		r.refusal = &refused
	}
	return r
}

func newRefusal(f *tokens.Failure) refusal {
	if f == nil {
		return refusal{}
	}
	return refusal{
		HTTPStatus: known(f.HTTPStatus), Error: known(f.Code), ErrorDescription: known(f.Description), Problem: f.Problem,
	}
}

// listed makes an empty list of none: a script can then always iterate.
func listed(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}
