package cli

import (
	"strings"
	"time"

	"orgkeep/tokens"
)

// which is the group of orgs that a refresh was asked for.
type which struct{ all, expired, failed bool }

// check turns down groups that contradict each other or the names.
func (w which) check(names []string) error {
	groups := 0
	for _, given := range []bool{w.all, w.expired, w.failed} {
		if given {
			groups++
		}
	}
	switch {
	case groups > 1:
		return usage("give one of --all, --expired and --failed")
	case groups == 1 && len(names) > 0:
		return usage("give ORGs or a group (--all, --expired, --failed), not both")
	case groups == 0 && len(names) == 0:
		return usage("say what to refresh: ORG... (an alias or org id), --all, --expired or --failed")
	}
	return nil
}

// choose picks the orgs of the group, or those that names name.
func (w which) choose(orgs []tokens.Org, names []string, now time.Time, limits tokens.Limits) ([]tokens.Org, error) {
	if len(names) > 0 {
		return byNames(orgs, names)
	}
	var chosen []tokens.Org
	for _, org := range orgs {
		c := org.Clocks(now, limits)
		// By the token's own clock: one whose refresh failed on its way has expired all the same.
		expired := c.LeftSource != tokens.LeftUnknown && c.Left <= 0
		// One without an answer may have failed. It is named, and not sent by itself.
		failed := c.Health == tokens.Failed || c.LastUnknown
		if c.NotOurs {
			continue // the Salesforce CLI refreshes it; by its name it is told why
		}
		if w.all || w.expired && expired || w.failed && failed {
			chosen = append(chosen, org)
		}
	}
	return chosen, nil
}

// nothing says that the group is empty.
func (w which) nothing() string {
	switch {
	case w.expired:
		return "No org is expired."
	case w.failed:
		return "No org has failed."
	}
	return noOrgs
}

// inDoubt reports whether the org's refresh token may have been used up by a
// request without an answer. Sent again to an org that rotates its refresh
// tokens it would end the login, so only a person who was told may decide that.
func inDoubt(org tokens.Org) bool {
	return org.Last != nil && org.Last.Outcome == tokens.OutcomeUnknown && org.Rotates != tokens.RotationNo
}

// byNames returns the orgs in the order of their names, each once.
func byNames(orgs []tokens.Org, names []string) ([]tokens.Org, error) {
	var chosen []tokens.Org
	taken := map[tokens.Key]bool{}
	for _, name := range names {
		org, err := byName(orgs, name)
		if err != nil {
			return nil, err
		}
		if !taken[org.Key] {
			taken[org.Key] = true
			chosen = append(chosen, org)
		}
	}
	return chosen, nil
}

// byName finds an org by its alias, or by its org id where one login has it.
func byName(orgs []tokens.Org, name string) (tokens.Org, error) {
	for _, org := range orgs {
		if org.Alias == name {
			return org, nil
		}
	}
	var found []tokens.Org
	if id, err := tokens.ID18(name); err == nil {
		for _, org := range orgs {
			if org.OrgID == id {
				found = append(found, org)
			}
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		problem := "no org is called " + tokens.Clean(name)
		if near := nearAliases(orgs, name); len(near) > 0 {
			problem += "; near it: " + strings.Join(near, ", ")
		}
		return tokens.Org{}, cannot("%s", problem)
	}
	var aliases []string
	for _, org := range found {
		aliases = append(aliases, org.Alias)
	}
	return tokens.Org{}, cannot("%s has %d logins, name one: %s", name, len(found), strings.Join(aliases, ", "))
}

// nearAliases returns a few aliases that a person may have meant by name: those
// that hold it, and those two slips of the finger away.
func nearAliases(orgs []tokens.Org, name string) []string {
	const most, slips = 3, 2
	name = strings.ToLower(name)
	var near []string
	for _, org := range orgs {
		alias := strings.ToLower(org.Alias)
		if (strings.Contains(alias, name) || distance(alias, name) <= slips) && len(near) < most {
			near = append(near, org.Alias)
		}
	}
	return near
}

// distance is the Levenshtein distance of two texts: the fewest letters to
// insert, delete or replace.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, letter := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j := range to {
			cost := diagonal
			if letter != to[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, diagonal+1, row[j]+1)
		}
	}
	return row[len(to)]
}
