package ui

import (
	"fmt"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// listMost is how many orgs are said unless all are asked for.
const listMost = 20

func (l *linear) sayShort() { l.sayList(false) }

// sayList says the list in its order, each org with a number that stands for it
// until the next list.
func (l *linear) sayList(all bool) {
	m := l.m
	m.recount()
	l.numbers = l.numbers[:0]
	if len(m.list.lines) == 0 {
		for _, line := range m.emptyLines(plainWidth) {
			if line != "" {
				l.say(line)
			}
		}
		return
	}
	l.say(m.listSummary())
	for _, line := range m.list.lines {
		switch {
		case line < 0:
			g := &m.list.groups[^line]
			l.say(fmt.Sprintf("%s %s, %d %s:", m.list.ordering.group, m.titleOf(g), g.to-g.from, plural(g.to-g.from, "org", "orgs")))
		case len(l.numbers) == listMost && !all:
			l.say(fmt.Sprintf("And %d more. list all says them, / and a word finds some.", len(m.list.shown)-listMost))
			return
		default:
			org := m.list.orgs[line]
			l.numbers = append(l.numbers, org.Key)
			l.say(fmt.Sprintf("%d: %s.", len(l.numbers), m.sentence(org)))
		}
	}
}

// listSummary says how many orgs there are and how they stand.
func (m *model) listSummary() string {
	parts := []string{fmt.Sprintf("%d %s", len(m.list.orgs), plural(len(m.list.orgs), "org", "orgs"))}
	for s, n := range m.census.counts {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state(s)))
		}
	}
	if n := len(m.list.shown); n < len(m.list.orgs) {
		parts = append(parts, fmt.Sprintf("%d of them in this list", n))
	}
	return strings.Join(append(parts, m.list.ordering.words()), ", ") + "."
}

// sayCurrent says which org is meant when none is named.
func (l *linear) sayCurrent() {
	org, ok := l.m.list.current()
	if !ok {
		l.say("No org is chosen: " + strings.ToLower(l.m.groupTitle()) + ".")
		return
	}
	l.say(l.m.sentence(org) + ".")
}

// sentence is how an org stands, in words, what matters most first.
func (m *model) sentence(org tokens.Org) string {
	c := org.Clocks(m.now, m.limits)
	parts := []string{m.seen(org).Alias, typeWord(org.Type)}
	add := func(is bool, text string) {
		if is {
			parts = append(parts, text)
		}
	}
	add(m.list.marks.set[org.Key], "marked")
	add(org.Favourite, "favourite")
	add(org.Watched && keeper.Halted(&org) == "", "watched")
	add(org.Watched && keeper.Halted(&org) != "", "watch stopped")
	if busy := m.live[org.Key]; busy != nil {
		return strings.Join(append(parts, busyText(busy)), ", ")
	}
	add(true, m.accessWords(c))
	if last := org.Last; last != nil && last.Failure != nil {
		if last.Outcome == tokens.OutcomeUnknown {
			add(true, "outcome of the last refresh unknown: sent, no answer")
		} else {
			add(true, fmt.Sprintf("refresh %s: %s", last.Outcome, last.Failure.Brief()))
		}
	}
	if p, paused := m.pauses.of(org, m.now); paused {
		add(true, "paused, again in "+spanWords(p.Left(m.now)))
	}
	add(!org.HasRefreshToken, "no refresh token")
	add(c.IdleKnown && c.IdleLeft <= 0, "idle limit passed")
	add(c.IdleSoon && c.IdleLeft > 0, "idle limit in "+spanWords(c.IdleLeft))
	return strings.Join(parts, ", ")
}

func typeWord(t tokens.Type) string {
	if t == tokens.TypeUnknown {
		return "type unknown"
	}
	return string(t)
}

// accessWords say how long the access token lives, or since when it does not.
func (m *model) accessWords(c tokens.Clocks) string {
	if c.LeftSource == tokens.LeftUnknown {
		return "age of the access token unknown"
	}
	about, at := "", ""
	if c.Left > 0 && c.LeftSource == tokens.LeftEstimated {
		about = "about "
	}
	switch text := moment(m.now.Add(c.Left), m.now); {
	case m.times == timesRelative:
	case len(text) == momentWidth:
		at = " on " + about + text
	default:
		at = " at " + about + text
	}
	switch {
	case c.Left > 0 && m.times == timesAbsolute:
		return "ends" + at
	case c.Left > 0:
		return about + spanWords(c.Left) + " left" + at
	case m.times == timesAbsolute:
		return "expired" + at
	}
	return "expired " + spanWords(-c.Left) + " ago" + at
}

// spanWords writes a span in its largest unit, and of hours the minutes too.
func spanWords(d time.Duration) string {
	const day = 24 * time.Hour
	count := func(n time.Duration, unit string) string {
		return fmt.Sprintf("%d %s", n, plural(int(n), unit, unit+"s"))
	}
	switch {
	case d >= 2*day:
		return count(d/day, "day")
	case d >= time.Hour && d%time.Hour >= time.Minute:
		return count(d/time.Hour, "hour") + " " + count(d%time.Hour/time.Minute, "minute")
	case d >= time.Hour:
		return count(d/time.Hour, "hour")
	case d >= time.Minute:
		return count(d/time.Minute, "minute")
	}
	return count(max(0, d)/time.Second, "second")
}

// past adds the refreshes of the org.
func (d *page) past(org tokens.Org) {
	attempts := d.m.past[org.Key].attempts
	if !d.plain || len(attempts) == 0 {
		d.add(d.m.historyLines(d.w)...)
		return
	}
	for _, a := range attempts {
		text := fmt.Sprintf("%s UTC, %s ago: %s, asked by %s, took %s", a.At.UTC().Format("2006-01-02 15:04:05"),
			spanWords(d.m.now.Sub(a.At)), a.Outcome, a.Trigger, tokens.FormatTook(a.Duration))
		if a.Failure != nil {
			text += ", " + a.Failure.Error()
		}
		d.add(text + ".")
	}
}
