package tokens_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

var filterNow = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// filterOrgs are orgs that differ in all that a filter looks at.
func filterOrgs() []tokens.Org {
	const day = 24 * time.Hour
	return []tokens.Org{
		{
			Alias: "acme-prod", OrgID: "00D410000008aAAEAA", UserID: "005410000031xAAEAY", Username: "Ada@acme.example", Type: tokens.Production,
			InstanceURL: "https://acme.my.salesforce.com", ClientID: "PlatformCLI", Scopes: []string{"api", "refresh_token"},
			Tags: []string{"Acme", "big corp"}, IssuedAt: filterNow.Add(-12 * time.Minute), HasRefreshToken: true,
			RefreshUsedAt: filterNow.Add(-12 * time.Minute), Favourite: true,
		},
		{
			Alias: "acme-uat", Watched: true, OrgID: "00D410000008bBBEAQ", UserID: "005410000031yBBEAQ", Type: tokens.Sandbox,
			InstanceURL: "https://acme--uat.sandbox.my.salesforce.com", LoginURL: "https://test.salesforce.com", ClientID: "3MVG9",
			Scopes: []string{"chatter_api"}, Tags: []string{"acme"}, IssuedAt: filterNow.Add(-110 * time.Minute), HasRefreshToken: true,
			RefreshUsedAt: filterNow.Add(-28 * day),
		},
		{
			Alias: "globex", OrgID: "00D410000008cCCEAQ", Username: "ops@globex.example", Type: tokens.Production,
			InstanceURL: "https://localhost:8443", IssuedAt: filterNow.Add(-3 * time.Hour), HasRefreshToken: true,
			Last: &tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 400}},
		},
		{Alias: "umbrella", Username: "qa@umbrella.example", Type: tokens.TypeUnknown, IssuedAt: filterNow.Add(-26 * time.Hour)},
		{Alias: "hooli", Username: "dev@hooli.example", Type: tokens.Scratch},
	}
}

func filtered(f tokens.Filter, orgs []tokens.Org) (names []string) {
	for i := range orgs {
		var c tokens.Clocks
		if f.NeedsClocks() {
			c = orgs[i].Clocks(filterNow, tokens.DefaultLimits())
		}
		if f.Match(&orgs[i], tokens.WordsOf(&orgs[i]), c) {
			names = append(names, orgs[i].Alias)
		}
	}
	return names
}

func TestAFilterPicksWhatItsTermsSay(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"":                            "acme-prod acme-uat globex umbrella hooli",
		"  ":                          "acme-prod acme-uat globex umbrella hooli",
		"ACME":                        "acme-prod acme-uat",
		"acme uat":                    "acme-uat",
		"-acme":                       "globex umbrella hooli",
		"ada@":                        "acme-prod",
		"005410000031ybb":             "acme-uat",
		"00D410000008cCC":             "globex",
		"test.salesforce":             "acme-uat",
		"sbx":                         "acme-uat",
		"production":                  "acme-prod globex",
		`"big corp"`:                  "acme-prod",
		`"big corp`:                   "acme-prod",
		`"corp big"`:                  "",
		`-"big corp" acme`:            "acme-uat",
		"PlatformCLI":                 "",
		"client:platform":             "acme-prod",
		"tag:acme":                    "acme-prod acme-uat",
		"tag:acm":                     "",
		`tag:"big corp"`:              "acme-prod",
		"-tag:acme":                   "globex umbrella hooli",
		"scope:api":                   "acme-prod",
		"type:scratch":                "hooli",
		"type:PROD":                   "acme-prod globex",
		"type:unknown":                "umbrella",
		"host:sandbox":                "acme-uat",
		"host:localhost:8443":         "globex",
		`"localhost:8443"`:            "globex",
		"https://localhost:8443/home": "globex",
		"user:example":                "acme-prod globex umbrella hooli",
		"user:005":                    "acme-uat",
		"org:00d410000008a":           "acme-prod",
		"alias:acme":                  "acme-prod acme-uat",
		"is:fresh":                    "acme-prod",
		"is:ageing":                   "acme-uat",
		"is:expired":                  "umbrella",
		"is:failed":                   "globex",
		"is:unknown":                  "hooli",
		"is:stale":                    "acme-uat umbrella hooli",
		"is:idle":                     "acme-uat",
		"is:sandbox":                  "acme-uat",
		"IS:Production":               "acme-prod globex",
		"is:production -is:failed":    "acme-prod",
		"is:favourite":                "acme-prod",
		"is:watched":                  "acme-uat",
		"age:>2h":                     "globex umbrella",
		"age:<12m":                    "",
		"age:<=12m":                   "acme-prod",
		"age:>=26h":                   "umbrella",
		"left:<15m":                   "acme-uat globex umbrella",
		"-left:<15m":                  "acme-prod hooli",
		"left:<1h50m":                 "acme-prod acme-uat globex umbrella",
		"left:>1h30m":                 "acme-prod",
		"idle:<7d":                    "acme-uat",
		"idle:>4w":                    "acme-prod",
	} {
		f, err := tokens.ParseFilter(expr)
		if err != nil {
			t.Errorf("%q: %v", expr, err)
			continue
		}
		if got := strings.Join(filtered(f, filterOrgs()), " "); got != want {
			t.Errorf("%q picks %q, want %q", expr, got, want)
		}
	}
}

func TestAFilterSaysWhatIsWrongWhere(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]struct {
		at         int
		unfinished bool
		says       string
	}{
		"is:":             {4, true, "is: fresh ageing expired failed unknown stale idle favourite watched production"},
		"is:exp":          {4, true, "is: fresh"},
		"acme is:broken":  {9, false, "is: broken is none of fresh"},
		"-is:nope":        {5, false, "nope is none of"},
		"type:x":          {6, false, "type: x is none of production sandbox"},
		"tag:":            {5, true, "tag: wants a value"},
		"é colour:red":    {3, false, "colour: is no key, use is tag type"},
		"-":               {2, true, "wants a word"},
		"age:2h":          {5, false, "age: wants < or >"},
		"age:>":           {5, true, "90s, 1h30m or 7d"},
		"age:>2":          {5, true, "90s, 1h30m or 7d"},
		"age:>2y":         {5, false, "90s, 1h30m or 7d"},
		"idle:<99999999w": {6, false, "90s, 1h30m or 7d"},
	} {
		_, err := tokens.ParseFilter(expr)
		wrong, typed := errors.AsType[*tokens.FilterError](err)
		if !typed {
			t.Errorf("%q: %v", expr, err)
			continue
		}
		if wrong.At != want.at || wrong.Unfinished != want.unfinished || !strings.Contains(wrong.Problem, want.says) {
			t.Errorf("%q: %d %v %q", expr, wrong.At, wrong.Unfinished, wrong.Problem)
		}
	}
}

func TestAFilterKnowsWhetherItNeedsTheClocks(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]bool{
		"": false, "acme": false, "is:production": false, "is:favourite": false,
		"is:fresh": true, "acme left:<1h": true, "-is:stale": true,
	} {
		f, err := tokens.ParseFilter(expr)
		if err != nil || f.NeedsClocks() != want {
			t.Errorf("%q: %v %v", expr, f.NeedsClocks(), err)
		}
	}
}

func TestSuggestOffersWhatCanBeTypedNext(t *testing.T) {
	t.Parallel()
	tags := []string{"Acme", "big corp", "acme"}
	for expr, want := range map[string]struct {
		at    int
		terms []string
	}{
		"acme i":      {5, []string{"is:", "idle:"}},
		"is:f":        {0, []string{"is:fresh", "is:failed", "is:favourite"}},
		"-is:fr":      {0, []string{"-is:fresh"}},
		"tag:":        {0, []string{`tag:"big corp"`, "tag:acme"}},
		`tag:"b`:      {0, []string{`tag:"big corp"`}},
		"type:s":      {0, []string{"type:sandbox", "type:scratch"}},
		"is:fresh":    {0, nil},
		"host:a":      {0, nil},
		"nothing:s":   {0, nil},
		"is:fresh -t": {9, []string{"-tag:", "-type:"}},
	} {
		at, terms := tokens.Suggest(expr, tags)
		if at != want.at || !slices.Equal(terms, want.terms) {
			t.Errorf("%q: %d %q", expr, at, terms)
		}
	}
	if at, terms := tokens.Suggest("acme ", nil); at != 5 || len(terms) != 12 {
		t.Errorf("after a space: %d %q", at, terms)
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{"", "acme -uat", `tag:"big corp" is:fresh`, "-is:", "age:>2h left:<=15m", `"`, "-", "a:b:c", "\x00\xff é:"} {
		f.Add(seed)
	}
	orgs := filterOrgs()
	f.Fuzz(func(t *testing.T, expr string) {
		at, terms := tokens.Suggest(expr, []string{"acme", expr})
		if at < 0 || at > len(expr) {
			t.Fatalf("Suggest(%q) = %d", expr, at)
		}
		for _, term := range terms {
			if !strings.HasPrefix(term, strings.ToLower(expr[at:])) {
				t.Errorf("%q becomes %q", expr[at:], term)
			}
		}
		filter, err := tokens.ParseFilter(expr)
		if err != nil {
			wrong, typed := errors.AsType[*tokens.FilterError](err)
			if !typed || wrong.At < 1 || wrong.At > len([]rune(expr))+1 || !tokens.Printable(wrong.Error()) {
				t.Fatalf("%q: %#v", expr, err)
			}
			return
		}
		kept := filtered(filter, orgs)
		if strings.Count(expr, `"`)%2 != 0 {
			return
		}
		// What a second term says can only take orgs away.
		narrower, err := tokens.ParseFilter(expr + " is:fresh")
		if err != nil {
			t.Fatalf("%q with is:fresh: %v", expr, err)
		}
		for _, name := range filtered(narrower, orgs) {
			if !slices.Contains(kept, name) {
				t.Errorf("%q leaves %s out, with is:fresh it does not", expr, name)
			}
		}
	})
}

// manyOrgs are n orgs of all ages and users.
func manyOrgs(n int) []tokens.Org {
	orgs := make([]tokens.Org, n)
	for i := range orgs {
		shuffled := i * 7919 % n
		orgs[i] = tokens.Org{
			Alias: fmt.Sprintf("customer-%05d", shuffled), Username: fmt.Sprintf("ops%d@customer.example", shuffled/3),
			OrgID: "00D410000008aAAEAA", UserID: "005410000031xAAEAY", Type: tokens.Types()[shuffled%len(tokens.Types())],
			InstanceURL: fmt.Sprintf("https://customer%d.my.salesforce.com", shuffled), Tags: []string{fmt.Sprintf("team%d", shuffled%7)},
			IssuedAt: filterNow.Add(-time.Duration(shuffled) * time.Second), RefreshUsedAt: filterNow.Add(-time.Duration(shuffled) * time.Minute * 5),
			HasRefreshToken: true,
		}
	}
	return orgs
}

// BenchmarkFilter10000 is one keystroke: the filter is read, and the orgs that
// pass are found. The goal is 5 ms.
func BenchmarkFilter10000(b *testing.B) {
	orgs := manyOrgs(10_000)
	words := make([]tokens.Words, len(orgs))
	for i := range orgs {
		words[i] = tokens.WordsOf(&orgs[i])
	}
	limits := tokens.DefaultLimits()
	for _, expr := range []string{"cust", "customer-0999 ops", "-customer3", "tag:team3 is:production", "is:stale left:<15m"} {
		b.Run(expr, func(b *testing.B) {
			passed := 0
			for b.Loop() {
				f, err := tokens.ParseFilter(expr)
				if err != nil {
					b.Fatal(err)
				}
				for i := range words {
					var c tokens.Clocks
					if f.NeedsClocks() {
						c = orgs[i].Clocks(filterNow, limits)
					}
					if f.Match(&orgs[i], words[i], c) {
						passed++
					}
				}
			}
			if passed == 0 {
				b.Error("no org passes")
			}
		})
	}
	b.Run("preparing", func(b *testing.B) {
		for b.Loop() {
			for i := range orgs {
				words[i] = tokens.WordsOf(&orgs[i])
			}
		}
	})
}
