package settings

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"orgkeep/tokens"
)

// Key is one setting: how it is called in each place and what it may be.
type Key struct {
	Name    string   // in the file
	Flag    string   // without hyphens
	Env     string   // the variable
	About   string   // half a sentence for the help
	Allowed string   // what it may be, to end "it has to be" with
	Words   []string // what it may be, where those are few

	negated bool // the flag means false
	form    form
	set     func(*Settings, []string) bool // false: the value is not allowed
	get     func(*Settings) any            // string, bool, int, or a list of strings
}

// form is how a value is written in the file.
type form int

const (
	formText form = iota
	formYes
	formNumber
	formList
)

// IsSwitch reports whether the flag is one that wants no value.
func (k Key) IsSwitch() bool { return k.form == formYes }

// Value returns the setting's value in s: a string, bool, int or list of
// strings. Spans are as the file has them.
func (k Key) Value(s Settings) any { return k.get(&s) }

// Check returns an error that says what the setting has to be, unless value, as
// a flag has it, is that.
func (k Key) Check(value string) error {
	var s Settings
	return k.take(&s, value)
}

// errSecret keeps the value out of the error.
var errSecret = errors.New("looks like a token, and a token has no place here")

// take puts a flag's or a variable's value into s.
func (k Key) take(s *Settings, value string) error {
	values := []string{value}
	if k.form == formList {
		values = strings.Split(value, ",")
	}
	if !k.set(s, values) {
		return k.refusal(strconv.Quote(value))
	}
	return nil
}

// refusal is the end of a sentence that begins with the setting's name; shown
// is the value as it was written.
func (k Key) refusal(shown string) error {
	const longest = 60
	switch {
	case tokenForm.MatchString(shown):
		return errSecret
	case len(shown) > longest:
		return fmt.Errorf("has a long value that is not allowed, it has to be %s", k.Allowed)
	}
	return fmt.Errorf("is %s, it has to be %s", tokens.Clean(shown), k.Allowed)
}

// tokenForm finds access tokens (an org id and "!") and refresh tokens.
var tokenForm = regexp.MustCompile(`00D[A-Za-z0-9]{12,15}!|5Aep`)

func key(name, about, allowed string, f form) Key {
	return Key{
		Name: name, Flag: strings.ReplaceAll(name, "_", "-"), Env: "ORGKEEP_" + strings.ToUpper(name),
		About: about, Allowed: allowed, form: f,
	}
}

// by names the flag where it is not called as the setting.
func (k Key) by(flag string) Key {
	k.Flag = flag
	return k
}

// denied names the flag that means false.
func (k Key) denied(flag string) Key {
	k.Flag, k.negated = flag, true
	return k
}

func word(name, about string, at func(*Settings) *string, words ...string) Key {
	k := key(name, about, anyOf(words), formText)
	k.Words = words
	k.set = func(s *Settings, v []string) bool {
		*at(s) = v[0]
		return slices.Contains(words, v[0])
	}
	k.get = func(s *Settings) any { return *at(s) }
	return k
}

func list(name, about string, at func(*Settings) *[]string, words ...string) Key {
	k := key(name, about, "a list of "+strings.Join(words, ", ")+", each once and one at least", formList)
	k.Words = words
	k.set = func(s *Settings, v []string) bool {
		for i, w := range v {
			if !slices.Contains(words, w) || slices.Contains(v[:i], w) {
				return false
			}
		}
		*at(s) = slices.Clone(v)
		return len(v) > 0
	}
	k.get = func(s *Settings) any { return slices.Clone(*at(s)) }
	return k
}

func yes(name, about string, at func(*Settings) *bool) Key {
	k := key(name, about, "true or false", formYes)
	k.set = func(s *Settings, v []string) bool {
		*at(s) = v[0] == "true"
		return v[0] == "true" || v[0] == "false"
	}
	k.get = func(s *Settings) any { return *at(s) }
	return k
}

func number(name, about string, at func(*Settings) *int, least, most int) Key {
	k := key(name, about, fmt.Sprintf("a number from %d to %d", least, most), formNumber)
	k.set = func(s *Settings, v []string) bool {
		n, err := strconv.Atoi(v[0])
		*at(s) = n
		return err == nil && n >= least && n <= most
	}
	k.get = func(s *Settings) any { return *at(s) }
	return k
}

func span(name, about string, at func(*Settings) *time.Duration, least, most time.Duration) Key {
	k := key(name, about, fmt.Sprintf("a span from %s to %s, such as %s", formatSpan(least), formatSpan(most), spansBetween(least, most)), formText)
	k.set = func(s *Settings, v []string) bool {
		d, ok := tokens.ParseSpan(v[0])
		*at(s) = d
		return ok && d >= least && d <= most
	}
	k.get = func(s *Settings) any { return formatSpan(*at(s)) }
	return k
}

func text(name, about string, at func(*Settings) *string, allowed string, check func(string) (string, bool)) Key {
	k := key(name, about, allowed, formText)
	k.set = func(s *Settings, v []string) (ok bool) {
		*at(s), ok = check(v[0])
		return ok
	}
	k.get = func(s *Settings) any { return *at(s) }
	return k
}

// anyOf writes words as a choice: a, b or c.
func anyOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// checkClientID takes what can be a consumer key; the empty one means none. A
// token pasted in its place is refused.
func checkClientID(id string) (string, bool) {
	const longest = 512
	printable := strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
	return id, printable && len(id) <= longest && !tokenForm.MatchString(id)
}

func checkLoginHost(host string) (string, bool) {
	if !strings.Contains(host, "://") {
		host = "https://" + host
	}
	url, err := tokens.CheckURL(host)
	return url, err == nil && bare(host)
}

var pathForm = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+$`)

func checkCallbackPath(path string) (string, bool) {
	const longest = 200
	return path, len(path) <= longest && pathForm.MatchString(path)
}
