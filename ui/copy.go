package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
	"orgkeep/ui/settings"
)

const clearLimit = 3 * time.Second // for the last clearing, when the program ends

// copied is the access token that is on the clipboard.
type copied struct {
	board    *pasteboard
	span     time.Duration
	terminal bool   // by way of the terminal
	own      bool   // the clipboard is the screen's own
	whyNot   string // a token cannot be copied here; empty when it can

	asked   int           // counts the copies: each begins a new countdown
	alias   string        // whose token it is
	left    time.Duration // until it is cleared; zero when none is there
	onceOut bool          // something went out by way of the terminal and was not cleared
	note    string        // what the footer said of it last
}

func newCopied(o Options, set settings.Settings) copied {
	c := copied{board: &pasteboard{clipboard: o.Clipboard}, span: set.Clipboard}
	if o.Enclosed {
		c.board.clipboard, c.own = &enclosed{}, true
		return c
	}
	remote := isSet(o.Environ, "SSH_CONNECTION") || isSet(o.Environ, "SSH_TTY")
	// Over SSH the clipboard programs reach the person only through a forwarded display.
	near := !remote || isSet(o.Environ, "DISPLAY") || isSet(o.Environ, "WAYLAND_DISPLAY")
	switch {
	case o.Clipboard != nil && near:
	case set.ClipboardOSC52 == settings.OSC52Always, set.ClipboardOSC52 == settings.OSC52SSH && remote:
		c.terminal = true
	case remote:
		c.whyNot = "over SSH only the terminal can copy, and it may record the token; --clipboard-osc52 ssh allows it"
	default:
		c.whyNot = "no clipboard program was found (wl-copy, xclip, xsel); --clipboard-osc52 always lets the terminal copy"
	}
	return c
}

// isSet reports whether an environment has a variable that is not empty.
func isSet(environ []string, name string) bool {
	return slices.ContainsFunc(environ, func(pair string) bool {
		value, is := strings.CutPrefix(pair, name+"=")
		return is && value != ""
	})
}

func copyOff(m *model) string {
	if m.copied.whyNot != "" {
		return m.copied.whyNot
	}
	return emptyOff(m)
}

var errNoAccessToken = errors.New("no access token is saved for it")

// copyToken copies the access token of the org under the cursor.
func (m *model) copyToken() tea.Cmd {
	org, _ := m.list.current()
	m.copied.asked++
	m.note = "Reading the access token of " + org.Alias + "."
	return copyToken(m.ctx, m.keeper, m.copied.board, org, m.copied.asked, m.copied.terminal)
}

// copyToken is the effect; the token does not come back from it. What it answers
// with where the terminal copies is the order to the terminal, and the message.
func copyToken(ctx context.Context, k Keeper, board *pasteboard, org tokens.Org, asked int, terminal bool) tea.Cmd {
	return func() tea.Msg {
		s, err := k.Reveal(ctx, org.Key)
		done := copiedMsg{asked: asked, alias: org.Alias, err: err}
		switch {
		case err != nil:
		case s.AccessToken.IsZero():
			done.err = errNoAccessToken
		case terminal:
			return tea.BatchMsg{tea.SetClipboard(s.AccessToken.Reveal()), func() tea.Msg { return done }}
		default:
			done.err = board.put(s.AccessToken)
		}
		return done
	}
}

func (m *model) tokenCopied(msg copiedMsg) tea.Cmd {
	c := &m.copied
	if msg.err != nil {
		m.note, m.noteBad = "Nothing was copied for "+msg.alias+": "+strings.TrimSuffix(msg.err.Error(), ".")+".", true
		return nil
	}
	if msg.asked != c.asked {
		return nil // a later copy has taken its place, or will
	}
	c.alias, c.left, c.onceOut = msg.alias, c.span, c.terminal
	c.note = fmt.Sprintf("%s's access token is on the clipboard; cleared in %s.", msg.alias, seconds(c.span))
	if c.terminal {
		c.note = fmt.Sprintf("%s's access token was sent to the terminal's clipboard, which is cleared in %s whatever it holds then.", msg.alias, seconds(c.span))
	}
	if c.own {
		c.note = fmt.Sprintf("%s's access token is on the demo's own clipboard, cleared in %s; %s.", msg.alias, seconds(c.span), ownClipboard)
	}
	m.note, m.noteBad = c.note, false
	return m.after(secondStep, copyTickedMsg{asked: c.asked})
}

// copyTicked counts a second down, and clears when none is left.
func (m *model) copyTicked(msg copyTickedMsg) tea.Cmd {
	c := &m.copied
	if msg.asked != c.asked || c.left <= 0 {
		return nil
	}
	if c.left -= secondStep; c.left > 0 {
		return m.after(secondStep, copyTickedMsg{asked: c.asked})
	}
	c.left = 0
	alias, board := c.alias, c.board
	if c.terminal {
		c.onceOut = false
		return tea.Batch(tea.SetClipboard(""), func() tea.Msg { return clearedMsg{alias: alias} })
	}
	return func() tea.Msg {
		what, err := board.clear()
		return clearedMsg{alias: alias, what: what, err: err}
	}
}

// clipboardCleared says what became of the clipboard, unless something else
// stands in the footer.
func (m *model) clipboardCleared(msg clearedMsg) {
	text, bad := "The clipboard was cleared: "+msg.alias+"'s access token is gone from it.", false
	if m.copied.own {
		text = "The demo's own clipboard was cleared: " + msg.alias + "'s access token is gone from it."
	}
	switch msg.what {
	case leftAlone:
		text = "The clipboard was left alone: it holds something else than " + msg.alias + "'s access token now."
	case notCleared:
		text, bad = "The clipboard could not be cleared of "+msg.alias+"'s access token: "+msg.err.Error()+".", true
	case clearedNow:
	}
	if m.note == "" || m.note == m.copied.note || bad {
		m.note, m.noteBad = text, bad
	}
}

// copiedText is the countdown for the header; empty when nothing is on the
// clipboard.
func (m *model) copiedText(words bool) string {
	if m.copied.left <= 0 {
		return ""
	}
	text := "copied "
	if words {
		text = "token on clipboard "
	}
	return m.theme.Ageing.Render(text+seconds(m.copied.left)) + "  "
}

// end takes the token off the clipboard when the program ends before its time.
func (c *copied) end(out io.Writer) {
	if c.onceOut && out != nil {
		_, _ = io.WriteString(out, ansi.ResetSystemClipboard)
	}
	if c.board.clipboard == nil {
		return
	}
	done := make(chan struct{})
	go func() {
		c.board.close()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(clearLimit):
	}
}
