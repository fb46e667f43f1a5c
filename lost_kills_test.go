//go:build unix

package main

import (
	"maps"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"orgkeep/keychain/keychaintest"
)

const (
	killsAll     = 300
	killsOrgs    = 6  // killed at once, one process each
	killsMeasure = 10 // rounds after which the moments are measured anew
	killsSeed    = 20261123
)

// killing is a machine whose refreshes are killed, and what came of it.
type killing struct {
	*testing.T
	m       *machine
	service *keychaintest.Service
	r       *rotator
	orgs    []*granted
	signIns int
	kills   int
	came    map[string]int
	dice    *rand.Rand
}

// However a refresh is killed, afterwards the org is current or said to be
// unknown, and a current one can be refreshed. What the endpoint had carried out
// and the program had not yet written down is lost, and is counted.
//
// It runs alone, because its moments are measured.
func TestKilledAtAnyMoment(t *testing.T) { //nolint:paralleltest // as the comment says
	m, service := withKeyring(t)
	k := &killing{
		T: t, m: m, service: service, r: startRotator(t), orgs: make([]*granted, killsOrgs),
		came: map[string]int{}, dice: rand.New(rand.NewPCG(killsSeed, 0)),
	}
	for n := range k.orgs {
		k.signIn(n)
	}
	began := time.Now()
	var w moments
	for n := 0; k.kills < killsAll; n++ {
		if n%killsMeasure == 0 {
			w = k.measure()
		}
		k.round(w)
	}
	requests, revoked := k.r.sent()
	t.Logf("seed %d: %d kills, half of them %d to %d ms after the start and half up to %d ms after the request's arrival, in %.1f s",
		killsSeed, k.kills, w.from.Milliseconds(), w.to.Milliseconds(), w.saving.Milliseconds(), time.Since(began).Seconds())
	for _, what := range slices.Sorted(maps.Keys(k.came)) {
		t.Logf("%4d %s", k.came[what], what)
	}
	if revoked != 0 {
		t.Errorf("%d logins were revoked by %d requests", revoked, requests)
	}
	for _, needed := range []string{killedBefore, killedSaving, killedAfter, killedLost} {
		if k.came[needed] == 0 {
			t.Errorf("no kill hit %q: the moments are wrong", needed)
		}
	}
}

func (k *killing) alias(n int) string { return k.orgs[n].name }

// signIn imports new tokens of the n-th org.
func (k *killing) signIn(n int) {
	k.Helper()
	g := k.r.grant(k, n, k.signIns)
	k.signIns++
	k.orgs[n] = g
	k.m.run(k, "import", "--yes", "--client-id", "PlatformCLI", "--alias", g.name, g.file(k)).expect(k, 0)
}

// moments are when to kill: a span after the start for the way to the endpoint,
// and one after the request's arrival there for the way back and the saving.
type moments struct{ from, to, saving time.Duration }

// measure times whole refreshes, as many at once as will be killed.
func (k *killing) measure() moments {
	k.Helper()
	const rounds = 2
	var arrived, saved []time.Duration
	for range rounds {
		var all sync.WaitGroup
		var mu sync.Mutex
		for n, arrival := range k.arrivals() {
			began := time.Now()
			all.Go(func() {
				done := k.m.run(k, "refresh", k.alias(n))
				if done.code != 0 {
					k.Logf("not measured: exit %d: %s", done.code, done.errors) // a busy machine: the keychain was asked, and was late
					return
				}
				at := <-arrival
				mu.Lock()
				defer mu.Unlock()
				arrived, saved = append(arrived, at.Sub(began)), append(saved, time.Since(at))
			})
		}
		all.Wait()
	}
	if len(saved) == 0 {
		k.Fatal("no refresh went well")
	}
	slices.Sort(arrived)
	slices.Sort(saved)
	middle := len(saved) / 2
	return moments{from: arrived[0] / 2, to: arrived[middle], saving: saved[middle]}
}

// arrivals returns, for each org, a channel that gets the time at which its next
// request reaches the endpoint.
func (k *killing) arrivals() []chan time.Time {
	byLogin := map[*granted]chan time.Time{}
	arrivals := make([]chan time.Time, len(k.orgs))
	for n, g := range k.orgs {
		arrivals[n] = make(chan time.Time, 1)
		byLogin[g] = arrivals[n]
	}
	k.r.meet(func(g *granted) {
		select {
		case byLogin[g] <- time.Now():
		default: // one that is no longer waited for
		}
	})
	return arrivals
}

// What can have come of a kill.
const (
	endedFirst   = "ended before the kill came"
	killedBefore = "killed before anything was carried out: the org is current"
	killedAfter  = "killed when the keychain had the answer: the org is current"
	killedSaving = "killed when only the journal had the answer: it was brought home"
	killedInWay  = "killed on the way to the endpoint: said to be unknown, the refresh token is good"
	killedLost   = "lost in flight: carried out by the endpoint, not yet written down, said to be unknown"
)

// round kills one refresh of each org and checks what is left.
func (k *killing) round(w moments) {
	k.Helper()
	before, killed := make([]string, len(k.orgs)), make([]bool, len(k.orgs))
	var all sync.WaitGroup
	for n, arrival := range k.arrivals() {
		before[n] = k.r.current(k.orgs[n])
		after := w.from + time.Duration(k.dice.Int64N(int64(w.to-w.from)))
		if k.dice.IntN(2) == 0 {
			after = time.Duration(k.dice.Int64N(int64(w.saving)))
		} else {
			arrival = nil
		}
		cmd := k.m.command(k, "refresh", k.alias(n))
		if err := cmd.Start(); err != nil {
			k.Fatal(err)
		}
		all.Go(func() { killed[n] = kill(cmd, arrival, after) })
	}
	all.Wait()
	sound, unsound := k.judge(before, killed)
	k.refresh(sound)
	for _, n := range unsound {
		k.signIn(n)
	}
}

// kill ends a program a while after its request's arrival, or after its start
// where arrival is nil. It reports false when it had ended by then.
func kill(cmd *exec.Cmd, arrival <-chan time.Time, after time.Duration) bool {
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // killed, or at its end: both are meant
		close(ended)
	}()
	if arrival != nil {
		select {
		case <-arrival:
		case <-ended:
			return false
		}
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	<-ended
	return !cmd.ProcessState.Exited()
}

// judge counts what came of the kills, and tells the orgs that are current from
// those whose outcome is said to be unknown.
func (k *killing) judge(before []string, killed []bool) (sound, unsound []int) {
	k.Helper()
	unknown := k.unknown()
	home := inKeychain(k, k.service)
	for n, g := range k.orgs {
		current := k.r.current(g)
		inJournal := k.journalHas(g)
		inKeychain := home[g.orgID].RefreshToken.Reveal() == current
		what := killedBefore
		switch {
		case inKeychain && !killed[n]:
			what = endedFirst
		case inKeychain && unknown[g.name]:
			what = killedInWay
		case inKeychain && current != before[n]:
			what = killedAfter
		case inKeychain:
		case inJournal:
			what = killedSaving
		default:
			what = killedLost
			if !unknown[g.name] {
				k.Errorf("%s is stale, and nothing says so", g.name)
			}
		}
		k.came[what]++
		if what != endedFirst {
			k.kills++
		}
		if unknown[g.name] {
			unsound = append(unsound, n)
			continue
		}
		sound = append(sound, n)
	}
	return sound, unsound
}

// unknown asks the program which orgs' outcome is unknown.
func (k *killing) unknown() map[string]bool {
	k.Helper()
	unknown := map[string]bool{}
	for _, org := range decode[[]listedOrg](k, k.m.run(k, "list", "--json").expect(k, 0)) {
		unknown[org.Alias] = org.LastRefresh != nil && org.LastRefresh.Outcome == "unknown"
	}
	return unknown
}

// journalHas reports whether an answer for the org is in the journal.
func (k *killing) journalHas(g *granted) bool {
	k.Helper()
	found, err := filepath.Glob(filepath.Join(k.m.home, ".local", "state", "orgkeep", "journal", g.orgID+"*.answer"))
	if err != nil {
		k.Fatal(err)
	}
	return len(found) > 0
}

// refresh makes sure that the orgs can be refreshed, and are current then.
func (k *killing) refresh(orgs []int) {
	k.Helper()
	if len(orgs) == 0 {
		return
	}
	args := []string{"refresh"}
	for _, n := range orgs {
		args = append(args, k.alias(n))
	}
	done := k.m.run(k, args...).expect(k, 0)
	home := inKeychain(k, k.service)
	for _, n := range orgs {
		if g := k.orgs[n]; home[g.orgID].RefreshToken.Reveal() != k.r.current(g) {
			k.Errorf("%s is not current after a refresh: %s", g.name, strings.TrimSpace(done.errors))
		}
	}
}
