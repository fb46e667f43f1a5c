package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"

	"orgkeep/tokens"
)

// Source is where a value comes from.
type Source string

// The sources, the weakest first.
const (
	FromDefault  Source = "default"
	FromFile     Source = "file"
	FromVariable Source = "environment"
	FromFlag     Source = "flag"
)

// Effective is what holds for this run, and why. Its zero value is the
// defaults. It is safe for concurrent use.
type Effective struct {
	Settings
	Path string // of the settings file
	Read bool   // the file is there
	from map[string]Source
}

// From says where the value of a setting comes from.
func (e Effective) From(name string) Source {
	if source, ok := e.from[name]; ok {
		return source
	}
	return FromDefault
}

// Limits returns what the clocks of an org are read against. An assumed life
// that the user has set counts as configured, not as an estimate.
func (e Effective) Limits() tokens.Limits {
	s := e.OrDefault()
	limits := tokens.Limits{
		AssumedLife: s.AssumedLife, LifeSource: tokens.LeftEstimated, IdleLimit: s.IdleLimit, AgeingUnder: s.AgeingUnder, IdleWarning: s.IdleWarning,
	}
	if e.From("assumed_life") != FromDefault {
		limits.LifeSource = tokens.LeftConfigured
	}
	return limits
}

// Path returns where the settings file is: what the flag says, what the
// variable ORGKEEP_CONFIG says, else orgkeep/config.toml in the XDG config
// folder. named says that the user has named it, so that it has to be there.
func Path(flag string, env func(string) string) (path string, named bool) {
	for _, path := range []string{flag, env("ORGKEEP_CONFIG")} {
		if path != "" {
			return path, true
		}
	}
	folder := env("XDG_CONFIG_HOME")
	if !filepath.IsAbs(folder) { // a relative one is to be ignored (XDG Base Directory Specification 0.8)
		folder = xdg.ConfigHome
	}
	return filepath.Join(folder, "orgkeep", "config.toml"), false
}

// Resolve puts the settings together: the defaults, over them the file at path,
// over it the variables, over them the flags, which come by the settings'
// names. A file that is not there is an error when named only. The error is one
// sentence that says where the value stands and what is allowed there, or which
// two values do not go together.
func Resolve(path string, named bool, env func(string) string, flags map[string]string) (Effective, error) {
	e := Effective{Settings: Default(), Path: path, from: map[string]Source{}}
	data, err := load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
	case err != nil:
		return Effective{}, fmt.Errorf("reading the settings file: %w", err)
	default:
		e.Read = true
		s, names, err := Parse(e.Settings, data)
		if err != nil {
			return Effective{}, fmt.Errorf("%s, %w", tokens.Clean(path), err)
		}
		e.Settings = s
		e.mark(FromFile, names...)
	}
	for _, k := range Keys() {
		if value := env(k.Env); value != "" {
			if err := k.take(&e.Settings, value); err != nil {
				return Effective{}, fmt.Errorf("%s %w", k.Env, err)
			}
			e.mark(FromVariable, k.Name)
		}
		if value, given := flags[k.Name]; given {
			if err := k.takeFlag(&e.Settings, value); err != nil {
				return Effective{}, fmt.Errorf("--%s %w", k.Flag, err)
			}
			e.mark(FromFlag, k.Name)
		}
	}
	if err := e.agree(); err != nil {
		return Effective{}, err
	}
	return e, nil
}

func (e Effective) mark(source Source, names ...string) {
	for _, name := range names {
		e.from[name] = source
	}
}

// takeFlag is take for a flag, which may mean the opposite.
func (k Key) takeFlag(s *Settings, value string) error {
	if k.negated {
		value = map[string]string{"true": "false", "false": "true"}[value]
	}
	return k.take(s, value)
}

// load reads a file that people write by hand, and none that is much longer.
func load(path string) ([]byte, error) {
	const longest = 64 << 10
	f, err := os.Open(path) //nolint:gosec // it is the user's own file, named by the user
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, longest+1))
	if err == nil && len(data) > longest {
		err = fmt.Errorf("%s is longer than %d bytes", path, longest)
	}
	return data, err
}
