package cli

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"orgkeep/tokens"
	"orgkeep/ui/settings"
)

// The settings that have flags of every command, of the screen, and of signing
// in on the screen.
var (
	everywhere = []string{"theme", "appearance", "ascii", "still", "assumed_life", "idle_limit", "ageing_under", "idle_warning"}
	onScreen   = []string{
		"accessible", "sort", "group", "columns", "times", "mouse", "private", "pool", "watch_under", "reveal", "clipboard", "clipboard_osc52",
	}
	signingIn = []string{"client_id", "login_host", "port", "callback_path"}
)

// settingFlag is the flag of a setting. It takes everything: what is not
// allowed is found with the file and the variables, in one sentence for all.
type settingFlag struct {
	key   settings.Key
	value string
}

// String, Type and Set make it a pflag.Value; Type is what the help calls it.
func (f *settingFlag) String() string { return f.value }

func (f *settingFlag) Set(value string) error {
	f.value = value
	return nil
}

func (f *settingFlag) Type() string {
	switch {
	case f.key.IsSwitch():
		return "bool"
	case len(f.key.Words) > 0 && len(f.key.Words) <= 4:
		return strings.Join(f.key.Words, "|")
	case len(f.key.Words) > 0:
		return "words"
	}
	return "value"
}

// addSettings gives flags to the settings of those names.
func addSettings(flags *pflag.FlagSet, names []string) {
	for _, k := range settings.Keys() {
		if !slices.Contains(names, k.Name) {
			continue
		}
		value := &settingFlag{key: k}
		about := k.About
		if usual := plain(k.Value(settings.Default())); !k.IsSwitch() && usual != "" {
			about += " (default " + usual + ")"
		}
		short := ""
		if k.Name == "pool" {
			short = "j"
		}
		flag := flags.VarPF(value, k.Flag, short, about)
		if k.IsSwitch() {
			flag.NoOptDefVal = "true"
		}
		if k.Name == "mouse" {
			flag.Usage = "leave clicks and the wheel to the terminal"
		}
	}
}

// completeSettings offers the words of the settings' flags.
func completeSettings(c *cobra.Command) {
	for _, k := range settings.Keys() {
		if flag := c.Flag(k.Flag); flag != nil && len(k.Words) > 0 {
			_ = c.RegisterFlagCompletionFunc(k.Flag, cobra.FixedCompletions(k.Words, cobra.ShellCompDirectiveNoFileComp)) // it fails for a flag that is not there
		}
	}
}

// takeSettings puts together what the flags of c, the variables and the file
// say. Nothing falls back silently: a value that is not allowed ends the run.
func (s *session) takeSettings(c *cobra.Command) error {
	given := map[string]string{}
	for _, k := range settings.Keys() {
		flag := c.Flag(k.Flag)
		if flag == nil || !flag.Changed {
			continue
		}
		if own, is := flag.Value.(*settingFlag); is { // a command may have a flag of that name for something else
			given[k.Name] = own.value
		}
	}
	if err := settings.Misnamed(s.Environ, "ORGKEEP_CONFIG", "ORGKEEP_DATA", "ORGKEEP_STORE", "ORGKEEP_PASSPHRASE"); err != nil {
		return cannot("%w", err)
	}
	path, named := settings.Path(s.config, s.env)
	e, err := settings.Resolve(path, named, s.env, given)
	if err != nil {
		return cannot("%w", err)
	}
	s.settings, s.ascii, s.still = e, e.ASCII, e.Still
	return nil
}

// plain is a setting's value as a flag has it.
func plain(value any) string {
	if words, ok := value.([]string); ok {
		return strings.Join(words, ",")
	}
	return fmt.Sprint(value)
}

func newSettings(s *session) *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "settings",
		Short: "Print the settings and where each comes from",
		Long: "Prints the settings that hold, as a settings file would have them, each with where it comes from.\n" +
			"A flag is before a variable (ORGKEEP_ and the name), that before the file, that before the default.",
		Example: "  orgkeep settings\n" +
			"  orgkeep settings path",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: act(func(*cobra.Command, []string) error {
			if asJSON {
				return s.settingsJSON()
			}
			return s.printSettings()
		}),
	}
	c.Flags().SortFlags = false
	c.Flags().BoolVar(&asJSON, "json", false, "print the settings as JSON")
	addSettings(c.Flags(), append(slices.Clone(onScreen), signingIn...))
	c.AddCommand(&cobra.Command{
		Use:               "path",
		Short:             "Print where the settings file is, or would be",
		Long:              "Prints where the settings file is, or would be. It works while the file is wrong.",
		Example:           "  orgkeep settings path",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		// It has to work while the file is wrong.
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		RunE: act(func(*cobra.Command, []string) error {
			path, _ := settings.Path(s.config, s.env)
			return s.print(tokens.Clean(path))
		}),
	})
	return c
}

func (s *session) printSettings() error {
	out := bufio.NewWriter(s.Out)
	state := "not there"
	if s.settings.Read {
		state = "read"
	}
	_, _ = fmt.Fprintf(out, "# %s (%s)\n", tokens.Clean(s.settings.Path), state) // Flush has the error
	var lines [][2]string
	width := 0
	for _, k := range settings.Keys() {
		line := k.Name + " = " + toml(k.Value(s.settings.Settings))
		lines, width = append(lines, [2]string{line, string(s.settings.From(k.Name))}), max(width, cells(line))
	}
	for _, line := range lines {
		_, _ = fmt.Fprintf(out, "%s%s  # %s\n", line[0], strings.Repeat(" ", width-cells(line[0])), line[1])
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// toml writes a setting's value as the file has it. Checked values are
// printable ASCII, for which Go's quotes are TOML's.
func toml(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case []string:
		quoted := make([]string, len(v))
		for i, word := range v {
			quoted[i] = strconv.Quote(word)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(value)
}

func (s *session) settingsJSON() error {
	type setting struct {
		Name    string `json:"name"`
		Value   any    `json:"value"`
		From    string `json:"from"` // default, file, environment, flag
		Flag    string `json:"flag"`
		Env     string `json:"env"`
		About   string `json:"about"`
		Allowed string `json:"allowed"`
	}
	document := struct {
		Version  int       `json:"version"`
		File     string    `json:"file"`
		Read     bool      `json:"read"`
		Settings []setting `json:"settings"`
	}{Version: documentVersion, File: s.settings.Path, Read: s.settings.Read}
	for _, k := range settings.Keys() {
		document.Settings = append(document.Settings, setting{
			k.Name, k.Value(s.settings.Settings), string(s.settings.From(k.Name)), "--" + k.Flag, k.Env, k.About, k.Allowed,
		})
	}
	return writeJSON(s.Out, document)
}
