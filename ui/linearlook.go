package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/doctor"
	"orgkeep/tokens/keeper"
)

// looked is the way of what the screen opens a view for: here its lines are said
// as they come.
func looked(what takes, then func(*linear)) way {
	return way{takes: what, run: func(l *linear, a action, _ string) tea.Cmd {
		cmd := l.m.perform(a, a.keys[0])
		l.m.overlay = overlayNone
		if l.m.note == "" && then != nil {
			then(l)
		}
		return cmd
	}}
}

// sayFinding says what an online look has found, and when it has ended.
func (l *linear) sayFinding(msg foundMsg) {
	switch {
	case msg.asked != l.m.looking.asked:
	case msg.ended:
		l.say("That is all the org was asked.")
	default:
		l.say(l.m.findingWords(&msg.finding)...)
	}
}

func (m *model) findingWords(f *keeper.Finding) []string {
	part := string(f.Part)
	if f.Skipped != "" {
		return []string{part + ": not asked, " + f.Skipped}
	}
	head := part
	if f.Request != "" {
		head += ", " + f.Request + ", took " + tokens.FormatTook(f.Took) + ", " + callsWord(f.Calls)
	}
	lines := []string{head + ":"}
	if f.Failure != nil {
		lines = append(lines, "  failed: "+f.Failure.Error(), "  What it means: "+m.meaningOnce(f))
	}
	if verdict := f.Verdict(); verdict != "" {
		lines = append(lines, "  "+verdict)
	}
	for _, wrong := range f.Wrong {
		lines = append(lines, "  wrong: "+wrong)
	}
	for _, fact := range f.Facts {
		text := fact.Text
		if !fact.At.IsZero() {
			text = (&page{m: m}).timeText(fact.At)
		}
		lines = append(lines, "  "+strings.ReplaceAll(fact.Name, "_", " ")+": "+text)
	}
	for _, limit := range mostUsed(f.Limits) {
		lines = append(lines, fmt.Sprintf("  %s: %d of %d used", limit.Name, limit.Spent(), limit.Max))
	}
	if f.LimitsUnread > 0 {
		lines = append(lines, fmt.Sprintf("  and %d that cannot be read", f.LimitsUnread))
	}
	for _, note := range f.Notes {
		lines = append(lines, "  "+note)
	}
	return lines
}

// meaningOnce is what a failure means, or what was asked before it that failed with
// the same meaning.
func (m *model) meaningOnce(f *keeper.Finding) string {
	meaning := m.keeper.Explain(f.Failure).Meaning
	for i := range m.looking.found {
		before := &m.looking.found[i]
		if before.Part == f.Part {
			break
		}
		if before.Failure != nil && m.keeper.Explain(before.Failure).Meaning == meaning {
			return "what is said of " + string(before.Part) + " above."
		}
	}
	return meaning
}

// sayComparison says what differs between two orgs, then what does not.
func (l *linear) sayComparison() {
	m := l.m
	a, b, here := m.compared()
	if !here {
		return
	}
	l.say("  " + m.contrast(a, b))
	var alike []string
	label := ""
	for _, one := range m.likenesses(a, b) {
		if one.label != "" {
			label = one.label
		}
		left, right := strings.TrimSpace(one.left), strings.TrimSpace(one.right)
		switch {
		case one.differs:
			l.say("  " + label + " differs: " + orNone(left) + "; " + orNone(right))
		case left != right:
			l.say("  " + label + ": " + orNone(left) + "; " + orNone(right))
		case left != "" && left != unknownValue:
			alike = append(alike, label+" "+left)
		}
	}
	l.say("  the same: " + strings.Join(alike, ", ") + ".")
}

func orNone(text string) string {
	if text == "" || text == "–" {
		return "none"
	}
	return text
}

// sayExamined says a check of the doctor that has ended, and at last the sum.
func (l *linear) sayExamined(msg examinedMsg) {
	d := &l.m.doctor
	if msg.run != d.run {
		return
	}
	if msg.over {
		l.say("The doctor: " + doctor.Summary(d.results))
		return
	}
	results := []doctor.Result{msg.step.Result}
	if l.m.private.on {
		results = doctor.Share(results)
	}
	r := results[0]
	name := r.Check
	if r.Subject != "" {
		name += ", " + r.Subject
	}
	text := fmt.Sprintf("%s: %s: %s", name, r.Outcome, r.Seen)
	if r.Detail != "" {
		text += " (" + r.Detail + ")"
	}
	l.say(text)
	if r.Do != "" {
		l.say("  What to do: " + r.Do)
	}
}
