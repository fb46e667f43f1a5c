package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"orgkeep/tokens"
)

// sharedHosts name nobody.
var sharedHosts = []string{"login.salesforce.com", "test.salesforce.com"}

// Share returns the results without what names somebody: no Detail, and
// host-01, host-02, ... in the place of the hosts.
func Share(results []Result) []Result {
	shared := slices.Clone(results)
	numbers := map[string]int{}
	for i := range shared {
		r := &shared[i]
		r.Detail = ""
		if r.Subject == "" || slices.Contains(sharedHosts, r.Subject) {
			continue
		}
		if numbers[r.Subject] == 0 {
			numbers[r.Subject] = len(numbers) + 1
		}
		r.Subject = fmt.Sprintf("host-%02d", numbers[r.Subject])
	}
	return shared
}

// Summary counts the results in a sentence.
func Summary(results []Result) string {
	parts := make([]string, 0, len(Outcomes()))
	for _, o := range Outcomes() {
		if n := Count(results, o); n > 0 || o == OK || o == Failed {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	return strings.Join(parts, ", ") + "."
}

// Markdown writes the results down for a ticket, shared as Share does. version
// is orgkeep's; now is when it is written.
func Markdown(results []Result, version string, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# orgkeep doctor: %s\n\n", Summary(results))
	for _, r := range Share(results) {
		fmt.Fprintf(&b, "- %s **%s**", r.Outcome, r.Check)
		if r.Subject != "" {
			fmt.Fprintf(&b, " (%s)", r.Subject)
		}
		fmt.Fprintf(&b, ": %s.", r.Seen)
		if r.Do != "" {
			fmt.Fprintf(&b, " %s", r.Do)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\n---\nWritten by orgkeep %s on %s. Hosts have stand-ins; names, folders and secrets are left out.\n",
		tokens.Clean(version), now.UTC().Format("2006-01-02 15:04 UTC"))
	return b.String()
}
