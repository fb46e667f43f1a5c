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
	if got := userinfo(t, d, one, one.Secrets.AccessToken); got.status != http.StatusServiceUnavailable {
		t.Errorf("userinfo in an outage: HTTP %d", got.status)
	}
	d.SetOutage(false)
	if got := refresh(t, d, one, one.Secrets.RefreshToken.Reveal()); got.status != http.StatusOK || d.Outage() {
		t.Errorf("after the outage: HTTP %d", got.status)
	}
	if got := userinfo(t, d, two, two.Secrets.AccessToken); got.status == http.StatusServiceUnavailable {
		t.Errorf("userinfo after the outage: HTTP %d", got.status)
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

// In the scenario in which one instance is down, whatever is asked of a host there
// fails, and nothing that is asked of another.
func TestAnInstanceThatIsDownIsDownForEverything(t *testing.T) {
	t.Parallel()
	d := start(t, demo.Options{Scenario: demo.Outage})
	down := 0
	for _, saved := range d.Orgs() {
		refreshed := refresh(t, d, saved, saved.Secrets.RefreshToken.Reveal()).status == http.StatusServiceUnavailable
		if refreshed {
			down++
		}
		for _, path := range []string{"/services/oauth2/userinfo", "/services/oauth2/introspect", "/services/data/"} {
			got, err := do(t.Context(), d, http.MethodGet, saved.Org.InstanceURL+path, nil, "")
			if err != nil || (got.status == http.StatusServiceUnavailable) != refreshed {
				t.Errorf("%s %s: HTTP %d %v; its refresh is down: %t", saved.Org.Alias, path, got.status, err, refreshed)
			}
		}
		if got := revoke(t, d, saved, saved.Secrets.RefreshToken); (got.status == http.StatusServiceUnavailable) != refreshed {
			t.Errorf("%s: revoking is HTTP %d", saved.Org.Alias, got.status)
		}
	}
	if down == 0 || down == len(d.Orgs()) {
		t.Errorf("%d of %d are down", down, len(d.Orgs()))
	}
}
