package cli

import (
	"github.com/atotto/clipboard"

	"orgkeep/ui"
)

// terminalCopyVariable allows a token to be copied by way of the terminal:
// never, ssh or always.
const terminalCopyVariable = "ORGKEEP_OSC52"

// desktop is the clipboard of this machine, by the programs or calls of its
// system: wl-copy, xclip, xsel, pbcopy, the Windows API. The text goes to them by
// a pipe, never as an argument.
type desktop struct{}

func (desktop) Read() (string, error)   { return clipboard.ReadAll() }
func (desktop) Write(text string) error { return clipboard.WriteAll(text) }

// systemClipboard returns this machine's clipboard; nil where it has none.
func systemClipboard() ui.Clipboard {
	if clipboard.Unsupported {
		return nil
	}
	return desktop{}
}

// terminalCopy reads terminalCopyVariable.
func (s *session) terminalCopy() (ui.TerminalCopy, error) {
	switch c := ui.TerminalCopy(s.env(terminalCopyVariable)); c {
	case "":
		return ui.TerminalCopyNever, nil
	case ui.TerminalCopyNever, ui.TerminalCopySSH, ui.TerminalCopyAlways:
		return c, nil
	}
	return "", usage("%s is never, ssh or always", terminalCopyVariable)
}
