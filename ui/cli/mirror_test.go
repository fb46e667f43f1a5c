package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// An import of newer tokens writes the token file at once; one that another program
// has changed stays as it is, and that is said.
func TestTheMirrorFollowsAnImport(t *testing.T) {
	t.Parallel()
	const instance = "https://acme.my.salesforce.com"
	d := newDesk(t)
	d.load(t, instance)
	file, newer := filepath.Join(d.home, "z.json"), filepath.Join(d.home, "newer.json")
	d.run(t, 0, "mirror", "one", file)
	later := func(mark string, ago time.Duration) {
		writeText(t, newer, strings.NewReplacer("refresh.1", "refresh.1"+mark, "access.1", "access.1"+mark).Replace(grantAt(1, instance, time.Now().Add(-ago))))
	}

	later("b", time.Hour)
	_, errs := d.run(t, 0, "import", newer, "--client-id", "PlatformCLI", "--yes")
	if out, _ := d.run(t, 0, "mirror", "one"); strings.Contains(out, "behind") || !strings.Contains(readText(t, file), "refresh.1b") {
		t.Errorf("%s%s", out, errs)
	}

	theirs := strings.Replace(readText(t, file), "refresh.1b", "refresh.theirs", 1)
	writeText(t, file, theirs)
	later("c", time.Minute)
	out, errs := d.run(t, 0, "import", newer, "--client-id", "PlatformCLI", "--yes")
	if !strings.HasPrefix(out, "one: updated") || !strings.Contains(errs, "another program has changed the file, and it was left as it is") || strings.Contains(errs, "theirs") {
		t.Errorf("%s%s", out, errs)
	}
	if out, _ := d.run(t, 0, "mirror", "one"); !strings.Contains(out, "behind") || readText(t, file) != theirs {
		t.Errorf("%s", out)
	}
}

// A mistyped path must not put a login somewhere unnoticed.
func TestAnExportMakesNoFolder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	folder := filepath.Join(d.home, "nosuch")
	out, errs := d.run(t, 2, "export", "one", "--format", "token-json", "--output", filepath.Join(folder, "x.json"))
	if _, err := os.Lstat(folder); out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "nosuch: there is no such folder") || !os.IsNotExist(err) {
		t.Errorf("%s%s, %v", out, errs, err)
	}
}
