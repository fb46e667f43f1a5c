package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/ui/theme"
)

// totals count over all runs from the first one's start to the last one's end.
type totals struct {
	watch   func() time.Duration
	asked   int
	failed  int
	unknown int // outcomes
	// cancelled are results of what was not sent, since the user took it back.
	cancelled int
	results   []keeper.Result
	byWatch   bool // nobody has asked for them
	from      spot // where the cursor was when the first run began
}

// add counts one result.
func (t *totals) add(r keeper.Result) {
	t.results = append(t.results, r)
	switch {
	case r.Attempt.Outcome == tokens.OutcomeFailed:
		t.failed++
	case r.Attempt.Outcome == tokens.OutcomeUnknown:
		t.unknown++
	case takenBack(r):
		t.cancelled++
	}
}

// takenBack reports whether the user has cancelled a refresh, as opposed to a
// pause or another program that has kept it from being sent.
func takenBack(r keeper.Result) bool {
	f := r.Attempt.Failure
	return r.Attempt.Outcome == tokens.OutcomeCancelled && (f == nil || f.Kind != tokens.FailedPaused && f.Kind != tokens.FailedShared)
}

// done counts the results but for what was cancelled.
func (t *totals) done() int { return len(t.results) - t.cancelled }

// The cells of the bar in the header.
const (
	barNarrow = 8
	barWide   = 20
)

// progressText is how far the runs are: a bar of so many cells, a count, and what
// went wrong in words, since the counts beside it are of all orgs.
func (m *model) progressText(cells int, words bool) string {
	t, done := m.theme, m.totals.done()
	full := cells * done / m.totals.asked
	var text strings.Builder
	text.WriteString(t.Busy.Render(strings.Repeat(t.Glyphs.Life, full)) + t.Faint.Render(strings.Repeat(t.Glyphs.LifeSpent, cells-full)) +
		spaces(min(cells, 1)) + t.Busy.Render(fmt.Sprintf("%d of %d", done, m.totals.asked)))
	for _, part := range []struct {
		n    int
		word string
		look theme.Paint
	}{{m.totals.failed, "failed", t.Failed}, {m.totals.unknown, "unknown", t.Unknown}, {m.totals.cancelled, "cancelled", t.Muted}} {
		if part.n > 0 {
			of := ""
			if words { // those of the counts stand beside it
				of = "of them "
			}
			text.WriteString(part.look.Render(fmt.Sprintf(", %d %s%s", part.n, of, part.word)))
		}
	}
	return text.String()
}

// terminalProgress is the same for the terminal's own bar (OSC 9;4), in tabs
// and task bars; nil while nothing is under way.
func (m *model) terminalProgress() *tea.ProgressBar {
	if m.totals.asked == 0 {
		return nil
	}
	state := tea.ProgressBarDefault
	if m.totals.failed+m.totals.unknown > 0 {
		state = tea.ProgressBarError
	}
	return tea.NewProgressBar(state, 100*m.totals.done()/m.totals.asked) //nolint:mnd // percent
}

// ended keeps which orgs went wrong, by alias, for the keys that the summary
// names.
func (m *model) ended(results []keeper.Result) {
	m.failed = nil
	results = slices.SortedFunc(slices.Values(results), func(a, b keeper.Result) int { return cmp.Compare(a.Org.Alias, b.Org.Alias) })
	for _, r := range results {
		if r.Attempt.Outcome == tokens.OutcomeFailed {
			m.failed = append(m.failed, r.Org.Key)
		}
	}
	m.summed = len(results) > 1 && len(m.failed) > 0
}

// retriable returns the orgs that failed in the last run, or since, and are not
// in a refresh now, as they stand now.
func (m *model) retriable() []tokens.Org {
	var orgs []tokens.Org
	for _, key := range m.failed {
		i, known := m.list.byKey[key]
		if !known {
			continue
		}
		org := m.list.orgs[i]
		if m.live[key] == nil && org.HasRefreshToken && org.Last != nil && org.Last.Outcome == tokens.OutcomeFailed {
			orgs = append(orgs, org)
		}
	}
	return orgs
}

func retryOff(m *model) string {
	if len(m.retriable()) == 0 {
		return "no refresh of the last run has failed"
	}
	return ""
}

// reportable returns the orgs to report on: those that the summary on the screen
// says have failed, else the marked ones, else the one under the cursor.
func (m *model) reportable() []tokens.Org {
	if m.summed {
		return m.retriable()
	}
	var orgs []tokens.Org
	for _, org := range m.chosen() {
		if org.Last != nil {
			orgs = append(orgs, org)
		}
	}
	return orgs
}

func reportOff(m *model) string {
	if len(m.reportable()) == 0 {
		return "there is no refresh to report on"
	}
	return ""
}
