package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
	"orgkeep/ui/theme"
)

// online shows when the org was looked at and the findings, each with its request
// and what it cost. Once the tokens have been replaced, only what is about the org
// is left of them.
func (d *page) online(org tokens.Org) {
	l := &d.m.looking
	if l.key != org.Key {
		return
	}
	d.heading("Asked online " + tokens.Ago(d.m.now.Sub(l.at)))
	holds := d.m.lookHolds()
	if !holds {
		d.text("That was with the token before this one. What was told of it is left out; i asks again.")
	}
	meant := map[string]keeper.Part{}
	for i := range l.found {
		if f := &l.found[i]; holds || ofOrg(f) {
			d.finding(f, meant)
		}
	}
	if l.running {
		d.text(d.m.theme.Busy.Render("Asking ..."))
	}
}

// ofOrg reports whether a finding says something of the org and nothing of the
// token that it was asked with.
func ofOrg(f *keeper.Finding) bool {
	switch f.Part {
	case keeper.PartVersions, keeper.PartOrganization, keeper.PartLimits:
		return f.Failure == nil && f.Skipped == "" && !f.Ended
	case keeper.PartTokens, keeper.PartIntrospection, keeper.PartUserinfo, keeper.PartKeys:
	}
	return false
}

// finding is one of them. What a failure means is said once, with the part in meant
// that has said it.
func (d *page) finding(f *keeper.Finding, meant map[string]keeper.Part) {
	t := d.m.theme
	switch {
	case f.Skipped != "":
		d.findingHead(t.Faint, t.Glyphs.Waiting, f)
		d.under(t.Faint, d.m.veil(f.Skipped))
		return
	case f.Failure != nil || f.Ended || f.Other:
		d.findingHead(t.Failed, t.Glyphs.Failed, f)
	default:
		d.findingHead(t.Fresh, t.Glyphs.Fresh, f)
	}
	if f.Failure != nil {
		d.under(t.Failed, d.m.veil(f.Failure.Error()))
		meaning := d.m.keeper.Explain(f.Failure).Meaning
		if part, said := meant[meaning]; said {
			d.under(t.Text, "It means what is said of "+string(part)+" above.")
		} else {
			d.under(t.Text, d.m.veil(meaning))
			meant[meaning] = f.Part
		}
	}
	if verdict := f.Verdict(); verdict != "" {
		d.under(t.Failed, verdict)
	}
	for _, wrong := range f.Wrong {
		d.under(t.Failed, "wrong: "+d.m.veil(wrong))
	}
	for _, fact := range f.Facts {
		value := d.m.veilFact(fact.Name, fact.Text)
		if !fact.At.IsZero() {
			value = d.timeText(fact.At)
		}
		d.fact(strings.ReplaceAll(fact.Name, "_", " "), value)
	}
	d.limits(f.Limits, f.LimitsUnread)
	for _, note := range f.Notes {
		d.under(t.Text, d.m.veil(note))
	}
}

// partWidth is the column of the names of what was asked.
const partWidth = 17

// findingHead is what was asked, with its request and what that cost, beside it
// where there is room.
func (d *page) findingHead(paint theme.Paint, glyph string, f *keeper.Finding) {
	name := paint.Render(glyph + " " + string(f.Part))
	beside := f.Request + "  " + costText(f)
	switch {
	case f.Request == "":
		d.add("  " + name)
	case d.plain:
		d.add("  " + name + ": " + f.Request + ", " + costText(f))
	case width(beside) > d.w-2-partWidth:
		d.add("  " + name)
		d.under(d.m.theme.Faint, f.Request)
		d.under(d.m.theme.Faint, costText(f))
	default:
		d.add("  " + pad(name, partWidth) + d.m.theme.Faint.Render(beside))
	}
}

// costText is what a request cost.
func costText(f *keeper.Finding) string { return tokens.FormatTook(f.Took) + ", " + callsWord(f.Calls) }

// fact is one thing that an answer told, below what was asked.
func (d *page) fact(name, value string) {
	const label = 16
	if d.plain {
		d.add("    " + name + ": " + value)
		return
	}
	for _, line := range wrap(value, d.w-4-label) {
		d.add("    " + d.m.theme.Muted.Render(fit(name, label)) + line)
		name = ""
	}
}

// timeText is a time in full, and how far it is.
func (d *page) timeText(at time.Time) string {
	text := at.UTC().Format("2006-01-02 15:04:05 MST")
	if at.After(d.m.now) {
		return text + ", in " + tokens.FormatSpan(at.Sub(d.m.now))
	}
	return text + ", " + tokens.Ago(d.m.now.Sub(at))
}

// under adds wrapped lines below a line of text, four cells in.
func (d *page) under(paint theme.Paint, text string) {
	for _, line := range wrap(text, d.w-4) {
		d.add("    " + paint.Render(line))
	}
}

func callsWord(calls int) string {
	switch calls {
	case keeper.CallsUnknown:
		return "not said whether it is an API call"
	case 1:
		return "1 API call"
	}
	return fmt.Sprintf("%d API calls", calls)
}

// limitsMost is how many limits are shown: the API calls of a day, then those that
// are used the most.
const limitsMost = 5

func (d *page) limits(all []keeper.Limit, unread int) {
	const w = 12
	g := d.m.theme.Glyphs
	most := mostUsed(all)
	for _, l := range most {
		full := l.Cells(w)
		if d.plain {
			d.add(fmt.Sprintf("    %s: %d of %d used", tokens.Clean(l.Name), l.Spent(), l.Max))
			continue
		}
		bar := strings.Repeat(g.Life, full) + d.m.theme.Faint.Render(strings.Repeat(g.LifeSpent, w-full))
		d.add(cut("    "+bar+fmt.Sprintf(" %3d%% ", l.Percent())+tokens.Clean(l.Name)+d.m.theme.Muted.Render(fmt.Sprintf("  %d of %d used", l.Spent(), l.Max)), d.w))
	}
	if rest := len(all) - len(most); rest > 0 {
		d.under(d.m.theme.Faint, fmt.Sprintf("and %d more; orgkeep show --online has them", rest))
	}
	if unread > 0 {
		d.under(d.m.theme.Faint, fmt.Sprintf("and %d that cannot be read", unread))
	}
}

// mostUsed are the limits that are shown.
func mostUsed(all []keeper.Limit) []keeper.Limit {
	const first = "DailyApiRequests"
	limits := slices.Clone(all)
	slices.SortStableFunc(limits, func(a, b keeper.Limit) int {
		if (a.Name == first) != (b.Name == first) {
			return map[bool]int{true: -1, false: 1}[a.Name == first]
		}
		return cmp.Compare(b.Used(), a.Used())
	})
	return limits[:min(limitsMost, len(limits))]
}
