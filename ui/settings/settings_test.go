package settings

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func none(string) string { return "" }

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTheReadmeHasTheSettings holds README's example to the settings: it has
// each of them once, as it is by default.
func TestTheReadmeHasTheSettings(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```toml\n")
	example, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("README.md has no example")
	}
	s, names, err := Parse(Settings{}, []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s, Default()) {
		t.Errorf("the example says %+v, the defaults are %+v", s, Default())
	}
	var all []string
	for _, k := range Keys() {
		all = append(all, k.Name)
	}
	if !slices.Equal(names, all) {
		t.Errorf("the example has %v, the settings are %v", names, all)
	}
}

func TestDefaultsAreAllowed(t *testing.T) {
	t.Parallel()
	for _, k := range Keys() {
		text, ok := k.Value(Default()).(string)
		if ok && k.Check(text) != nil {
			t.Errorf("%s: %v", k.Name, k.Check(text))
		}
	}
	if !reflect.DeepEqual((Settings{}).OrDefault(), Default()) {
		t.Error("the zero Settings are not the defaults")
	}
}

func TestAFlagIsBeforeAVariableBeforeTheFileBeforeTheDefault(t *testing.T) {
	t.Parallel()
	path := write(t, "sort = \"alias\"\ngroup = \"tag\"\npool = 9\n")
	env := func(name string) string {
		return map[string]string{"ORGKEEP_SORT": "host", "ORGKEEP_GROUP": "type"}[name]
	}
	e, err := Resolve(path, true, env, map[string]string{"sort": "age", "mouse": "true"})
	if err != nil {
		t.Fatal(err)
	}
	if e.Sort != "age" || e.Group != "type" || e.Pool != 9 || e.Times != TimesRelative || e.Mouse {
		t.Errorf("%+v", e.Settings)
	}
	for name, want := range map[string]Source{"sort": FromFlag, "group": FromVariable, "pool": FromFile, "times": FromDefault, "mouse": FromFlag} {
		if got := e.From(name); got != want {
			t.Errorf("%s is from %s, want %s", name, got, want)
		}
	}
}

func TestLimitsSayWhetherTheLifeIsSet(t *testing.T) {
	t.Parallel()
	if got := (Effective{}).Limits(); got != tokens.DefaultLimits() {
		t.Errorf("%+v", got)
	}
	e, err := Resolve(write(t, "assumed_life = \"8h\"\nidle_limit = \"90d\""), true, none, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Limits(); got.AssumedLife != 8*time.Hour || got.LifeSource != tokens.LeftConfigured || got.IdleLimit != 90*24*time.Hour {
		t.Errorf("%+v", got)
	}
}

func TestAMissingFileMattersWhenNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.toml")
	if e, err := Resolve(path, false, none, nil); err != nil || e.Read {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := Resolve(path, true, none, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if _, err := Resolve(t.TempDir(), false, none, nil); err == nil {
		t.Error("a folder is read as a file")
	}
	if _, err := Resolve(write(t, strings.Repeat("# long\n", 10_000)), false, none, nil); err == nil {
		t.Error("a file of any length is read")
	}
}

func TestPathIsTheFlagsThenTheVariables(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	env := map[string]string{"ORGKEEP_CONFIG": "from-variable", "XDG_CONFIG_HOME": folder}
	get := func(name string) string { return env[name] }
	if path, named := Path("from-flag", get); path != "from-flag" || !named {
		t.Errorf("%s %v", path, named)
	}
	if path, named := Path("", get); path != "from-variable" || !named {
		t.Errorf("%s %v", path, named)
	}
	delete(env, "ORGKEEP_CONFIG")
	if path, named := Path("", get); path != filepath.Join(folder, "orgkeep", "config.toml") || named {
		t.Errorf("%s %v", path, named)
	}
}

// A wrong value names its line and what is allowed; a secret is not repeated.
func TestWhatIsWrongIsSaid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"# a comment\n\nsort = \"agee\"":           `line 3: sort is "agee", it has to be urgency, alias, user, type, host, age, left, idle or last`,
		"pool = 0":                                 "line 1: pool is 0, it has to be a number from 1 to 50",
		"pool = \"4\"":                             `line 1: pool is "4", it has to be a number`,
		"still = 1":                                "line 1: still is 1, it has to be true or false",
		"columns = [\"age\", \"age\"]":             "each once",
		"columns = [1]":                            "line 1: columns is [1], it has to be a list of type, user,",
		"columns = \"age\"":                        "it has to be a list",
		"reveal = \"10\"":                          "it has to be a span from 1s to 5m",
		"reveal = 2026-11-23":                      "reveal is a date or a time",
		"reveal = \"6m\"":                          "a span from 1s to 5m",
		"login_host = \"http://example.com\"":      "it has to be a host such as",
		"callback_path = \"//evil\"":               "it has to be a path such as",
		"port = 80":                                "a number from 1024 to 65535",
		"[theme]\nname = \"x\"":                    "line 1: theme is a table, it has to be default,",
		"[more]\ntheme = \"default\"":              `line 1: there is no setting "more"`,
		"colour = 1":                               `line 1: there is no setting "colour", it has to be theme, appearance,`,
		"theme = \"default\"\ntheme = \"default\"": "line 2 is not TOML",
		"theme = ":                                 "line 1 is not TOML",
		"\nclient_secret = \"hunter2\"":            "line 2: \"client_secret\" is a secret",
		"client_id = \"5Aep8hunter2\"":             "looks like a token",
		"theme = \"00D41000000F8A0!AQ.hunter2\"":   "looks like a token",
	} {
		_, _, err := Parse(Default(), []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the secret is repeated: %v", text, err)
		}
	}
}

func TestSettingsThatDoNotGoTogetherAreTold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"assumed_life = \"15m\"\nageing_under = \"15m\"": "ageing_under is 15m (file), it has to be shorter than assumed_life, which is 15m (file)",
		"ageing_under = \"3h\"":                          "ageing_under is 3h (file), it has to be shorter than assumed_life, which is 2h (default)",
		"idle_limit = \"1d\"":                            "it has to be shorter than idle_limit, which is 1d (file)",
	} {
		if _, err := Resolve(write(t, text), true, none, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
}

func TestVariablesWithNearlyASettingsNameAreTold(t *testing.T) {
	t.Parallel()
	for pair, want := range map[string]string{
		"ORGKEEP_POLL=4": "ORGKEEP_POOL", "ORGKEEP_POOLS=4": "ORGKEEP_POOL", "ORGKEEP_JOBS=4": "ORGKEEP_POOL", "ORGKEEP_THEMA=x": "ORGKEEP_THEME",
		"ORGKEEP_LOGIN_URL=x": "ORGKEEP_LOGIN_HOST", "ORGKEEP_CLIPBOARD_OSC25=x": "ORGKEEP_CLIPBOARD_OSC52",
		"ORGKEEP_POOL=4": "", "ORGKEEP_JOBS=": "", "ORGKEEP_SORE=x": "", "ORGKEEP_SOMETHING=x": "", "POOLS=4": "",
	} {
		err := Misnamed([]string{"PATH=/bin", pair}, "ORGKEEP_SORE")
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), "has the variable "+want) {
			t.Errorf("%s: %v, want %q", pair, err, want)
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"90s": 90 * second, "1h30m": 90 * minute, "7d": 7 * day, "1d12h": 36 * hour, "0s": 0} {
		if got, ok := tokens.ParseSpan(text); !ok || got != want {
			t.Errorf("%s is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "5", "h", "-1h", "1.5h", "99999999999d", "1ms", " 1h", "1 h"} {
		if got, ok := tokens.ParseSpan(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// FuzzParse makes sure that whatever a file has, the settings that come of it
// are allowed ones, and that what is wrong is said in one line.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"theme = \"default\"\npool = 5\ncolumns = [\"age\"]", "a.b = 1\n[x]\ny = 2", "[[theme]]", "theme = {a = 1}", "\"theme\" = 'default'",
		"reveal = \"\"\"\n10s\"\"\"", "columns = [\n\"age\", # one\n]", "\xff", "login_host = \"test.salesforce.com\"", "pool = 0x10",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, names, err := Parse(Default(), data)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("not one plain line: %q", err)
			}
			return
		}
		for _, k := range Keys() {
			switch v := k.Value(s).(type) {
			case string:
				if again := k.Check(v); again != nil {
					t.Errorf("%s = %q was taken: %v (from %v)", k.Name, v, again, names)
				}
			case int:
				if v <= 0 {
					t.Errorf("%s = %d was taken", k.Name, v)
				}
			}
		}
	})
}

func FuzzSpan(f *testing.F) {
	f.Add("1d2h3m4s")
	f.Add("0s")
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := tokens.ParseSpan(text)
		if !ok {
			return
		}
		if again, ok := tokens.ParseSpan(formatSpan(d)); !ok || again != d {
			t.Errorf("%q is %v, which is written %q and read as %v", text, d, formatSpan(d), again)
		}
	})
}
