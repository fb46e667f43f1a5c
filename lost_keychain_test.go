//go:build unix

package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orgkeep/keychain/keychaintest"
)

const (
	keychainLimit = 3 * time.Second // of one call
	machineSlack  = 5 * time.Second // for a busy machine under the race detector
)

// timed runs the program and fails the test when it takes longer than most.
func (m *machine) timed(t testing.TB, most time.Duration, args ...string) run {
	t.Helper()
	began := time.Now()
	done := m.run(t, args...)
	took := time.Since(began)
	t.Logf("orgkeep %s: exit %d after %.2f s", args[0], done.code, took.Seconds())
	if took > most+machineSlack {
		t.Errorf("orgkeep %s took %v, the limit is %v", strings.Join(args, " "), took, most)
	}
	return done
}

// with returns the same machine with other variables.
func (m *machine) with(env ...string) *machine {
	other := *m
	other.env = append(append([]string(nil), m.env...), env...)
	return &other
}

// silentBus is a D-Bus that takes every connection and says nothing.
func silentBus(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "okbus") //nolint:usetesting // a socket's path has about 100 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "bus")
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return "DBUS_SESSION_BUS_ADDRESS=unix:path=" + path
}

// A keychain that is not there, locked, or hangs is said within the time limit
// in one line, and nothing is sent or saved.
func TestAKeychainThatCannotBeUsedIsSaidInTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(t *testing.T, m *machine, s *keychaintest.Service) *machine
		says  string
	}{
		"locked": {func(t *testing.T, m *machine, s *keychaintest.Service) *machine { s.Lock(t); return m }, "the keychain is locked"},
		"no bus": {func(_ *testing.T, m *machine, s *keychaintest.Service) *machine { s.KillBus(); return m }, "cannot be reached"},
		"no service": {func(t *testing.T, m *machine, s *keychaintest.Service) *machine {
			s.Kill(t)
			return m
		}, "no Secret Service is running"},
		"silent bus": {func(t *testing.T, m *machine, _ *keychaintest.Service) *machine {
			return m.with(silentBus(t))
		}, "no answer came in time"},
		"frozen bus": {func(t *testing.T, m *machine, s *keychaintest.Service) *machine {
			s.FreezeBus(t)
			return m
		}, "no answer came in time"},
		"frozen service": {func(t *testing.T, m *machine, s *keychaintest.Service) *machine {
			s.Freeze(t)
			return m
		}, "no answer came in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, service := withKeyring(t)
			r := startRotator(t)
			g, second := r.grant(t, 1, 0), newLogin(t, 2, "https://acme.my.salesforce.com")
			m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", g.file(t)).expect(t, 0)
			m = c.spoil(t, m, service)
			for _, args := range [][]string{{"refresh", "acme"}, {"refresh", "--all", "--json"}, {"import", "--client-id", "PlatformCLI", second.file(t)}} {
				done := m.timed(t, keychainLimit, args...).expect(t, 3)
				if done.out != "" || len(linesOf(done.errors)) != 1 || !strings.Contains(done.errors, c.says) ||
					!strings.Contains(done.errors, "nothing was saved or sent") {
					t.Errorf("stdout %q, stderr %q", done.out, done.errors)
				}
			}
			if requests, _ := r.sent(); requests != 0 {
				t.Errorf("%d requests were sent", requests)
			}
			if orgs := decode[[]listedOrg](t, m.run(t, "list", "--json").expect(t, 0)); len(orgs) != 1 || orgs[0].LastRefresh != nil {
				t.Errorf("the list: %+v", orgs)
			}
		})
	}
}

// While the answer is on its way the keychain stops answering: the new tokens
// are in the journal, the command says so, and the next one brings them home.
func TestAKeychainThatFreezesInTheMiddleLosesNothing(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	r := startRotator(t)
	g := r.grant(t, 1, 0)
	m.run(t, "import", "--client-id", "PlatformCLI", "--alias", "acme", g.file(t)).expect(t, 0)
	arrived, frozen := make(chan struct{}), make(chan struct{})
	r.meet(func(*granted) {
		close(arrived)
		<-frozen
	})
	ended := make(chan run)
	began := time.Now()
	go func() { ended <- m.run(t, "refresh", "acme") }()
	<-arrived
	service.Freeze(t)
	close(frozen)
	done := (<-ended).expect(t, 3)
	took := time.Since(began)
	t.Logf("exit %d after %.2f s: %s", done.code, took.Seconds(), done.errors)
	if took > keychainLimit+machineSlack {
		t.Errorf("it took %v", took)
	}
	if !strings.Contains(done.errors, "The new tokens are safe in the journal (encrypted), not yet in Secret Service.") {
		t.Errorf("nothing says where the new tokens are: %s", done.errors)
	}
	checkNoSecret(t, m, []string{g.access, r.current(g), g.base.refresh})

	r.meet(nil)
	m.timed(t, keychainLimit, "refresh", "acme").expect(t, 3)
	service.Thaw(t)
	done = m.run(t, "refresh", "acme").expect(t, 0)
	if inKeychain(t, service)[g.orgID].RefreshToken.Reveal() != r.current(g) {
		t.Errorf("the tokens of the journal did not come home: %s", done.errors)
	}
	m.run(t, "refresh", "acme").expect(t, 0)
	if requests, revoked := r.sent(); revoked != 0 || requests > 3 {
		t.Errorf("%d requests, %d logins revoked", requests, revoked)
	}
	if left, err := filepath.Glob(filepath.Join(m.home, ".local", "state", "orgkeep", "journal", "*")); err != nil || len(left) != 0 {
		t.Errorf("the journal still has %v, %v", left, err)
	}
}

// With a keychain that hangs the screen still obeys.
func TestTheScreenMovesWhileTheKeychainHangs(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	r := startRotator(t)
	args := []string{"import", "--client-id", "PlatformCLI"}
	for n := range 3 {
		args = append(args, r.grant(t, n, 0).file(t))
	}
	m.run(t, args...).expect(t, 0)
	service.Freeze(t)
	w := m.open(t, 120, 30)
	w.see("1/3")
	w.press("r")
	w.see("reading keychain")
	for _, step := range []struct {
		key string
		row int // of the list, from 0
	}{{"j", 1}, {"j", 2}, {"k", 1}, {"g", 0}, {"G", 2}} {
		began := time.Now()
		w.press(step.key)
		const above = 3 // the header, the border and the names of the columns
		w.until("the cursor's row", func() bool { return strings.HasPrefix(strings.Split(w.text(), "\n")[above+step.row], "│▌") })
		if took := time.Since(began); took > time.Second {
			t.Errorf("the cursor moved after %v", took)
		}
	}
	if requests, _ := r.sent(); requests != 0 {
		t.Errorf("%d requests were sent", requests)
	}
	service.Thaw(t)
	w.see("refreshed")
}
