package ui

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// Stage is the made-up Salesforce of the demo, which a presenter can disturb.
// Its methods return at once and are safe for concurrent use.
type Stage interface {
	// Outage and Slow report what SetOutage and SetSlow were last told.
	Outage() bool
	SetOutage(down bool)
	Slow() bool
	SetSlow(slow bool)
	// Revoke ends a login, as an admin of its org does.
	Revoke(key tokens.Key) bool
	// Reuse lets another program use the refresh token of a login. It reports
	// whether the one saved here is used up then, or why the other was refused.
	Reuse(key tokens.Key) (rotates bool, refused string)
}

const groupStage = "Presenting the demo"

// stageActions cause the next event of a demo.
func stageActions() []action {
	return []action{
		{
			keys: []string{"f5"}, name: "outage", group: groupStage, off: stageOff,
			about: "In the demo: take the endpoint down for maintenance, or bring it back.",
			run: func(m *model) tea.Cmd {
				m.stage.SetOutage(!m.stage.Outage())
				m.note = "The endpoint is up."
				if m.stage.Outage() {
					m.note = "The endpoint is down for maintenance."
				}
				return nil
			},
		},
		{
			keys: []string{"f6"}, name: "revoke", group: groupStage, onOrg: true, off: stageOrgOff,
			about: "In the demo: end the org's login, as an admin does. Its next refresh is refused.",
			run: func(m *model) tea.Cmd {
				org, _ := m.list.current()
				m.stage.Revoke(org.Key)
				m.note = fmt.Sprintf("An admin has revoked the login of %s. Its next refresh is refused.", org.Alias)
				return nil
			},
		},
		{
			keys: []string{"f7"}, name: "use elsewhere", group: groupStage, onOrg: true, off: reuseOff,
			about: "In the demo: let another program use the org's refresh token. Where tokens rotate, the one saved here is dead then.",
			run:   func(m *model) tea.Cmd { m.reuse(); return nil },
		},
		{
			keys: []string{"f8"}, name: "slow network", group: groupStage, off: stageOff,
			about: "In the demo: let every answer take eight times as long, or the usual time again.",
			run: func(m *model) tea.Cmd {
				m.stage.SetSlow(!m.stage.Slow())
				m.note = "Answers take their usual time."
				if m.stage.Slow() {
					m.note = "Answers take eight times as long."
				}
				return nil
			},
		},
		{
			keys: []string{"f9"}, name: "step", group: groupStage, anywhere: true, off: stepOff,
			about: "In the demo with --step: let one step of time pass; otherwise it stands.",
			run:   func(m *model) tea.Cmd { m.steps.Step(); return nil },
		},
	}
}

// reuse lets another program refresh the org under the cursor, and says what
// follows from it.
func (m *model) reuse() {
	org, _ := m.list.current()
	rotates, refused := m.stage.Reuse(org.Key)
	switch {
	case refused != "":
		m.note = fmt.Sprintf("%s: refused for the other program too (%s).", org.Alias, refused)
	case rotates:
		m.note = fmt.Sprintf("Another program has refreshed %s. The one saved here is used up.", org.Alias)
	default:
		m.note = fmt.Sprintf("Another program has refreshed %s. No harm: it does not rotate.", org.Alias)
	}
}

// Steps is time that stands until it is told to pass. Its methods are safe for
// concurrent use.
type Steps interface {
	// Step lets one step of time pass, and returns at once.
	Step()
	// Wait waits until d has passed or ctx has ended, and reports the former.
	Wait(ctx context.Context, d time.Duration) bool
}

// after brings a message when a time has passed: by itself, or by steps.
func (m *model) after(d time.Duration, msg tea.Msg) tea.Cmd {
	if m.steps == nil {
		return tea.Tick(d, func(time.Time) tea.Msg { return msg })
	}
	ctx, steps := m.ctx, m.steps
	return func() tea.Msg {
		if !steps.Wait(ctx, d) {
			return nil
		}
		return msg
	}
}

// letsPass takes the key that lets time pass, whatever is open; what stands on
// the screen stays.
func (m *model) letsPass(key tea.KeyPressMsg) bool {
	if m.steps == nil || key.String() != "f9" {
		return false
	}
	m.steps.Step()
	return true
}

func stepOff(m *model) string {
	switch {
	case m.stage == nil:
		return "it is for the demo"
	case m.steps == nil:
		return "time passes by itself; orgkeep demo --step 100ms lets it stand"
	}
	return ""
}

func stageOff(m *model) string {
	if m.stage == nil {
		return "it is for the demo"
	}
	return ""
}

func reuseOff(m *model) string {
	if off := stageOrgOff(m); off != "" {
		return off
	}
	if org, _ := m.list.current(); !org.HasRefreshToken {
		return org.Alias + " has no refresh token"
	}
	return ""
}

func stageOrgOff(m *model) string {
	if off := stageOff(m); off != "" {
		return off
	}
	return emptyOff(m)
}
