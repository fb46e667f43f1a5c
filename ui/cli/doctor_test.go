package cli

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orgkeep/keychain"
)

// outcomes are those of the checks in the document that doctor printed.
func outcomes(t *testing.T, out string) map[string]string {
	t.Helper()
	var document doctorDocument
	if err := json.Unmarshal([]byte(out), &document); err != nil || document.Version != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	found := map[string]string{}
	for _, c := range document.Checks {
		found[c.Check] = string(c.Outcome)
	}
	return found
}

func TestDoctorChecksTheWayToTheHostsOfTheOrgs(t *testing.T) {
	t.Parallel()
	e := httptest.NewServer(answering(asIs, ""))
	t.Cleanup(e.Close)
	d := newDesk(t)
	d.load(t, e.URL)
	out, errs := d.run(t, 0, "doctor", "--json")
	if errs != "" {
		t.Errorf("it said: %s", errs)
	}
	found := outcomes(t, out)
	for _, check := range []string{"program", "store", "keychain", "journal", "ledger", "locks", "settings", "authorities", "proxy", "names", "host", "clock"} {
		if found[check] != "ok" {
			t.Errorf("%s is %q in %s", check, found[check], out)
		}
	}
	d.run(t, 0, "doctor", "--json", "--offline")
	e.Close()
	out, errs = d.run(t, 1, "doctor")
	if !strings.Contains(out, "failed   host 127.0.0.1") || !strings.Contains(errs, "1 failed") {
		t.Errorf("with the host away: %s%s", out, errs)
	}
	if out, _ = d.run(t, 0, "doctor", "--json", "--offline"); outcomes(t, out)["hosts"] != "skipped" {
		t.Errorf("offline: %s", out)
	}
}

// The exit code is the number of failed checks; wrong settings are one of them.
func TestDoctorTellsOfWrongSettings(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	config := filepath.Join(d.home, "config", "orgkeep")
	if err := os.MkdirAll(config, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(config, "config.toml"), []byte("pool = 1000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := d.run(t, 1, "doctor", "--json"); outcomes(t, out)["settings"] != "failed" {
		t.Errorf("settings: %s", out)
	}
	if err := os.Mkdir(filepath.Join(d.home, "data", "ledger.db"), 0o700); err != nil && !errors.Is(err, fs.ErrNotExist) {
		_ = os.Remove(filepath.Join(d.home, "data", "ledger.db"))
		if err := os.Mkdir(filepath.Join(d.home, "data", "ledger.db"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if out, _ := d.run(t, 2, "doctor", "--json"); outcomes(t, out)["ledger"] != "failed" {
		t.Errorf("ledger: %s", out)
	}
	if out, errs := d.run(t, 2, "doctor", "acme"); out != "" || !strings.Contains(errs, "see orgkeep doctor --help") {
		t.Errorf("wrong usage: %s%s", out, errs)
	}
}

func TestTheBundleIsWrittenOnceAndHoldsNothingSecret(t *testing.T) {
	t.Parallel()
	e := httptest.NewServer(answering(asIs, ""))
	t.Cleanup(e.Close)
	d := newDesk(t)
	d.load(t, e.URL)
	d.run(t, 0, "refresh", "one")
	path := filepath.Join(t.TempDir(), "doctor.zip")
	out, _ := d.run(t, 0, "doctor", "--bundle", path, "--offline")
	if !strings.Contains(out, "ok       bundle") {
		t.Errorf("it said: %s", out)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	texts := unpacked(t, path)
	for name, text := range texts {
		for _, word := range []string{"refresh.1", "refresh.2", "access", "AQ.", "00D4100", "0054100", "127.0.0.1", d.home, `"one"`, `"two"`} {
			if strings.Contains(text, word) {
				t.Errorf("%s holds %s:\n%s", name, word, text)
			}
		}
	}
	if !strings.Contains(texts["history.json"], "refreshed") || !strings.Contains(texts["orgs.json"], "org-02") {
		t.Errorf("the bundle has %v", texts)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if out, errs := d.run(t, 2, "doctor", "--bundle", path, "--offline"); out != "" || !strings.Contains(errs, "nothing is overwritten") {
		t.Errorf("a second time: %s%s", out, errs)
	}
	if after, err := os.ReadFile(path); err != nil || !slices.Equal(before, after) {
		t.Errorf("the file was changed: %v", err)
	}
}

func unpacked(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	texts := map[string]string{}
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		texts[file.Name] = string(data)
	}
	if len(texts) != 5 {
		t.Fatalf("the bundle has %d files", len(texts))
	}
	return texts
}

// A secret that would be in the bundle, here by way of the version, withholds it.
func TestTheBundleIsWithheldOnAHit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	for _, planted := range []string{"v1 5Aep8.refresh.2", "v1 for one"} {
		path := filepath.Join(t.TempDir(), "doctor.zip")
		var out, errs strings.Builder
		p := d.program(nil, nil)
		p.Out, p.Err, p.Version = &out, &errs, planted
		if code := p.Run(t.Context(), []string{"doctor", "--bundle", path, "--offline"}); code != 1 || !strings.Contains(out.String(), "failed   bundle") {
			t.Errorf("with %q: exit %d\n%s", planted, code, out.String())
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("with %q something was written: %v", planted, err)
		}
		if _, last, _ := strings.Cut(out.String(), "failed   bundle"); strings.Contains(last, "refresh.2") {
			t.Errorf("the refusal tells the secret: %s", last)
		}
	}
}

// What cannot be read cannot be searched for.
func TestNoBundleWithoutTheStore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	d.kept["orgkeep"] = shut{d.keychain("orgkeep")}
	path := filepath.Join(t.TempDir(), "doctor.zip")
	if out, _ := d.run(t, 1, "doctor", "--bundle", path, "--offline"); !strings.Contains(out, "failed   bundle") || !strings.Contains(out, "nothing was written") {
		t.Errorf("it said: %s", out)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a bundle was written: %v", err)
	}
}

// shut is a keychain that cannot be read.
type shut struct{ keychain.Store }

func (shut) Get(context.Context, string) (string, error) {
	return "", &keychain.Error{Keychain: "memory", Op: "reading", Kind: keychain.ErrUnavailable}
}
