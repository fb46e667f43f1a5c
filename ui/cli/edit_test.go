package cli

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"orgkeep/tokens"
)

// listedAliases are the aliases that a list prints, in its order.
func (d *desk) listedAliases(t *testing.T, args ...string) []string {
	t.Helper()
	out, _ := d.run(t, 0, append([]string{"list", "--json"}, args...)...)
	var list orgList
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		t.Fatal(err)
	}
	aliases := []string{}
	for _, org := range list.Orgs {
		aliases = append(aliases, org.Alias)
	}
	return aliases
}

func TestListFiltersAndSorts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	d.run(t, 0, "tag", "two", "+acme")
	for _, c := range []struct{ args, want string }{
		{"", "one two"},
		{"--sort alias --reverse", "two one"},
		{"--sort urgency --filter tag:acme", "two"},
		{"--filter -tag:acme", "one"},
		{"--filter is:fresh", ""},
		{"--filter age:>2h", "one two"},
	} {
		if got := strings.Join(d.listedAliases(t, strings.Fields(c.args)...), " "); got != c.want {
			t.Errorf("list %s: %q, want %q", c.args, got, c.want)
		}
	}
	if out, errs := d.run(t, 0, "list", "--filter", "globex"); out != "" || errs != "No org matches the filter.\n" {
		t.Errorf("nothing matches: %q %q", out, errs)
	}
	if _, errs := d.run(t, 2, "list", "--filter", "acme is:old"); !strings.Contains(errs, "--filter: at 9: is: old is none of fresh") {
		t.Errorf("a wrong filter: %s", errs)
	}
	if _, errs := d.run(t, 2, "list", "--sort", "size"); !strings.Contains(errs, "--sort is \"size\", it has to be urgency, alias") {
		t.Errorf("a wrong order: %s", errs)
	}
}

func TestTagTakesHyphensForTags(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"tag", "one", "two", "+acme", "+old"}, "one: acme old\ntwo: acme old\n"},
		{[]string{"tag", "one", "+eu", "-old"}, "one: acme eu\n"},
		{[]string{"tag", "-ACME", "one", "--ascii"}, "one: eu\n"},
		{[]string{"tag", "two", "--", "-old", "-acme"}, "two: no tags\n"},
		{[]string{"--ascii", "tag", "two", "-x", "--", "+h"}, "two: h\n"},
		{[]string{"tag", "two", "--", "-h"}, "two: no tags\n"},
	} {
		if out, errs := d.run(t, 0, c.args...); out != c.want || errs != "" {
			t.Errorf("%q: %q %q, want %q", c.args, out, errs, c.want)
		}
	}
	for _, args := range [][]string{{"tag"}, {"tag", "+acme"}, {"tag", "one", "+"}, {"tag", "one", "+a,b"}, {"tag", "one", "nobody", "+new"}} {
		d.run(t, 2, args...)
	}
	if got := d.listedAliases(t, "--filter", "tag:new"); len(got) != 0 {
		t.Errorf("a command that failed has tagged %q", got)
	}
	if out, _ := d.run(t, 0, "tag", "-h"); !strings.Contains(out, "orgkeep tag ORG... [+TAG] [-TAG]") {
		t.Errorf("the help: %s", out)
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	if _, errs := d.run(t, 2, "rename", "one", "two"); !strings.Contains(errs, "another org is called two; one keeps its alias") {
		t.Errorf("taken: %s", errs)
	}
	for _, bad := range []string{"two words", "+x", ""} {
		if _, errs := d.run(t, 2, "rename", "one", bad); !strings.HasPrefix(errs, "orgkeep: alias cannot be used: ") {
			t.Errorf("%q: %s", bad, errs)
		}
	}
	d.run(t, 2, "rename", "nobody", "x")
	if out, _ := d.run(t, 0, "rename", "one", "uno"); out != "one is called uno now.\n" {
		t.Errorf("%q", out)
	}
	if got := d.listedAliases(t); !slices.Equal(got, []string{"two", "uno"}) {
		t.Errorf("the list has %q", got)
	}
}

func TestForgetWithoutATerminal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	if _, errs := d.run(t, 2, "forget", "one", "two"); !strings.Contains(errs, "--yes says that one, two should be forgotten") {
		t.Errorf("without --yes: %s", errs)
	}
	d.run(t, 2, "forget", "one", "nobody", "--yes")
	if got := d.listedAliases(t); len(got) != 2 {
		t.Errorf("left: %q", got)
	}
	if out, _ := d.run(t, 0, "forget", "one", "--yes"); out != "one forgotten. Its tokens were not revoked.\n" {
		t.Errorf("%q", out)
	}
	if got := d.listedAliases(t); !slices.Equal(got, []string{"two"}) {
		t.Errorf("left: %q", got)
	}
	d.run(t, 2, "forget", "one", "--yes")
}

func TestForgetRevokesOrLeavesTheOrg(t *testing.T) {
	t.Parallel()
	var ended []string
	e := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := r.PostFormValue("token")
		if r.URL.Path != "/services/oauth2/revoke" || strings.HasSuffix(token, "1") {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"unsupported_token_type","error_description":"this token type is not supported"}`))
			return
		}
		ended = append(ended, token)
	}))
	t.Cleanup(e.Close)
	d := newDesk(t)
	d.load(t, e.URL)
	out, errs := d.run(t, 1, "forget", "one", "two", "--revoke", "--yes")
	if out != "two revoked and forgotten.\n" || !slices.Equal(ended, []string{"5Aep8.refresh.2"}) {
		t.Errorf("%q, revoked %q", out, ended)
	}
	if !strings.Contains(errs, "forgetting one: the tokens were not revoked and nothing was deleted: HTTP 400 unsupported_token_type") || strings.Contains(errs, "5Aep8") {
		t.Errorf("stderr: %s", errs)
	}
	if got := d.listedAliases(t); !slices.Equal(got, []string{"one"}) {
		t.Errorf("left: %q", got)
	}
}

func TestCompletionOfTagsAndFilters(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	d.run(t, 0, "tag", "one", "+acme", "+eu")
	for want, args := range map[string][]string{
		"+acme\n+eu\n":     {"tag", "one", "+"},
		"two\n":            {"tag", "one", ""},
		"one\ntwo\n":       {"rename", ""},
		"acme tag:eu\n":    {"list", "--filter", "acme tag:e"},
		"urgency\nalias\n": {"list", "--sort", ""},
		"one\n:4":          {"forget", "two", ""},
	} {
		if out, _ := d.run(t, 0, append([]string{"__complete"}, args...)...); !strings.Contains(out, want) {
			t.Errorf("%q: %q, want %q", args, out, want)
		}
	}
}

func TestForgetSaysWhatStays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	file := d.file(t, 1, "https://acme.my.salesforce.com")
	d.run(t, 0, "import", "--client-id", "PlatformCLI", "--alias", "one", "--mirror", file)
	_, errs := d.run(t, 0, "forget", "one", "--yes")
	if !strings.Contains(errs, "one: its token file stays on the disk, with tokens that are valid: "+file) {
		t.Errorf("%s", errs)
	}
	var e bytes.Buffer
	p := d.program(&bytes.Buffer{}, &e)
	for _, revoke := range []bool{false, true} {
		o := &forgetting{session: &session{Program: p}, revoke: revoke}
		o.sayLeftovers(tokens.Org{Alias: "two", Shared: tokens.Shared{Mode: tokens.SharedLocked, Username: "ada@acme.example"}, Mirror: "x.json"})
	}
	for _, want := range []string{"keeps the login, as ada@acme.example", "it ends there too", "with tokens that end: x.json"} {
		if !strings.Contains(e.String(), want) {
			t.Errorf("no %q in %s", want, e.String())
		}
	}
}
