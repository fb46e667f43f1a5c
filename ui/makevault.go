package ui

import (
	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

func vaultOff(m *model) string {
	switch {
	case m.first.intake == nil:
		return "the demo saves nothing"
	case m.first.making:
		return vaultBeingMade
	case m.keeper.StoreName() == vault && !m.first.trouble.None:
		return "the tokens are kept in the vault already"
	case !m.guided():
		return "orgs are saved; orgkeep store move vault moves their tokens"
	}
	return ""
}

const vaultBeingMade = "the vault is being made"

// passphraseLeast is how many characters the passphrase of a new vault has at
// least.
const passphraseLeast = 8

// askVault asks twice for the passphrase of the vault, or whether the one that
// orgkeep was started with is to be it.
func (m *model) askVault() tea.Cmd {
	const what = "The vault is a folder of encrypted files. "
	d := &dialog{title: "Make a vault"}
	if m.first.intake.PassphraseGiven() {
		d.text = []string{what + "The passphrase that orgkeep was started with protects every token in it, and nobody can restore it."}
		d.choices = []choice{{key: "y", label: "make it with that passphrase", run: func(m *model) tea.Cmd { return m.beginVault(tokens.Secret{}) }}}
		return m.ask(d)
	}
	d.text = []string{what + "Its passphrase, 8 characters or more, protects every token in it, and nobody can restore it."}
	d.input, d.action, d.twice, d.least = newPassphraseInput(), "go on", true, passphraseLeast
	d.submit = func(m *model, text string) tea.Cmd { return m.beginVault(tokens.NewSecret(text)) }
	return m.ask(d)
}

// beginVault makes the vault; the absent passphrase stands for the one that
// orgkeep was started with.
func (m *model) beginVault(passphrase tokens.Secret) tea.Cmd {
	m.first.making = true
	m.note = "Making the vault."
	return makeVault(m.ctx, m.first.intake, passphrase)
}

// vaultMade goes on with the vault in a new screen, or says why there is none.
func (m *model) vaultMade(msg vaultMadeMsg) tea.Cmd {
	m.first.making = false
	if msg.err != nil {
		m.note, m.noteBad = tokens.Clean(msg.err.Error())+".", true
		return nil
	}
	m.ending.Next = NextAgain
	return tea.Quit
}
