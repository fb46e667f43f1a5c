package cli

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// desk is a home folder and a keychain for the commands that one test runs.
type desk struct {
	home string
	mu   sync.Mutex
	kept map[string]keychain.Store
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	return &desk{home: t.TempDir(), kept: map[string]keychain.Store{}}
}

func (d *desk) keychain(service string) keychain.Store {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept[service] == nil {
		d.kept[service] = keychain.Memory()
	}
	return d.kept[service]
}

// program is what the commands are lent; stdin is empty.
func (d *desk) program(out, errs *bytes.Buffer) Program {
	return Program{
		In: strings.NewReader(""), Out: out, Err: errs, Clock: tokens.SystemClock(), Keychain: d.keychain,
		Environ: []string{"ORGKEEP_DATA=" + filepath.Join(d.home, "data"), "XDG_CONFIG_HOME=" + filepath.Join(d.home, "config")},
		Home:    func() (string, error) { return d.home, nil }, Version: "v1.2.3",
	}
}

// run runs one command line and fails the test unless it ends with code.
func (d *desk) run(t *testing.T, code int, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := d.program(&o, &e).Run(t.Context(), args); got != code {
		t.Fatalf("orgkeep %s: exit %d, want %d\nstdout: %s\nstderr: %s", strings.Join(args, " "), got, code, o.String(), e.String())
	}
	return o.String(), e.String()
}

// grant is a token answer of the n-th login.
func grant(n int, instance string) string { return grantAt(n, instance, time.Now().Add(-3*time.Hour)) }

// grantAt is grant with the time of its issue.
func grantAt(n int, instance string, at time.Time) string {
	return fmt.Sprintf(`{"access_token":"00D41000000F8A%d!AQ.access.%d","refresh_token":"5Aep8.refresh.%d","instance_url":%q,`+
		`"id":"https://login.salesforce.com/id/00D41000000F8A%d/005410000031xA%d","issued_at":"%d"}`,
		n, n, n, instance, n, n, at.UnixMilli())
}

func (d *desk) file(t *testing.T, n int, instance string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "login"+strconv.Itoa(n)+".json")
	if err := os.WriteFile(path, []byte(grant(n, instance)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// load imports two logins of a host as one and two.
func (d *desk) load(t *testing.T, host string) {
	t.Helper()
	for n, alias := range []string{"one", "two"} {
		d.run(t, 0, "import", "--client-id", "PlatformCLI", "--alias", alias, d.file(t, n+1, host))
	}
}

// answering answers refreshes with a new access token, after change has had its
// hand on the answer's headers.
func answering(change func(http.Header), instance string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(strings.TrimPrefix(r.PostFormValue("refresh_token"), "5Aep8.refresh."))
		if err != nil {
			http.Error(w, "no such refresh token", http.StatusNotFound)
			return
		}
		named := instance
		if named == "" {
			named = "https://" + r.Host
			if r.TLS == nil {
				named = "http://" + r.Host
			}
		}
		w.Header().Set("Content-Type", "application/json")
		change(w.Header())
		_, _ = fmt.Fprint(w, strings.Replace(grant(n, named), "5Aep8", "next", 1))
	}
}

func asIs(http.Header) {}

func TestTheFilesOfTrust(t *testing.T) {
	t.Parallel()
	e := httptest.NewTLSServer(answering(asIs, ""))
	t.Cleanup(e.Close)
	d := newDesk(t)
	d.load(t, e.URL)
	ca := filepath.Join(d.home, "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs := d.run(t, 1, "refresh", "one"); !strings.Contains(errs, "one: ") || !strings.Contains(errs, "certificate") {
		t.Errorf("without the authority: %s", errs)
	}
	if _, errs := d.run(t, 0, "refresh", "one", "--ca-file", ca); !strings.Contains(errs, "one refreshed in") {
		t.Errorf("with the authority: %s", errs)
	}
	away := filepath.Join(d.home, "away.pem")
	for _, flags := range [][]string{
		{"--ca-file", away},
		{"--ca-file", filepath.Join(d.home, "data", "ledger.db")},
		{"--client-cert", away},
		{"--client-key", away},
		{"--client-cert", ca},
	} {
		out, errs := d.run(t, 2, append([]string{"refresh", "one"}, flags...)...)
		if out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "orgkeep: the certificate file cannot be used: ") {
			t.Errorf("%v: %q", flags, errs)
		}
	}
}

// A clock that is off is the same for every org, and is said once.
func TestAClockThatIsOffIsSaidOnce(t *testing.T) {
	t.Parallel()
	e := httptest.NewServer(answering(func(h http.Header) {
		h.Set("Date", time.Now().Add(-2*time.Hour).UTC().Format(http.TimeFormat))
	}, ""))
	t.Cleanup(e.Close)
	d := newDesk(t)
	d.load(t, e.URL)
	if _, errs := d.run(t, 0, "refresh", "--all"); strings.Count(errs, "This machine's clock is ") != 1 {
		t.Errorf("it said: %s", errs)
	}
}

func TestADistrustedHostIsSaid(t *testing.T) {
	t.Parallel()
	e := httptest.NewServer(answering(asIs, "https://elsewhere.example"))
	t.Cleanup(e.Close)
	d := newDesk(t)
	d.load(t, e.URL)
	_, errs := d.run(t, 0, "refresh", "one")
	if !strings.Contains(errs, "\norgkeep: one: the answer named ") || !strings.Contains(errs, "elsewhere.example") {
		t.Errorf("it said: %s", errs)
	}
	if out, _ := d.run(t, 0, "show", "one"); strings.Contains(out, "elsewhere") || !strings.Contains(out, e.URL) {
		t.Errorf("the host was taken over: %s", out)
	}
}

// An org without a network is as expired as it was; one without an answer is
// named by --failed and not sent again.
func TestExpiredAndFailedAfterAFailureOnTheWay(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	posts := 0
	e := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		posts++
		mu.Unlock()
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}))
	t.Cleanup(e.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	d := newDesk(t)
	d.run(t, 0, "import", "--client-id", "PlatformCLI", "--alias", "one", d.file(t, 1, e.URL))
	d.run(t, 0, "import", "--client-id", "PlatformCLI", "--alias", "two", d.file(t, 2, closed.URL))
	_, errs := d.run(t, 1, "refresh", "--expired")
	if !strings.Contains(errs, "orgkeep refresh one --anyway") || strings.Contains(errs, "orgkeep refresh two") {
		t.Errorf("the first unknown outcome: %s", errs)
	}
	if out, _ := d.run(t, 0, "list"); !strings.Contains(out, "s ago: while connecting") {
		t.Errorf("list gives no reason: %s", out)
	}
	_, errs = d.run(t, 1, "refresh", "--expired")
	if !strings.Contains(errs, "0 of 2 refreshed in ") {
		t.Errorf("the org that failed on its way is not expired any more: %s", errs)
	}
	_, errs = d.run(t, 1, "refresh", "--failed")
	if !strings.Contains(errs, "one: not sent. ") || !strings.Contains(errs, "orgkeep refresh one --anyway") || posts != 1 {
		t.Errorf("--failed with an unknown outcome, %d requests: %s", posts, errs)
	}
}

// Told to stop while another process has the login locked, import says so, and
// another signal can end it.
func TestImportIsNotDeafWhileItWaits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	locked, err := filepath.Glob(filepath.Join(d.home, ".local", "state", "orgkeep", "locks", "00D*.lock"))
	if err != nil || len(locked) != 2 {
		t.Fatalf("the lock files: %v (%v)", locked, err)
	}
	var holders []*flock.Flock
	for _, path := range locked {
		f := flock.New(path)
		if err := f.Lock(); err != nil {
			t.Fatal(err)
		}
		holders = append(holders, f)
	}
	var out, errs bytes.Buffer
	o := &importing{session: &session{Program: d.program(&out, &errs)}, clientID: "PlatformCLI", patience: time.Millisecond}
	freed := false
	o.free = func() {
		freed = true
		for _, f := range holders {
			_ = f.Close()
		}
	}
	k, done, err := o.openAll(t.Context(), duty{})
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	files := o.readAll([]string{d.file(t, 1, "https://acme.my.salesforce.com")})
	org, secrets, err := o.orgOf(files[0].login, o.clientID)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := o.save(ctx, k.Add, org, secrets); err != nil || !freed {
		t.Errorf("freed %v, %v", freed, err)
	}
	if lines := strings.Split(errs.String(), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "Stopping.") || !strings.Contains(lines[1], "ctrl+c again") {
		t.Errorf("it said: %q", lines)
	}
}
