package cli

import (
	"fmt"
	"time"

	"orgkeep/tokens"
)

// clocksOf are the clocks of an answer that is looked at: nobody knows whether its
// refresh token was used since.
func clocksOf(s tokens.Specimen, a tokens.Anatomy, now time.Time, limits tokens.Limits) tokens.Clocks {
	org := tokens.Org{IssuedAt: s.Secrets.IssuedAt, RefreshUsedAt: s.Secrets.IssuedAt, HasRefreshToken: a.Refresh.Present()}
	if j := a.Access.JWT; j != nil && !j.ExpiresAt.IsZero() {
		org.ExpiresAt, org.ExpirySource = j.ExpiresAt, tokens.LeftFromJWT
	}
	return org.Clocks(now, limits)
}

// answerFacts are what the times of an answer tell, and what it lacks.
func answerFacts(s tokens.Specimen, a tokens.Anatomy, now time.Time, limits tokens.Limits) []fact {
	c := clocksOf(s, a, now, limits)
	var facts []fact
	if a.Access.Present() {
		facts = append(facts, fact{"access token", lifeText(s, c, now)})
	}
	switch {
	case c.IdleKnown && c.IdleLeft > 0:
		facts = append(facts, fact{"refresh token", tokens.FormatSpan(c.IdleLeft) + " until its idle limit, or more if it was used since, if that is the usual 30 days"})
	case c.IdleKnown:
		facts = append(facts, fact{"refresh token", "its idle limit is over, unless it was used since, if that is the usual 30 days"})
	case a.Refresh.Present():
		facts = append(facts, fact{"refresh token", "not known when it was issued or last used, so nor is its idle limit"})
	default:
		facts = append(facts, fact{"refresh token", lacking(s, "none is in it")})
	}
	if len(a.Scopes) == 0 {
		facts = append(facts, fact{"scope", lacking(s, "none is in it, so what the login allows is not known")})
	}
	return facts
}

// lifeText is how long the access token lasts: by expires_in where that is told and
// the token itself does not tell.
func lifeText(s tokens.Specimen, c tokens.Clocks, now time.Time) string {
	switch {
	case s.ExpiresIn == 0 || c.LeftSource == tokens.LeftFromJWT:
		return accessText(c)
	case s.Secrets.IssuedAt.IsZero():
		return fmt.Sprintf("it lasts %s from its issue on, by expires_in, and when that was is not told", tokens.FormatSpan(s.ExpiresIn))
	}
	ends := s.Secrets.IssuedAt.Add(s.ExpiresIn)
	if !now.Before(ends) {
		return "by its expires_in it ended " + tokens.Ago(now.Sub(ends))
	}
	return "by its expires_in it ends in " + tokens.FormatSpan(ends.Sub(now))
}

// leftFromExpiresIn is the left_source of a time left that expires_in tells.
const leftFromExpiresIn tokens.LeftSource = "expires_in"

// answerTimes are the clocks of an answer, as a list has them of an org: in whole
// seconds, negative once passed. The refresh token may have been used since.
type answerTimes struct {
	AgeS       *int64            `json:"age_s"`
	LeftS      *int64            `json:"left_s"`
	LeftSource tokens.LeftSource `json:"left_source"`
	ExpiresInS *int64            `json:"expires_in_s"`
	IdleLeftS  *int64            `json:"idle_left_s"`
}

func timesOf(s tokens.Specimen, c tokens.Clocks, now time.Time) *answerTimes {
	t := &answerTimes{
		AgeS: secondsOf(c.AgeKnown, c.Age), LeftS: secondsOf(c.LeftSource != tokens.LeftUnknown, c.Left), LeftSource: c.LeftSource,
		ExpiresInS: secondsOf(s.ExpiresIn != 0, s.ExpiresIn), IdleLeftS: secondsOf(c.IdleKnown, c.IdleLeft),
	}
	if s.ExpiresIn != 0 && c.LeftSource != tokens.LeftFromJWT {
		t.LeftS, t.LeftSource = nil, tokens.LeftUnknown
		if c.AgeKnown {
			t.LeftS, t.LeftSource = secondsOf(true, s.Secrets.IssuedAt.Add(s.ExpiresIn).Sub(now)), leftFromExpiresIn
		}
	}
	return t
}

func lacking(s tokens.Specimen, words string) string {
	if s.Cut {
		return "not known: the end cannot be read"
	}
	return words
}
