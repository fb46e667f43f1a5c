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
	match func(s *subject, c Clocks) bool
}

// Empty reports whether the filter matches every org because nothing was asked.
func (f Filter) Empty() bool { return len(f.terms) == 0 }

// NeedsClocks reports whether Match looks at the clocks. Where it does not, the
// zero Clocks do, and what passes the filter does not change with time.
func (f Filter) NeedsClocks() bool { return f.clocks }

// Match reports whether an org passes the filter. A span that is unknown passes
// neither < nor >.
func (f Filter) Match(s Subject, c Clocks) bool {
	for i := range f.terms {
		if f.terms[i].match(s.subject, c) == f.terms[i].not {
			return false
		}
	}
	return true
}

// Subject is an org prepared for filters, so that one of thousands is matched
// in well under a microsecond. Make a new one when the org changes. SubjectOf
// alone makes one that can be matched.
type Subject struct{ *subject }

type subject struct {
	words     string // what words are looked for in, lower case, a line each
	alias     string
	user      string
	host      string
	org       string
	tags      []string
	scopes    []string
	client    string
	kind      Type
	favourite bool
	watched   bool
}

// SubjectOf prepares an org for Match.
func SubjectOf(org *Org) Subject {
	host := hostOf(org.InstanceURL)
	if login := hostOf(org.LoginURL); login != "" && login != host {
		host += "\n" + login
	}
	fields := []string{org.Alias, org.User(), host, org.OrgID, org.UserID, string(org.Type), org.Type.Label()}
	words := strings.ToLower(strings.Join(append(fields, org.Tags...), "\n"))
	s := subject{
		words: words, host: strings.ToLower(host), alias: strings.ToLower(org.Alias), user: strings.ToLower(org.User()),
		org: strings.ToLower(org.OrgID), client: strings.ToLower(org.ClientID), kind: org.Type, favourite: org.Favourite, watched: org.Watched,
	}
	s.tags, s.scopes = lowered(org.Tags), lowered(org.Scopes)
	return Subject{&s}
}

func lowered(words []string) []string {
	if !slices.ContainsFunc(words, func(w string) bool { return w != strings.ToLower(w) }) {
		return words
	}
	low := make([]string, len(words))
	for i, w := range words {
		low[i] = strings.ToLower(w)
	}
	return low
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
