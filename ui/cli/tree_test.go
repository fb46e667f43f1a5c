package cli

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// everyCommand is the whole tree, with what cobra adds of its own.
func everyCommand(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, child := range c.Commands() {
		all = append(all, everyCommand(child)...)
	}
	return all
}

func newTree(t *testing.T) *cobra.Command {
	t.Helper()
	var out, errs bytes.Buffer
	return newRoot(&session{Program: newDesk(t).program(&out, &errs), passphraseFD: noDescriptor})
}

// TestEveryCommandKeepsToTheRules holds each command to what a person and a
// script can rely on.
func TestEveryCommandKeepsToTheRules(t *testing.T) {
	t.Parallel()
	// What these print is a file, a screen or words, and no data.
	noData := []string{
		"orgkeep", "orgkeep demo", "orgkeep man", "orgkeep settings path", "orgkeep exec",
		"orgkeep help", "orgkeep completion", "orgkeep completion bash", "orgkeep completion zsh", "orgkeep completion fish", "orgkeep completion powershell",
	}
	for _, c := range everyCommand(newTree(t)) {
		name := c.CommandPath()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.Short == "" || strings.HasSuffix(c.Short, ".") || c.HasParent() && len(c.Short) > 70 {
				t.Errorf("its sentence is %q", c.Short)
			}
			if c.HasParent() && c.Long == "" && c.Name() != "path" {
				t.Error("its help is one sentence")
			}
			if c.Args == nil {
				t.Error("it does not say which arguments it takes")
			}
			if c.HasParent() && c.Name() != "import" && c.Name() != "inspect" && c.ValidArgsFunction == nil && len(c.ValidArgs) == 0 {
				t.Error("it has no completion, so that shells offer files")
			}
			if hasJSON := c.Flag("json") != nil; hasJSON == slices.Contains(noData, name) {
				t.Errorf("--json: %v", hasJSON)
			}
			if c.Example == "" {
				t.Error("it has no example")
			}
			c.Flags().VisitAll(func(f *pflag.Flag) {
				if f.Usage == "" || strings.HasSuffix(f.Usage, ".") {
					t.Errorf("--%s says %q", f.Name, f.Usage)
				}
			})
		})
	}
}

// TestEveryExampleParses gives every line of every example to the parser of
// flags and arguments.
func TestEveryExampleParses(t *testing.T) {
	t.Parallel()
	lines := 0
	for _, c := range everyCommand(newTree(t)) {
		named := false
		for line := range strings.Lines(c.Example) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			lines++
			path, err := parses(t, line)
			if err != nil {
				t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
			}
			named = named || path == c.CommandPath() || c.Name() == "completion" && strings.HasPrefix(path, c.CommandPath()+" ")
		}
		if !named {
			t.Errorf("no example of %s is one of it", c.CommandPath())
		}
	}
	if lines < 20 {
		t.Errorf("only %d lines were looked at", lines)
	}
}

func TestAnExampleThatDoesNotParseIsFound(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"orgkeep list --jsn", "orgkeep lst", "orgkeep rename acme", "orgkeep doctor acme", "orgkeep store move nowhere"} {
		if _, err := parses(t, line); err == nil {
			t.Errorf("%q parses", line)
		}
	}
}

// parses gives the part of a line that is orgkeep's to a new tree, and returns
// which command it is of.
func parses(t *testing.T, line string) (string, error) {
	t.Helper()
	words := words(line)
	if at := slices.Index(words, "orgkeep"); at >= 0 {
		words = words[at+1:]
	}
	if end := slices.IndexFunc(words, shells.MatchString); end >= 0 {
		words = words[:end]
	}
	root := newTree(t)
	c, rest, err := root.Find(tagsAside(root, words))
	if err != nil {
		return "", err
	}
	if err := c.ParseFlags(rest); err != nil {
		return c.CommandPath(), err
	}
	if err := c.ValidateArgs(c.Flags().Args()); err != nil {
		return c.CommandPath(), err
	}
	return c.CommandPath(), c.ValidateFlagGroups()
}

// shells matches what is for the shell: a pipe, a list, a redirection.
var shells = regexp.MustCompile(`^(\||&&|;|[0-9]*[<>].*)$`)

// words splits a line as a shell does, as far as examples need it.
func words(line string) []string {
	var all []string
	var word strings.Builder
	quote, begun := rune(0), false
	for _, r := range line + " " {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, begun = r, true
		case quote == 0 && r == ' ':
			if begun {
				all = append(all, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	return all
}

// TestCommandsThatTakeAnOrgOfferTheAliases asks for completions as a shell does.
func TestCommandsThatTakeAnOrgOfferTheAliases(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	takers := 0
	for _, c := range everyCommand(newTree(t)) {
		if !strings.Contains(c.Use, "ORG") {
			continue
		}
		takers++
		args := append([]string{"__complete"}, strings.Fields(c.CommandPath())[1:]...)
		if out, _ := d.run(t, 0, append(args, "")...); !strings.HasPrefix(out, "one\ntwo\n") {
			t.Errorf("%s offers %q", c.CommandPath(), out)
		}
	}
	if takers < 5 {
		t.Errorf("only %d commands take an org", takers)
	}
}

// What exec runs is a program with arguments of its own: files, for all the shell
// knows. The other commands take no file behind the org.
func TestWhatIsOfferedBehindTheOrg(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	for name, want := range map[string]string{"exec": ":0\n", "mirror": ":0\n", "token": ":4\n", "env": ":4\n", "rename": ":4\n", "export": "two\n:4\n"} {
		args := []string{"__complete", name, "one", ""}
		if name == "exec" {
			args = []string{"__complete", name, "one", "--", "./de"}
		}
		if out, _ := d.run(t, 0, args...); out != want {
			t.Errorf("%s offers %q", name, out)
		}
	}
}

// TestNothingIsAskedWithoutATerminal runs every command without arguments and
// without a terminal: each comes back, and asks nothing.
func TestNothingIsAskedWithoutATerminal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	for _, c := range everyCommand(newTree(t)) {
		args := strings.Fields(c.CommandPath())[1:]
		if c.Name() == "doctor" {
			args = append(args, "--offline")
		}
		var out, errs bytes.Buffer
		p := d.program(&out, &errs)
		p.In = unread{t}
		if code := p.Run(t.Context(), args); code < 0 || code > 4 {
			t.Errorf("%s ends with %d", c.CommandPath(), code)
		}
		for _, mark := range []string{"? ", "(y/n)", "not shown"} {
			if strings.Contains(errs.String(), mark) {
				t.Errorf("%s asks: %s", c.CommandPath(), errs.String())
			}
		}
	}
}

// unread fails the test when somebody reads from it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the standard input was read")
	return 0, bytes.ErrTooLarge
}

func TestTheManPageHasEveryCommand(t *testing.T) {
	t.Parallel()
	out, errs := newDesk(t).run(t, 0, "man")
	if !strings.HasPrefix(out, ".TH ORGKEEP 1 ") || errs != "" {
		t.Fatalf("it begins with %.40q, %s", out, errs)
	}
	if _, examples, found := strings.Cut(out, ".SH EXAMPLES\n"); !found || !strings.Contains(examples, "orgkeep rename acme acme-prod") {
		t.Errorf("it has not the examples of the commands: %s", examples)
	}
	for _, c := range newTree(t).Commands() {
		if c.IsAvailableCommand() && !strings.Contains(out, c.Name()) {
			t.Errorf("%s is not in it", c.Name())
		}
	}
}
