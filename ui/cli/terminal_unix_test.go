//go:build unix

package cli

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"orgkeep/keychain"
	"orgkeep/tokens/keeper"
)

// person runs a command line on a terminal and types an answer to each question
// that it asks. It returns the exit code and what the terminal has shown.
func (d *desk) person(t *testing.T, answers map[string]string, args ...string) (code int, shown string) {
	t.Helper()
	typing, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = typing.Close() }()
	read := make(chan string)
	go func() {
		var all strings.Builder
		part := make([]byte, 1<<10)
		for {
			n, err := typing.Read(part)
			all.Write(part[:n])
			for question, answer := range answers {
				if strings.Contains(all.String(), question) {
					delete(answers, question)
					_, _ = typing.WriteString(answer)
				}
			}
			if err != nil {
				read <- all.String()
				return
			}
		}
	}()
	var out bytes.Buffer
	p := d.program(&out, nil)
	p.In, p.Err = tty, tty
	code = p.Run(t.Context(), args)
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	return code, <-read + out.String()
}

func TestBadFilesAreSaidBeforeAnyQuestion(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"refresh_token":"a","instance_url":"https://acme.my.salesforce.com","id":"https://login.salesforce.com/id/00D41000000F8A1/005410000031xA1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	code, shown := d.person(t, nil, "import", bad, filepath.Join(d.home, "away.json"))
	if code != 1 || strings.Contains(shown, "Client id") || !strings.Contains(shown, "no access_token") || !strings.Contains(shown, "no such file") {
		t.Errorf("exit %d: %s", code, shown)
	}
	// One that can be used is worth the question.
	code, shown = d.person(t, map[string]string{"Client id": "PlatformCLI\r"}, "import", bad, d.file(t, 1, "https://acme.my.salesforce.com"))
	if code != 1 || !strings.Contains(shown, "acme: new") || !strings.Contains(shown, "no access_token") {
		t.Errorf("exit %d: %s", code, shown)
	}
}

// At a terminal a yes is asked for, once, and all else changes nothing.
func TestAChangeOfASavedOrgIsAskedFor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first, newer := answerFile(t, "first", time.Hour), answerFile(t, "newer", 0)
	args := []string{"import", "--client-id", "PlatformCLI", "--alias", "acme"}
	if code, shown := d.person(t, nil, append(args, first)...); code != 0 || strings.Contains(shown, "Type yes") {
		t.Errorf("exit %d: %s", code, shown)
	}
	const question = "Change 1 saved org? Type yes:"
	for _, no := range []string{"\r", "n\r"} {
		code, shown := d.person(t, map[string]string{question: no}, append(args, newer)...)
		if code != 2 || !strings.Contains(shown, "that is not yes; nothing was saved") {
			t.Errorf("exit %d: %s", code, shown)
		}
	}
	two := d.file(t, 2, "https://acme.my.salesforce.com")
	code, shown := d.person(t, map[string]string{"Save 1 new org and change 1 saved org? Type yes:": "yes\r"}, "import", "--client-id", "PlatformCLI", newer, two)
	if code != 0 || !strings.Contains(shown, "acme: updated") || !strings.Contains(shown, "acme-2: new") {
		t.Errorf("exit %d: %s", code, shown)
	}
}

// What a question was left with stands on a line of its own.
func TestAQuestionThatIsLeft(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	file := d.file(t, 1, "https://acme.my.salesforce.com")
	for _, answers := range []map[string]string{
		{"Client id": "\x04"}, {"Client id": "3MVG9.test\r", "Client secret": "\x03"},
	} {
		code, shown := d.person(t, answers, "import", file)
		if code != 1 || !strings.Contains(shown, "\norgkeep: asking on the terminal: stopped; nothing more was saved") {
			t.Errorf("exit %d: %q", code, shown)
		}
	}
}

// refusing is a store that takes nothing while it is shut.
type refusing struct {
	keychain.Store
	shut atomic.Bool
}

func (s *refusing) Set(ctx context.Context, account, value string) error {
	if s.shut.Load() {
		return errors.New("the keychain takes nothing")
	}
	return s.Store.Set(ctx, account, value)
}

// signalling is a stderr that sends this process a signal at some words.
type signalling struct {
	bytes.Buffer
	at     string
	times  int
	signal func()
}

func (s *signalling) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(s.at)) {
		if s.times--; s.times == 0 {
			s.signal()
		}
	}
	return s.Buffer.Write(p)
}

// noJournal makes the journal's folder unusable, for root too.
func noJournal(t *testing.T, folder string) {
	t.Helper()
	if err := os.RemoveAll(folder); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Error(err)
	}
}

// Tokens that are in memory only outlive the ctrl+c that was about the refresh,
// and end with the next one. It sends this process a signal, so nothing runs
// beside it.
func TestTokensInMemoryAreNotGivenUpByAnEarlierSignal(t *testing.T) {
	d := newDesk(t)
	store := &refusing{Store: keychain.Memory()}
	d.kept["orgkeep"] = store
	var breaking atomic.Bool
	e := httptest.NewServer(answering(func(http.Header) {
		if breaking.Load() { // neither the keychain nor the journal takes the answer
			store.shut.Store(true)
			noJournal(t, filepath.Join(d.home, ".local", "state", "orgkeep", "journal"))
		}
	}, ""))
	t.Cleanup(e.Close)
	d.load(t, e.URL)
	errs := &signalling{at: "in memory only", times: 3, signal: func() { _ = syscall.Kill(os.Getpid(), syscall.SIGINT) }}
	var out bytes.Buffer
	p := d.program(&out, nil)
	p.Err = errs
	o := &refreshing{session: &session{Program: p}, patience: time.Minute}
	k, done, err := o.openAll(t.Context(), duty{})
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	o.keeper = k
	orgs, err := k.Orgs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	breaking.Store(true)
	stopped, stop := context.WithCancel(t.Context())
	results := o.follow(stopped, func() {}, k.Refresh(stopped, orgs[:1]))
	stop()
	if len(results) != 1 || results[0].Held != keeper.HeldInMemory {
		t.Fatalf("%+v", results)
	}
	o.holdOn(stopped, o.keeper, time.Millisecond)
	if n := strings.Count(errs.String(), "in memory only"); n < 3 || len(k.InMemory()) != 1 {
		t.Errorf("it was given up after %d tries, in memory %v: %s", n, k.InMemory(), errs)
	}
}
