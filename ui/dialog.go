package ui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"orgkeep/tokens"
)

// dialog asks the user something, over everything else. Esc, enter and n leave
// things as they are; only the keys of the choices change anything.
type dialog struct {
	title   string
	text    []string // paragraphs
	choices []choice
	input   textinput.Model // focused where submit is not nil
	submit  func(m *model, text string) tea.Cmd
	giveUp  func() // called when the dialog is left without an answer; may be nil
}

type choice struct {
	key, label string
	run        func(*model) tea.Cmd
}

func newPassphraseInput() textinput.Model {
	in := textinput.New()
	in.Prompt = "passphrase: "
	in.EchoMode = textinput.EchoPassword
	in.SetVirtualCursor(false)
	return in
}

// questionDialog asks for a secret that the parts below need.
func questionDialog(q Question) *dialog {
	return &dialog{
		title: q.Title, text: []string{q.Text}, input: newPassphraseInput(),
		submit: func(_ *model, text string) tea.Cmd {
			q.Answer <- tokens.NewSecret(text)
			return nil
		},
		giveUp: func() { q.Answer <- tokens.Secret{} },
	}
}

// answered takes a key for the dialog.
func (m *model) answered(key tea.KeyPressMsg) tea.Cmd {
	d := m.dialog
	if d.submit != nil {
		return m.typedAnswer(key)
	}
	for _, c := range d.choices {
		if key.String() == c.key {
			m.dialog = nil
			return c.run(m)
		}
	}
	switch key.String() {
	case "esc", "enter", "n", "q", "ctrl+c":
		m.dialog = nil
		m.note = "Nothing was changed."
	}
	return nil
}

func (m *model) typedAnswer(key tea.KeyPressMsg) tea.Cmd {
	d := m.dialog
	switch key.String() {
	case "esc", "ctrl+c":
		m.dialog = nil
		if d.giveUp != nil {
			d.giveUp()
		}
		return nil
	case "enter":
		m.dialog = nil
		return d.submit(m, d.input.Value())
	}
	var cmd tea.Cmd
	d.input, cmd = d.input.Update(key)
	return cmd
}

func (m *model) dialogLines(w int) []string {
	t, d := m.theme, m.dialog
	var lines []string
	for _, paragraph := range d.text {
		lines = append(append(lines, wrap(paragraph, w)...), "")
	}
	for _, c := range d.choices {
		lines = append(lines, t.Accent.Render(c.key)+"  "+c.label)
	}
	if d.submit != nil {
		lines = append(lines, d.input.View())
	}
	return append(lines, t.Accent.Render("esc")+"  stay, and change nothing")
}

func (m *model) dialogBox(r rect) []string {
	b := box{theme: m.theme, border: m.theme.Ageing, title: m.theme.Strong.Render(m.dialog.title)}
	return b.draw(m.dialogLines(r.inner()), r)
}

// dialogCursor is where the dialog's text is being typed.
func (m *model) dialogCursor(l layout) *tea.Cursor {
	d := m.dialog
	if d.submit == nil || l.tooSmall {
		return nil
	}
	c := d.input.Cursor()
	if c == nil {
		return nil
	}
	c.X += l.over.x + 2
	c.Y = l.over.y + len(m.dialogLines(l.over.inner())) - 1
	return c
}
