package doctor

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/tokens/journal"
	"orgkeep/tokens/ledger"
	"orgkeep/tokens/salesforce"
)

// results runs checks and returns what they found, in their order.
func results(t *testing.T, checks ...Check) []Result {
	t.Helper()
	found := make([]Result, len(checks))
	for step := range Run(t.Context(), tokens.SystemClock(), checks) {
		found[step.Index] = step.Result
	}
	return found
}

func one(t *testing.T, c Check) Result {
	t.Helper()
	return results(t, c)[0]
}

// expect fails unless the result ended so and says all the words.
func expect(t *testing.T, r Result, o Outcome, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(r.Seen+" "+r.Do, word) {
			t.Errorf("%s does not say %q: %+v", r.Check, word, r)
		}
	}
	if r.Outcome != o {
		t.Errorf("%s is %s, want %s: %+v", r.Check, r.Outcome, o, r)
	}
}

func nowhere(string) string { return "" }

func TestWhatHangsHangsNobody(t *testing.T) {
	t.Parallel()
	free := make(chan struct{})
	t.Cleanup(func() { close(free) })
	hanging := Check{Name: "hanging", Limit: time.Millisecond, Look: func(context.Context) Result { <-free; return Result{} }}
	checks := slices.Repeat([]Check{hanging}, 2*atOnce)
	checks = append(checks, Check{Name: "quick", Look: func(context.Context) Result { return Result{Outcome: OK} }})
	found := results(t, checks...)
	for _, r := range found[:2*atOnce] {
		expect(t, r, Failed, "no answer in")
	}
	expect(t, found[2*atOnce], OK)
}

func TestTheKeychainKeepsNothingOfAProbe(t *testing.T) {
	t.Parallel()
	store := &watched{Store: keychain.Memory()}
	expect(t, one(t, Keychain(store, 3, false, tokens.SystemClock())), OK, "written", "deleted")
	if len(store.accounts) != 1 {
		t.Fatalf("the accounts %v", store.accounts)
	}
	if _, err := store.Get(t.Context(), store.accounts[0]); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("the probe is still there: %v", err)
	}
}

// watched is a keychain that notes the accounts written and can be
// forgetful or locked.
type watched struct {
	keychain.Store
	accounts []string
	wrong    bool
	probe    error
}

func (w *watched) Probe(context.Context) error { return w.probe }

func (w *watched) Set(ctx context.Context, account, value string) error {
	w.accounts = append(w.accounts, account)
	return w.Store.Set(ctx, account, value)
}

func (w *watched) Get(ctx context.Context, account string) (string, error) {
	if w.wrong {
		return "something else", nil
	}
	return w.Store.Get(ctx, account)
}

func TestAKeychainThatHoldsSomethingElse(t *testing.T) {
	t.Parallel()
	store := &watched{Store: keychain.Memory(), wrong: true}
	expect(t, one(t, Keychain(store, 3, false, tokens.SystemClock())), Failed)
	store.wrong = false
	if _, err := store.Get(t.Context(), store.accounts[0]); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("a failed probe leaves its item: %v", err)
	}
}

func TestALockedKeychainAsksOnlyAPerson(t *testing.T) {
	t.Parallel()
	locked := &keychain.Error{Keychain: "Secret Service", Op: "looking", Kind: keychain.ErrLocked, Ask: true}
	store := &watched{Store: keychain.Memory(), probe: locked}
	expect(t, one(t, Keychain(store, 3, false, tokens.SystemClock())), Failed, "Secret Service: the keychain is locked")
	if len(store.accounts) != 0 {
		t.Error("a locked keychain was written to with nobody there")
	}
	expect(t, one(t, Keychain(store, 3, true, tokens.SystemClock())), OK)
}

// A vault is opened by the passphrase that came with the command line.
func TestALockedVaultIsOpenedWhereThatAsksNobody(t *testing.T) {
	t.Parallel()
	locked := &keychain.Error{Keychain: "vault", Op: "looking", Kind: keychain.ErrLocked, Ask: true}
	store := &watched{Store: keychain.Memory(), probe: locked}
	const how = "D asks for it."
	shut := one(t, Vault(store, nil, how, tokens.SystemClock()))
	expect(t, shut, Skipped, "the vault is locked")
	if shut.Do != how || len(store.accounts) != 0 {
		t.Errorf("%+v, %d items", shut, len(store.accounts))
	}
	wrong := &keychain.Error{Keychain: "vault", Op: "opening", Kind: keychain.ErrPassphrase}
	expect(t, one(t, Vault(store, func(context.Context) error { return wrong }, how, tokens.SystemClock())), Failed, "vault: ")
	opened := func(context.Context) error {
		store.probe = nil
		return nil
	}
	expect(t, one(t, Vault(store, opened, how, tokens.SystemClock())), OK)
}

func TestOneOrgIsCountedAsOne(t *testing.T) {
	t.Parallel()
	expect(t, one(t, Use("vault", "by default", "", 1)), OK, "(by default), 1 org")
	if seen := one(t, Use("vault", "by default", "", 1)).Seen; strings.HasSuffix(seen, "s") {
		t.Errorf("it says %q", seen)
	}
}

// slow is a stopwatch that tells 60 ms more at each look.
type slow struct{ tokens.Clock }

func (slow) Stopwatch() func() time.Duration {
	told := time.Duration(0)
	return func() time.Duration { told += 60 * time.Millisecond; return told }
}

func TestTheVaultIsAdvisedWhereItPays(t *testing.T) {
	t.Parallel()
	clock := slow{tokens.SystemClock()}
	expect(t, one(t, Keychain(keychain.Memory(), 1000, false, clock)), Warning, "60 ms", "orgkeep store move vault")
	expect(t, one(t, Keychain(keychain.Memory(), 20, false, clock)), OK, "60 ms")
	if r := one(t, Keychain(keychain.Memory(), 20, false, clock)); r.Do != "" {
		t.Errorf("advice for 20 orgs: %s", r.Do)
	}
}

func TestFilesThatOthersCanRead(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "vault")
	expect(t, one(t, Modes("vault files", folder)), Skipped)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	expect(t, one(t, Modes("vault files", folder)), OK, "1 file or folder, open to its owner alone")
	path := filepath.Join(folder, "entry")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, one(t, Modes("vault files", folder)), OK, "2 files")
	if runtime.GOOS == "windows" {
		return // it has no such modes
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, one(t, Modes("vault files", folder)), Failed, "1 of 2", "chmod")
}

func TestLedgerJournalAndLocks(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	l, err := ledger.Open(t.Context(), filepath.Join(folder, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	expect(t, one(t, Ledger(l, nil)), OK, "sound and writable", "no copy yet")
	expect(t, one(t, Ledger(nil, ledger.ErrDamaged)), Failed, "damaged")
	expect(t, one(t, Locks(filepath.Join(folder, "away"))), OK, "no folder yet")
	expect(t, one(t, Locks(folder)), OK, "not given again")

	store, waiting := keychain.Memory(), filepath.Join(folder, "journal")
	expect(t, one(t, Journal(waiting, store)), OK, "no key yet")
	identity, err := journal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Set(t.Context(), journal.Account, identity.Reveal()); err != nil {
		t.Fatal(err)
	}
	expect(t, one(t, Journal(waiting, store)), OK, "readable, 0 answers")
	j := journal.Open(waiting)
	if err := errors.Join(j.Unlock(identity), j.Keep(someOrg(t, 1).Key, tokens.Secrets{AccessToken: tokens.NewSecret("x")})); err != nil {
		t.Fatal(err)
	}
	expect(t, one(t, Journal(waiting, store)), Warning, "1 answers wait")
	if err := store.Delete(t.Context(), journal.Account); err != nil {
		t.Fatal(err)
	}
	expect(t, one(t, Journal(waiting, store)), Failed, "is gone")
}

func TestTheWayToTheHosts(t *testing.T) {
	t.Parallel()
	clock := tokens.SystemClock()
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(2*time.Hour).UTC().Format(http.TimeFormat))
	}))
	t.Cleanup(behind.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	client := salesforce.New(salesforce.Options{Clock: clock})
	found := results(t, Network(client, []string{behind.URL, closed.URL}, false, clock)...)
	expect(t, found[0], OK, "2 of 2 host names")
	expect(t, found[1], OK, "HTTP 200")
	expect(t, found[2], Failed, "while connecting")
	expect(t, found[3], Failed, "This machine's clock is", "behind")
	for _, r := range found {
		if strings.Contains(r.Seen+r.Do, "127.0.0.1") {
			t.Errorf("%s names the host in what is shared: %+v", r.Check, r)
		}
	}
	for _, r := range append(results(t, Network(client, nil, false, clock)...), results(t, Offline("asked to")...)...) {
		expect(t, r, Skipped)
	}
	away := func(context.Context, string) ([]string, error) { return nil, errors.New("no such host acme") }
	expect(t, one(t, names(away, []string{"https://acme.example"}, false)), Failed, "0 of 1")
	expect(t, one(t, names(away, []string{"https://acme.example"}, true)), OK, "the proxy looks them up")
}

func TestAProxysPasswordIsNotTold(t *testing.T) {
	t.Parallel()
	env := func(name string) string {
		return map[string]string{"https_proxy": "http://ada:hunter2@proxy.example:8080", "NO_PROXY": "localhost"}[name]
	}
	r := one(t, Proxy(env))
	expect(t, r, OK, "HTTPS_PROXY and NO_PROXY set")
	if strings.Contains(r.Seen+r.Detail, "hunter2") || strings.Contains(r.Detail, "ada") || !strings.Contains(r.Detail, "proxy.example:8080 (with a user name)") {
		t.Errorf("it tells %+v", r)
	}
	expect(t, one(t, Proxy(func(name string) string { return map[string]string{"ALL_PROXY": "x"}[name] })), Warning, "ALL_PROXY")
	expect(t, one(t, Proxy(func(name string) string { return map[string]string{"HTTPS_PROXY": "http://%zz:secret@"}[name] })), Failed)
	expect(t, one(t, Proxy(nowhere)), OK, "none")
}

func TestTheTerminalAndItsPrograms(t *testing.T) {
	t.Parallel()
	env := map[string]string{"TERM": "xterm-256color", "LANG": "C.UTF-8", "TMUX": "x"}
	get := func(name string) string { return env[name] }
	fine := Terminal{There: true, Width: 80, Height: 24, MinWidth: 60, MinHeight: 15, Colours: "256 colours", Env: get}
	expect(t, one(t, fine.Check()), OK, "xterm-256color", "80×24", "UTF-8")
	narrow := fine
	narrow.Width = 40
	expect(t, one(t, narrow.Check()), Warning, "60×15")
	plain := fine
	plain.Env = func(name string) string { return map[string]string{"TERM": "ada@acme.example"}[name] }
	r := one(t, plain.Check())
	expect(t, r, Warning, "TERM=?", "--ascii")
	expect(t, one(t, Terminal{Env: nowhere}.Check()), Skipped)
	expect(t, one(t, Copying(false, "ssh", get)), Warning, "no clipboard program", "inside tmux", "set-clipboard")
	expect(t, one(t, Copying(true, "never", nowhere)), OK)
	none := func(string) (string, error) { return "", errors.New("not found") }
	expect(t, one(t, Browser(nowhere, none)), Warning, "any machine")
	expect(t, one(t, Browser(func(string) string { return "firefox" }, none)), OK)
}

func TestAuthorities(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ca.pem")
	expect(t, one(t, Authorities(nil, tokens.SystemClock())), OK)
	expect(t, one(t, Authorities([]string{path}, tokens.SystemClock())), Failed, "cannot be read")
	if err := os.WriteFile(path, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, one(t, Authorities([]string{path}, tokens.SystemClock())), Failed, "has no certificate")
}
