package ui

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// sayQuestion says a dialog as a question; an empty line is always the answer
// that changes nothing.
func (l *linear) sayQuestion(d *dialog) {
	if d == nil {
		return
	}
	l.say(d.title)
	l.say(d.text...)
	if d.told != "" {
		l.say(d.told)
	}
	switch {
	case d.word != "":
		l.say(fmt.Sprintf("%s Type %s to %s. An empty line changes nothing.", d.why, d.word, d.action))
	case d.submit == nil:
		l.say(answersText(d))
	case isSecret(d) && l.reading && !l.hidden:
		l.say("Press enter first. What you type then is not shown. An empty line gives up.")
	case isSecret(d):
		l.say("What you type is not shown. An empty line gives up.")
	default:
		l.say("An empty line changes nothing.")
	}
}

// answersText names the answers of a dialog.
func answersText(d *dialog) string {
	var b strings.Builder
	for _, c := range d.choices {
		fmt.Fprintf(&b, "%s: %s. ", c.key, c.words())
	}
	return b.String() + "An empty line: stay, and change nothing."
}

func answerPrompt(d *dialog) string {
	if d.submit != nil {
		return d.input.Prompt
	}
	return "answer: "
}

// isSecret reports whether the answer to a dialog must not be seen.
func isSecret(d *dialog) bool {
	return d != nil && d.submit != nil && d.input.EchoMode == textinput.EchoPassword
}

// answer takes a line for the open dialog.
func (l *linear) answer(line string) tea.Cmd {
	d := l.m.dialog()
	switch {
	case d.deaf: // the line was begun before the question was there
		l.say("The question above is new. Answer it once more.")
		return nil
	case d.submit == nil:
		return l.choose(d, strings.ToLower(strings.TrimSpace(line)))
	case isSecret(d) && !l.hidden:
		return nil // the next line is read without an echo
	case line == "" && d.word == "":
		return l.m.answered(tea.KeyPressMsg{Code: tea.KeyEscape})
	case d.word != "":
		line = strings.TrimSpace(line)
	}
	d.input.SetValue(line)
	cmd := l.m.answered(tea.KeyPressMsg{Code: tea.KeyEnter})
	if d.told != "" {
		l.say(d.told)
	}
	return cmd
}

func (l *linear) choose(d *dialog, word string) tea.Cmd {
	for _, c := range d.choices {
		if word != c.key && word != strings.ToLower(c.label) && (word != "yes" || c.key != "y") {
			continue
		}
		if c.off != "" {
			l.say(c.key + " is off: " + c.off + ".")
			return nil
		}
		return l.m.closeDialog(c.run)
	}
	if !slices.Contains([]string{"", "n", "no", "esc", "q", "quit"}, word) {
		l.say(answersText(d))
		return nil
	}
	l.m.note = nothingChanged
	return l.m.closeDialog(nil)
}
