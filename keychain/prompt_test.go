package keychain_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"orgkeep/keychain"
	"orgkeep/keychain/keychaintest"
)

// fake starts a fake Secret Service that holds one old value and, from then on,
// asks at every write.
func fake(t *testing.T) (*keychaintest.Fake, *keychain.OSStore) {
	t.Helper()
	f := keychaintest.StartFake(t)
	f.Use(t)
	s := patient()
	mustSet(t, s, account, "old")
	f.AskAtWrites(true)
	return f, s
}

// begin runs a call in its own goroutine.
func begin(call func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	return done
}

// setNew begins to save "new".
func setNew(ctx context.Context, s keychain.Store, name string) <-chan error {
	return begin(func() error { return s.Set(ctx, name, "new") })
}

// ended waits for what begin began.
func ended(done <-chan error) error { return <-done }

func wantValue(t *testing.T, f *keychaintest.Fake, name, want string) {
	t.Helper()
	if got, _ := f.Value("orgkeep", name); got != want {
		t.Errorf("the keychain holds %q for %s, want %q", got, name, want)
	}
}

func answer(t *testing.T, how func() error) {
	t.Helper()
	if err := how(); err != nil {
		t.Fatalf("answering the prompt: %v", err)
	}
}

func TestPromptAccepted(t *testing.T) {
	f, s := fake(t)
	done := setNew(t.Context(), s, account)
	answer(t, (<-f.Prompts()).Accept)
	wantKind(t, ended(done), nil)
	wantValue(t, f, account, "new")
	mustGet(t, s, "new")
}

// TestPromptDismissed is where go-keyring says nil and nothing was saved.
func TestPromptDismissed(t *testing.T) {
	f, s := fake(t)
	done := setNew(t.Context(), s, account)
	answer(t, (<-f.Prompts()).Dismiss)
	wantKind(t, ended(done), keychain.ErrNotVerified)
	wantValue(t, f, account, "old")

	done = setNew(t.Context(), s, "another")
	answer(t, (<-f.Prompts()).Dismiss)
	wantKind(t, ended(done), keychain.ErrNotVerified)

	done = begin(func() error { return s.Delete(t.Context(), account) })
	answer(t, (<-f.Prompts()).Dismiss)
	wantKind(t, ended(done), keychain.ErrNotVerified)
	wantValue(t, f, account, "old")
}

func TestUnlockPrompt(t *testing.T) {
	f, s := fake(t)
	f.SetLocked(true)
	read := func() error { _, err := s.Get(keychain.Interactive(t.Context()), account); return err }
	done := begin(read)
	answer(t, (<-f.Prompts()).Dismiss)
	wantKind(t, ended(done), keychain.ErrLocked)
	done = begin(read)
	answer(t, (<-f.Prompts()).Accept)
	wantKind(t, ended(done), nil)
}

// TestPromptNeverAnswered leaves a question on the screen: the caller goes on,
// the next one is told at once, and the late answer is waited for.
func TestPromptNeverAnswered(t *testing.T) {
	f, s := fake(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := setNew(keychain.Interactive(ctx), s, account)
	prompt := <-f.Prompts()
	cancel()
	if problem := explained(t, ended(done), keychain.ErrTimeout); !problem.Begun {
		t.Errorf("%v: Begun is false", problem)
	}
	_, err := s.Get(t.Context(), account)
	wantKind(t, err, keychain.ErrBusy)
	wantKind(t, s.Set(keychain.Interactive(t.Context()), "another", "new"), keychain.ErrBusy)

	answer(t, prompt.Accept)
	wantKind(t, s.Settled(t.Context(), account), nil)
	mustGet(t, s, "new")
}

// TestFrozenDuringACall freezes the service between the look and the answer.
func TestFrozenDuringACall(t *testing.T) {
	f, s := fake(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := setNew(ctx, s, account)
	prompt := <-f.Prompts()
	f.Freeze()
	answer(t, prompt.Accept) // the write happens; the read-back hangs
	cancel()
	wantKind(t, ended(done), keychain.ErrTimeout)
	_, err := s.Get(t.Context(), account)
	wantKind(t, err, keychain.ErrBusy)
	wantKind(t, s.Probe(t.Context()), keychain.ErrTimeout)
	f.Thaw()
	wantKind(t, s.Settled(t.Context(), account), nil)
	mustGet(t, s, "new")
}

// TestBusEndsDuringAPrompt is where go-keyring dereferences nil.
func TestBusEndsDuringAPrompt(t *testing.T) {
	f, s := fake(t)
	done := setNew(t.Context(), s, account)
	<-f.Prompts()
	f.KillBus()
	if problem := explained(t, ended(done), keychain.ErrUnavailable); !problem.Begun {
		t.Errorf("%v: Begun is false", problem)
	}
	wantKind(t, probe(t, s), keychain.ErrUnavailable)
}

// TestTwoPrompts has two writers who would take each other's answers.
func TestTwoPrompts(t *testing.T) {
	f, s := fake(t)
	one := setNew(t.Context(), s, account)
	first := <-f.Prompts()
	two := setNew(t.Context(), s, "another")
	answer(t, first.Dismiss)
	wantKind(t, ended(one), keychain.ErrNotVerified)
	answer(t, (<-f.Prompts()).Accept)
	wantKind(t, ended(two), nil)
	wantValue(t, f, account, "old")
	wantValue(t, f, "another", "new")
}

// TestPromptsInTurn has eight writers at once, and one question at a time.
func TestPromptsInTurn(t *testing.T) {
	f, s := fake(t)
	var writers []<-chan error
	for i := range 8 {
		writers = append(writers, setNew(keychain.Interactive(t.Context()), s, fmt.Sprintf("account%d", i)))
	}
	for range writers {
		prompt := <-f.Prompts()
		if n := len(f.Prompts()); n != 0 {
			t.Errorf("%d more questions are on the screen", n)
		}
		answer(t, prompt.Accept)
	}
	for _, done := range writers {
		wantKind(t, ended(done), nil)
	}
}

// TestManyPrompts counts what go-keyring leaves behind: without care it is
// about 1800 goroutines here.
func TestManyPrompts(t *testing.T) {
	f, s := fake(t)
	before := runtime.NumGoroutine()
	for range 60 {
		done := setNew(t.Context(), s, account)
		answer(t, (<-f.Prompts()).Accept)
		wantKind(t, ended(done), nil)
	}
	if left := runtime.NumGoroutine() - before; left > 60 {
		t.Errorf("60 prompts left %d goroutines", left)
	}
}

func TestCollections(t *testing.T) {
	f := keychaintest.StartFake(t)
	f.Use(t)
	s := patient()
	for _, c := range []struct {
		collection string
		kind       error
	}{
		{"login", nil},
		{"session", keychain.ErrUnavailable},
		{"", keychain.ErrUnavailable},
	} {
		f.SetCollection(c.collection)
		wantKind(t, probe(t, s), c.kind)
		wantKind(t, s.Set(t.Context(), account, "v"), c.kind)
	}
}
