package cli

import (
	"fmt"
	"strings"
)

// dueWords sums up in a sentence which tokens have run out, which do within the span,
// and what a refresh mends of them.
func dueWords(list []due, within string) string {
	var over, soon []due
	for _, d := range list {
		if d.over() {
			over = append(over, d)
		} else {
			soon = append(soon, d)
		}
	}
	var parts []string
	if len(over) > 0 {
		parts = append(parts, kindsOf(over)+" "+plural(len(over), "has", "have")+" run out")
	}
	if len(soon) > 0 {
		parts = append(parts, kindsOf(soon)+" "+plural(len(soon), "runs", "run")+" out within "+within)
	}
	text := strings.Join(parts, ", and ")
	switch mended := countDue(list).Renewable; mended {
	case 0:
		return text + "; no refresh mends that."
	case len(list):
		return text + "; a refresh mends that."
	default:
		return text + fmt.Sprintf("; a refresh mends %d of them.", mended)
	}
}

// kindsOf names how many tokens there are of each kind.
func kindsOf(list []due) string {
	c := countDue(list)
	var parts []string
	for _, kind := range []struct {
		n    int
		name string
	}{{c.Refresh, refreshToken}, {c.Access, accessToken}} {
		if kind.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s %s", kind.n, kind.name, plural(kind.n, "token", "tokens")))
		}
	}
	return strings.Join(parts, " and ")
}

// plural is the word for n things.
func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}
