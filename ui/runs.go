package ui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// live is one refresh under way, as its row shows it.
type live struct {
	step    tokens.Step
	wait    time.Duration        // how long a pause will last
	pause   *tokens.Pause        // what it waits for, nil outside a pause
	failure *tokens.Failure      // the latest answer to this refresh, nil before one
	watch   func() time.Duration // since the step began
	elapsed time.Duration        // what watch told last; View reads only this
}

// run is one call of the keeper: the orgs it was asked for end together.
type run struct {
	id     int
	events <-chan keeper.Event
	cancel context.CancelFunc
}

// refresh starts a run over the orgs that are not being refreshed already.
func (m *model) refresh(orgs []tokens.Org) tea.Cmd { return m.start(orgs, m.keeper.Refresh) }

// refreshAnyway is refresh for orgs whose outcome is unknown.
func (m *model) refreshAnyway(orgs []tokens.Org) tea.Cmd {
	return m.start(orgs, m.keeper.RefreshAnyway)
}

func (m *model) start(asked []tokens.Org, refresh func(context.Context, []tokens.Org) <-chan keeper.Event) tea.Cmd {
	var orgs []tokens.Org
	for _, org := range asked {
		if m.live[org.Key] == nil {
			orgs = append(orgs, org)
		}
	}
	if len(orgs) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(m.ctx)
	m.nextID++
	r := &run{id: m.nextID, cancel: cancel, events: refresh(ctx, orgs)}
	m.runs[r.id] = r
	if m.totals.asked == 0 {
		m.totals.watch, m.totals.from = m.clock.Stopwatch(), m.list.spot()
	}
	m.totals.asked += len(orgs)
	m.totals.byWatch = false
	for _, org := range orgs {
		m.live[org.Key] = &live{step: tokens.StepQueued, watch: m.clock.Stopwatch()}
	}
	return tea.Batch(listen(r.id, r.events), m.spin())
}

// stepped brings one event into the rows.
func (m *model) stepped(msg steppedMsg) tea.Cmd {
	r := m.runs[msg.run]
	if msg.ended {
		r.cancel()
		delete(m.runs, msg.run)
		return m.settled()
	}
	e := msg.event
	var held, told, watched tea.Cmd
	version, under := m.list.version, len(m.live)
	if e.Result != nil {
		delete(m.live, e.Key)
		held = m.hold(e.Key)
		m.list.replace(m.list.keepEdited(e.Result.Org))
		m.totals.add(*e.Result)
		watched = m.watchEnded(*e.Result)
		if e.Result.Notice != "" || e.Result.Attempt.Skew != 0 { // a clock that is right again too
			m.notice = e.Result.Notice
		}
		m.pauses.add(e.Result.Org.Pause)
		told = m.endedOffScreen(*e.Result)
	} else if before := m.live[e.Key]; before != nil {
		m.live[e.Key] = &live{
			step: e.Step, wait: e.Wait, pause: e.Pause, failure: cmp.Or(e.Failure, before.failure), watch: m.clock.Stopwatch(),
		}
		m.pauses.add(e.Pause)
	}
	if m.leaving && !m.impatient {
		m.sayLeaving()
	}
	m.recountOne(e.Key, version, under)
	return tea.Batch(told, watched, listen(r.id, r.events), held)
}

// settled sums up once the last run has ended.
func (m *model) settled() tea.Cmd {
	if len(m.runs) > 0 {
		return nil
	}
	m.now = m.clock.Now()
	results, land := m.totals.results, m.landing()
	if !m.totals.byWatch {
		m.note, m.noteBad = m.totals.summary(m.storeWords(), m.keeper.Explain)
		m.ended(results)
	}
	m.totals = totals{}
	m.toasts.forgetEnded()
	m.list.sort(m.now, m.limits)
	land.of(&m.list)
	m.list.reveal(m.listRows())
	faster := m.tick() // a token that was just issued counts seconds
	held := slices.ContainsFunc(results, func(r keeper.Result) bool { return r.Held != keeper.HeldNowhere })
	switch {
	case held && !m.recovering:
		m.recovering = true
		return tea.Batch(faster, recoverHeld(m.ctx, m.keeper, false))
	case m.leaving:
		return m.quit()
	}
	return faster
}

// cancelRuns ends what has not been sent.
func (m *model) cancelRuns() {
	for _, r := range m.runs {
		r.cancel()
	}
}

// summary says in one line how the runs ended, and whether somebody has to act.
func (t totals) summary(store string, explain func(*tokens.Failure) tokens.Explanation) (text string, bad bool) {
	if len(t.results) == 1 {
		return outcomeLine(t.results[0], store)
	}
	byWord := map[string][]string{}
	var warning error
	for _, r := range t.results {
		byWord[endWord(r)] = append(byWord[endWord(r)], r.Org.Alias)
		if r.Warning != nil {
			warning = r.Warning
		}
	}
	done := len(byWord[string(tokens.OutcomeRefreshed)]) + len(byWord[string(tokens.OutcomeAdopted)])
	parts := []string{fmt.Sprintf("%d of %d refreshed in %s.", done, len(t.results), tokens.FormatTook(t.watch()))}
	for _, word := range []string{string(tokens.OutcomeFailed), string(tokens.OutcomeUnknown), wordPaused, string(tokens.OutcomeCancelled)} {
		if names := byWord[word]; len(names) > 0 {
			keys := ""
			if word == string(tokens.OutcomeFailed) {
				keys = t.failedWords(explain)
			}
			slices.Sort(names) // they ended in any order
			parts = append(parts, fmt.Sprintf("%d %s%s: %s.", len(names), word, keys, nameSome(names)))
			bad = bad || word != string(tokens.OutcomeCancelled)
		}
	}
	if warning != nil {
		return warning.Error(), true
	}
	return strings.Join(parts, " "), bad
}

// failedWords says what helps where refreshes have failed. It stands before the
// names, which may be cut.
func (t totals) failedWords(explain func(*tokens.Failure) tokens.Explanation) string {
	failed, over := 0, 0
	for _, r := range t.results {
		if r.Attempt.Outcome == tokens.OutcomeFailed {
			failed++
			if f := r.Attempt.Failure; f != nil && !explain(f).Retry {
				over++
			}
		}
	}
	switch {
	case over == failed:
		return plural(failed, " and needs", " and need") + " a person (y copies reports)"
	case over > 0:
		return fmt.Sprintf(", %d of them %s a person (F retries, y copies reports)", over, plural(over, "needs", "need"))
	}
	return " (F retries, y copies reports)"
}

const namesMost = 6

func nameSome(names []string) string {
	if len(names) > namesMost {
		return strings.Join(names[:namesMost], ", ") + fmt.Sprintf(" and %d more", len(names)-namesMost)
	}
	return strings.Join(names, ", ")
}

// outcomeLine says how one refresh ended.
func outcomeLine(r keeper.Result, store string) (text string, bad bool) {
	alias := r.Org.Alias
	switch {
	case r.Held == keeper.HeldInJournal:
		return alias + " refreshed. The new token is safe in the journal (encrypted), not yet in the keychain.", true
	case r.Held == keeper.HeldInMemory:
		return alias + " refreshed. The new token is in memory only: neither the keychain nor the journal takes it. Do not close this window.", true
	case r.Warning != nil:
		return r.Warning.Error(), true
	}
	switch r.Attempt.Outcome {
	case tokens.OutcomeRefreshed:
		brought := "New access token"
		if r.Attempt.Rotated {
			brought = "New access token and new refresh token"
		}
		return fmt.Sprintf("%s refreshed in %s. %s saved in %s.", alias, tokens.FormatTook(r.Attempt.Duration), brought, store), false
	case tokens.OutcomeAdopted:
		if r.Attempt.Tries > 0 {
			return alias + " was refreshed by another program meanwhile; its tokens were taken over.", false
		}
		return alias + " had been refreshed by another process; its tokens were taken over. Nothing was sent.", false
	case tokens.OutcomeCancelled:
		if r.Attempt.Failure.Kind == tokens.FailedPaused {
			return pausedLine(alias, r.Attempt.Failure), true
		}
		if r.Attempt.Failure.Kind == tokens.FailedShared {
			return alias + ": " + r.Attempt.Failure.Problem + ". Nothing was sent.", true
		}
		return alias + ": cancelled. Nothing was sent.", false
	case tokens.OutcomeUnknown:
		return alias + ": sent, and no answer came; the refresh token may be used up. a tests the access token, ! tries anyway.", true
	case tokens.OutcomeFailed:
	}
	return fmt.Sprintf("%s: %s. The saved tokens are kept.%s", alias, r.Attempt.Failure.Error(), againAt(r)), true
}
