package demo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"orgkeep/tokens"
)

// seedOrgs makes the orgs of the scenario as they stand now and makes them
// known to the endpoint.
func (e *endpoint) seedOrgs(scenario Scenario, speed float64) ([]Saved, error) {
	now := e.clock.Now().UTC().Truncate(time.Millisecond)
	roles, err := scenario.roles()
	if err != nil {
		return nil, err
	}
	e.westDown = scenario == Outage
	var orgs []Saved
	for _, r := range roles {
		saved, err := e.seedOrg(r, now, speed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.alias, err)
		}
		orgs = append(orgs, saved)
	}
	return orgs, nil
}

func (e *endpoint) seedOrg(r role, now time.Time, speed float64) (Saved, error) {
	org, err := e.describe(r, now)
	if err != nil {
		return Saved{}, err
	}
	latency := cmp.Or(r.latency, e.source.latency(r.alias))
	l := &login{
		role: r, org: org, latency: time.Duration(float64(latency) / speed),
		// Signatures for a public client are made with a secret that nobody else knows.
		signingSecret: "demo-not-a-secret-" + e.source.text(32, "secret", r.app.id),
	}
	grant, err := e.issue(l, org.IssuedAt)
	if err != nil {
		return Saved{}, err
	}
	if r.refusal != unknownClient {
		e.clients[r.app.id] = true
	}
	if !r.app.public {
		l.clientSecret = l.signingSecret
	}
	if !r.noRefresh {
		l.refresh = e.source.refreshToken(r.alias, 0)
		e.byRefresh[l.refresh] = l
	}
	e.byKey[org.Key] = l
	secrets := tokens.Secrets{
		Generation:  1,
		AccessToken: tokens.NewSecret(grant.AccessToken), RefreshToken: tokens.NewSecret(l.refresh),
		ClientSecret: tokens.NewSecret(l.clientSecret), Signature: tokens.NewSecret(grant.Signature),
		ID: grant.ID, InstanceURL: grant.InstanceURL, Scopes: org.Scopes,
		IssuedAt: org.IssuedAt, IssuedAtText: grant.IssuedAt, Rotates: r.rotation,
	}
	if !r.noRefresh {
		secrets.RefreshUsedAt = org.IssuedAt
	}
	if r.reused {
		e.usedElsewhere(l)
	}
	org = org.Holding(secrets)
	org.Last = r.last(org, grant, now)
	return Saved{Org: org, Secrets: secrets}, nil
}

// describe says whose login it is; the rest travels with the secrets.
func (e *endpoint) describe(r role, now time.Time) (tokens.Org, error) {
	orgID, err := e.source.id("00D", r.alias)
	if err != nil {
		return tokens.Org{}, err
	}
	userID, err := e.source.id("005", r.alias)
	if err != nil {
		return tokens.Org{}, err
	}
	key, err := tokens.NewKey(orgID, userID, r.app.id)
	if err != nil {
		return tokens.Org{}, fmt.Errorf("its key: %w", err)
	}
	org := tokens.Org{
		Key: key, Alias: r.alias, OrgID: orgID, UserID: userID, Username: r.username,
		InstanceURL: "https://" + r.host, ClientID: r.app.id,
		Scopes: []string{"api", "id", "refresh_token"}, Tags: r.tags,
		IssuedAt: now.Add(-r.age),
	}
	if r.login != "" {
		org.LoginURL = "https://" + r.login
	}
	if r.noRefresh {
		org.Scopes = []string{"api", "id"}
	}
	return org, nil
}

// last is the refresh that the ledger remembers. One that is younger than the
// access token brought none: it was refused, or nobody knows how it ended.
func (r role) last(org tokens.Org, g grant, now time.Time) *tokens.Attempt {
	if r.lastAge == 0 {
		return nil
	}
	attempt := &tokens.Attempt{At: now.Add(-r.lastAge), Trigger: "screen", Duration: r.lastTook, Tries: 1}
	if r.lastAge == r.age {
		attempt.Outcome, attempt.Fingerprint, attempt.Rotated = tokens.OutcomeRefreshed, tokens.NewSecret(g.AccessToken).Fingerprint(), r.rotates
		attempt.Answer = r.answer(g, attempt.At)
		return attempt
	}
	if r.unanswered {
		attempt.Outcome = tokens.OutcomeUnknown
		attempt.Failure = &tokens.Failure{
			Kind: tokens.FailedTransport, Sent: true, Host: strings.TrimPrefix(org.InstanceURL, "https://"),
			Phase: "waiting", Problem: "the answer did not come in time",
		}
		return attempt
	}
	attempt.Outcome = tokens.OutcomeFailed
	attempt.Failure = &tokens.Failure{
		Kind: tokens.FailedAnswer, Sent: true, Host: strings.TrimPrefix(org.InstanceURL, "https://"),
		HTTPStatus: r.refusal.status, Code: r.refusal.code, Description: r.refusal.description,
		ContentType: r.refusal.contentType(), Body: r.refusal.body(),
	}
	return attempt
}

// answer is how the ledger remembers the answer that brought a grant.
func (r role) answer(g grant, at time.Time) string {
	g.AccessToken, g.Signature = tokens.Masked, tokens.Masked
	if r.rotates {
		g.RefreshToken = tokens.Masked
	}
	body, err := json.Marshal(g) //nolint:gosec // its secrets are masks by now
	if err != nil {
		return "" // texts can be written down
	}
	return tokens.Received{HTTPStatus: http.StatusOK, ContentType: jsonType, Date: at, Body: string(body)}.Text()
}

// issue makes the login's next access token with the answer that brings it.
func (e *endpoint) issue(l *login, at time.Time) (grant, error) {
	access, life := e.source.accessToken(l.org.OrgID, l.role.alias, l.issued), sessionTimeout
	if l.role.jwtLife != 0 {
		var err error
		life = l.role.jwtLife
		if access, err = e.source.jwt(l.org, at, life, l.issued); err != nil {
			return grant{}, err
		}
	}
	l.issued++
	e.byAccess[access] = session{login: l, ends: at.Add(life)}
	g := grant{
		AccessToken: access, Scope: strings.Join(l.org.Scopes, " "), InstanceURL: l.org.InstanceURL,
		ID: l.identityURL(), TokenType: "Bearer", IssuedAt: strconv.FormatInt(at.UnixMilli(), 10),
	}
	if l.role.jwtLife != 0 {
		g.TokenFormat, g.APIInstanceURL = "jwt", l.org.InstanceURL
	}
	g.Signature = sign(l.signingSecret, g.ID, g.IssuedAt)
	return g, nil
}
