package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func org(t *testing.T, alias, orgID, userID string) tokens.Org {
	t.Helper()
	key, err := tokens.NewKey(orgID, userID, "PlatformCLI")
	if err != nil {
		t.Fatal(err)
	}
	id, _, _ := strings.Cut(string(key), ".")
	return tokens.Org{Key: key, Alias: alias, OrgID: id, HasRefreshToken: true}
}

func aliases(orgs []tokens.Org) []string {
	names := []string{}
	for _, o := range orgs {
		names = append(names, o.Alias)
	}
	return names
}

func TestByNames(t *testing.T) {
	t.Parallel()
	orgs := []tokens.Org{
		org(t, "acme-prod", "00D41000000F8A0", "005410000031xAA"),
		org(t, "acme-uat", "00D41000000F8A1", "005410000031xAA"),
		org(t, "twin-a", "00D41000000F8A2", "005410000031xAA"),
		org(t, "twin-b", "00D41000000F8A2", "005410000031xAB"),
		// An alias that looks like another org's id is still an alias first.
		org(t, "00D41000000F8A1", "00D41000000F8A3", "005410000031xAA"),
	}
	for _, c := range []struct {
		names string
		want  string // aliases, or a part of the error
	}{
		{"acme-uat acme-prod", "acme-uat acme-prod"},
		{"acme-uat acme-uat " + orgs[1].OrgID, "acme-uat"},
		{"00D41000000F8A0", "acme-prod"},
		{orgs[0].OrgID, "acme-prod"},
		{strings.ToLower(orgs[0].OrgID[15:]), "!no org is called"},
		{"00D41000000F8A1", "00D41000000F8A1"},
		{"00D41000000F8A2", "!has 2 logins, name one: twin-a, twin-b"},
		{"ACME-PROD", "!near it: acme-prod"},
		{"acme", "!near it: acme-prod, acme-uat"},
		{"acme-prdo", "!near it: acme-prod"},
		{"zzz", "!no org is called zzz"},
		{"a\x1b[2Jb", `!a\x1b[2Jb`},
	} {
		got, err := byNames(orgs, strings.Fields(c.names))
		if part, wrong := strings.CutPrefix(c.want, "!"); wrong {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: error %v, want one that says %s", c.names, err, part)
			}
			continue
		}
		if err != nil || !slices.Equal(aliases(got), strings.Fields(c.want)) {
			t.Errorf("%s: %v (%v), want %s", c.names, aliases(got), err, c.want)
		}
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	with := func(alias string, age time.Duration, outcome tokens.Outcome) tokens.Org {
		o := tokens.Org{Alias: alias, IssuedAt: now.Add(-age)}
		if outcome != "" {
			o.Last = &tokens.Attempt{Outcome: outcome}
		}
		return o
	}
	orgs := []tokens.Org{
		with("fresh", time.Minute, ""), with("ageing", 115*time.Minute, ""), with("expired", 3*time.Hour, tokens.OutcomeRefreshed),
		with("failed", 3*time.Hour, tokens.OutcomeFailed), with("unknown", time.Hour, tokens.OutcomeUnknown),
		{Alias: "ageless"},
	}
	for want, w := range map[string]which{
		"fresh ageing expired failed unknown ageless": {all: true}, "expired failed": {expired: true}, "failed unknown": {failed: true},
	} {
		got, err := w.choose(orgs, nil, now, tokens.DefaultLimits())
		if err != nil || !slices.Equal(aliases(got), strings.Fields(want)) {
			t.Errorf("%+v: %v (%v), want %s", w, aliases(got), err, want)
		}
	}
}

func TestInDoubt(t *testing.T) {
	t.Parallel()
	unknown := &tokens.Attempt{Outcome: tokens.OutcomeUnknown}
	for _, c := range []struct {
		org  tokens.Org
		want bool
	}{
		{tokens.Org{}, false},
		{tokens.Org{Last: &tokens.Attempt{Outcome: tokens.OutcomeFailed}}, false},
		{tokens.Org{Last: unknown, Rotates: tokens.RotationUnknown}, true},
		{tokens.Org{Last: unknown, Rotates: tokens.RotationYes}, true},
		{tokens.Org{Last: unknown, Rotates: tokens.RotationNo}, false},
	} {
		if got := inDoubt(c.org); got != c.want {
			t.Errorf("%+v: %v, want %v", c.org, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"acme", "acme", 0}, {"", "acme", 4}, {"acme", "", 4}, {"acme", "amce", 2}, {"kitten", "sitting", 3}, {"über", "uber", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
