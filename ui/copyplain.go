package ui

import (
	"cmp"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// plainCopiedMsg says what became of a text without secrets that was to be
// copied.
type plainCopiedMsg struct {
	said    string // of the copy
	instead string // how else to have the text; may be empty
	err     error
}

// copyPlain copies a text that holds no secret, the way tokens go: by a program
// of this machine, else by way of the terminal where the settings allow that. The
// note is said once it is copied; where nothing can copy it is instead, which
// tells how else to have the text.
func (m *model) copyPlain(text, said, instead string) tea.Cmd {
	c := &m.copied
	done := plainCopiedMsg{said: said, instead: instead}
	switch {
	case c.whyNot != "":
		m.note, m.noteBad = "Nothing can copy here; "+cmp.Or(instead, c.whyNot+"."), true
		return nil
	case c.terminal:
		m.plainCopied(done)
		return tea.SetClipboard(text)
	}
	return writePlain(c.board, text, done)
}

func writePlain(board *pasteboard, text string, done plainCopiedMsg) tea.Cmd {
	return func() tea.Msg {
		done.err = board.replace(text)
		return done
	}
}

// plainCopied says so. A token that was on the clipboard is gone from it then.
func (m *model) plainCopied(msg plainCopiedMsg) {
	if msg.err != nil {
		text := "Nothing was copied: "
		if msg.instead != "" {
			text = "Nothing was copied; " + msg.instead + " "
		}
		m.note, m.noteBad = text+strings.TrimSuffix(msg.err.Error(), ".")+".", true
		return
	}
	m.copied.asked++
	m.copied.left, m.copied.onceOut = 0, false
	m.note, m.noteBad = msg.said, false
	if m.copied.own {
		m.note += " The demo has a clipboard of its own."
	}
}
