package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// answerFile writes a token answer of the first login, issued an hour ago and some
// more, with the number of its tokens.
func answerFile(t *testing.T, tokens string, more time.Duration) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), tokens+".json")
	text := strings.NewReplacer("refresh.1", tokens, "access.1", tokens).Replace(grantAt(1, "https://acme.my.salesforce.com", time.Now().Add(-time.Hour-more)))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnImportTellsItsPlanFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first, newer := answerFile(t, "first", time.Hour), answerFile(t, "newer", 0)
	args := func(more ...string) []string {
		return append([]string{"import", "--client-id", "PlatformCLI"}, more...)
	}
	out, errs := d.run(t, 0, args(first)...)
	if !strings.Contains(errs, "PLAN  ORG   TYPE") || !strings.Contains(errs, "new   acme  PROD  "+first) || !strings.HasPrefix(out, "acme: new, PROD") {
		t.Errorf("%s%s", out, errs)
	}
	// The same again writes nothing and asks nothing.
	out, errs = d.run(t, 0, args(first)...)
	if !strings.Contains(errs, "unchanged  acme") || !strings.Contains(errs, "the same tokens are saved") ||
		!strings.HasPrefix(out, "acme: unchanged, PROD") || !strings.Contains(out, "are the same") {
		t.Errorf("%s%s", out, errs)
	}
	// What changes a saved org wants a yes.
	out, errs = d.run(t, 2, args(newer)...)
	if out != "" || !strings.Contains(errs, "updated  acme") || !strings.Contains(errs, "in place of the saved tokens") ||
		!strings.Contains(errs, "--yes says to change 1 saved org") {
		t.Errorf("%s%s", out, errs)
	}
	if out, errs = d.run(t, 0, args(newer, "--yes")...); !strings.HasPrefix(out, "acme: updated, PROD") {
		t.Errorf("%s%s", out, errs)
	}
	out, errs = d.run(t, 0, args(first)...)
	if !strings.Contains(errs, "kept  acme") || !strings.Contains(errs, "the saved tokens are newer and stay") || !strings.HasPrefix(out, "acme: kept, PROD") {
		t.Errorf("%s%s", out, errs)
	}
}

func TestARenameIsInThePlan(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first, newer := answerFile(t, "first", time.Hour), answerFile(t, "newer", 0)
	d.run(t, 0, "import", "--client-id", "PlatformCLI", newer, "--alias", "acme")
	for _, c := range []struct{ file, result, line string }{
		{newer, "updated", "the tokens in memory are the same"}, {first, "kept", "the tokens in memory are newer"},
	} {
		args := []string{"import", "--client-id", "PlatformCLI", c.file, "--alias", "beta"}
		out, _ := d.run(t, 0, append(args, "--dry-run")...)
		if !strings.Contains(out, "renamed from acme to beta") || !strings.Contains(out, c.result) {
			t.Errorf("%s", out)
		}
		out, _ = d.run(t, 0, append(args, "--dry-run", "--json")...)
		if r := parsed[importDocument](t, out).Results[0]; r.Result != c.result || *r.Alias != "beta" || r.RenamedFrom == nil || *r.RenamedFrom != "acme" {
			t.Errorf("%s", out)
		}
		if _, errs := d.run(t, 2, args...); !strings.Contains(errs, "--yes says to change 1 saved org") {
			t.Errorf("%s", errs)
		}
		if got := d.listedAliases(t); len(got) != 1 || got[0] != "acme" {
			t.Errorf("%q", got)
		}
		out, _ = d.run(t, 0, append(args, "--yes")...)
		if !strings.HasPrefix(out, "beta: "+c.result+", renamed from acme, PROD") || !strings.Contains(out, c.line) {
			t.Errorf("%s", out)
		}
		out, _ = d.run(t, 0, append(args[:4:4], "--alias", "acme", "--yes", "--json")...)
		if r := parsed[importDocument](t, out).Results[0]; *r.Alias != "acme" || r.RenamedFrom == nil || *r.RenamedFrom != "beta" {
			t.Errorf("%s", out)
		}
	}
}

// An alias of another org is refused before anything is asked or saved.
func TestAnAliasThatIsTakenIsInThePlan(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	args := []string{"import", "--client-id", "PlatformCLI", "--alias", "two", answerFile(t, "first", 0)}
	out, _ := d.run(t, 1, append(args, "--dry-run")...)
	if !strings.Contains(out, "refused") || !strings.Contains(out, "another org has this alias") {
		t.Errorf("%s", out)
	}
	if _, errs := d.run(t, 1, append(args, "--yes")...); strings.Count(errs, "another org has this alias") != 1 || strings.Contains(errs, "PLAN") {
		t.Errorf("%s", errs)
	}
}

// Two new orgs of one host, and one of them twice, get the names that the plan has
// told.
func TestThePlanTellsTheNamesOfNewOrgs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	one, two := answerFile(t, "first", 0), d.file(t, 2, "https://acme.my.salesforce.com")
	out, errs := d.run(t, 0, "import", "--client-id", "PlatformCLI", one, two, one)
	for _, line := range []string{
		"new        acme    PROD  " + one, "new        acme-2  PROD  " + two, "unchanged  acme    PROD  " + one,
		"the same login as " + one + ", with the same tokens",
	} {
		if !strings.Contains(errs, line) {
			t.Errorf("no %q in:\n%s", line, errs)
		}
	}
	for _, line := range []string{"acme: new", "acme-2: new", "acme: unchanged"} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in:\n%s", line, out)
		}
	}
}

// Files of one login are foreseen one after the other, as they are saved.
func TestFilesOfOneLoginAreForeseenInTheirOrder(t *testing.T) {
	t.Parallel()
	first, other, newer, older := answerFile(t, "first", time.Hour), answerFile(t, "other", time.Hour), answerFile(t, "newer", 0), answerFile(t, "older", 2*time.Hour)
	bare := filepath.Join(t.TempDir(), "bare.json")
	text := strings.Replace(grant(1, "https://acme.my.salesforce.com"), `"refresh_token"`, `"x"`, 1)
	if err := os.WriteFile(bare, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		files []string
		want  string
	}{
		{[]string{first, first}, "new unchanged"},
		{[]string{older, newer, first, newer}, "new updated kept unchanged"},
		{[]string{first, other, bare}, "new updated kept"},
	} {
		d := newDesk(t)
		args := append([]string{"import", "--json", "--client-id", "PlatformCLI"}, c.files...)
		for _, args := range [][]string{append(args, "--dry-run"), args} {
			out, _ := d.run(t, 0, args...)
			var got []string
			for _, r := range parsed[importDocument](t, out).Results {
				got = append(got, r.Result)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%q: %q, want %q", args, got, c.want)
			}
		}
	}
}

func TestALoginWithoutARefreshTokenIsTaken(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	file := filepath.Join("..", "..", "tokens", "transfer", "testdata", "no-refresh-token.json")
	_, errs := d.run(t, 0, "import", "--client-id", "PlatformCLI", "--alias", "acme", file)
	if !strings.Contains(errs, "new   acme") || !strings.Contains(errs, "it has no refresh token: it can be kept and shown, and not refreshed") {
		t.Errorf("%s", errs)
	}
	if out, _ := d.run(t, 0, "show", "acme"); !strings.Contains(out, "refresh token: none is saved") {
		t.Errorf("%s", out)
	}
	if _, errs := d.run(t, 1, "refresh", "acme"); !strings.Contains(errs, "no refresh token is saved for this org") {
		t.Errorf("%s", errs)
	}
}

// An answer without a refresh token does not take the place of one that can be
// refreshed.
func TestARefreshTokenIsNotLostToAnAnswerWithoutOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, 0, "import", "--client-id", "PlatformCLI", answerFile(t, "first", time.Hour))
	bare := filepath.Join(t.TempDir(), "bare.json")
	text := strings.Replace(grant(1, "https://acme.my.salesforce.com"), `"refresh_token"`, `"x"`, 1)
	if err := os.WriteFile(bare, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs := d.run(t, 0, "import", "--client-id", "PlatformCLI", bare)
	if !strings.Contains(errs, "the saved tokens can be refreshed and stay") || !strings.HasPrefix(out, "acme: kept") || !strings.Contains(out, "can be refreshed") {
		t.Errorf("%s%s", out, errs)
	}
}
