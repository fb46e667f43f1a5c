package cli

import (
	"github.com/atotto/clipboard"

	"orgkeep/ui"
)

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
