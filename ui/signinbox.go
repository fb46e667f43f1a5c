package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/tokens"
)

func (m *model) signInTitle() string {
	if m.signIn.again.Key == "" {
		return "Sign in"
	}
	return "Sign in again: " + m.veil(m.signIn.again.Alias)
}

func (m *model) signInBox(r rect) []string {
	b := box{theme: m.theme, border: m.theme.Accent, title: m.theme.Strong.Render(m.signInTitle())}
	lines, _ := m.signInLines(r)
	return b.draw(lines, r)
}

// signInLines are the lines of the sign-in, and which of them is typed into; -1
// for none.
func (m *model) signInLines(r rect) (lines []string, typing int) {
	s, w := &m.signIn, r.inner()
	typing = -1
	paragraph := func(texts ...string) {
		for _, text := range texts {
			lines = append(append(lines, wrap(m.veil(text), w)...), "")
		}
	}
	switch s.stage {
	case signInClosed:
	case signInForm:
		return m.signInFormLines(w)
	case signInStarting:
		paragraph("Getting ready.")
		lines = append(lines, m.keyLine("esc", "call it off"))
	case signInBrowser:
		return m.signInWaitLines(r)
	case signInSaving:
		paragraph("The browser has come back.", m.savingWords())
	case signInEnded:
		paragraph(s.told...)
		if s.fields != nil {
			lines = append(lines, m.keyLine("l", "back to the form"))
		}
		lines = append(lines, m.keyLine("esc", "close"))
	}
	return lines, typing
}

func (m *model) savingWords() string {
	switch m.signIn.step {
	case tokens.StepSaving:
		return "Saving the tokens in " + m.keeper.StoreName() + "."
	case tokens.StepWaiting:
		return "Fetching the tokens: the request is sent."
	default:
		return "Fetching the tokens."
	}
}

func (m *model) keyLine(key, label string) string { return m.theme.Accent.Render(key) + "  " + label }

func (m *model) signInFormLines(w int) (lines []string, typing int) {
	s := &m.signIn
	for _, text := range append([]string{fmt.Sprintf(
		"The app has to list the callback URL http://localhost:%d%s to the letter.", m.settings.Port, m.settings.CallbackPath)}, s.told...) {
		lines = append(append(lines, wrap(text, w)...), "")
	}
	for i := range fieldsOfForm {
		if i == s.at {
			typing = len(lines)
		}
		in := s.fields[i]
		text := in.View()
		if i != fieldSecret && i != s.at {
			text = in.Prompt + m.veil(in.Value())
		}
		lines = append(lines, fit(text, w))
	}
	hint := "tab goes to the next line"
	switch s.at {
	case fieldClient:
		hint = "the consumer key of your app, or PlatformCLI for the Salesforce CLI's"
	case fieldHost:
		hint = "up and down choose a host; tab goes to the next line"
	case fieldSecret:
		hint = "empty for an app without a secret, or to use the saved one"
	case fieldAlias:
		hint = "empty for a name made of the host"
	}
	return append(lines, "", m.theme.Faint.Render(hint), "",
		m.keyLine("enter", "open the browser"), m.keyLine("esc", "close, and change nothing")), typing
}

func (m *model) signInWaitLines(r rect) (lines []string, typing int) {
	s, w := &m.signIn, r.inner()
	typing = -1
	if s.code != nil {
		if len(s.code) <= r.rows() && width(s.code[0]) <= w {
			return s.code, typing
		}
		lines = append(lines, wrap(fmt.Sprintf("The QR code needs a window of %d×%d. Make it larger. Or go back and open the address in another browser; p pastes what that ends on. orgkeep login prints the address plain.",
			width(s.code[0])+4, len(s.code)+4), w)...)
		lines = append(lines, "", m.keyLine("Q", "back"), m.keyLine("p", "paste the address the browser ended on"))
		if m.copied.whyNot == "" {
			lines = append(lines, m.keyLine("c", "copy the address"))
		}
		return lines, typing
	}
	asked := "Waiting for the browser, which has been asked to open this address:"
	if s.opened != nil {
		asked = "Waiting for the browser. None was opened: " + tokens.Clean(s.opened.Error()) + ". Open this address:"
	}
	address := s.waiting.URL()
	if m.private.on {
		address = "(hidden in private mode; c copies it)"
	}
	lines = append(append(append(wrap(asked, w), ""), strings.Split(ansi.Hardwrap(address, w, true), "\n")...), "")
	if s.paste {
		typing = len(lines) + 1
		in := s.fields[fieldAddress]
		return append(lines, wrap("Paste the whole address that the browser ended on:", w)[0], fit(in.View(), w), "", m.keyLine("enter", "take it"), m.keyLine("esc", "back")), typing
	}
	return append(lines, m.keyLine("c", "copy the address"), m.keyLine("Q", "show it as a QR code"),
		m.keyLine("p", "paste the address the browser ended on, from another machine"), m.keyLine("esc", "call it off")), typing
}

// signInCursor is where the sign-in's text is being typed.
func (m *model) signInCursor(l layout) *tea.Cursor {
	s := &m.signIn
	_, line := m.signInLines(l.over)
	if line < 0 || l.tooSmall || line >= l.over.rows() {
		return nil
	}
	c := s.fields[s.field()].Cursor()
	if c == nil {
		return nil
	}
	c.X = min(c.X+l.over.x+2, l.over.x+l.over.w-3)
	c.Y = l.over.y + 1 + line
	return c
}
