package ui

import (
	"time"

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
	twice   bool // the text is asked for twice
	first   tokens.Secret
	giveUp  func() // called when the dialog is left without an answer; may be nil

	// deaf is set while a dialog that opened by itself waits for a moment of
	// quiet, so that a key in flight cannot answer it. waits counts the moments.
	deaf  bool
	waits int
}

// The moment of quiet, and how many of them a dialog waits for at most.
const (
	quiet     = 400 * time.Millisecond
	waitsMost = 4
)

// openByItself shows a dialog that no key has asked for.
func (m *model) openByItself(d *dialog) tea.Cmd {
	m.dialog = d
	d.deaf = true
	return awaitQuiet(d)
}

// awaitQuiet says when the moment has passed.
func awaitQuiet(d *dialog) tea.Cmd {
	d.waits++
	wait := d.waits
	return tea.Tick(quiet, func(time.Time) tea.Msg { return quietMsg{dialog: d, wait: wait} })
}

// quietened lets a dialog hear, unless a key has come meanwhile.
func quietened(msg quietMsg) {
	if msg.wait == msg.dialog.waits {
		msg.dialog.deaf = false
	}
}

type choice struct {
	key, label string
	run        func(*model) tea.Cmd
}

const passphrasePrompt = "passphrase: "

func newPassphraseInput() textinput.Model {
	in := textinput.New()
	in.Prompt = passphrasePrompt
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
	if d.deaf {
		if d.waits < waitsMost {
			return awaitQuiet(d)
		}
		return nil
	}
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
		return m.submitted(d)
	}
	var cmd tea.Cmd
	d.input, cmd = d.input.Update(key)
	return cmd
}

// submitted takes the text; where it is a new passphrase it asks for it twice,
// because nobody sees a slip and the file would be lost with it.
func (m *model) submitted(d *dialog) tea.Cmd {
	text := d.input.Value()
	switch {
	case d.twice && d.first.IsZero():
		d.first = tokens.NewSecret(text)
		d.input.SetValue("")
		d.input.Prompt = "the same again: "
		return nil
	case d.twice && d.first.Reveal() != text:
		d.first = tokens.Secret{}
		d.input.SetValue("")
		d.input.Prompt = passphrasePrompt
		m.note, m.noteBad = "The two were not the same.", true
		return nil
	}
	m.dialog = nil
	return d.submit(m, text)
}

func (m *model) dialogLines(w int) []string {
	t, d := m.theme, m.dialog
	var lines []string
	for _, paragraph := range d.text {
		lines = append(append(lines, wrap(m.veil(paragraph), w)...), "")
	}
	if d.deaf {
		return append(lines, t.Faint.Render("One moment."))
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
	b := box{theme: m.theme, border: m.theme.Ageing, title: m.theme.Strong.Render(m.veil(m.dialog.title))}
	return b.draw(m.dialogLines(r.inner()), r)
}

// dialogCursor is where the dialog's text is being typed.
func (m *model) dialogCursor(l layout) *tea.Cursor {
	d := m.dialog
	if d.submit == nil || d.deaf || l.tooSmall {
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
