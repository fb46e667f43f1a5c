package ui

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// private is the mode for a screen that others see: every alias, user, host and
// id is replaced by a name that says nothing. An org keeps its replacement while
// the program runs, so that it can be talked about.
type private struct {
	on      bool
	version int // of the list that was learned

	numbers map[tokens.Key]int
	learned map[tokens.Key]named
	words   map[string]string // what stands for a name within a text
	odd     []string          // pairs for the names that are no single word
}

// named is what an org was called when its words were learned.
type named struct{ alias, username, instance, login string }

func privateAction() action {
	return action{
		keys: []string{"p"}, name: "private mode", group: groupApp, anywhere: true,
		about: "Hide the names of orgs, users and hosts everywhere, for a screen that others see; the same org keeps the same stand-in. Again, and they are back.",
		run: func(m *model) tea.Cmd {
			m.private.on = !m.private.on
			m.private.version = -1
			return nil
		},
	}
}

// learn numbers the orgs and learns their names, while the mode is on and the
// list has changed.
func (p *private) learn(orgs []tokens.Org, version int) {
	if !p.on || p.version == version {
		return
	}
	p.version = version
	if p.numbers == nil {
		p.numbers, p.learned, p.words = map[tokens.Key]int{}, map[tokens.Key]named{}, map[string]string{}
	}
	var unknown []tokens.Org
	for _, org := range orgs {
		if p.learned[org.Key] != (named{org.Alias, org.Username, org.InstanceURL, org.LoginURL}) {
			unknown = append(unknown, org)
		}
	}
	// By key: the order must not tell what the names would.
	slices.SortFunc(unknown, func(a, b tokens.Org) int { return cmp.Compare(a.Key, b.Key) })
	for _, org := range unknown {
		if p.numbers[org.Key] == 0 {
			p.numbers[org.Key] = len(p.numbers) + 1
		}
		p.learned[org.Key] = named{org.Alias, org.Username, org.InstanceURL, org.LoginURL}
		p.learnOrg(org)
	}
}

func (p *private) learnOrg(org tokens.Org) {
	to := p.standIn(org)
	for name, word := range map[string]string{
		org.Alias: to.Alias, org.Username: to.Username, org.OrgID: to.OrgID, org.UserID: to.UserID,
		org.InstanceURL: to.InstanceURL, hostOf(org.InstanceURL): to.InstanceURL, org.ClientID: to.ClientID,
	} {
		switch {
		case name == "":
		case wordIn.FindString(name) != name || strings.TrimRight(name, wordEnds) != name:
			p.odd = append(p.odd, name, word)
		default:
			p.words[strings.ToLower(name)] = word
		}
	}
}

// standIn is an org with everything that names it replaced.
func (p *private) standIn(org tokens.Org) tokens.Org {
	n := fmt.Sprintf("%02d", p.numbers[org.Key])
	org.Alias, org.Username, org.InstanceURL = "org-"+n, "user-"+n, "host-"+n
	org.OrgID, org.UserID = hidden, hidden
	if org.ClientID != publicClient {
		org.ClientID = hidden
	}
	if org.LoginURL != "" && !slices.Contains(sharedHosts, hostOf(org.LoginURL)) {
		org.LoginURL = "login-" + n
	}
	if len(org.Tags) > 0 {
		org.Tags = []string{hidden}
	}
	if org.Mirror != "" {
		org.Mirror = hidden
	}
	return org
}

const (
	hidden       = "hidden"
	publicClient = "PlatformCLI" // the Salesforce CLI's, which everybody has
)

// sharedHosts name nobody.
var sharedHosts = []string{"login.salesforce.com", "test.salesforce.com"}

func hostOf(url string) string { return strings.TrimPrefix(url, "https://") }

// seen is an org as the screen may show it now.
func (m *model) seen(org tokens.Org) tokens.Org {
	if !m.private.on {
		return org
	}
	return m.private.standIn(org)
}

// currentName is what the org under the cursor is called on the screen now.
func (m *model) currentName() string {
	org, ok := m.list.current()
	if !ok {
		return m.currentAlias()
	}
	return m.seen(org).Alias
}

var (
	wordIn   = regexp.MustCompile(`[^\s"'(),;<>]+`)
	telling  = regexp.MustCompile(`(?i)[a-z0-9._%+-]+@[a-z0-9.-]+|(https?://)?[a-z0-9-]+(\.[a-z0-9-]+){2,}(:[0-9]+)?(/\S*)?|\b00[0-9a-z]{13}([0-9a-z]{3})?\b|\b3MVG[0-9a-z._-]{8,}`)
	wordEnds = ".:!?"
)

// veil is a text as the screen may show it now: in private mode the names of the
// saved orgs are replaced, and whatever else looks like a user, a host or an id
// is left out.
func (m *model) veil(text string) string {
	p := &m.private
	if !p.on || text == "" {
		return text
	}
	if len(p.odd) > 0 {
		text = strings.NewReplacer(p.odd...).Replace(text)
	}
	text = wordIn.ReplaceAllStringFunc(text, func(word string) string {
		bare := strings.TrimRight(word, wordEnds)
		if to, known := p.words[strings.ToLower(bare)]; known {
			return to + word[len(bare):]
		}
		return word
	})
	return telling.ReplaceAllString(text, hidden)
}

// shownFilter is the filter as the list's title shows it: it looks for the real
// names, so in private mode what is typed is shown as dots.
func (m *model) shownFilter() string {
	if m.private.on {
		return strings.Repeat("•", len([]rune(m.filter.Value())))
	}
	return tokens.Clean(m.filter.Value())
}
