package tokens_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// sortOrgs are orgs that each Order puts another way, and one of which nothing
// is known.
func sortOrgs() []tokens.Org {
	at := func(ago time.Duration) *tokens.Attempt {
		return &tokens.Attempt{At: filterNow.Add(-ago), Outcome: tokens.OutcomeRefreshed}
	}
	return []tokens.Org{
		{
			Alias: "Alpha", Username: "dora", Type: tokens.Sandbox, InstanceURL: "https://c.example", IssuedAt: filterNow.Add(-3 * time.Minute),
			HasRefreshToken: true, RefreshUsedAt: filterNow.Add(-2 * time.Hour), Last: at(9 * time.Minute),
		},
		{
			Alias: "beta", Username: "Carl", Type: tokens.Production, InstanceURL: "https://b.example", IssuedAt: filterNow.Add(-time.Minute),
			HasRefreshToken: true, RefreshUsedAt: filterNow.Add(-time.Hour), Last: at(5 * time.Minute),
		},
		{
			Alias: "gamma", Username: "bert", Type: tokens.China, InstanceURL: "https://a.example", IssuedAt: filterNow.Add(-2 * time.Minute),
			HasRefreshToken: true, RefreshUsedAt: filterNow.Add(-3 * time.Hour), Last: at(7 * time.Minute),
		},
		{Alias: "nothing"},
	}
}

func TestSortPutsOrgsInOrderAndTheUnknownLast(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for order, want := range map[tokens.Order][2]string{
		tokens.OrderAlias:   {"Alpha beta gamma nothing", "nothing gamma beta Alpha"},
		tokens.OrderUser:    {"gamma beta Alpha nothing", "Alpha beta gamma nothing"},
		tokens.OrderType:    {"beta Alpha gamma nothing", "gamma Alpha beta nothing"},
		tokens.OrderHost:    {"gamma beta Alpha nothing", "Alpha beta gamma nothing"},
		tokens.OrderAge:     {"beta gamma Alpha nothing", "Alpha gamma beta nothing"},
		tokens.OrderLeft:    {"Alpha gamma beta nothing", "beta gamma Alpha nothing"},
		tokens.OrderIdle:    {"gamma Alpha beta nothing", "beta Alpha gamma nothing"},
		tokens.OrderLast:    {"beta gamma Alpha nothing", "Alpha gamma beta nothing"},
		tokens.OrderUrgency: {"nothing Alpha gamma beta", "beta gamma Alpha nothing"},
	} {
		for direction, want := range want {
			orgs := sortOrgs()
			random.Shuffle(len(orgs), func(i, j int) { orgs[i], orgs[j] = orgs[j], orgs[i] })
			tokens.Sort(orgs, order, direction == 1, filterNow, tokens.DefaultLimits())
			if got := strings.Join(aliases(orgs), " "); got != want {
				t.Errorf("%s, reverse %v: %s, want %s", order, direction == 1, got, want)
			}
		}
	}
}

func TestSortLetsTheAliasBreakTiesInBothDirections(t *testing.T) {
	t.Parallel()
	for _, reverse := range []bool{false, true} {
		orgs := []tokens.Org{{Alias: "b", Username: "u"}, {Alias: "C", Username: "u"}, {Alias: "a", Username: "u"}, {Alias: "z"}, {Alias: "y"}}
		tokens.Sort(orgs, tokens.OrderUser, reverse, filterNow, tokens.DefaultLimits())
		if got := strings.Join(aliases(orgs), " "); got != "a b C y z" {
			t.Errorf("reverse %v: %s", reverse, got)
		}
	}
}

func TestSortLosesNoOrg(t *testing.T) {
	t.Parallel()
	for _, order := range tokens.Orders() {
		orgs := manyOrgs(1000)
		before := aliases(orgs)
		tokens.Sort(orgs, order, true, filterNow, tokens.DefaultLimits())
		after := aliases(orgs)
		slices.Sort(before)
		slices.Sort(after)
		if !slices.Equal(before, after) {
			t.Errorf("%s changes which orgs there are", order)
		}
	}
}

func TestEveryOrderAndGroupingIsReadByItsName(t *testing.T) {
	t.Parallel()
	for _, order := range tokens.Orders() {
		if got, err := tokens.ParseOrder(strings.ToUpper(string(order))); err != nil || got != order {
			t.Errorf("%s: %v %v", order, got, err)
		}
	}
	for _, g := range tokens.Groupings() {
		if got, err := tokens.ParseGrouping(string(g)); err != nil || got != g {
			t.Errorf("%s: %v %v", g, got, err)
		}
	}
	if _, err := tokens.ParseOrder("size"); err == nil || !strings.Contains(err.Error(), "urgency, alias") {
		t.Errorf("size: %v", err)
	}
	if _, err := tokens.ParseGrouping("size"); err == nil || !strings.Contains(err.Error(), "none, tag") {
		t.Errorf("size: %v", err)
	}
}

func TestGroupsStandTogether(t *testing.T) {
	t.Parallel()
	for grouping, want := range map[tokens.Grouping]string{
		tokens.GroupNone: "acme-prod acme-uat globex hooli umbrella",
		tokens.GroupTag:  "acme-uat acme-prod globex hooli umbrella",
		tokens.GroupType: "acme-prod globex acme-uat hooli umbrella",
		tokens.GroupHost: "acme-uat acme-prod globex hooli umbrella",
		tokens.GroupUser: "acme-uat acme-prod hooli globex umbrella",
	} {
		orgs := filterOrgs()
		orgs[1].Tags = []string{"aardvark", "acme"}
		tokens.Rearrange(orgs, tokens.Arrangement{By: tokens.OrderAlias, Group: grouping}.Order(orgs, filterNow, tokens.DefaultLimits()))
		if got := strings.Join(aliases(orgs), " "); got != want {
			t.Errorf("%s: %s, want %s", grouping, got, want)
		}
	}
	orgs := filterOrgs()
	for g, want := range map[tokens.Grouping]string{
		tokens.GroupNone: "", tokens.GroupTag: "Acme", tokens.GroupType: "production", tokens.GroupHost: "acme.my.salesforce.com", tokens.GroupUser: "Ada@acme.example",
	} {
		if got := g.Of(&orgs[0]); got != want {
			t.Errorf("%s: %q", g, got)
		}
	}
	if got := tokens.GroupTag.Of(&orgs[4]); got != "" {
		t.Errorf("an org without a tag is in %q", got)
	}
}

func TestFavouritesStandFirstInTheirGroups(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		how  tokens.Arrangement
		want string
	}{
		{tokens.Arrangement{By: tokens.OrderAlias, Favourites: true}, "gamma Alpha beta nothing"},
		{tokens.Arrangement{By: tokens.OrderAlias, Favourites: true, Reverse: true}, "gamma nothing beta Alpha"},
		{tokens.Arrangement{By: tokens.OrderAlias, Favourites: true, Group: tokens.GroupType}, "beta Alpha gamma nothing"},
		{tokens.Arrangement{By: tokens.OrderAlias, Reverse: true}, "nothing gamma beta Alpha"},
	} {
		orgs := sortOrgs()
		orgs[2].Favourite = true
		tokens.Rearrange(orgs, c.how.Order(orgs, filterNow, tokens.DefaultLimits()))
		if got := strings.Join(aliases(orgs), " "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.how, got, c.want)
		}
	}
	orgs := []tokens.Org{{Alias: "c", Tags: []string{"x"}}, {Alias: "b", Tags: []string{"x"}, Favourite: true}, {Alias: "a", Tags: []string{"x"}}}
	tokens.Rearrange(orgs, tokens.Arrangement{By: tokens.OrderAlias, Favourites: true, Group: tokens.GroupTag}.Order(orgs, filterNow, tokens.DefaultLimits()))
	if got := strings.Join(aliases(orgs), " "); got != "b a c" {
		t.Errorf("in a group: %s", got)
	}
}

// BenchmarkSort10000 sorts 10,000 shuffled orgs, and orgs that are in order
// already, as they are each time the screen counts on.
func BenchmarkSort10000(b *testing.B) {
	limits := tokens.DefaultLimits()
	shuffled := manyOrgs(10_000)
	orgs := make([]tokens.Org, len(shuffled))
	for _, order := range tokens.Orders() {
		b.Run(string(order)+"/shuffled", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				copy(orgs, shuffled)
				b.StartTimer()
				tokens.Sort(orgs, order, false, filterNow, limits)
			}
		})
		b.Run(string(order)+"/sorted", func(b *testing.B) {
			for b.Loop() {
				tokens.Sort(orgs, order, false, filterNow, limits)
			}
		})
	}
}
