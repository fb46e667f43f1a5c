package tokens

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// FilterError says why a filter cannot be used. The screen meets it while a
// filter is being typed, and keeps what it shows.
type FilterError struct {
	// At is where, in characters from 1.
	At int
	// Problem is what is wrong there and what is allowed, in one sentence without
	// an end.
	Problem string
	// Unfinished says that more letters can make it right: is: or is:exp.
	Unfinished bool
}

// Error says what is wrong, and where.
func (e *FilterError) Error() string { return fmt.Sprintf("at %d: %s", e.At, e.Problem) }

// ParseFilter reads a filter. Terms are separated by spaces and an org has to
// match all of them; quotes keep spaces, and one that is not closed ends with
// the text. Letter case does not matter. Every error is a *FilterError.
func ParseFilter(expr string) (Filter, error) {
	var f Filter
	for _, w := range splitWords(expr) {
		t, clocks, err := w.term()
		if err != nil {
			return Filter{}, err
		}
		f.terms = append(f.terms, t)
		f.clocks = f.clocks || clocks
	}
	return f, nil
}

// word is one term as it was typed.
type word struct {
	not   bool
	key   string // lower case; empty for a plain word
	keyed bool   // there was a colon outside quotes
	value string // lower case, without its quotes
	at    int    // in characters from 1
	valAt int
	start int // in bytes
}

// splitWords cuts a filter into terms. Any text has a cut.
func splitWords(expr string) []word {
	var (
		words          []word
		w              word
		text           strings.Builder
		inside, quoted bool
		within         bool // a term
	)
	end := func() {
		if within {
			w.value = strings.ToLower(text.String())
			words = append(words, w)
		}
		text.Reset()
		w, within, quoted = word{}, false, false
	}
	at := 0
	for i, r := range expr {
		at++
		if unicode.IsSpace(r) && !inside {
			end()
			continue
		}
		if !within {
			w, within = word{at: at, valAt: at, start: i}, true
			if r == '-' {
				w.not, w.valAt = true, at+1
				continue
			}
		}
		switch {
		case r == '"':
			inside, quoted = !inside, true
		case r == ':' && !quoted && !w.keyed && text.Len() > 0:
			w.key, w.keyed, w.valAt = strings.ToLower(text.String()), true, at+1
			text.Reset()
		default:
			text.WriteRune(r)
		}
	}
	end()
	return words
}

// filterKeys are the keys, in the order in which they are offered, and what
// makes a condition of a value.
var filterKeys = []struct {
	name  string
	parse func(value string) (match matcher, clocks bool, problem *FilterError)
}{
	{"is", parseIs},
	{"tag", among(func(o *Org) []string { return o.Tags })},
	{"type", parseType},
	{"alias", within(func(_ *Org, w Words) string { return w.line(lineAlias) })},
	{"user", within(func(_ *Org, w Words) string { return w.line(lineUser) })},
	{"host", within(func(_ *Org, w Words) string { return w.line(lineHost) })},
	{"org", within(func(_ *Org, w Words) string { return w.line(lineOrg) })},
	{"client", within(func(o *Org, _ Words) string { return strings.ToLower(o.ClientID) })},
	{"scope", among(func(o *Org) []string { return o.Scopes })},
	{"age", span(func(c Clocks) (time.Duration, bool) { return c.Age, c.AgeKnown })},
	{"left", span(func(c Clocks) (time.Duration, bool) { return c.Left, c.LeftSource != LeftUnknown })},
	{"idle", span(func(c Clocks) (time.Duration, bool) { return c.IdleLeft, c.IdleKnown })},
}

func (w word) term() (term, bool, error) {
	if !w.keyed || w.key == "http" || w.key == "https" {
		return w.plain()
	}
	var names []string
	for _, key := range filterKeys {
		if key.name != w.key {
			names = append(names, key.name)
			continue
		}
		if w.value == "" && key.name != "is" && key.name != "type" {
			return term{}, false, &FilterError{At: w.valAt, Problem: key.name + ": wants a value", Unfinished: true}
		}
		match, clocks, problem := key.parse(w.value)
		if problem != nil {
			problem.At, problem.Problem = w.valAt, key.name+": "+problem.Problem
			return term{}, false, problem
		}
		return term{not: w.not, match: match}, clocks, nil
	}
	return term{}, false, &FilterError{
		At: w.at, Problem: fmt.Sprintf("%s: is no key, use %s, or quotes to look for it", brief(w.key), strings.Join(names, " ")),
	}
}

// plain is a word without a key. Of a pasted URL the host is looked for.
func (w word) plain() (term, bool, error) {
	text := w.value
	if w.keyed {
		text = hostOf(w.key + ":" + text)
	}
	if text == "" && w.not {
		return term{}, false, &FilterError{At: w.valAt, Problem: "- wants a word or key:value to leave out", Unfinished: true}
	}
	return term{not: w.not, match: func(_ *Org, words Words, _ Clocks) bool { return strings.Contains(string(words), text) }}, false, nil
}

// matcher tells whether an org passes a term.
type matcher = func(*Org, Words, Clocks) bool

type parser = func(value string) (matcher, bool, *FilterError)

// within looks for a part of a text.
func within(of func(*Org, Words) string) parser {
	return func(value string) (matcher, bool, *FilterError) {
		return func(org *Org, words Words, _ Clocks) bool { return strings.Contains(of(org, words), value) }, false, nil
	}
}

// among looks for a whole word: the scope api is not chatter_api.
func among(of func(*Org) []string) parser {
	return func(value string) (matcher, bool, *FilterError) {
		return func(org *Org, _ Words, _ Clocks) bool { return hasWord(of(org), value) }, false, nil
	}
}

var isStates = map[string]func(Clocks) bool{
	string(Fresh):         func(c Clocks) bool { return c.Health == Fresh },
	string(Ageing):        func(c Clocks) bool { return c.Health == Ageing },
	string(Expired):       func(c Clocks) bool { return c.Health == Expired },
	string(Failed):        func(c Clocks) bool { return c.Health == Failed },
	string(HealthUnknown): func(c Clocks) bool { return c.Health == HealthUnknown },
	"stale":               func(c Clocks) bool { return c.Stale() },
	"idle":                func(c Clocks) bool { return c.IdleSoon },
}

const (
	isFavourite = "favourite"
	isWatched   = "watched"
)

// isValues are what is: takes, in the order in which they are offered.
func isValues() []string {
	values := []string{string(Fresh), string(Ageing), string(Expired), string(Failed), string(HealthUnknown), "stale", "idle", isFavourite, isWatched}
	for _, t := range Types() {
		if t != TypeUnknown {
			values = append(values, string(t))
		}
	}
	return values
}

func parseIs(value string) (matcher, bool, *FilterError) {
	if state, known := isStates[value]; known {
		return func(_ *Org, _ Words, c Clocks) bool { return state(c) }, true, nil
	}
	switch t := Type(value); {
	case value == isFavourite:
		return func(org *Org, _ Words, _ Clocks) bool { return org.Favourite }, false, nil
	case value == isWatched:
		return func(org *Org, _ Words, _ Clocks) bool { return org.Watched }, false, nil
	case t != TypeUnknown && slices.Contains(Types(), t):
		return func(org *Org, _ Words, _ Clocks) bool { return org.Type == t }, false, nil
	}
	return nil, false, oneOf(value, isValues())
}

func parseType(value string) (matcher, bool, *FilterError) {
	var names []string
	for _, t := range Types() {
		if value == string(t) || value == strings.ToLower(t.Label()) {
			return func(org *Org, _ Words, _ Clocks) bool { return org.Type == t }, false, nil
		}
		names = append(names, string(t))
	}
	return nil, false, oneOf(value, names)
}

// oneOf is the error for a value that is none of the allowed ones.
func oneOf(value string, allowed []string) *FilterError {
	unfinished := slices.ContainsFunc(allowed, func(name string) bool { return strings.HasPrefix(name, value) })
	problem := strings.Join(allowed, " ")
	if value != "" && !unfinished {
		problem = brief(value) + " is none of " + problem
	}
	return &FilterError{Problem: problem, Unfinished: unfinished}
}

// span compares a length of time.
func span(of func(Clocks) (time.Duration, bool)) parser {
	return func(value string) (matcher, bool, *FilterError) {
		rest, less := strings.CutPrefix(value, "<")
		if !less {
			var more bool
			if rest, more = strings.CutPrefix(value, ">"); !more {
				return nil, false, &FilterError{Problem: "wants < or > and a span, as in <15m"}
			}
		}
		rest, equal := strings.CutPrefix(rest, "=")
		limit, whole := ParseSpan(rest)
		if !whole {
			_, number := ParseSpan(rest + "s")
			return nil, false, &FilterError{
				Problem: "wants a span of s, m, h, d and w, as in 90s, 1h30m or 7d", Unfinished: rest == "" || number,
			}
		}
		return func(_ *Org, _ Words, c Clocks) bool {
			d, known := of(c)
			return known && (equal && d == limit || less && d < limit || !less && d > limit)
		}, true, nil
	}
}

var spanUnits = map[rune]time.Duration{
	's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
}

// ParseSpan reads a length of time as people write it: whole numbers, each with
// one of s, m, h, d (24 hours) and w. It reports whether text is one of less
// than ten years.
func ParseSpan(text string) (time.Duration, bool) {
	const most = 10 * 365 * 24 * time.Hour
	var sum time.Duration
	for text != "" {
		i := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 {
			return 0, false
		}
		unit, size := utf8.DecodeRuneInString(text[i:])
		n, err := strconv.ParseInt(text[:i], 10, 32)
		if err != nil || spanUnits[unit] == 0 || time.Duration(n) > most/spanUnits[unit] {
			return 0, false
		}
		if sum += time.Duration(n) * spanUnits[unit]; sum > most {
			return 0, false
		}
		text = text[i+size:]
		if text == "" {
			return sum, true
		}
	}
	return 0, false
}
