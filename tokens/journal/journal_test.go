package journal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/journal"
)

var (
	start  = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	secret = tokens.Secrets{
		Generation: 7, AccessToken: tokens.NewSecret("00Dxx!CANARY-access"), RefreshToken: tokens.NewSecret("5Aep8CANARY-refresh"),
		ClientSecret: tokens.NewSecret("CANARY-client"), InstanceURL: "https://acme.my.salesforce.com", IssuedAt: start,
	}
)

func key(t *testing.T, client string) tokens.Key {
	t.Helper()
	k, err := tokens.NewKey("00D41000000F8A0", "005410000031xAA", client)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func identity(t *testing.T) tokens.Secret {
	t.Helper()
	id, err := journal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func unlocked(t *testing.T) (*journal.Journal, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "journal")
	j := journal.Open(folder)
	if err := j.Unlock(identity(t)); err != nil {
		t.Fatal(err)
	}
	return j, folder
}

func TestAnIntentOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	j, folder := unlocked(t)
	k := key(t, "app")
	want := journal.Intent{Generation: 3, Fingerprint: "0a1b2c3d", Started: start}
	if err := j.Begin(k, want); err != nil {
		t.Fatal(err)
	}
	got, err := journal.Open(folder).Intent(k) // needs no identity
	if err != nil || got == nil || *got != want {
		t.Errorf("read %+v, %v", got, err)
	}
	entries, err := journal.Open(folder).Entries()
	if err != nil || !slices.Equal(entries, []journal.Entry{{Key: k}}) {
		t.Errorf("entries %+v, %v", entries, err)
	}
	if err := j.Done(k); err != nil {
		t.Fatal(err)
	}
	if got, err := j.Intent(k); got != nil || err != nil {
		t.Errorf("after Done: %+v, %v", got, err)
	}
}

func TestADamagedIntentIsStillAnIntent(t *testing.T) {
	t.Parallel()
	j, folder := unlocked(t)
	k := key(t, "app")
	if err := j.Begin(k, journal.Intent{Generation: 3}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, string(k)+".intent"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := j.Intent(k); err != nil || got == nil || got.Generation != 0 {
		t.Errorf("read %+v, %v", got, err)
	}
}

func TestAnAnswerComesBackWhole(t *testing.T) {
	t.Parallel()
	j, folder := unlocked(t)
	k, other := key(t, "app"), key(t, "another")
	if _, there, err := j.Kept(k); there || err != nil {
		t.Errorf("an empty journal has an answer: %v, %v", there, err)
	}
	if err := j.Keep(k, secret); err != nil {
		t.Fatal(err)
	}
	got, there, err := j.Kept(k)
	if err != nil || !there || got.Generation != 7 || !got.RefreshToken.Equal(secret.RefreshToken) || !got.AccessToken.Equal(secret.AccessToken) {
		t.Errorf("read %+v, %v, %v", got, there, err)
	}
	if _, there, _ := j.Kept(other); there {
		t.Error("another login has the answer too")
	}
	entries, err := j.Entries()
	if err != nil || !slices.Equal(entries, []journal.Entry{{Key: k, Answer: true}}) {
		t.Errorf("entries %+v, %v", entries, err)
	}
	noSecretIn(t, folder)
	if err := j.Done(k); err != nil {
		t.Fatal(err)
	}
	if entries, err := j.Entries(); err != nil || len(entries) != 0 {
		t.Errorf("after Done: %+v, %v", entries, err)
	}
}

// noSecretIn searches every file for the canaries, in the forms they could have.
func noSecretIn(t *testing.T, folder string) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil || len(files) == 0 {
		t.Fatalf("no file to search: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []tokens.Secret{secret.AccessToken, secret.RefreshToken, secret.ClientSecret} {
			if bytes.Contains(content, []byte(s.Reveal())) || bytes.Contains(content, []byte(base64.StdEncoding.EncodeToString([]byte(s.Reveal())))) {
				t.Errorf("%s holds a secret", file.Name())
			}
		}
		if info, err := file.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", file.Name(), info.Mode(), err)
		}
	}
}

func TestALockedJournalKeepsNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	j, folder := unlocked(t)
	k := key(t, "app")
	if err := j.Keep(k, secret); err != nil {
		t.Fatal(err)
	}
	locked := journal.Open(folder)
	if !locked.Locked() || j.Locked() {
		t.Error("Locked is wrong")
	}
	if err := locked.Keep(k, secret); !errors.Is(err, journal.ErrLocked) {
		t.Errorf("Keep: %v", err)
	}
	if _, there, err := locked.Kept(k); !there || !errors.Is(err, journal.ErrLocked) {
		t.Errorf("Kept: %v, %v", there, err)
	}
}

func TestDamageIsToldApart(t *testing.T) {
	t.Parallel()
	j, folder := unlocked(t)
	k := key(t, "app")
	if err := j.Keep(k, secret); err != nil {
		t.Fatal(err)
	}
	stranger := journal.Open(folder)
	if err := stranger.Unlock(identity(t)); err != nil {
		t.Fatal(err)
	}
	if _, there, err := stranger.Kept(k); !there || !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("another identity: %v, %v", there, err)
	}
	path := filepath.Join(folder, string(k)+".answer")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		broken := slices.Clone(whole)
		broken[i] ^= 1
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if s, there, err := j.Kept(k); !there || !errors.Is(err, journal.ErrDamaged) {
			t.Fatalf("byte %d: %v, %v, %v", i, s, there, err)
		}
	}
}

func TestAWrongIdentityIsRefusedWithoutQuotingIt(t *testing.T) {
	t.Parallel()
	err := journal.Open(t.TempDir()).Unlock(tokens.NewSecret("AGE-SECRET-KEY-1CANARY"))
	if err == nil || strings.Contains(err.Error(), "CANARY") {
		t.Errorf("error %v", err)
	}
}

func TestOtherFilesAreNoEntries(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"x.intent", ".tmp", "00D.answer", "README"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if entries, err := journal.Open(folder).Entries(); err != nil || len(entries) != 0 {
		t.Errorf("entries %+v, %v", entries, err)
	}
	if entries, err := journal.Open(filepath.Join(folder, "none")).Entries(); err != nil || len(entries) != 0 {
		t.Errorf("entries of no folder %+v, %v", entries, err)
	}
}

func BenchmarkBeginKeepDone(b *testing.B) {
	id, err := journal.NewIdentity()
	if err != nil {
		b.Fatal(err)
	}
	j := journal.Open(b.TempDir())
	if err := j.Unlock(id); err != nil {
		b.Fatal(err)
	}
	k, err := tokens.NewKey("00D41000000F8A0", "005410000031xAA", "app")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := errors.Join(j.Begin(k, journal.Intent{Generation: 1}), j.Keep(k, secret), j.Done(k)); err != nil {
			b.Fatal(err)
		}
	}
}

func TestOnlyOldLeftoversAreSwept(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "journal")
	j := journal.Open(folder)
	if err := j.Sweep(start); err != nil {
		t.Errorf("sweeping where there is no folder: %v", err)
	}
	if err := j.Begin(key(t, "x"), journal.Intent{Started: start}); err != nil {
		t.Fatal(err)
	}
	entry := string(key(t, "x")) + ".intent"
	old, fresh := start.Add(-24*time.Hour-time.Second), start.Add(-24*time.Hour)
	for name, at := range map[string]time.Time{
		entry: old, "." + entry + ".17.tmp": old, ".other.answer.3.tmp": fresh, "theirs.tmp": old, ".theirs": old,
	} {
		path := filepath.Join(folder, name)
		if name != entry {
			if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Sweep(start); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range left {
		names = append(names, file.Name())
	}
	want := []string{entry, ".other.answer.3.tmp", "theirs.tmp", ".theirs"}
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("left are %q, want %q", names, want)
	}
}
