package cli

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// The variable is gone from the environment of this process, of what it starts
// and of what the screen is told.
func TestThePassphraseLeavesTheEnvironment(t *testing.T) {
	t.Setenv(passphraseVariable, "correct horse")
	var out, errs bytes.Buffer
	p := Program{
		In: strings.NewReader(""), Out: &out, Err: &errs, Clock: tokens.SystemClock(),
		Home: func() (string, error) { return t.TempDir(), nil }, Keychain: func(string) keychain.Store { return keychain.Memory() },
		Environ: []string{"HOME=/nowhere", passphraseVariable + "=correct horse", "ORGKEEP_DATA=" + t.TempDir()},
	}
	before := slices.Clone(p.Environ)
	if code := p.Run(t.Context(), []string{"list"}); code != exitWell {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if _, there := os.LookupEnv(passphraseVariable); there {
		t.Error("the variable is still in the environment")
	}
	if !slices.Equal(before, p.Environ) {
		t.Error("the caller's slice was changed")
	}
	s := &session{Program: p}
	s.takePassphrase()
	if s.env(passphraseVariable) != "" || s.env("HOME") != "/nowhere" || s.given.Reveal() != "correct horse" {
		t.Errorf("the session's environment: %v", s.Environ)
	}
}

func TestPinsAreReadBack(t *testing.T) {
	t.Parallel()
	s := &session{data: t.TempDir()}
	for _, c := range []choice{
		{inVault, byPin, ""}, {inKeychain, byPin, ""}, {inVault, byPin, inKeychain}, {inKeychain, byPin, inVault},
	} {
		if err := s.pin(c.store, c.leaving); err != nil {
			t.Fatal(err)
		}
		if got, err := s.pinned(); err != nil || got != c {
			t.Errorf("%+v is read back as %+v, %v", c, got, err)
		}
	}
}

func FuzzPinned(f *testing.F) {
	for _, seed := range []string{"vault\n", "keychain leaving vault", "vault leaving vault", "", "vault vault", "VAULT"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := &session{data: t.TempDir()}
		if err := os.WriteFile(s.pinFile(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := s.pinned()
		if err != nil {
			return
		}
		if c.store != inVault && c.store != inKeychain || c.leaving != "" && c.leaving != other(c.store) {
			t.Errorf("%q is read as %+v", text, c)
		}
	})
}

func TestOnlyANewPassphraseHasToBeLong(t *testing.T) {
	t.Parallel()
	s := &session{data: t.TempDir(), given: tokens.NewSecret("ééééééé")}
	if _, err := s.newPassphrase(t.Context()); err == nil {
		t.Error("7 characters of 2 bytes are taken for 14")
	}
	s.given = tokens.NewSecret(" éééééé ")
	secret, err := s.newPassphrase(t.Context())
	if err != nil || string(secret) != " éééééé " {
		t.Errorf("a passphrase with blanks at its ends: %q, %v", secret, err)
	}
	p := &place{vault: keychain.Vault(t.TempDir(), nil), fresh: secret}
	first, err := s.passphrase(t.Context(), p)
	clear(first)
	if again, err2 := s.passphrase(t.Context(), p); err != nil || err2 != nil || string(again) != " éééééé " {
		t.Errorf("the vault's wiping reached the passphrase itself: %q, %v, %v", again, err, err2)
	}
}
