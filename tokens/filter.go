package tokens

import (
	"slices"
	"strings"
)

// Filter picks orgs by what a person typed: words and key:value terms that an
// org has to match all of. The zero Filter matches every org. It is safe for
// concurrent use.
//
//	acme uat              alias, user, host, ids, type or tag hold "acme", and "uat"
//	is:expired tag:acme   expired, and tagged acme
//	-is:production        not a production org
//	left:<15m idle:<7d    less than 15 minutes, less than 7 days left
//	user:"ada l"          quotes keep spaces, and take a colon or a hyphen as it is
type Filter struct {
	terms  []term
	clocks bool
}

// term is one condition. The Clocks are only meaningful where the Filter needs
// them.
type term struct {
	not   bool
	match func(org *Org, words Words, c Clocks) bool
}

// Empty reports whether the filter matches every org because nothing was asked.
func (f Filter) Empty() bool { return len(f.terms) == 0 }

// NeedsClocks reports whether Match looks at the clocks. Where it does not, the
// zero Clocks do, and what passes the filter does not change with time.
func (f Filter) NeedsClocks() bool { return f.clocks }

// Match reports whether an org, whose Words are words, passes the filter. A span that is unknown passes
// neither < nor >.
func (f Filter) Match(org *Org, words Words, c Clocks) bool {
	for i := range f.terms {
		if f.terms[i].match(org, words, c) == f.terms[i].not {
			return false
		}
	}
	return true
}

// Words are what a Filter looks for words in, made ready so that one of thousands
// of orgs is matched in well under a microsecond: lower case, a line each. Make
// new ones when the org changes. WordsOf alone makes them.
type Words string

// The lines of Words that terms ask for. Those of the ids, the type and the tags
// follow.
const (
	lineAlias = iota
	lineUser
	lineHost // of the instance, and of the login where that is another
	lineOrg
)

// WordsOf prepares an org for Match.
func WordsOf(org *Org) Words {
	var room [256]byte
	text := append(room[:0], strings.ToLower(org.Alias)...)
	add := func(separator byte, word string) { text = append(append(text, separator), strings.ToLower(word)...) }
	host := hostOf(org.InstanceURL)
	add('\n', org.User())
	add('\n', host)
	if login := hostOf(org.LoginURL); login != "" && login != host {
		add(' ', login)
	}
	for _, word := range []string{org.OrgID, org.UserID, string(org.Type), org.Type.Label()} {
		add('\n', word)
	}
	for _, tag := range org.Tags {
		add('\n', tag)
	}
	return Words(text)
}

func (w Words) line(n int) string {
	rest := string(w)
	for range n {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// hasWord reports whether one of words is word, in any letter case.
func hasWord(words []string, word string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}

// hostOf is the host of a URL that CheckURL has let through, with its port.
func hostOf(url string) string {
	_, rest, found := strings.Cut(url, "://")
	if !found {
		rest = url
	}
	host, _, _ := strings.Cut(rest, "/")
	return host
}
