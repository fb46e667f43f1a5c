package main

import (
	"strconv"
	"sync"
	"testing"
	"time"
)

// Four processes refresh the same five orgs at once, each fifty times over: no
// refresh token is sent twice, and the keychain ends with the endpoint's own.
func TestManyProcessesRefreshTheSameOrgs(t *testing.T) {
	t.Parallel()
	const processes, times, orgs = 4, 50, 5
	m, service := withKeyring(t)
	r := startRotator(t)
	granted := make([]*granted, orgs)
	args := []string{"import", "--client-id", "PlatformCLI"}
	for i := range granted {
		granted[i] = r.grant(t, i, 0)
		args = append(args, granted[i].file(t))
	}
	m.run(t, args...).expect(t, 0)

	began := time.Now()
	runs := make(chan run, processes*times)
	var all sync.WaitGroup
	for range processes {
		all.Go(func() {
			for range times {
				runs <- m.run(t, "refresh", "--all", "--json", "-j", strconv.Itoa(orgs))
			}
		})
	}
	all.Wait()
	close(runs)
	outcomes := map[string]int{}
	for done := range runs {
		for _, result := range decode[[]refreshed](t, done.expect(t, 0)) {
			outcomes[result.Outcome]++
		}
	}
	requests, revoked := r.sent()
	t.Logf("%d runs of the program, %d orgs each, in %.1f s: %v, %d requests, %d logins revoked",
		processes*times, orgs, time.Since(began).Seconds(), outcomes, requests, revoked)
	if revoked != 0 || outcomes["refreshed"] != requests || outcomes["refreshed"]+outcomes["adopted"] != processes*times*orgs {
		t.Errorf("%d logins revoked, %d requests, %v", revoked, requests, outcomes)
	}
	if outcomes["refreshed"] < times*orgs {
		t.Errorf("%v: fewer than one process alone refreshes", outcomes)
	}
	saved := inKeychain(t, service)
	for _, g := range granted {
		if saved[g.orgID].RefreshToken.Reveal() != r.current(g) {
			t.Errorf("%s: the keychain has another refresh token than the endpoint", g.name)
		}
	}
}
