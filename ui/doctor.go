package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/doctor"
	"orgkeep/ui/theme"
)

// doctorView is what the doctor looks at and has found.
type doctorView struct {
	checks  func([]tokens.Org) []doctor.Check // nil where there is nothing to look at
	run     int                               // counts the runs; what an earlier one finds is left aside
	results []doctor.Result                   // a check that has not ended has no Outcome
	steps   <-chan doctor.Step
	running bool
}

func doctorAction() action {
	return action{
		keys: []string{"D"}, name: "doctor", group: groupApp,
		about: "Check what orgkeep works with: the store, the ledger, the way to the hosts, the terminal. Then y copies the result without names.",
		off:   doctorOff,
		run:   (*model).examine,
	}
}

func doctorOff(m *model) string {
	if m.doctor.checks == nil {
		return "there is nothing to check here"
	}
	return ""
}

// examine opens the doctor and starts it, unless it is at work.
func (m *model) examine() tea.Cmd {
	m.open(overlayDoctor)
	d := &m.doctor
	if d.running {
		return nil
	}
	checks := d.checks(m.list.orgs)
	d.run++
	d.running, d.results = true, make([]doctor.Result, len(checks))
	for i, c := range checks {
		d.results[i].Check, d.results[i].Subject = c.Name, c.Subject
	}
	d.steps = doctor.Run(m.ctx, m.clock, checks)
	return nextStep(d.run, d.steps)
}

// nextStep waits for the next check to end.
func nextStep(run int, steps <-chan doctor.Step) tea.Cmd {
	return func() tea.Msg {
		step, more := <-steps
		return examinedMsg{run: run, step: step, over: !more}
	}
}

func (m *model) examined(msg examinedMsg) tea.Cmd {
	d := &m.doctor
	if msg.run != d.run {
		return nil
	}
	if msg.over {
		d.running = false
		return nil
	}
	d.results[msg.step.Index] = msg.step.Result
	return nextStep(d.run, d.steps)
}

// doctored takes a key for the doctor; it reports whether the key was one of its
// own.
func (m *model) doctored(key string) (tea.Cmd, bool) {
	switch key {
	case "y":
		return m.copyExamination(), true
	case "D":
		return m.examine(), true
	case "h": // elsewhere it also closes the history
		return nil, false
	}
	return nil, m.scrolled(key)
}

// copyExamination copies the results. They name nobody.
func (m *model) copyExamination() tea.Cmd {
	if m.doctor.running {
		m.note = "The checks have not ended yet."
		return nil
	}
	return m.copyPlain(doctor.Markdown(m.doctor.results, m.version, m.now),
		"The result is copied, without names. orgkeep doctor --bundle writes a file with more of it.", "orgkeep doctor prints it.")
}

func (m *model) doctorTitle() string {
	title := m.theme.Strong.Render("Doctor")
	if !m.doctor.running {
		return title + " " + m.theme.Muted.Render(doctor.Summary(m.doctor.results))
	}
	left := doctor.Count(m.doctor.results, "")
	return title + " " + m.theme.Busy.Render(fmt.Sprintf("%d of %d", len(m.doctor.results)-left, len(m.doctor.results)))
}

const doctorLabel = 15 // cells for the name of a check

// doctorLines is a line or more for each check; in private mode without names.
func (m *model) doctorLines(w int) []string {
	results := m.doctor.results
	if m.private.on {
		results = doctor.Share(results)
	}
	var lines []string
	for _, r := range results {
		look, glyph := m.resultLook(r.Outcome)
		text := r.Seen
		if r.Outcome == "" {
			text = "..."
		}
		if r.Subject != "" {
			text = r.Subject + ": " + text
		}
		if r.Detail != "" {
			text += " (" + r.Detail + ")"
		}
		head := look.Render(glyph) + " " + m.theme.Text.Render(fit(r.Check, doctorLabel))
		for i, part := range wrap(text, w-doctorLabel-2) {
			if i > 0 {
				head = strings.Repeat(" ", doctorLabel+2)
			}
			lines = append(lines, head+m.theme.Muted.Render(part))
		}
		if r.Do == "" {
			continue
		}
		for _, part := range wrap("→ "+r.Do, w-doctorLabel-2) {
			lines = append(lines, strings.Repeat(" ", doctorLabel+2)+look.Render(part))
		}
	}
	return lines
}

// resultLook is the style and the glyph of how a check ended.
func (m *model) resultLook(o doctor.Outcome) (theme.Paint, string) {
	t := m.theme
	switch o {
	case doctor.OK:
		return t.Fresh, t.Glyphs.Fresh
	case doctor.Warning:
		return t.Ageing, t.Glyphs.Ageing
	case doctor.Failed:
		return t.Failed, t.Glyphs.Failed
	case doctor.Skipped:
		return t.Muted, t.Glyphs.Expired
	}
	return t.Busy, t.Glyphs.Waiting
}
