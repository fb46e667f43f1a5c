//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// window is the program in a terminal whose screen can be read.
type window struct {
	t    testing.TB
	tty  *os.File
	cmd  *exec.Cmd
	term *vt.SafeEmulator
	more chan struct{} // has an item when the screen may have changed
	over chan struct{} // closed when the program has written its last

	mu  sync.Mutex
	raw strings.Builder
}

func (m *machine) open(t testing.TB, cols, rows uint16, args ...string) *window {
	t.Helper()
	cmd := m.command(t, args...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: rows, Cols: cols})
	if err != nil {
		t.Fatal(err)
	}
	w := &window{t: t, tty: tty, cmd: cmd, term: vt.NewSafeEmulator(int(cols), int(rows)), more: make(chan struct{}, 1), over: make(chan struct{})}
	// What the terminal answers. The emulator cannot be closed beside a Read, so
	// this ends with the tests.
	go func() { _, _ = io.Copy(tty, w.term) }()
	go func() { _, _ = io.Copy(w, tty); close(w.over) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = tty.Close()
	})
	return w
}

// Write takes what the program has drawn.
func (w *window) Write(p []byte) (int, error) {
	w.mu.Lock()
	w.raw.Write(p)
	w.mu.Unlock()
	n, err := w.term.Write(p)
	select {
	case w.more <- struct{}{}:
	default:
	}
	return n, err
}

func (w *window) text() string { return ansi.Strip(w.term.Render()) }

func (w *window) sent() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.raw.String()
}

// see waits until the screen shows every one of the words.
func (w *window) see(words ...string) {
	w.t.Helper()
	for _, word := range words {
		w.until(fmt.Sprintf("%q", word), func() bool { return strings.Contains(w.text(), word) })
	}
}

// until waits for what the program draws to bring a condition about.
func (w *window) until(what string, holds func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	for !holds() {
		select {
		case <-w.more:
		case <-ctx.Done():
			w.t.Fatalf("waited in vain for %s; the screen shows\n%s", what, w.text())
		}
	}
}

func (w *window) press(keys string) {
	w.t.Helper()
	if _, err := io.WriteString(w.tty, keys); err != nil {
		w.t.Fatal(err)
	}
}

const onStage = "2026-11-23T09:00:00Z"

func TestTheDemoOnATerminal(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ cols, rows uint16 }{{60, 15}, {80, 24}, {120, 30}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size.cols, size.rows), func(t *testing.T) {
			t.Parallel()
			w := withoutKeychain(t).open(t, size.cols, size.rows, "demo", "--clock", onStage, "--still", "--speed", "100")
			w.see("umbrella", "r refresh")
			w.press("/globex\r")
			w.see("1/1")
			w.press("r")
			w.see("globex: HTTP 400 invalid_grant")
			w.press("g")
			w.see("r refresh")
			w.see("DEMO", "12 orgs", "✗", "globex", "PROD", "27d 20h", "expired", "2d !", "HTTP 400", "1/1", "q quit")
			lines := strings.Split(w.text(), "\n")
			if len(lines) != int(size.rows) || !strings.HasPrefix(lines[1], "╭ Orgs /globex ─") || !strings.HasSuffix(strings.TrimRight(lines[1], " "), "╮") {
				t.Errorf("the screen is\n%s", w.text())
			}
			w.press("\r")
			w.see("The endpoint said", "expired access/refresh token")
			w.press("q")
			w.see("r refresh")
			w.press("q")
			if code := exitCode(t, w.cmd.Wait()); code != 0 {
				t.Errorf("exit %d", code)
			}
		})
	}
}

func TestColoursFollowTheTerminal(t *testing.T) {
	t.Parallel()
	for env, want := range map[string]string{
		"COLORTERM=truecolor": "38;2;", "COLORTERM=": "38;5;", "NO_COLOR=yes": "",
	} {
		t.Run(env, func(t *testing.T) {
			t.Parallel()
			m := withoutKeychain(t)
			m.env = append(m.env, "TERM=xterm-256color", env)
			w := m.open(t, 120, 30, "demo", "--clock", onStage)
			w.see("umbrella", "r refresh")
			sent := w.sent()
			if coloured := strings.Contains(sent, "38;2;") || strings.Contains(sent, "38;5;"); coloured != (want != "") || !strings.Contains(sent, want) {
				t.Errorf("the program sent no %q: %q", want, sent[:min(len(sent), 2000)])
			}
		})
	}
}

func TestASignalLeavesTheTerminalAsItWas(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			w := withoutKeychain(t).open(t, 120, 30, "demo", "--clock", onStage, "--speed", "4")
			w.see("umbrella")
			w.press("G")
			w.press("/initech\rr")
			w.see("waiting for endpoint")
			if err := w.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if code := exitCode(t, w.cmd.Wait()); code != 0 {
				t.Errorf("exit %d", code)
			}
			ctx, cancel := context.WithTimeout(context.Background(), runLimit)
			defer cancel()
			for !strings.Contains(w.sent(), ansi.ResetModeAltScreenSaveCursor) {
				select {
				case <-w.more:
				case <-ctx.Done():
					t.Fatal("the alternate screen was not left")
				}
			}
			if sent := w.sent(); !strings.Contains(sent, "Finishing what was sent") || strings.LastIndex(sent, ansi.SetModeTextCursorEnable) < strings.LastIndex(sent, ansi.ResetModeTextCursorEnable) {
				t.Error("what was sent was not finished, or the cursor is still hidden")
			}
		})
	}
}
