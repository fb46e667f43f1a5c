package ui

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

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
	action  string // what enter does with the text; empty says nothing of it
	word    string // the only text that is taken; empty takes any
	why     string // why a word has to be typed, a sentence
	twice   bool   // the text is asked for twice
	least   int    // how many characters it has at least
	first   tokens.Secret
	giveUp  func() // called when the dialog is left without an answer; may be nil
	scroll  int    // first line shown of a text that is longer than the window

	// refuse says why a text is not taken, nil takes any; told is that, until a key.
	refuse func(m *model, text string) string
	told   string

	// deaf is set while a dialog that opened by itself waits for a moment of
	// quiet, so that a key in flight cannot answer it. waits counts the moments.
	deaf    bool
	waits   int
	unasked bool // it opened by itself
}

// dialogs are what is asked: the open ones, the last on top, and those that
// opened by themselves while another such was open.
type dialogs struct {
	open  []*dialog
	later []*dialog
}

// The moment of quiet, and how many of them a dialog waits for at most.
const (
	quiet     = 400 * time.Millisecond
	waitsMost = 4
)

const nothingChanged = "Nothing was changed."

// dialog returns the dialog that takes the keys, or nil.
func (m *model) dialog() *dialog {
	if n := len(m.dialogs.open); n > 0 {
		return m.dialogs.open[n-1]
	}
	return nil
}

// ask opens a dialog that a key has asked for, over what is open.
func (m *model) ask(d *dialog) tea.Cmd {
	m.dialogs.open = append(m.dialogs.open, d)
	if d.submit != nil {
		return d.input.Focus()
	}
	return nil
}

// openByItself shows a dialog that no key has asked for: now, or after the one
// that opened by itself before. The same warning is not given twice.
func (m *model) openByItself(d *dialog) tea.Cmd {
	if d.submit == nil && slices.ContainsFunc(slices.Concat(m.dialogs.open, m.dialogs.later), func(o *dialog) bool { return o.title == d.title }) {
		return nil
	}
	d.unasked = true
	if slices.ContainsFunc(m.dialogs.open, func(o *dialog) bool { return o.unasked }) {
		m.dialogs.later = append(m.dialogs.later, d)
		return nil
	}
	d.deaf = true
	return tea.Batch(m.ask(d), awaitQuiet(d))
}

// closeDialog takes the top dialog away; what it was about goes on with then.
func (m *model) closeDialog(then func(*model) tea.Cmd) tea.Cmd {
	m.dialogs.open = m.dialogs.open[:len(m.dialogs.open)-1]
	var cmd tea.Cmd
	if then != nil {
		cmd = then(m)
	}
	if len(m.dialogs.open) > 0 || len(m.dialogs.later) == 0 {
		return cmd
	}
	next := m.dialogs.later[0]
	m.dialogs.later = m.dialogs.later[1:]
	return tea.Batch(cmd, m.openByItself(next))
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
	off        string // why it cannot be chosen now; empty when it can
	run        func(*model) tea.Cmd
}

// words are the label of a choice, and why it is off.
func (c choice) words() string {
	if c.off == "" {
		return c.label
	}
	return c.label + " (off: " + c.off + ")"
}

const passphrasePrompt = "passphrase: "

func newPassphraseInput() textinput.Model {
	in := newInput(passphrasePrompt)
	in.EchoMode = textinput.EchoPassword
	return in
}

// questionDialog asks for a secret that the parts below need.
func questionDialog(q Question) *dialog {
	return &dialog{
		title: q.Title, text: []string{q.Text}, input: newPassphraseInput(), action: "go on",
		submit: func(_ *model, text string) tea.Cmd {
			q.Answer <- tokens.NewSecret(text)
			return nil
		},
		giveUp: func() { q.Answer <- tokens.Secret{} },
	}
}

// confirmTyped asks before something is done to orgs that cannot be taken back:
// text says what, label says it in a few words. Where an org among them is
// production or may be, its alias has to be typed, or how many there are.
func confirmTyped(title, label string, orgs []tokens.Org, text []string, run func(*model) tea.Cmd) *dialog {
	typed := maybeProduction(orgs)
	d := &dialog{title: title, text: text}
	if len(typed) == 0 {
		d.choices = []choice{{key: "y", label: label, run: run}}
		return d
	}
	certain := !slices.ContainsFunc(typed, func(org tokens.Org) bool { return org.Type != tokens.Production })
	switch n := len(typed); {
	case n == 1 && certain:
		d.word, d.why = typed[0].Alias, "This is production."
	case n == 1:
		d.word, d.why = typed[0].Alias, "This may be production."
	case certain:
		d.word, d.why = fmt.Sprintf("%d production orgs", n), "This is production."
	default:
		d.word, d.why = fmt.Sprintf("%d orgs", n), "They may be production."
	}
	d.action = label
	d.input = newInput("type: ")
	d.submit = func(m *model, _ string) tea.Cmd { return run(m) }
	return d
}

// maybeProduction are those of the orgs that are production, or may be.
func maybeProduction(orgs []tokens.Org) []tokens.Org {
	return slices.DeleteFunc(slices.Clone(orgs), func(org tokens.Org) bool { return !org.Type.MayBeProduction() })
}

// answered takes a key for the dialog.
func (m *model) answered(key tea.KeyPressMsg) tea.Cmd {
	d := m.dialog()
	if d.deaf {
		if d.waits < waitsMost {
			return awaitQuiet(d)
		}
		return nil
	}
	if m.scrolledDialog(key.String()) {
		return nil
	}
	if d.submit != nil {
		return m.typedAnswer(key)
	}
	for _, c := range d.choices {
		switch {
		case key.String() != c.key:
		case c.off != "":
			m.note = c.key + " is off: " + c.off + "."
			return nil
		default:
			return m.closeDialog(c.run)
		}
	}
	switch key.String() {
	case "esc", "enter", "n", "q", "ctrl+c":
		if len(d.choices) > 0 { // without any it only tells something
			m.note = nothingChanged
		}
		return m.closeDialog(nil)
	}
	return nil
}

func (m *model) typedAnswer(key tea.KeyPressMsg) tea.Cmd {
	d := m.dialog()
	switch key.String() {
	case "esc", "ctrl+c":
		if d.giveUp != nil {
			d.giveUp()
		}
		if d.word != "" {
			m.note = nothingChanged
		}
		return m.closeDialog(nil)
	case "enter":
		return m.submitted(d)
	}
	d.told = ""
	var cmd tea.Cmd
	d.input, cmd = d.input.Update(key)
	return cmd
}

// refused reports whether the text is not taken. The dialog stays then, with the
// text and why.
func (d *dialog) refused(m *model, text string) bool {
	if d.told = ""; d.refuse != nil {
		d.told = d.refuse(m, text)
	}
	return d.told != ""
}

// submitted takes the text; where it is a new passphrase it asks for it twice,
// because nobody sees a slip and the file would be lost with it.
func (m *model) submitted(d *dialog) tea.Cmd {
	text := d.input.Value()
	switch {
	case d.word != "" && text == "":
		m.note = nothingChanged
		return m.closeDialog(nil)
	case d.word != "" && text != d.word:
		d.input.SetValue("")
		m.note, m.noteBad = "That is not "+d.word+". Nothing was changed.", true
		return nil
	case utf8.RuneCountInString(text) < d.least:
		d.input.SetValue("")
		m.note, m.noteBad = fmt.Sprintf("That has fewer than %d characters.", d.least), true
		return nil
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
	case d.refused(m, text):
		return nil
	}
	return m.closeDialog(func(m *model) tea.Cmd { return d.submit(m, text) })
}
