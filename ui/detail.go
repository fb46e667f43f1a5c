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
		return m.groupTitle()
	}
	return org.Alias
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
	case overlayDoctor:
		return m.doctorLines(w)
	case overlayCompare:
		return m.compareLines(w)
	case overlayText:
		return m.readingLines(w)
	case overlayNone, overlayDetail:
	}
	return m.detailLines(w)
}

// detailLines is the tab of the org under the cursor, below the names of all.
func (m *model) detailLines(w int) []string {
	org, ok := m.list.current()
	if !ok {
		return m.groupDetail(w)
	}
	d := &page{m: m, w: w}
	d.add(m.tabBar(w), "")
	d.show(m.tab(), org)
	return d.lines
}

// page collects the lines of the detail.
type page struct {
	m     *model
	w     int
	plain bool // for a screen reader: words, and nothing that is drawn
	lines []string
}

// show adds a tab.
func (d *page) show(t tab, org tokens.Org) {
	m := d.m
	switch t {
	case tabToken:
		d.tokenTab(org)
	case tabFailure:
		d.failureTab(org)
	case tabHistory:
		d.past(org)
	case tabOverview:
		d.state(org)
		d.wrongs(org, "; the token tab has more")
		if busy := m.live[org.Key]; busy == nil || !d.busy(busy) {
			d.paused(org, nil)
		}
		d.notice()
		d.clocks(org)
		d.facts(m.seen(org))
	}
}

func (d *page) add(lines ...string) { d.lines = append(d.lines, lines...) }

// heading begins a part, with a blank line before it.
func (d *page) heading(text string) {
	if n := len(d.lines); n == 0 || d.lines[n-1] != "" {
		d.add("")
	}
	d.add(d.m.theme.Muted.Render(text))
}

// text adds wrapped lines, two cells in.
func (d *page) text(text string) {
	for _, line := range wrap(text, d.w-2) {
		d.add("  " + line)
	}
}

// state is the first line: how the org stands, and since when.
func (d *page) state(org tokens.Org) {
	if d.plain {
		d.add(d.m.sentence(org) + ".")
		return
	}
	t, m := d.m.theme, d.m
	if busy := m.live[org.Key]; busy != nil {
		right := ""
		if busy.failure != nil && busy.failure.HTTPStatus != 0 {
			right = fmt.Sprintf("HTTP %d", busy.failure.HTTPStatus)
		}
		d.add(t.Busy.Render(fit(m.busyGlyph(busy)+" "+busyText(busy), d.w-ansi.StringWidth(right)) + right))
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

// notice is about this machine's clock: a narrow window's banner has no room for
// all of it.
func (d *page) notice() {
	if d.m.notice != "" {
		d.add("", d.m.theme.Ageing.Render("This machine's clock is wrong"))
		d.text(d.m.veil(d.m.notice))
	}
}

// clocks are the two: what is left of the access token's life, and of the time
// that the refresh token may rest unused.
func (d *page) clocks(org tokens.Org) {
	d.accessClock(org)
	d.idleClock(org)
}

func (d *page) accessClock(org tokens.Org) {
	c := org.Clocks(d.m.now, d.m.limits)
	d.heading("Access token")
	if c.AgeKnown && c.LeftSource != tokens.LeftUnknown {
		d.lifeBar(c.Left, c.Left+c.Age, c.Left < d.m.limits.AgeingUnder, c.LeftSource == tokens.LeftEstimated)
	}
	switch {
	case c.IssuedAhead:
		d.field("age", "? (issued_at lies in the future)")
		d.field("issued", d.m.instant(org.IssuedAt))
	case !c.AgeKnown:
		d.field("age", "? (the file told no issue time)")
	default:
		d.field("age", c.AgeText())
		d.field("issued", d.m.instant(org.IssuedAt))
	}
	switch {
	case c.LeftSource == tokens.LeftUnknown:
		d.field("left", "?")
		return
	case c.Left <= 0:
		d.field("left", "expired "+tokens.Ago(-c.Left)+", "+sourceText(c.LeftSource))
	default:
		d.field("left", c.LeftWord()+", "+sourceText(c.LeftSource))
	}
	if d.m.times == timesRelative {
		return
	}
	ends := d.m.instant(d.m.now.Add(c.Left))
	if c.LeftSource == tokens.LeftEstimated {
		ends = "~" + ends
	}
	d.field("ends", ends)
}

func (d *page) idleClock(org tokens.Org) {
	m := d.m
	c := org.Clocks(m.now, m.limits)
	d.heading("Refresh token")
	switch {
	case !org.HasRefreshToken:
		d.field("saved", "none: the org cannot be refreshed")
		return
	case !c.IdleKnown:
		d.field("idle", "? (nobody told when it was last used)")
	case c.IdleLeft <= 0:
		d.lifeBar(c.IdleLeft, m.limits.IdleLimit, true, true)
		d.field("idle", "limit passed "+tokens.Ago(-c.IdleLeft))
	default:
		d.lifeBar(c.IdleLeft, m.limits.IdleLimit, c.IdleSoon, true)
		d.field("idle", fmt.Sprintf("%s until the limit of %d days", tokens.FormatSpan(c.IdleLeft), int(m.limits.IdleLimit/(24*time.Hour))))
	}
	d.field("rotates", string(org.Rotates))
}

// lifeMost is the widest bar worth having.
const lifeMost = 40

// lifeBar draws what is left of a life: thick where that is known, thin where it
// is assumed, dashed where it is spent. A life that is not over keeps a cell.
func (d *page) lifeBar(left, whole time.Duration, soon, assumed bool) {
	if d.plain {
		return // the spans are said too
	}
	t := d.m.theme
	w := max(1, min(lifeMost, d.w-2))
	cells := 0
	if left > 0 && whole > 0 {
		cells = max(1, min(w, int(float64(w)*float64(left)/float64(whole))))
	}
	glyph, style := t.Glyphs.Life, t.Fresh
	if assumed {
		glyph = t.Glyphs.LifeEstimate
	}
	if soon {
		style = t.Ageing
	}
	d.add("  " + style.Render(strings.Repeat(glyph, cells)) + t.Faint.Render(strings.Repeat(t.Glyphs.LifeSpent, w-cells)))
}

func sourceText(s tokens.LeftSource) string {
	switch s {
	case tokens.LeftFromJWT:
		return "as the token says"
	case tokens.LeftFromIntrospection:
		return "as the endpoint says"
	case tokens.LeftFromAnswer:
		return "as an answer showed"
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
	if org.Shared.Mode != tokens.SharedNot {
		d.field("shared", sharedWords(org.Shared))
	}
	if org.Mirror != "" {
		d.field("mirror", mirrorText(org))
	}
	if org.Watched {
		d.field("watch", d.m.watchWords(&org))
	}
	if attempts := d.m.past[org.Key].attempts; len(attempts) > 0 && !d.plain {
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
	if d.plain {
		d.add("  " + label + ": " + strings.Replace(value, "–", "none", 1))
		return
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
