package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// results is what the commands that do something to orgs print as JSON.
type results[T any] struct {
	Version int `json:"version"`
	Results []T `json:"results"`
}

// one runs a command that is to print one result.
func one[T any](t *testing.T, d *desk, code int, args ...string) T {
	t.Helper()
	out, _ := d.run(t, code, append(args, "--json")...)
	doc := parsed[results[T]](t, out)
	if doc.Version != 1 || len(doc.Results) != 1 || strings.Count(out, "\n") != 1 {
		t.Fatalf("%q: %s", args, out)
	}
	return doc.Results[0]
}

func TestWhatIsDoneToOrgsIsToldAsJSON(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	if r := one[tagged](t, d, 0, "tag", "one", "+eu", "-old"); r.Alias != "one" || strings.Join(r.Tags, " ") != "eu" {
		t.Errorf("tag: %+v", r)
	}
	if r := one[tagged](t, d, 0, "tag", "two"); r.Alias != "two" || r.Tags == nil || len(r.Tags) != 0 {
		t.Errorf("tag without a tag: %+v", r)
	}
	if out, _ := d.run(t, 0, "tag", "one"); out != "one: eu\n" {
		t.Errorf("tag without a tag: %s", out)
	}
	if r := one[renamed](t, d, 0, "rename", "one", "acme"); r.Alias != "acme" || r.Was != "one" || len(r.OrgID) != 18 {
		t.Errorf("rename: %+v", r)
	}
	if r := one[watched](t, d, 0, "watch", "acme"); !r.Watched || r.Stopped != nil {
		t.Errorf("watch: %+v", r)
	}
	if r := one[watched](t, d, 0, "watch"); r.Alias != "acme" {
		t.Errorf("watch without an org: %+v", r)
	}
	if r := one[watched](t, d, 0, "watch", "acme", "--off"); r.Watched {
		t.Errorf("watch --off: %+v", r)
	}
	if r := one[forgotten](t, d, 0, "forget", "two", "--yes"); r.Alias != "two" || r.Result != "forgotten" || r.Error != nil {
		t.Errorf("forget: %+v", r)
	}
	if out, errs := d.run(t, 2, "forget", "acme", "--json"); out != "" || !strings.Contains(errs, "--yes") {
		t.Errorf("forget without --yes: %s%s", out, errs)
	}
}

// An org that cannot be revoked stays, and the document says so.
func TestForgetTellsWhatStaysAsJSON(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "http://127.0.0.1:1")
	out, errs := d.run(t, 1, "forget", "one", "two", "--revoke", "--yes", "--json")
	doc := parsed[results[forgotten]](t, out)
	if len(doc.Results) != 2 || doc.Results[0].Result != "refused" || doc.Results[1].Error == nil || !strings.Contains(errs, *doc.Results[1].Error) {
		t.Errorf("%s%s", out, errs)
	}
	if list, _ := d.run(t, 0, "list", "--json"); strings.Count(list, `"alias"`) != 2 {
		t.Errorf("%s", list)
	}
}

func TestMirrorsAreShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	if out, errs := d.run(t, 0, "mirror"); out != "" || !strings.Contains(errs, "No token file") {
		t.Errorf("%s%s", out, errs)
	}
	file := filepath.Join(d.home, "one.json")
	if r := one[mirrored](t, d, 0, "mirror", "one", file); r.Mirror == nil || filepath.Base(*r.Mirror) != "one.json" || r.Behind || r.Error != nil {
		t.Errorf("%+v", r)
	}
	out, _ := d.run(t, 0, "mirror", "one")
	all, _ := d.run(t, 0, "mirror")
	if !strings.HasPrefix(out, "one: ") || !strings.HasSuffix(out, "one.json\n") || all != out {
		t.Errorf("%s%s", out, all)
	}
	if out, _ := d.run(t, 0, "mirror", "two"); out != "two: no token file is kept in step\n" {
		t.Errorf("%s", out)
	}
	if r := one[mirrored](t, d, 0, "mirror", "two"); r.Alias != "two" || r.Mirror != nil {
		t.Errorf("%+v", r)
	}
	// A file of another login stays as it is, and the org without a mirror.
	if r := one[mirrored](t, d, 1, "mirror", "two", file); r.Mirror != nil || r.Error == nil || !strings.Contains(*r.Error, "another org or user") {
		t.Errorf("%+v", r)
	}
	if r := one[mirrored](t, d, 0, "mirror", "one", "--off"); r.Mirror != nil {
		t.Errorf("%+v", r)
	}
	d.run(t, 2, "mirror", "--off")
	d.run(t, 2, "mirror", "one", file, "--off")
}

func TestAnExportIsToldAsJSON(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	out, _ := d.run(t, 0, "export", "one", "two", "--format", "token-json", "--json")
	doc := parsed[results[exported]](t, out)
	if len(doc.Results) != 2 || doc.Results[1].Alias != "two" || doc.Results[1].File != nil || doc.Results[1].Result != "written" ||
		!strings.Contains(string(doc.Results[1].Tokens), `"client_id":"PlatformCLI"`) {
		t.Errorf("%s", out)
	}
	r := one[exported](t, d, 0, "export", "one", "--format", "auth-url")
	if r.AuthURL != "force://PlatformCLI::5Aep8.refresh.1@acme.my.salesforce.com" || r.Tokens != nil {
		t.Errorf("%+v", r)
	}
	file := filepath.Join(d.home, "one.txt")
	if r := one[exported](t, d, 0, "export", "one", "--format", "auth-url", "--output", file); r.File == nil || *r.File != file || r.AuthURL != "" {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	if out, _ := d.run(t, 0, "export", "one", "--format", "auth-url", "--output", "-"); out != "force://PlatformCLI::5Aep8.refresh.1@acme.my.salesforce.com\n" {
		t.Errorf("--output -: %s", out)
	}
	plain := newDesk(t)
	plain.load(t, "http://127.0.0.1:1")
	if r := one[exported](t, plain, 1, "export", "one", "--format", "auth-url"); r.Result != "refused" || r.Error == nil || r.AuthURL != "" {
		t.Errorf("%+v", r)
	}
}

func TestTheHelpOfCompletionHasExamples(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out, _ := newDesk(t).run(t, 0, "completion", shell, "--help"); !strings.Contains(out, "Examples:\n") || !strings.Contains(out, "orgkeep completion "+shell+" >") {
			t.Errorf("%s: %s", shell, out)
		}
		if out, _ := newDesk(t).run(t, 0, "completion", shell); len(out) < 1000 {
			t.Errorf("%s: %s", shell, out)
		}
	}
}
