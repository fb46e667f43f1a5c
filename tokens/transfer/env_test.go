package transfer

import (
	"encoding/json"
	"errors"
	"maps"
	"os/exec"
	"strings"
	"testing"

	"orgkeep/tokens"
)

func variable(name, value string) []Variable {
	return []Variable{{name, tokens.NewSecret(value)}}
}

// A shell that runs the lines has the values, whatever is in them.
func TestAShellReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("this machine has no sh")
	}
	for _, value := range []string{
		"00D41!AQ.plain_token", "it's", "''", `a"b`, "$HOME `id` $(id)", "back\\slash", "#hash", "a\nb", "!bang", " spaces ", "-n", "ünï", "*",
	} {
		lines, err := FormatEnv(EnvShell, variable("SF_ACCESS_TOKEN", value))
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), sh, "-c", `eval "$LINES_OF_IT"; printenv SF_ACCESS_TOKEN`)
		cmd.Env = []string{"PATH=/usr/bin:/bin", "LINES_OF_IT=" + lines}
		out, err := cmd.Output()
		if want := value + "\n"; err != nil || string(out) != want {
			t.Errorf("%q became %q (%v)", value, out, err)
		}
	}
}

func TestDotenvIsWrittenSoThatEveryReaderAgrees(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"00D41000000F8A1!AQ1tYg_2O.76-x=": "00D41000000F8A1!AQ1tYg_2O.76-x=",
		"https://a.my.salesforce.com":     "https://a.my.salesforce.com",
		"two words":                       "'two words'",
		"a#b":                             "'a#b'",
		"$HOME":                           "'$HOME'",
		`a"b`:                             `'a"b'`,
	} {
		if got, err := FormatEnv(EnvDotenv, variable("N", value)); err != nil || got != "N="+want+"\n" {
			t.Errorf("%q: %q, %v", value, got, err)
		}
	}
	for _, value := range []string{"it's", "a\nb", "a\rb", `a\b`} {
		got, err := FormatEnv(EnvDotenv, variable("N", value))
		if !errors.Is(err, ErrDotenv) || got != "" || strings.Contains(err.Error(), value) || !strings.Contains(err.Error(), "N: ") {
			t.Errorf("%q: %q, %v", value, got, err)
		}
	}
}

func TestTheVariablesOfAnOrg(t *testing.T) {
	t.Parallel()
	org := tokens.Org{InstanceURL: "https://acme.my.salesforce.com"}
	s := tokens.Secrets{AccessToken: tokens.NewSecret("00D!AQ<&>")}
	text, err := FormatEnv(EnvJSON, Variables(org, s))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"SF_ACCESS_TOKEN": "00D!AQ<&>", "SFDX_ACCESS_TOKEN": "00D!AQ<&>", "SF_INSTANCE_URL": org.InstanceURL,
		"SF_ORG_INSTANCE_URL": org.InstanceURL, "SFDX_INSTANCE_URL": org.InstanceURL,
	}
	if !maps.Equal(got, want) || !strings.HasPrefix(text, "{\n  \"SF_ACCESS_TOKEN\": \"00D!AQ<&>\",\n") {
		t.Errorf("%s", text)
	}
}
