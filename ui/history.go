package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// past is what the screen knows of an org's earlier refreshes.
type past struct {
	asked    time.Time        // the last attempt that it was asked for
	loaded   time.Time        // the last attempt that it was asked for when it came
	attempts []tokens.Attempt // the newest first
	err      error            // why the ledger did not give them
}

const (
	historyMost = 200 // attempts that the timeline shows
	stripMost   = 20  // attempts that the strip of the detail shows
)

// loadHistory reads the refreshes of one org.
func loadHistory(ctx context.Context, k Keeper, key tokens.Key, last time.Time) tea.Cmd {
	return func() tea.Msg {
		attempts, err := k.History(ctx, key, historyMost)
		return historyLoadedMsg{key: key, last: last, attempts: attempts, err: err}
	}
}

// wantHistory asks for the history of the org under the cursor where it is shown
// and has not been asked for since the last refresh.
func (m *model) wantHistory() tea.Cmd {
	org, ok := m.list.current()
	if !ok || org.Last == nil || m.layout().detail.w == 0 && m.overlay == overlayNone {
		return nil
	}
	p := m.past[org.Key]
	if p.asked.Equal(org.Last.At) {
		return nil
	}
	p.asked = org.Last.At
	m.past[org.Key] = p
	return loadHistory(m.ctx, m.keeper, org.Key, p.asked)
}

func (m *model) historyLoaded(msg historyLoadedMsg) {
	p := m.past[msg.key]
	p.loaded, p.err = msg.last, msg.err
	if msg.err == nil {
		p.attempts = msg.attempts
	}
	m.past[msg.key] = p
}

// outcomeLook is the style and the glyph of an outcome.
func outcomeLook(t theme.Theme, o tokens.Outcome) (theme.Paint, string) {
	switch o {
	case tokens.OutcomeRefreshed:
		return t.Fresh, t.Glyphs.Fresh
	case tokens.OutcomeFailed:
		return t.Failed, t.Glyphs.Failed
	case tokens.OutcomeUnknown:
		return t.Unknown, t.Glyphs.Unknown
	case tokens.OutcomeAdopted, tokens.OutcomeCancelled:
	}
	return t.Muted, t.Glyphs.Expired
}

// strip draws the last refreshes as a row of glyphs, the newest at its right.
func (m *model) strip(attempts []tokens.Attempt) string {
	var b strings.Builder
	for i := min(len(attempts), stripMost) - 1; i >= 0; i-- {
		style, glyph := outcomeLook(m.theme, attempts[i].Outcome)
		b.WriteString(style.Render(glyph))
	}
	return b.String()
}

// historyLines is the timeline of the org under the cursor.
func (m *model) historyLines(w int) []string {
	t := m.theme
	org, ok := m.list.current()
	if !ok {
		return nil
	}
	p := m.past[org.Key]
	switch {
	case org.Last == nil && len(p.attempts) == 0:
		return wrap("This org has not been refreshed since its tokens were saved.", w)
	case p.err != nil:
		return append(wrap(t.Failed.Render("The history cannot be read: "+tokens.Clean(m.veil(p.err.Error()))+"."), w), "4 reads it again.")
	case p.loaded.IsZero():
		return []string{"Reading the history ..."}
	}
	shown := "the last one"
	if n := min(len(p.attempts), stripMost); n != 1 {
		shown = fmt.Sprintf("the last %d", n)
	}
	strip := t.Muted.Render(fit(shown, labelWidth+2)) + m.strip(p.attempts)
	if w < timelineLeast {
		return append([]string{strip, ""}, m.shortTimeline(p.attempts, w)...)
	}
	head := timeline("WHEN (UTC)", "AGO", "BY", "  OUTCOME", "TOOK", "ATTEMPTS", "ROTATED", "TOKEN", "ANSWER")
	lines := []string{strip, "", t.Faint.Render(cut(head, w))}
	for _, a := range p.attempts {
		style, glyph := outcomeLook(t, a.Outcome)
		rotated, answer := "–", a.Phases.Text()
		switch {
		case a.Rotated:
			rotated = "yes"
		case a.Outcome == tokens.OutcomeRefreshed:
			rotated = "no" // the answer brought none
		}
		if a.Failure != nil {
			answer = m.veil(a.Failure.Error())
		}
		lines = append(lines, cut(timeline(
			a.At.UTC().Format("2006-01-02 15:04:05"), tokens.FormatRough(m.now.Sub(a.At)), a.Trigger,
			style.Render(glyph+" "+string(a.Outcome)), tokens.FormatTook(a.Duration),
			strconv.Itoa(a.Tries), rotated, a.Fingerprint, answer,
		), w))
	}
	lines = append(lines, "")
	for _, line := range wrap(fingerprintText, w) {
		lines = append(lines, t.Faint.Render(line))
	}
	return lines
}

// fingerprintText says what the column of the tokens has.
const fingerprintText = "TOKEN: the first eight hex digits of the SHA-256 of the access token that came, to tell one from another. ROTATED: a new refresh token came with it."

// timelineLeast is the width from which the timeline has all its columns.
const timelineLeast = 100

// shortLeast is the width from which a line of the short timeline has all figures.
const shortLeast = 54

// shortTimeline is the timeline where it has less room: an entry has a line of
// figures, or two, and one for what the endpoint answered or where the time went.
func (m *model) shortTimeline(attempts []tokens.Attempt, w int) []string {
	lines := make([]string, 0, 3*len(attempts)) //nolint:mnd // three lines each at most
	for _, a := range attempts {
		style, glyph := outcomeLook(m.theme, a.Outcome)
		line := style.Render(fit(glyph+" "+string(a.Outcome), 11)) + "  " +
			fitRight(tokens.FormatRough(m.now.Sub(a.At)), tokens.SpanWidth) + " ago  " + fit(a.Trigger, 7)
		took, tries := tokens.FormatTook(a.Duration), fmt.Sprintf("  %d %s", a.Tries, plural(a.Tries, "attempt", "attempts"))
		if w < shortLeast {
			lines = append(lines, cut(line, w), cut("  took "+took+tries, w))
		} else {
			lines = append(lines, cut(line+fitRight(took, 8)+tries, w))
		}
		answer := a.Phases.Text()
		if a.Failure != nil {
			answer = m.veil(a.Failure.Error())
		}
		if answer != "" {
			lines = append(lines, "  "+cut(answer, w-2))
		}
	}
	return lines
}

// timeline is one line of the history: figures to the right, words to the left.
func timeline(when, since, by, outcome, took, tries, rotated, token, answer string) string {
	return fit(when, 19) + "  " + fitRight(since, tokens.SpanWidth) + "  " + fit(by, 7) + "  " + fit(outcome, 11) + "  " +
		fitRight(took, 7) + "  " + fitRight(tries, 8) + "  " + fit(rotated, 7) + "  " + fit(token, 8) + "  " + answer
}
