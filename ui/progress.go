package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// totals count over all runs from the first one's start to the last one's end.
type totals struct {
	watch   func() time.Duration
	asked   int
	bad     int // results that somebody has to look at
	results []keeper.Result
	byWatch bool // nobody has asked for them
}

// add counts one result.
func (t *totals) add(r keeper.Result) {
	t.results = append(t.results, r)
	if r.Attempt.Outcome == tokens.OutcomeFailed || r.Attempt.Outcome == tokens.OutcomeUnknown {
		t.bad++
	}
}

// The cells of the bar in the header.
const (
	barNarrow = 8
	barWide   = 20
)

// progressText is how far the runs are: a bar, a count, and how many went wrong.
func (m *model) progressText(wide bool) string {
	t, done := m.theme, len(m.totals.results)
	cells := barNarrow
	if wide {
		cells = barWide
	}
	full := cells * done / m.totals.asked
	text := t.Busy.Render(strings.Repeat(t.Glyphs.Life, full)) + t.Faint.Render(strings.Repeat(t.Glyphs.LifeSpent, cells-full)) +
		t.Busy.Render(fmt.Sprintf(" %d of %d", done, m.totals.asked))
	if m.totals.bad > 0 {
		text += " " + t.Failed.Render(fmt.Sprintf("%s %d", t.Glyphs.Failed, m.totals.bad))
	}
	return text
}

// terminalProgress is the same for the terminal's own bar (OSC 9;4), in tabs
// and task bars; nil while nothing is under way.
func (m *model) terminalProgress() *tea.ProgressBar {
	if m.totals.asked == 0 {
		return nil
	}
	state := tea.ProgressBarDefault
	if m.totals.bad > 0 {
		state = tea.ProgressBarError
	}
	return tea.NewProgressBar(state, 100*len(m.totals.results)/m.totals.asked) //nolint:mnd // percent
}

// ended keeps which orgs went wrong, for the keys that the summary names.
func (m *model) ended(results []keeper.Result) {
	m.failed = nil
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
