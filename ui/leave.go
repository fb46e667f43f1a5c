package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

// leave quits, after what was sent has been answered and saved.
func (m *model) leave() tea.Cmd {
	if len(m.runs) == 0 || m.steps != nil { // where time stands no answer would come
		return m.quit()
	}
	m.leaving = true
	m.cancelRuns()
	m.sayLeaving()
	return tea.Tick(leavePatience, func(time.Time) tea.Msg { return leaveDueMsg{} })
}

// sayLeaving says how many refreshes leaving still waits for.
func (m *model) sayLeaving() {
	m.note, m.noteBad = fmt.Sprintf("Finishing what was sent, then leaving. %d under way.", len(m.live)), false
}

// leavePatience is how long leaving waits for an answer or the keychain before
// it offers to go without.
const leavePatience = 15 * time.Second

// leaveDue lets the user go although something is not finished.
func (m *model) leaveDue() {
	if m.leaving {
		m.impatient = true
		m.note = "Still waiting for an answer or the keychain. q leaves now: what is in the journal is safe, what is not answered is unknown."
		m.noteBad = true
	}
}

// quit ends the program, unless tokens would be lost with it: then it asks.
func (m *model) quit() tea.Cmd {
	m.leaving = false
	if lost := m.keeper.InMemory(); len(lost) > 0 {
		return m.openByItself(rescueDialog(lost, m.rescueFile))
	}
	if len(m.waiting) > 0 && m.signals == 0 {
		return m.openByItself(waitingDialog(m.waiting))
	}
	return tea.Quit
}

// signalled is leave at a signal. What is in the journal is safe, so nothing is
// asked about it; tokens in memory only hold a first signal up, not a second.
func (m *model) signalled() tea.Cmd {
	m.signals++
	m.ending = Ending{Next: NextStop}
	if m.signals > 1 && (len(m.runs) == 0 || m.impatient) {
		return tea.Quit
	}
	return m.leave()
}

// recovered takes what became of refused tokens, and goes on while any wait.
func (m *model) recovered(msg recoveredMsg) tea.Cmd {
	if !msg.once {
		m.recovering = false
	}
	for _, org := range msg.changed {
		m.list.replace(org)
	}
	var told tea.Cmd
	if len(msg.changed) > 0 {
		told = m.toast("The keychain has taken the new "+plural(len(msg.changed), "token of ", "tokens of ")+aliases(msg.changed)+".", false)
	}
	m.waiting = msg.waiting
	if msg.err != nil {
		m.note, m.noteBad = msg.err.Error(), true
	}
	next := told
	if len(m.waiting) > 0 && !m.recovering {
		m.recovering = true
		next = tea.Batch(told, recoverLater())
	}
	if m.leaving && len(m.runs) == 0 {
		return tea.Batch(next, m.quit())
	}
	return next
}

func aliases(orgs []tokens.Org) string {
	names := make([]string, len(orgs))
	for i, org := range orgs {
		names[i] = org.Alias
	}
	return nameSome(names)
}

// bannerLine stays while new tokens wait for the keychain, or while this
// machine's clock makes every age wrong.
func (m *model) bannerLine(w int) string {
	if len(m.waiting) == 0 {
		return m.theme.Ageing.Render(fit(" "+tokens.Clean(m.veil(m.notice)), w))
	}
	var names []string
	inMemory := false
	for _, one := range m.waiting {
		names = append(names, one.Alias)
		inMemory = inMemory || one.Held == keeper.HeldInMemory
	}
	text := fmt.Sprintf(" %s: the new %s safe in the journal (encrypted), not yet in the keychain. Trying again every 5 s.",
		nameSome(names), plural(len(names), "token is", "tokens are"))
	if inMemory {
		text = fmt.Sprintf(" %s: the new %s in memory only. Do not close this window; q offers to save to a file.",
			nameSome(names), plural(len(names), "token is", "tokens are"))
	}
	return m.theme.Failed.Render(fit(tokens.Clean(m.veil(text)), w))
}

// waitingDialog asks before leaving while the journal holds tokens.
func waitingDialog(waiting []keeper.Waiting) *dialog {
	names := make([]string, len(waiting))
	for i, w := range waiting {
		names[i] = w.Alias
	}
	return &dialog{
		title: "Leave now?",
		text: []string{
			"The keychain has not taken the new tokens of " + nameSome(names) + ".",
			"They are safe in the journal, encrypted, and are brought to the keychain at the next start.",
		},
		choices: []choice{
			{key: "y", label: "leave", run: func(*model) tea.Cmd { return tea.Quit }},
			{key: "r", label: "try the keychain now", run: func(m *model) tea.Cmd { return recoverHeld(m.ctx, m.keeper, true) }},
		},
	}
}

// rescueDialog blocks leaving while tokens are in memory only.
func rescueDialog(lost []string, path string) *dialog {
	return &dialog{
		title: "Tokens would be lost",
		text: []string{
			"Neither the keychain nor the journal takes the new tokens of " + nameSome(lost) + ".",
			"Their old refresh tokens may no longer be valid: without the new ones these orgs need a new sign-in.",
		},
		choices: []choice{
			{key: "r", label: "try the keychain and the journal again", run: func(m *model) tea.Cmd { return recoverHeld(m.ctx, m.keeper, true) }},
			{key: "s", label: "save them to a file with a passphrase, then leave", run: func(m *model) tea.Cmd { return m.ask(passphraseDialog(path)) }},
			{key: "d", label: "discard them and leave", run: func(m *model) tea.Cmd { m.keeper.Discard(); return tea.Quit }},
		},
	}
}

// passphraseDialog asks for the passphrase of the file.
func passphraseDialog(path string) *dialog {
	d := &dialog{
		title: "Save to a file",
		text: []string{
			"The tokens are encrypted with a passphrase of 8 characters or more, and written to " + path + ".",
			"age -d reads the file. Each line of it is a token file that orgkeep import takes.",
		},
		input: newPassphraseInput(), twice: true,
	}
	d.submit = func(m *model, text string) tea.Cmd { return rescue(m.keeper, path, tokens.NewSecret(text)) }
	return d
}

func (m *model) rescued(msg rescuedMsg) tea.Cmd {
	if msg.err != nil {
		m.note, m.noteBad = strings.TrimSuffix(msg.err.Error(), ".")+".", true
		return m.openByItself(rescueDialog(m.keeper.InMemory(), m.rescueFile))
	}
	return m.quit()
}

// anywayDialog warns before a refresh token is sent that may be used up.
func anywayDialog(orgs []tokens.Org) *dialog {
	return confirmTyped("Try anyway?", "send it again", orgs, []string{
		"The refresh token of " + aliases(orgs) + " was sent once and no answer came.",
		"If Salesforce did use it up and the app rotates refresh tokens, sending it again ends the login, and its access tokens too. If it was never carried out, the refresh succeeds.",
		"Testing the access token first (a) costs nothing.",
	}, func(m *model) tea.Cmd { return m.refreshAnyway(orgs) })
}
