package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/salesforce"
)

const day = 24 * time.Hour

// checked is the time at which the orgs of these tests stand.
var checked = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// usedBefore is an org whose tokens were refreshed a span before.
func usedBefore(used time.Duration) tokens.Org {
	return tokens.Org{Alias: "a", IssuedAt: checked.Add(-used), RefreshUsedAt: checked.Add(-used), HasRefreshToken: true}
}

func TestDueTokens(t *testing.T) {
	t.Parallel()
	limits := tokens.DefaultLimits()
	bare := func(left time.Duration) tokens.Org {
		return tokens.Org{Alias: "a", ExpiresAt: checked.Add(left), ExpirySource: tokens.LeftFromJWT}
	}
	refused := usedBefore(time.Hour)
	refused.Last = &tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 400, Code: "invalid_grant"}}
	unanswered := usedBefore(time.Hour)
	unanswered.Last = &tokens.Attempt{Outcome: tokens.OutcomeUnknown, Failure: &tokens.Failure{Kind: tokens.FailedTransport, Sent: true}}
	foreign := usedBefore(time.Hour)
	foreign.Last = &tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 200, Problem: tokens.ProblemOtherLogin + ": org x"}}
	unused := usedBefore(time.Hour)
	unused.RefreshUsedAt = time.Time{}
	elsewhere := usedBefore(time.Hour)
	elsewhere.Shared.Mode = tokens.SharedReadOnly
	long := usedBefore(time.Hour)
	long.ExpiresAt, long.ExpirySource = checked.Add(10*day), tokens.LeftFromIntrospection
	failed := func(used time.Duration, f tokens.Failure) tokens.Org {
		org := usedBefore(used)
		org.Last = &tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &f}
		return org
	}
	const unusable = "refresh unusable: a person has to sign in; access estimate 3600: a person has to sign in"
	unansweredSoon, elsewhereSoon := usedBefore(24*day), usedBefore(24*day)
	unansweredSoon.Last, elsewhereSoon.Shared = unanswered.Last, elsewhere.Shared
	for name, c := range map[string]struct {
		org     tokens.Org
		want    string // token, source, seconds left, + where a refresh mends it; then what follows
		unknown string
	}{
		"fresh":                      {usedBefore(time.Hour), "access estimate 3600 +: the next refresh replaces it", ""},
		"nothing within the span":    {long, "", ""},
		"idle soon":                  {usedBefore(24 * day), "refresh idle limit 518400 +: a refresh before then keeps the login; access estimate -2066400 +: the next refresh replaces it", ""},
		"idle over":                  {usedBefore(31 * day), "refresh idle limit -86400: the login is over if the limit holds; a refresh shows it; access estimate -2671200: the login is over if the idle limit holds", ""},
		"access ends, no refresh":    {bare(time.Hour), "access jwt 3600: a person has to sign in", ""},
		"access ends late":           {bare(8 * day), "", ""},
		"refused":                    {refused, "refresh refused: a person has to sign in; access estimate 3600: a person has to sign in", ""},
		"answered for another":       {foreign, "refresh other login: a person has to sign in; access estimate 3600: a person has to sign in", ""},
		"no answer":                  {unanswered, "access estimate 3600: not known: the last refresh got no answer", ""},
		"the CLI refreshes":          {elsewhere, "access estimate 3600 +: the Salesforce CLI replaces it", ""},
		"never used, as far as told": {unused, "access estimate 3600 +: the next refresh replaces it", "refresh"},
		"replaced already":           {failed(time.Hour, tokens.Failure{Kind: tokens.FailedLocal, Problem: salesforce.ProblemSpent + ": x"}), unusable, ""},
		"gone from the keychain":     {failed(time.Hour, tokens.Failure{Kind: tokens.FailedKeychain, Problem: salesforce.ProblemUnsaved}), unusable, ""},
		"an older keychain":          {failed(time.Hour, tokens.Failure{Kind: tokens.FailedKeychain, Problem: salesforce.ProblemOlder}), unusable, ""},
		"a refusal that passes":      {failed(time.Hour, tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 400, Code: "rate_limit_exceeded"}), "access estimate 3600 +: the next refresh replaces it", ""},
		"a locked keychain":          {failed(time.Hour, tokens.Failure{Kind: tokens.FailedKeychain, Problem: "the keychain is locked"}), "access estimate 3600 +: the next refresh replaces it", ""},
		"no answer, idle soon":       {unansweredSoon, "refresh idle limit 518400: not known: the last refresh got no answer; access estimate -2066400: not known: the last refresh got no answer", ""},
		"the CLI's, idle soon":       {elsewhereSoon, "refresh idle limit 518400 +: a refresh by the Salesforce CLI before then keeps the login; access estimate -2066400 +: the Salesforce CLI replaces it", ""},
		"nothing known":              {tokens.Org{}, "", "access"},
	} {
		list, unknown := dueOf(&c.org, 7*day, checked, limits)
		var got, not []string
		for _, d := range list {
			text := d.Token + " " + d.Source
			if d.LeftS != nil {
				text += fmt.Sprintf(" %d", *d.LeftS)
			}
			if d.Renewable {
				text += " +"
			}
			if d.why() == "" || d.when() == "" {
				t.Errorf("%s: no words for %+v", name, d)
			}
			got = append(got, text+": "+d.then)
		}
		for _, e := range unknown {
			not = append(not, e.Token)
		}
		if strings.Join(got, "; ") != c.want || strings.Join(not, " ") != c.unknown {
			t.Errorf("%s: %s, not known %v", name, strings.Join(got, "; "), not)
		}
	}
}

// What a person has to act on stands before what mends itself.
func TestTheGravestIsFirst(t *testing.T) {
	t.Parallel()
	seconds := int64(1)
	list := []due{
		{Alias: "access late", Token: accessToken, LeftS: &seconds, Renewable: true, left: time.Hour},
		{Alias: "access soon", Token: accessToken, LeftS: &seconds, Renewable: true, left: time.Minute},
		{Alias: "refresh", Token: refreshToken, LeftS: &seconds, Renewable: true, left: 6 * day},
		{Alias: "last access", Token: accessToken, LeftS: &seconds, left: 5 * day},
		{Alias: "refused", Token: refreshToken},
	}
	slices.SortStableFunc(list, gravest)
	var got []string
	for _, d := range list {
		got = append(got, d.Alias)
	}
	if want := "refused, last access, refresh, access soon, access late"; strings.Join(got, ", ") != want {
		t.Errorf("%s", strings.Join(got, ", "))
	}
}

func TestCountsOfWhatRunsOut(t *testing.T) {
	t.Parallel()
	seconds := int64(0)
	many := func(n int, token string, left time.Duration, renewable bool) []due {
		return slices.Repeat([]due{{Token: token, LeftS: &seconds, left: left, Renewable: renewable}}, n)
	}
	refused := []due{{Token: refreshToken}}
	for want, list := range map[string][]due{
		"1 access token runs out within 7d; a refresh mends that.":                           many(1, accessToken, time.Hour, true),
		"1 refresh token runs out within 7d; no refresh mends that.":                         many(1, refreshToken, time.Hour, false),
		"2 refresh tokens and 3 access tokens run out within 7d; a refresh mends 3 of them.": slices.Concat(many(2, refreshToken, time.Hour, false), many(3, accessToken, time.Hour, true)),
		"4 access tokens have run out; a refresh mends that.":                                many(4, accessToken, -time.Hour, true),
		"1 access token has run out; no refresh mends that.":                                 many(1, accessToken, 0, false),
		"1 refresh token and 2 access tokens have run out, and 1 access token runs out within 7d; a refresh mends 3 of them.": slices.Concat(
			refused, many(2, accessToken, -time.Hour, true), many(1, accessToken, time.Hour, true)),
	} {
		if got := dueWords(list, "7d"); got != want {
			t.Errorf("%s", got)
		}
	}
}

// checkAnswer is what check --json prints.
type checkAnswer struct {
	Counts struct{ Access, Refresh, Renewable int }
	Orgs   []struct {
		Alias, Token, Source string
		Renewable            bool
		EndsAt               string `json:"ends_at"`
	}
	Unknown []struct{ Alias, Token string }
}

func (d *desk) check(t *testing.T, code int, args ...string) checkAnswer {
	t.Helper()
	out, errs := d.run(t, code, append([]string{"check", "--json"}, args...)...)
	var answer checkAnswer
	if err := json.Unmarshal([]byte(out), &answer); err != nil || errs != "" {
		t.Fatalf("%v: %s%s", err, out, errs)
	}
	return answer
}

func TestCheckAsACommand(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if out, errs := d.run(t, exitWell, "check"); out+errs != "" {
		t.Errorf("%s%s", out, errs)
	}
	d.load(t, "https://acme.my.salesforce.com")
	// By default both kinds count: the access tokens of both orgs ended long ago.
	out, errs := d.run(t, exitFailed, "check", "--within", "7d")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "ORG  TYPE        TOKEN   ") || !strings.Contains(lines[1], "an estimate  the next refresh replaces it") {
		t.Errorf("%s", out)
	}
	if errs != "2 access tokens have run out; a refresh mends that.\n" {
		t.Errorf("%s", errs)
	}
	if out, errs := d.run(t, exitWell, "check", "--within", "1m", "--only", "refresh"); out+errs != "" {
		t.Errorf("%s%s", out, errs)
	}
	// What a crontab wants: nothing, while a refresh mends all.
	if out, errs := d.run(t, exitWell, "check", "--within", "7d", "--only", "login"); out+errs != "" {
		t.Errorf("%s%s", out, errs)
	}
	out, _ = d.run(t, exitFailed, "check", "--within", "30d", "--only", "login")
	if strings.Count(out, "the idle limit") != 2 || strings.Contains(out, " access ") {
		t.Errorf("%s", out)
	}
	d.run(t, exitUsage, "check", "--within", "soon")
	d.run(t, exitFailed, "check", "--within", "3650d")
	if _, errs := d.run(t, exitUsage, "check", "--within", "1000w"); !strings.Contains(errs, "of at most 10 years (3650d)") {
		t.Errorf("%s", errs)
	}
	d.run(t, exitUsage, "check", "--only", "both")
	d.run(t, exitUsage, "check", "one")
}

func TestCheckAsJSON(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	answer := d.check(t, exitFailed, "--within", "30d")
	if answer.Counts.Access != 2 || answer.Counts.Refresh != 2 || answer.Counts.Renewable != 4 || len(answer.Orgs) != 4 || answer.Orgs[0].Token != "refresh" ||
		answer.Orgs[0].Source != "idle limit" || answer.Orgs[3].Token != "access" || !answer.Orgs[3].Renewable || answer.Orgs[3].EndsAt == "" {
		t.Errorf("%+v", answer)
	}
	for only, n := range map[string]int{"access": 2, "refresh": 2, "login": 2} {
		if got := d.check(t, exitFailed, "--within", "30d", "--only", only); len(got.Orgs) != n || only != "login" && got.Orgs[0].Token != only {
			t.Errorf("--only %s: %+v", only, got)
		}
	}
	out, _ := d.run(t, exitWell, "check", "--json", "--within", "1m", "--only", "refresh")
	if want := `{"version":1,"within_s":60,"counts":{"access":0,"refresh":0,"renewable":0},"orgs":[],"unknown":[]}` + "\n"; out != want {
		t.Errorf("%s", out)
	}
}
