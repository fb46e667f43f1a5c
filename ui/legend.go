package ui

import (
	"strings"

	"orgkeep/tokens"
	"orgkeep/ui/theme"
)

// sign is a glyph of the screen and what it means.
type sign struct {
	look         theme.Paint
	glyph, about string
}

const legendTitle = "Signs"

// legend is the signs of the rows and of the header.
func (m *model) legend() []sign {
	t, g := m.theme, m.theme.Glyphs
	return []sign{
		{t.Fresh, g.Fresh, "fresh: the access token has time left"},
		{t.Ageing, g.Ageing, "ageing: it has less than " + tokens.FormatSpan(m.limits.AgeingUnder) + " left"},
		{t.Expired, g.Expired, "expired: its time is over; a refresh gives a new one"},
		{t.Failed, g.Failed, "failed: the last refresh was refused, or could not be made"},
		{t.Unknown, g.Unknown, "unknown: a refresh was sent and no answer came, or nothing tells the token's age"},
		{t.Busy, g.Busy[0], "being refreshed"},
		{t.Busy, g.Waiting, "queued, or waiting to be sent"},
		{t.Accent, g.Mark, "marked"},
		{t.Accent, g.Favourite, "a favourite"},
		{t.Accent, g.Watched, "watched: kept fresh while orgkeep runs"},
		{t.Failed, g.Halted, "watched, and stopped until a person has mended its login"},
		{t.Text, "~", "before a time: an estimate"},
		{t.Ageing, "!", "behind IDLE: the refresh token's idle limit is near, or over"},
		{t.Muted, "?", "in AGE, LEFT or IDLE: nothing tells it"},
		{t.Muted, "–", "in IDLE: no refresh token; in LAST: no refresh yet"},
	}
}

// addLegend adds the signs that have every word of the search.
func (h *helpText) addLegend(m *model, w int, words []string) {
	titled := false
	for _, s := range m.legend() {
		text := strings.ToLower(legendTitle + "\n" + s.about)
		if !has(text, words) {
			continue
		}
		if !titled {
			titled = true
			if len(h.lines) > 0 {
				h.add("", "")
			}
			h.add(m.theme.Strong.Render(legendTitle), "")
		}
		for i, part := range wrap(s.about, w-helpKeyWidth) {
			glyph := ""
			if i == 0 {
				glyph = s.glyph
			}
			h.add(s.look.Render(fit(glyph, helpKeyWidth))+marked(part, find(part, words), m.theme.Text, m.theme.Accent), "")
		}
	}
}
