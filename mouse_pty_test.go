//go:build unix

package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// The buttons of the SGR mouse encoding (xterm control sequences, "extended
// coordinates"), and the modes that ask for it and give it back.
const (
	leftButton = 0
	wheelDown  = 65

	askMouse  = "\x1b[?1002h"
	askSGR    = "\x1b[?1006h"
	giveMouse = "\x1b[?1002l"
)

// point presses a button of the mouse, or turns its wheel, on a text of the screen,
// where every character before it is one cell wide.
func (w *window) point(button int, text string) {
	w.t.Helper()
	w.see(text)
	for y, line := range strings.Split(w.text(), "\n") {
		if before, _, found := strings.Cut(line, text); found {
			x := utf8.RuneCountInString(before) + 2
			w.press(fmt.Sprintf("\x1b[<%d;%d;%dM", button, x, y+1))
			if button == leftButton { // the wheel has nothing to let go
				w.press(fmt.Sprintf("\x1b[<%d;%d;%dm", button, x, y+1))
			}
			return
		}
	}
	w.t.Fatalf("%q has gone from the screen:\n%s", text, w.text())
}

func TestTheMouseOnATerminal(t *testing.T) {
	t.Parallel()
	w := withoutKeychain(t).open(t, 80, 24, "demo", "--clock", onStage, "--still", "--speed", "100")
	w.see("umbrella", "r refresh")
	if sent := w.sent(); !strings.Contains(sent, askMouse) || !strings.Contains(sent, askSGR) {
		t.Error("the terminal was not asked for the mouse")
	}
	w.point(leftButton, " hooli ")
	w.see("12/12")
	w.point(leftButton, " globex ")
	w.see("2/12")
	w.point(leftButton, "r refresh")
	w.see("globex: HTTP 400 invalid_grant")
	w.press("j")
	w.point(leftButton, ": commands")
	w.see("Commands and orgs")
	w.press("tyr")
	w.see(": tyr", "1/1") // before that, each letter may move the row
	w.point(leftButton, "rachael@tyrell.example")
	w.see("? help")
	w.point(leftButton, "? help")
	w.see("Refresh the org under the cursor", "lines 1–")
	w.point(wheelDown, "Refresh the org under the cursor")
	w.see("lines 4–")
	w.press("\x1b")
	w.see("r refresh")
	w.press("M")
	w.see("The mouse is the terminal's")
	if sent := w.sent(); !strings.Contains(sent, giveMouse) {
		t.Error("the mouse was not given back")
	}
	w.press("M")
	w.see("orgkeep's again")
	w.press("k")
	w.point(leftButton, "q quit")
	if code := exitCode(t, w.cmd.Wait()); code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestWithoutTheMouseOnATerminal(t *testing.T) {
	t.Parallel()
	w := withoutKeychain(t).open(t, 80, 24, "demo", "--no-mouse", "--clock", onStage, "--still")
	w.see("umbrella", "r refresh")
	w.press("q")
	if code := exitCode(t, w.cmd.Wait()); code != 0 {
		t.Errorf("exit %d", code)
	}
	if strings.Contains(w.sent(), askMouse) {
		t.Error("the terminal was asked for the mouse")
	}
}
