package demo_test

import (
	"net/http"
	"strings"
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/demo"
)

func TestEveryScenarioStarts(t *testing.T) {
	t.Parallel()
	for _, scenario := range demo.Scenarios() {
		d := start(t, demo.Options{Scenario: scenario})
		keys := map[tokens.Key]bool{}
		for _, saved := range d.Orgs() {
			keys[saved.Org.Key] = true
			if saved.Org.Type == tokens.TypeUnknown || tokens.CheckAlias(saved.Org.Alias) != nil {
				t.Errorf("%s: %s at %s", scenario, saved.Org.Alias, saved.Org.InstanceURL)
			}
		}
		if len(keys) != len(d.Orgs()) || scenario.About() == "" {
			t.Errorf("%s: %d logins for %d orgs, about %q", scenario, len(keys), len(d.Orgs()), scenario.About())
		}
	}
	if _, err := demo.Start(demo.Options{Scenario: "quiet"}); err == nil || !strings.Contains(err.Error(), "mixed, happy") {
		t.Errorf("an unknown scenario: %v", err)
	}
}

// refused counts the refreshes of a scenario that bring no tokens, by their status.
func refused(t *testing.T, d *demo.Demo) map[int]int {
	t.Helper()
	counts := map[int]int{}
	for _, saved := range d.Orgs() {
		if got := refresh(t, d, saved, saved.Secrets.RefreshToken.Reveal()); got.status != http.StatusOK {
			counts[got.status]++
		}
	}
	return counts
}

func TestWhatTheScenariosRefuse(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[demo.Scenario]map[int]int{
		demo.Happy: {}, demo.Expired: {400: 2}, demo.Rotation: {400: 1}, demo.RateLimit: {429: 1}, demo.Outage: {503: 6},
	} {
		got := refused(t, start(t, demo.Options{Scenario: scenario}))
		for status := range want {
			if got[status] != want[status] {
				t.Errorf("%s: %v, want %v", scenario, got, want)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", scenario, got, want)
		}
	}
}

func TestThePresentersEvents(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{Scenario: demo.Rotation})
	one, two := named(t, d, "aperture"), named(t, d, "atlas")
	d.SetOutage(true)
	if got := refresh(t, d, one, one.Secrets.RefreshToken.Reveal()); got.status != http.StatusServiceUnavailable || !d.Outage() {
		t.Errorf("in an outage: HTTP %d", got.status)
	}
	d.SetOutage(false)
	if got := refresh(t, d, one, one.Secrets.RefreshToken.Reveal()); got.status != http.StatusOK || d.Outage() {
		t.Errorf("after the outage: HTTP %d", got.status)
	}
	if rotates, refused := d.Reuse(two.Org.Key); !rotates || refused != "" || d.Revoke("nobody") {
		t.Errorf("another program's refresh: rotates %t, refused %q", rotates, refused)
	}
	if rotates, refused := d.Reuse("nobody"); rotates || refused == "" {
		t.Errorf("another program refreshes what is not there: rotates %t, refused %q", rotates, refused)
	}
	if got := refresh(t, d, two, two.Secrets.RefreshToken.Reveal()).refusal(t); got != "invalid_grant expired access/refresh token" {
		t.Errorf("a refresh token that was used elsewhere: %s", got)
	}
	three := named(t, d, "cascade")
	if !d.Revoke(three.Org.Key) {
		t.Error("the login is not found")
	}
	if got := refresh(t, d, three, three.Secrets.RefreshToken.Reveal()).refusal(t); got != "invalid_grant expired access/refresh token" {
		t.Errorf("a revoked login: %s", got)
	}
	d.SetSlow(true)
	if !d.Slow() {
		t.Error("the network is not slow")
	}
}
