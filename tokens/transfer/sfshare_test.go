package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// sharing is a login of the fixture home.
func sharing(t *testing.T, username, app string) tokens.Shared {
	t.Helper()
	return tokens.Shared{Mode: tokens.SharedLocked, Home: filepath.Join(sfHome(t), ".sfdx"), Username: username, App: app}
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// rotated are tokens that took the place of what the CLI's file has.
func rotated(t *testing.T, at tokens.Shared) tokens.Secrets {
	t.Helper()
	s, err := SFShare{}.Read(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	s.Replaced = s.RefreshToken.Fingerprint()
	s.RefreshToken, s.AccessToken = tokens.NewSecret("rt.rotated"), tokens.NewSecret("00D!new")
	return s
}

// values are the strings of a JSON file, by their names; nested ones after a dot.
func values(t *testing.T, path string) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(text(t, path)), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTokensAreWrittenBackInTheCLIsOwnForm(t *testing.T) {
	t.Parallel()
	for _, app := range []string{"", "myapp"} {
		at := sharing(t, "user201@mock.example", app)
		before := values(t, at.File())
		next := rotated(t, at)
		for range 2 { // the second time the file has them already
			if err := (SFShare{}).Write(t.Context(), at, next); err != nil {
				t.Fatal(err)
			}
		}
		got, err := SFShare{}.Read(t.Context(), at)
		if err != nil || !got.RefreshToken.Equal(next.RefreshToken) || !got.AccessToken.Equal(next.AccessToken) {
			t.Errorf("%s: %v, %v", app, got.RefreshToken.Reveal(), err)
		}
		if strings.Contains(text(t, at.File()), "rt.rotated") {
			t.Errorf("%s: a token is in the clear", app)
		}
		after := values(t, at.File())
		where, was := after, before
		if app != "" {
			where, was = dig(t, after, "clientApps", app), dig(t, before, "clientApps", app)
		}
		for _, name := range []string{"refreshToken", "accessToken"} {
			stored, _ := where[name].(string)
			if stored == was[name] || !sfSealed(stored) {
				t.Errorf("%s: %s is %q", app, name, stored)
			}
			where[name] = was[name]
		}
		a, _ := json.Marshal(after)
		b, _ := json.Marshal(before)
		if string(a) != string(b) {
			t.Errorf("%s: something else changed:\n%s\n%s", app, a, b)
		}
		if entries, err := os.ReadDir(at.Home); err != nil || len(entries) != 13 {
			t.Errorf("something was left in the folder: %v, %v", entries, err)
		}
	}
}

func dig(t *testing.T, in map[string]any, path ...string) map[string]any {
	t.Helper()
	for _, name := range path {
		next, ok := in[name].(map[string]any)
		if !ok {
			t.Fatalf("no %s", name)
		}
		in = next
	}
	return in
}

func TestNewerTokensOfTheCLIAreLeftAlone(t *testing.T) {
	t.Parallel()
	at := sharing(t, "user208@mock.example", "")
	next := rotated(t, at)
	next.Replaced = "00000000"
	before := text(t, at.File())
	if err := (SFShare{}).Write(t.Context(), at, next); !errors.Is(err, ErrSFMoved) || text(t, at.File()) != before {
		t.Errorf("%v", err)
	}
}

func TestPlainTokensStayPlainAndMissingOnesAreAdded(t *testing.T) {
	t.Parallel()
	at := sharing(t, "plain@mock.example", "")
	if err := os.WriteFile(at.File(), []byte(`{ "x": [1, {"refreshToken": "no"}], "refreshToken": "old", "refreshToken": "rt.1" }`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (SFShare{}).Write(t.Context(), at, rotated(t, at)); err != nil {
		t.Fatal(err)
	}
	if want := `{"accessToken":"00D!new", "x": [1, {"refreshToken": "no"}], "refreshToken": "old", "refreshToken": "rt.rotated" }`; text(t, at.File()) != want {
		t.Errorf("%s", text(t, at.File()))
	}
}

func TestAFileThatIsALinkStaysOne(t *testing.T) {
	t.Parallel()
	at := sharing(t, "user208@mock.example", "")
	target := filepath.Join(t.TempDir(), "real.json")
	if err := os.Rename(at.File(), target); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, at.File()); err != nil {
		t.Skip(err)
	}
	next := rotated(t, at)
	if err := (SFShare{}).Write(t.Context(), at, next); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(at.File()); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestNamesThatLeadElsewhere(t *testing.T) {
	t.Parallel()
	good := sharing(t, "user208@mock.example", "")
	for _, change := range []func(*tokens.Shared){
		func(s *tokens.Shared) { s.Home = "relative" },
		func(s *tokens.Shared) { s.Username = "../user208@mock.example" },
		func(s *tokens.Shared) { s.Username = "key" },
		func(s *tokens.Shared) { s.Username = `a\user208@mock.example` },
	} {
		at := good
		change(&at)
		if _, err := (SFShare{}).Read(t.Context(), at); !errors.Is(err, ErrNoSFHome) {
			t.Errorf("%+v: %v", at, err)
		}
		if _, err := (SFShare{}).Lock(t.Context(), at); !errors.Is(err, ErrNoSFHome) {
			t.Errorf("%+v: %v", at, err)
		}
	}
}

func TestTheLockOfTheCLI(t *testing.T) {
	t.Parallel()
	at := sharing(t, "user208@mock.example", "")
	path := at.File() + ".token-rotation.lock"
	if err := os.Mkdir(path, 0o755); err != nil { // the CLI has it
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 3*sfLockPoll)
	defer cancel()
	if _, err := (SFShare{}).Lock(short, at); !errors.Is(err, ErrSFBusy) {
		t.Fatalf("%v", err)
	}
	got := make(chan func(), 1)
	go func() {
		release, err := SFShare{}.Lock(context.Background(), at)
		if err != nil {
			t.Error(err)
		}
		got <- release
	}()
	if err := os.Remove(path); err != nil { // the CLI gives it back
		t.Fatal(err)
	}
	release := <-got
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		t.Errorf("no folder: %v", err)
	}
	release()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the lock stayed: %v", err)
	}
}

func TestALockWhoseHolderHasEndedIsTaken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.lock")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * sfLockStale)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	l, err := takeSFLock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, old, old); err != nil { // another took it while this machine slept
		t.Fatal(err)
	}
	if l.touch() {
		t.Error("a lock of another was touched")
	}
	l.release()
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the lock of another was removed: %v", err)
	}
}

func TestALockIsKeptFresh(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.lock")
	l, err := takeSFLock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	l.last = time.Now().Add(-sfLockStale / 2).Truncate(time.Second)
	if err := os.Chtimes(path, l.last, l.last); err != nil {
		t.Fatal(err)
	}
	before := l.last
	if !l.touch() || !l.last.After(before) {
		t.Errorf("touched at %v, before %v", l.last, before)
	}
	l.release()
	if _, err := takeSFLock(t.Context(), filepath.Join(path, "no", "folder")); err == nil || errors.Is(err, ErrSFBusy) {
		t.Errorf("%v", err)
	}
}

func FuzzWithString(f *testing.F) {
	f.Add([]byte(`{"a":"b","refreshToken":"x","clientApps":{"m":{"refreshToken":"y"}}}`), true)
	f.Add([]byte(`{"refreshToken":1,"x":"y"}`), false)
	f.Add([]byte(`{"`), false)
	f.Fuzz(func(t *testing.T, in []byte, nested bool) {
		var path []string
		if nested {
			path = []string{"clientApps", "m"}
		}
		out, err := withString(in, path, "refreshToken", "new\"value")
		if err != nil || !json.Valid(in) {
			return
		}
		found := ""
		if err := eachString(out, path, func(name, value string) {
			if name == "refreshToken" {
				found = value
			}
		}); err != nil || !json.Valid(out) || found != "new\"value" {
			t.Fatalf("%q became %q, %v", in, out, err)
		}
	})
}
