package main

import (
	"archive/zip"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

func TestDoctorLeavesTheKeychainAsItWas(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	e := startEndpoint(t, renewing(t, "", l))
	m.run(t, "import", "--client-id", "PlatformCLI", "--login-url", e.URL, l.file(t)).expect(t, 0)

	done := m.run(t, "doctor", "--offline").expect(t, 0)
	if !strings.Contains(done.out, "ok       keychain       Secret Service: an item was written in ") || !strings.HasSuffix(done.errors, " skipped.\n") {
		t.Errorf("it said:\n%s%s", done.out, done.errors)
	}
	if n := service.Items(t, "orgkeep-doctor"); n != 0 {
		t.Errorf("%d probe items are left", n)
	}
	if n := loginsIn(t, service); n != 1 {
		t.Errorf("the keychain has %d logins", n)
	}

	path := filepath.Join(t.TempDir(), "doctor.zip")
	m.run(t, "doctor", "--offline", "--bundle", path).expect(t, 0)
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{l.access, l.refresh, l.signature, l.orgID, l.userID, "acme", "127.0.0.1", m.home} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s holds %s", file.Name, word)
			}
		}
	}
	checkNoSecret(t, m, []string{l.access, l.refresh, l.signature})
}

func TestDoctorWithoutAKeychainCountsIt(t *testing.T) {
	t.Parallel()
	if done := withoutKeychain(t).run(t, "doctor", "--offline").expect(t, 1); !strings.Contains(done.out, "failed   keychain") {
		t.Errorf("it said:\n%s", done.out)
	}
}

// Nobody is there to type its password, and nobody waits for a keychain that
// hangs.
func TestDoctorOnAKeychainThatIsLockedOrHangs(t *testing.T) {
	t.Parallel()
	m, service := withKeyring(t)
	service.Lock(t)
	if done := m.run(t, "doctor", "--offline").expect(t, 1); !strings.Contains(done.out, "failed   keychain       Secret Service: the keychain is locked") {
		t.Errorf("locked:\n%s%s", done.out, done.errors)
	}
	service.Unlock(t)
	service.Freeze(t)
	defer service.Thaw(t)
	if done := m.run(t, "doctor", "--offline").expect(t, 1); !strings.Contains(done.out, "failed   keychain       Secret Service: no answer came in time") {
		t.Errorf("frozen:\n%s%s", done.out, done.errors)
	}
}
