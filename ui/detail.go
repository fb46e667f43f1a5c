package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

func (m *model) currentAlias() string {
	org, ok := m.list.current()
	if !ok {
		return "Org"
	}
	return org.Alias
}

// detailBox is the pane beside the list.
func (m *model) detailBox(r rect) []string {
	t := m.theme
	lines := m.detailLines(r.inner())
	b := box{theme: t, border: t.Faint, title: t.Strong.Render(cut(m.currentAlias(), r.inner()))}
	if len(lines) > r.rows() {
		b.right = t.Faint.Render("enter shows the rest")
	}
	return b.draw(lines, r)
}

// overBox is what is open over the list, with a styled title.
func (m *model) overBox(title string, r rect) []string {
	t := m.theme
	lines := m.overlayLines()
	from := max(0, min(m.scroll, len(lines)-r.rows()))
	b := box{theme: t, border: t.Accent, title: cut(title, r.inner())}
	if len(lines) > r.rows() {
		b.right = t.Faint.Render(fmt.Sprintf("lines %d–%d of %d", from+1, from+r.rows(), len(lines)))
	}
	return b.draw(lines[from:], r)
}

func (m *model) overlayLines() []string {
	w := m.layout().over.inner()
	switch m.overlay {
	case overlayHelp:
		return m.helpLines(w)
	case overlayHistory:
		return m.historyLines(w)
	case overlayNone, overlayDetail:
	}
	return m.detailLines(w)
}

// detailLines is all that is known of the org under the cursor: what went wrong
// first, then its two clocks, then the facts.
func (m *model) detailLines(w int) []string {
	org, ok := m.list.current()
	if !ok {
		return nil
	}
	d := &page{m: m, w: w}
	d.state(org)
	if org.Last != nil && org.Last.Failure != nil {
		d.failure(org.Last.Failure)
		if org.Last.Outcome == tokens.OutcomeUnknown {
			d.keys("a", "!")
		}
		d.keys("y")
		d.body(org.Last.Failure)
	}
	if m.notice != "" { // a narrow window's banner has no room for all of it
		d.add("", m.theme.Ageing.Render("This machine's clock is wrong"))
		d.text(m.notice)
	}
	d.clocks(org)
	d.facts(org)
	return d.lines
}

// page collects the lines of the detail.
type page struct {
	m     *model
	w     int
	lines []string
}

func (d *page) add(lines ...string) { d.lines = append(d.lines, lines...) }

func (d *page) heading(text string) { d.add("", d.m.theme.Muted.Render(text)) }

// text adds wrapped lines, two cells in.
func (d *page) text(text string) {
	for _, line := range wrap(text, d.w-2) {
		d.add("  " + line)
	}
}

// state is the first line: how the org stands, and since when.
func (d *page) state(org tokens.Org) {
	t, m := d.m.theme, d.m
	if busy := m.live[org.Key]; busy != nil {
		d.add(t.Busy.Render(m.busyGlyph(busy) + " " + busyText(busy)))
		return
	}
	clocks := org.Clocks(m.now, m.limits)
	style, glyph := t.Health(string(clocks.Health))
	text := glyph + " " + string(clocks.Health)
	right := ""
	if last := org.Last; last != nil && last.Failure != nil {
		text = fmt.Sprintf("%s refresh %s %s", glyph, last.Outcome, tokens.Ago(m.now.Sub(last.At)))
		if last.Outcome == tokens.OutcomeUnknown {
			text = fmt.Sprintf("%s outcome unknown, %s", glyph, tokens.Ago(m.now.Sub(last.At)))
		}
		if last.Failure.HTTPStatus != 0 {
			right = last.Word()
		}
	}
	room := d.w - ansi.StringWidth(right)
	d.add(style.Bold(true).Render(fit(text, room)) + style.Render(right))
}

// failure shows the endpoint's words first, then what they mean, then what to
// do.
func (d *page) failure(f *tokens.Failure) {
	t := d.m.theme
	if f.Code != "" || f.Description != "" {
		d.heading("The endpoint said")
		for _, words := range []string{f.Code, f.Description} {
			if words != "" {
				d.text(t.Failed.Render(words))
			}
		}
	}
	if f.Problem != "" {
		d.heading("What happened")
		d.text(t.Failed.Render(f.Problem))
	}
	e := d.m.keeper.Explain(f)
	d.heading("What it means")
	d.text(e.Meaning)
	d.heading("What to do")
	d.text(e.Remedy)
}

// keys names what can be done here, by the keys that do it.
func (d *page) keys(keys ...string) {
	for _, key := range keys {
		if a, known := actionFor(key); known {
			d.add("  " + d.m.theme.Accent.Render(key) + "  " + a.name)
		}
	}
}

// body shows what the endpoint sent, to the letter.
func (d *page) body(f *tokens.Failure) {
	if f.Body != "" {
		title := "The endpoint's answer, as it came"
		if f.BodyCut {
			title = "The endpoint's answer, as far as it came or 64 KiB of it"
		}
		d.heading(title)
		for line := range strings.SplitSeq(ansi.Hardwrap(f.Body, max(1, d.w-2), true), "\n") {
			d.add("  " + line)
		}
	}
}

func (d *page) clocks(org tokens.Org) {
	m := d.m
	c := org.Clocks(m.now, m.limits)
	d.heading("Access token")
	switch {
	case !c.AgeKnown:
		d.field("age", "? (the file told no issue time)")
	default:
		d.field("age", c.AgeText())
		d.field("issued", org.IssuedAt.UTC().Format("2006-01-02 15:04:05 MST"))
	}
	switch {
	case c.LeftSource == tokens.LeftUnknown:
		d.field("left", "?")
	case c.Left <= 0:
		d.field("left", "expired "+tokens.Ago(-c.Left)+", "+sourceText(c.LeftSource))
	default:
		d.field("left", c.LeftWord()+", "+sourceText(c.LeftSource))
	}
	d.heading("Refresh token")
	switch {
	case !org.HasRefreshToken:
		d.field("saved", "none: the org cannot be refreshed")
		return
	case !c.IdleKnown:
		d.field("idle", "?")
	case c.IdleLeft <= 0:
		d.field("idle", "limit passed "+tokens.Ago(-c.IdleLeft))
	default:
		d.field("idle", fmt.Sprintf("%s until the limit of %d days", tokens.FormatSpan(c.IdleLeft), int(m.limits.IdleLimit/(24*time.Hour))))
	}
	d.field("rotates", string(org.Rotates))
}

func sourceText(s tokens.LeftSource) string {
	switch s {
	case tokens.LeftFromJWT:
		return "as the token says"
	case tokens.LeftFromIntrospection:
		return "as the endpoint says"
	case tokens.LeftConfigured:
		return "by your setting"
	case tokens.LeftEstimated:
		return "an estimate"
	case tokens.LeftUnknown:
	}
	return "not known"
}

func (d *page) facts(org tokens.Org) {
	d.heading("Org")
	d.field("type", string(org.Type))
	d.field("user", org.User())
	d.field("org id", org.OrgID)
	d.field("user id", org.UserID)
	d.field("instance", strings.TrimPrefix(org.InstanceURL, "https://"))
	if org.LoginURL != "" {
		d.field("login", strings.TrimPrefix(org.LoginURL, "https://"))
	}
	d.field("client id", org.ClientID)
	d.field("scopes", strings.Join(org.Scopes, " "))
	if len(org.Tags) > 0 {
		d.field("tags", strings.Join(org.Tags, " "))
	}
	if attempts := d.m.past[org.Key].attempts; len(attempts) > 0 {
		d.add("  " + d.m.theme.Muted.Render(fit("history", labelWidth)) + d.m.strip(attempts))
	}
	if last := org.Last; last != nil {
		d.field("refresh", fmt.Sprintf("%s %s, took %s", last.Outcome, tokens.Ago(d.m.now.Sub(last.At)), tokens.FormatTook(last.Duration)))
	}
}

// labelWidth is the column of the labels of the facts.
const labelWidth = 11

// field adds a label and a value; a long value goes on under itself.
func (d *page) field(label, value string) {
	if value == "" {
		value = "–"
	}
	room := max(1, d.w-2-labelWidth)
	text := ansi.Wrap(value, room, "")
	if !strings.Contains(value, " ") { // a host or an id: no hyphen is a good place to break
		text = ansi.Hardwrap(value, room, false)
	}
	for i, part := range strings.Split(text, "\n") {
		if i > 0 {
			label = ""
		}
		d.add("  " + d.m.theme.Muted.Render(fit(label, labelWidth)) + part)
	}
}
