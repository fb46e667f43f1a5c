package ui

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

const probeLimit = time.Second // for the keychain's probe, which itself takes 0.5 s at most

// probeStore asks whether the keychain can be used, without a prompt.
func probeStore(ctx context.Context, k Keeper) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, probeLimit)
		defer cancel()
		return storeProbedMsg{err: k.ProbeStore(ctx)}
	}
}

// listen waits for the next event of a run.
func listen(run int, events <-chan keeper.Event) tea.Cmd {
	return func() tea.Msg {
		event, more := <-events
		return steppedMsg{run: run, event: event, ended: !more}
	}
}

// recoverHeld tries once more to bring refused tokens to the keychain. Without
// any it asks nothing of it.
func recoverHeld(ctx context.Context, k Keeper, once bool) tea.Cmd {
	return func() tea.Msg {
		changed, waiting, err := k.Recover(ctx)
		return recoveredMsg{changed: changed, waiting: waiting, err: err, once: once}
	}
}

// recoverLater says when the next try is due.
func recoverLater() tea.Cmd {
	return tea.Tick(keeper.RecoverEvery, func(time.Time) tea.Msg { return recoverDueMsg{} })
}

// testAccess asks the org whether it takes the access token.
func testAccess(ctx context.Context, k Keeper, org tokens.Org) tea.Cmd {
	return func() tea.Msg {
		tested, err := k.TestAccess(ctx, org)
		return accessTestedMsg{org: tested, err: err}
	}
}

// awaitQuestion waits for the next question, if there can be any.
func awaitQuestion(questions <-chan Question) tea.Cmd {
	if questions == nil {
		return nil
	}
	return func() tea.Msg {
		q, more := <-questions
		if !more {
			return nil
		}
		return askedMsg{question: q}
	}
}

// report writes the last refreshes of orgs down for a ticket, one after another.
func report(ctx context.Context, k Keeper, orgs []tokens.Org, version string) tea.Cmd {
	return func() tea.Msg {
		texts := make([]string, len(orgs))
		for i, org := range orgs {
			text, err := k.Report(ctx, org.Key, version)
			if err != nil {
				return reportedMsg{orgs: orgs, err: err}
			}
			texts[i] = text
		}
		return reportedMsg{orgs: orgs, text: strings.Join(texts, "\n---\n\n")}
	}
}

// rescue writes the tokens that are in memory only to a file.
func rescue(k Keeper, path string, passphrase tokens.Secret) tea.Cmd {
	return func() tea.Msg {
		n, err := k.SaveHeld(path, passphrase)
		return rescuedMsg{orgs: n, path: path, err: err}
	}
}

const (
	spinnerStep = 120 * time.Millisecond
	stillStep   = time.Second
	secondStep  = time.Second
	minuteStep  = 10 * time.Second
)

// spin moves the busy rows on, and starts only one clock for all of them.
func (m *model) spin() tea.Cmd {
	if m.spinning || len(m.live) == 0 {
		return nil
	}
	m.spinning = true
	step := spinnerStep
	if m.still {
		step = stillStep
	}
	return m.after(step, spinnerTickedMsg{})
}

// tick moves the ages on: every second while a visible age shows seconds, else
// every ten. While nobody looks it goes on only where orgs are watched.
func (m *model) tick() tea.Cmd {
	step := minuteStep
	if m.focused && m.secondsShown() {
		step = secondStep
	}
	if !m.focused && !m.watchOn() || m.ticks.step > 0 && m.ticks.step <= step {
		return nil
	}
	m.ticks.step = step
	m.ticks.last++ // a slower one that is under way is not heard any more
	return m.after(step, clockTickedMsg{tick: m.ticks.last})
}

// secondsShown reports whether a visible row counts seconds.
func (m *model) secondsShown() bool {
	for _, i := range m.visible() {
		if c := m.list.orgs[i].Clocks(m.now, m.limits); c.AgeKnown && c.Age < time.Hour {
			return true
		}
		if p, paused := m.pauses.of(m.list.orgs[i], m.now); paused && p.Left(m.now) < 2*time.Minute {
			return true
		}
	}
	return false
}

// visible returns the indexes of the orgs whose rows are on the screen.
func (m *model) visible() []int {
	var orgs []int
	for _, line := range m.list.window(m.listRows()) {
		if line >= 0 {
			orgs = append(orgs, line)
		}
	}
	return orgs
}

// listRows is how many orgs fit into the list, below its head line.
func (m *model) listRows() int { return max(1, m.layout().list.rows()-1) }

// ticks is the clock that moves the ages: how long until it is heard, zero when
// none is under way, and which one is listened to.
type ticks struct {
	step time.Duration
	last int
}
