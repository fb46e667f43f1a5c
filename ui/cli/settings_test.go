package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orgkeep/ui/settings"
)

func (d *desk) configure(t *testing.T, text string) {
	t.Helper()
	folder := filepath.Join(d.home, "config", "orgkeep")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "config.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What settings prints is a settings file with the same values.
func TestSettingsPrintsAFile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.configure(t, "theme = \"high-contrast\"\ncolumns = [\"age\", \"tags\"]\n")
	out, _ := d.run(t, 0, "settings", "--sort", "age", "--no-mouse", "-j", "9", "--client-id", "3MVG9.app", "--still")
	s, _, err := settings.Parse(settings.Settings{}, []byte(out))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if s.Theme != "high-contrast" || strings.Join(s.Columns, " ") != "age tags" || s.Sort != "age" || s.Mouse || s.Pool != 9 ||
		s.ClientID != "3MVG9.app" || !s.Still {
		t.Errorf("%+v", s)
	}
	for _, want := range []string{"(read)", "# file\n", "# flag\n", "# default\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestSettingsAsJSON(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	out, _ := d.run(t, 0, "settings", "--json", "--theme", "colour-blind")
	var document struct {
		Version  int
		Settings []struct {
			Name, From, Flag, Env string
			Value                 any
		}
	}
	if err := json.Unmarshal([]byte(out), &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Settings) != len(settings.Keys()) {
		t.Errorf("%d settings of %d", len(document.Settings), len(settings.Keys()))
	}
	if first := document.Settings[0]; first.Value != "colour-blind" || first.From != "flag" || first.Env != "ORGKEEP_THEME" || first.Flag != "--theme" {
		t.Errorf("%+v", first)
	}
}

// A wrong file ends every command with exit 2 and one sentence, the screen too;
// where the file is can still be asked.
func TestAWrongFileEndsTheRun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.configure(t, "\npool = 99\n")
	for _, args := range [][]string{{}, {"list"}, {"demo"}, {"settings"}, {"refresh", "--all"}} {
		_, errs := d.run(t, 2, args...)
		if !strings.Contains(errs, "config.toml, line 2: pool is 99, it has to be a number from 1 to 50") || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: %s", args, errs)
		}
	}
	if out, _ := d.run(t, 0, "settings", "path"); !strings.HasSuffix(strings.TrimSpace(out), filepath.Join("orgkeep", "config.toml")) {
		t.Errorf("%s", out)
	}
	other := filepath.Join(t.TempDir(), "other.toml")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d.run(t, 0, "list", "--config", other)
	d.run(t, 2, "list", "--config", other+".gone")
}

func TestEverySettingHasAFlagThatTheScreenTakes(t *testing.T) {
	t.Parallel()
	root := newRoot(&session{})
	for _, k := range settings.Keys() {
		if root.Flag(k.Flag) == nil && root.PersistentFlags().Lookup(k.Flag) == nil {
			t.Errorf("%s has no flag --%s", k.Name, k.Flag)
		}
	}
}

// An assumed life that is set is no estimate.
func TestTheAssumedLifeIsTheUsers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, "https://acme.my.salesforce.com")
	left := func(args ...string) (source string, seconds int64) {
		out, _ := d.run(t, 0, append([]string{"list", "--json"}, args...)...)
		var document struct {
			Orgs []struct {
				LeftSource string `json:"left_source"`
				LeftS      int64  `json:"left_s"`
			}
		}
		if err := json.Unmarshal([]byte(out), &document); err != nil || len(document.Orgs) == 0 {
			t.Fatalf("%v: %s", err, out)
		}
		return document.Orgs[0].LeftSource, document.Orgs[0].LeftS
	}
	if source, seconds := left(); source != "estimate" || seconds > 0 {
		t.Errorf("%s %d", source, seconds)
	}
	d.configure(t, "assumed_life = \"12h\"")
	if source, seconds := left(); source != "configured" || seconds < 8*3600 {
		t.Errorf("%s %d", source, seconds)
	}
	if source, seconds := left("--assumed-life", "4h"); source != "configured" || seconds > 3600 {
		t.Errorf("%s %d", source, seconds)
	}
}

// The client id of the settings is that of an import without its flag.
func TestTheClientIDIsTheUsers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.configure(t, "client_id = \"3MVG9.mine\"")
	d.run(t, 0, "import", "--alias", "one", d.file(t, 1, "https://acme.my.salesforce.com"))
	if out, _ := d.run(t, 0, "list", "--json"); !strings.Contains(out, `"client_id":"3MVG9.mine"`) {
		t.Errorf("%s", out)
	}
}
