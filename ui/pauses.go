package ui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// pauses are what holds hosts and users back, as far as the screen was told: by
// the list when it was read, and by the refreshes since. They end by the clock.
type pauses map[tokens.PauseScope]tokens.Pause

func newPauses(orgs []tokens.Org) pauses {
	p := pauses{}
	for _, org := range orgs {
		p.add(org.Pause)
	}
	return p
}

func (p pauses) add(pause *tokens.Pause) {
	if pause != nil {
		p[pause.Scope] = *pause
	}
}

// of returns the pause that holds an org back the longest, and whether one does.
func (p pauses) of(org tokens.Org, now time.Time) (longest tokens.Pause, held bool) {
	if len(p) == 0 {
		return tokens.Pause{}, false
	}
	for _, scope := range []tokens.PauseScope{tokens.HostScope(org), tokens.UserScope(org)} {
		if pause := p[scope]; pause.Left(now) > 0 && pause.Until.After(longest.Until) {
			longest, held = pause, true
		}
	}
	return longest, held
}

// pausedText is the countdown of a row, in the column of the last result.
func pausedText(left time.Duration) string {
	if left >= 10*time.Hour {
		return fmt.Sprintf("in %dh", left/time.Hour)
	}
	return "in " + tokens.FormatRough(left)
}

// pausedLine says why a refresh was not sent, with the key that sends it all the
// same.
func pausedLine(alias string, f *tokens.Failure) string {
	return alias + ": " + f.Problem + ". ! sends it all the same."
}

// againAt says when a refresh that failed may be sent again; empty where no
// answer told.
func againAt(r keeper.Result) string {
	if r.Org.Pause == nil {
		return ""
	}
	return " Try again at " + tokens.FormatUntil(r.Org.Pause.Until, r.Attempt.At) + "."
}

// endWord is how a refresh ended, in a word for the sum of many.
func endWord(r keeper.Result) string {
	if f := r.Attempt.Failure; f != nil && f.Kind == tokens.FailedPaused {
		return wordPaused
	}
	return string(r.Attempt.Outcome)
}

const wordPaused = "paused and not sent"

// paused says what holds the org back, until when, and the answer that asked for
// it where that is not shown already.
func (d *page) paused(org tokens.Org, shown *tokens.Failure) {
	p, held := d.m.pauses.of(org, d.m.now)
	if !held || d.m.live[org.Key] != nil {
		return
	}
	d.heading("Paused")
	d.text(d.m.theme.Ageing.Render(fmt.Sprintf("%s until %s, try again %s", p.Scope.Name(),
		tokens.FormatUntil(p.Until, d.m.now), "in "+tokens.FormatRough(p.Left(d.m.now)))))
	d.keys("!")
	if p.Failure != nil && (shown == nil || shown.Error() != p.Failure.Error()) {
		d.heading("The answer that asked for it")
		d.text(d.m.theme.Failed.Render(p.Failure.Error()))
	}
}

// busy shows what a refresh under way was answered with so far, or the answer
// that it waits because of, and reports whether there is one. It goes before
// what an earlier refresh ended with.
func (d *page) busy(l *live) bool {
	switch {
	case l.failure != nil:
		d.failure(l.failure)
		d.body(l.failure)
	case l.pause != nil && l.pause.Failure != nil:
		d.heading("Not sent yet")
		d.text("An answer to another refresh asked to wait " + tokens.FormatRough(l.pause.Left(l.pause.Since)) + ". It goes for " + l.pause.Scope.Name() + ".")
		d.failure(l.pause.Failure)
	default:
		return false
	}
	return true
}

// held returns the chosen orgs that a pause holds back.
func (m *model) held() []tokens.Org {
	var orgs []tokens.Org
	for _, org := range m.chosen() {
		if _, paused := m.pauses.of(org, m.now); paused && m.live[org.Key] == nil && org.HasRefreshToken {
			orgs = append(orgs, org)
		}
	}
	return orgs
}

// tryAnyway asks before it sends what is in doubt, or else what a pause holds back.
func (m *model) tryAnyway() tea.Cmd {
	if orgs := m.unknown(); len(orgs) > 0 {
		return m.ask(anywayDialog(orgs))
	}
	return m.ask(pausedDialog(m.held()))
}

func pausedDialog(orgs []tokens.Org) *dialog {
	return &dialog{
		title: "Send before the pause is over?",
		text: []string{
			"An answer asked to wait with " + aliases(orgs) + ".",
			"Sending earlier puts no token at risk. It may be refused again, and may make the pause longer.",
		},
		choices: []choice{{key: "y", label: "send it now", run: func(m *model) tea.Cmd { return m.start(orgs, m.keeper.RefreshNow) }}},
	}
}
