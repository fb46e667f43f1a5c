package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// timesMode is how moments are shown: as spans from now, as times of the day, or
// both.
type timesMode int

const (
	timesRelative timesMode = iota
	timesAbsolute
	timesBoth
	numTimes
)

// momentWidth is the width of a moment: a date is the widest.
const momentWidth = len("2006-01-02")

func (t timesMode) width(relative, sign int) int {
	switch t {
	case timesAbsolute:
		return momentWidth + sign
	case timesBoth:
		return relative + 1 + momentWidth
	case timesRelative, numTimes:
	}
	return relative
}

func (t timesMode) ageWidth() int { return t.width(tokens.SpanWidth, 0) }

// leftWidth has room for the sign of an estimate.
func (t timesMode) leftWidth() int { return t.width(tokens.SpanWidth+1, 1) }

// head is what the column of a span is called.
func (t timesMode) head(relative, absolute string) string {
	switch t {
	case timesAbsolute:
		return absolute
	case timesBoth:
		return relative + ", " + absolute
	case timesRelative, numTimes:
	}
	return relative
}

// join puts a span and its moment side by side, each in its own place.
func (t timesMode) join(relative, absolute string) string {
	switch t {
	case timesAbsolute:
		return absolute
	case timesBoth:
		return relative + " " + fitRight(absolute, max(momentWidth, width(absolute)))
	case timesRelative, numTimes:
	}
	return relative
}

// moment is the time of the day, or the date of another day, where the clock is.
func moment(at, now time.Time) string {
	at = at.In(now.Location())
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format("15:04")
	}
	return at.Format(time.DateOnly)
}

// instant is the whole of a moment, where the clock is and with the zone's name.
func (m *model) instant(at time.Time) string {
	return at.In(m.now.Location()).Format("2006-01-02 15:04:05 MST")
}

// age is the age of the access token, or when it was issued.
func (m *model) age(org *tokens.Org, c tokens.Clocks) string {
	if !c.AgeKnown {
		return "?"
	}
	if m.times == timesRelative {
		return c.AgeText()
	}
	return m.times.join(c.AgeText(), moment(org.IssuedAt, m.now))
}

// left is the time left of the access token, or when it ends.
func (m *model) left(c tokens.Clocks) string {
	if c.LeftSource == tokens.LeftUnknown || m.times == timesRelative {
		return c.LeftWord()
	}
	word, at := c.LeftWord(), moment(m.now.Add(c.Left), m.now)
	// Beside a span that has the sign the moment needs none; "expired" has none.
	if c.LeftSource == tokens.LeftEstimated && (m.times == timesAbsolute || !strings.HasPrefix(word, "~")) {
		at = fitRight("~"+at, momentWidth+1)
	}
	return m.times.join(word, at)
}

func timesActions() []action {
	return []action{{
		keys: []string{"t"}, name: "times", group: groupOrgs, onDetail: true, off: noneSavedOff,
		about: "Show ages and ends as spans, as times of the day (the date, if not today), or both. The overview keeps the spans and adds the end.",
		run: func(m *model) tea.Cmd {
			m.times = (m.times + 1) % numTimes
			return nil
		},
	}}
}
