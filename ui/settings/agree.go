package settings

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// agree returns an error where two settings, each allowed by itself, cannot mean
// what they say together: a warning that begins before what it warns of.
func (e Effective) agree() error {
	s := e.Settings
	for _, pair := range []struct {
		short, long string
		less, more  time.Duration
	}{
		{"ageing_under", "assumed_life", s.AgeingUnder, s.AssumedLife},
		{"idle_warning", "idle_limit", s.IdleWarning, s.IdleLimit},
	} {
		if pair.less >= pair.more {
			return fmt.Errorf("%s is %s (%s), it has to be shorter than %s, which is %s (%s)",
				pair.short, formatSpan(pair.less), e.From(pair.short), pair.long, formatSpan(pair.more), e.From(pair.long))
		}
	}
	return nil
}

// variablePrefix begins the names of orgkeep's variables.
const variablePrefix = "ORGKEEP_"

// Misnamed returns an error for the first variable of an environment that has a
// value and nearly a setting's name, or that of its flag: it would do nothing in
// silence. The names in others are no settings and mean something else.
func Misnamed(environ []string, others ...string) error {
	taken := map[string]bool{}
	for _, name := range others {
		taken[name] = true
	}
	keys := Keys()
	for _, k := range keys {
		taken[k.Env] = true
	}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, variablePrefix) || value == "" || taken[name] {
			continue
		}
		for _, k := range keys {
			flag := variablePrefix + strings.ToUpper(strings.ReplaceAll(k.Flag, "-", "_"))
			if name == flag || near(name, k.Env) {
				return fmt.Errorf("the variable %s means nothing, the setting %s has the variable %s", short(name), k.Name, k.Env)
			}
		}
	}
	return nil
}

// near reports whether one slip of the fingers makes one text of the other: a
// letter too many, too few or another one, or two that have changed places.
func near(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	swapped := len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
	return swapped || len(a) <= 1 && len(b) <= 1
}

// bare reports whether a URL has nothing after its host.
func bare(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == ""
}
