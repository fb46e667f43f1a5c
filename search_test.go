package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// checkNoSecret searches every file under the home folder for the secrets, in
// the clear and in the codings that a program could have written them in.
func checkNoSecret(t *testing.T, m *machine, secrets []string) {
	t.Helper()
	files := m.files(t)
	if len(files) == 0 {
		t.Fatal("there is no file to search")
	}
	for path, text := range files {
		for _, secret := range secrets {
			for _, form := range forms(secret) {
				if bytes.Contains(text, []byte(form)) {
					t.Errorf("%s holds %.8s… as %.8s…", path, secret, form)
				}
			}
		}
	}
}

// forms is a text as it stands in the clear, in hex, and in base64 at each of
// the three places that it can begin at in a longer text.
func forms(text string) []string {
	all := []string{text, hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text)))}
	for skip := range 3 {
		whole := text[skip:]
		whole = whole[:len(whole)/3*3]
		all = append(all, base64.RawStdEncoding.EncodeToString([]byte(whole)), base64.RawURLEncoding.EncodeToString([]byte(whole)))
	}
	return all
}

func TestFormsFindASecretInsideBase64(t *testing.T) {
	t.Parallel()
	secret := newLogin(t, 1, "").refresh
	for _, before := range []string{"", "x", "xy", "xyz"} {
		coded := base64.StdEncoding.EncodeToString([]byte(before + secret + "tail"))
		if !slices.ContainsFunc(forms(secret), func(form string) bool { return strings.Contains(coded, form) }) {
			t.Errorf("a secret after %q is not found in %s", before, coded)
		}
	}
}

// checkModes makes sure that only the owner can read what was written.
func checkModes(t *testing.T, m *machine) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	data := filepath.Join(m.home, ".local", "share", "orgkeep")
	locks := filepath.Join(m.home, ".local", "state", "orgkeep", "locks")
	for _, folder := range []string{data, locks} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if err != nil {
				return err
			}
			want := os.FileMode(0o600)
			if entry.IsDir() {
				want = 0o700
			}
			if info.Mode().Perm() != want {
				t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
