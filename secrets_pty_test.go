//go:build unix

package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orgkeep/keychain/keychaintest"
)

// fakeClipboard is an xclip that keeps what it is given in a file, and what it
// was called with in another. It returns the folder and the two.
func fakeClipboard(t *testing.T) (folder, held, calls string) {
	t.Helper()
	folder = t.TempDir()
	held, calls = filepath.Join(folder, "held"), filepath.Join(folder, "calls")
	script := "#!/bin/sh\necho \"$*\" >> '" + calls + "'\ncase \"$*\" in *-out*) cat '" + held + "';; *) cat > '" + held + "';; esac\n"
	if err := os.WriteFile(filepath.Join(folder, "xclip"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return folder, held, calls
}

// copier is a machine with one org and the program on its screen.
func copier(t *testing.T, env ...string) (*window, login) {
	t.Helper()
	service := keychaintest.Start(t)
	m := newMachine(t, append(service.Env(), env...)...)
	l := newLogin(t, 1, "https://acme.my.salesforce.com")
	m.feed(t, strings.NewReader(""), "import", "--client-id", "PlatformCLI", "--alias", "acme-prod", l.file(t)).expect(t, 0)
	w := m.open(t, 120, 30)
	w.see("acme-prod", "r refresh")
	return w, l
}

// content is a file's, empty while there is none.
func content(name string) string {
	text, _ := os.ReadFile(name)
	return string(text)
}

func TestACopiedTokenLeavesTheClipboardWithTheProgram(t *testing.T) {
	t.Parallel()
	folder, held, calls := fakeClipboard(t)
	w, l := copier(t, "PATH="+folder+":"+os.Getenv("PATH"))
	w.press("c")
	w.see("acme-prod's access token is on the clipboard; cleared in 45 s.")
	if content(held) != l.access {
		t.Fatal("the clipboard has not the access token")
	}
	w.see("token on clipboard 44 s") // the countdown runs
	w.press("q")
	if code := exitCode(t, w.cmd.Wait()); code != 0 {
		t.Errorf("exit %d", code)
	}
	if content(held) != "" {
		t.Error("the token is still on the clipboard")
	}
	for _, secret := range []string{l.access, l.refresh} {
		if strings.Contains(w.sent(), secret) || strings.Contains(content(calls), secret) {
			t.Error("a token went to the terminal or into arguments")
		}
	}
}

func TestTheClipboardOfSomebodyElseIsLeftAlone(t *testing.T) {
	t.Parallel()
	folder, held, _ := fakeClipboard(t)
	w, _ := copier(t, "PATH="+folder+":"+os.Getenv("PATH"))
	w.press("c")
	w.see("is on the clipboard")
	if err := os.WriteFile(held, []byte("a shopping list"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.press("q")
	if code := exitCode(t, w.cmd.Wait()); code != 0 || content(held) != "a shopping list" {
		t.Errorf("exit %d, the clipboard has %q", code, content(held))
	}
}

// Over SSH the clipboard program of the far machine is not the person's.
func TestOverSSHTheTerminalCopiesOnlyWhereAllowed(t *testing.T) {
	t.Parallel()
	for _, allowed := range []string{"never", "ssh"} {
		t.Run(allowed, func(t *testing.T) {
			t.Parallel()
			folder, held, _ := fakeClipboard(t)
			w, l := copier(t, "PATH="+folder+":"+os.Getenv("PATH"), "SSH_TTY=/dev/pts/9", "ORGKEEP_CLIPBOARD_OSC52="+allowed)
			w.press("c")
			order := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(l.access)) + "\a"
			if allowed == "never" {
				w.see("c is off: over SSH only the terminal can copy", "--clipboard-osc52 ssh allows it")
			} else {
				w.see("acme-prod's access token was sent to the terminal's clipboard")
			}
			w.press("q")
			if code := exitCode(t, w.cmd.Wait()); code != 0 {
				t.Errorf("exit %d", code)
			}
			<-w.over
			if sent := w.sent(); strings.Contains(sent, order) != (allowed == "ssh") || strings.Contains(sent, noClipboard) != (allowed == "ssh") {
				t.Errorf("copied %v, cleared %v", strings.Contains(sent, order), strings.Contains(sent, noClipboard))
			}
			if content(held) != "" || strings.Contains(w.sent(), l.access) {
				t.Error("the token went elsewhere too")
			}
			if allowed == "never" && strings.Contains(w.sent(), base64.StdEncoding.EncodeToString([]byte(l.access))) {
				t.Error("the token went to the terminal")
			}
		})
	}
}

// noClipboard tells a terminal to empty its clipboard (OSC 52).
const noClipboard = "\x1b]52;c;\a"

func TestARevealedTokenIsHiddenWhenTheWindowLosesItsFocus(t *testing.T) {
	t.Parallel()
	w, l := copier(t)
	w.press("v")
	w.see("Shown for 10 s more", "Shown for 9 s more", l.access[:30])
	w.press("\x1b[O") // focus lost
	w.see(l.access[:5] + "…")
	if strings.Contains(w.text(), l.access[:30]) {
		t.Errorf("the token is still shown:\n%s", w.text())
	}
	for _, title := range slices.Concat(titles(w.sent(), "\x1b]0;"), titles(w.sent(), "\x1b]2;")) {
		if title != "orgkeep" && title != "" {
			t.Errorf("the window is called %q", title)
		}
	}
}

// titles are the window titles that were set by a sequence.
func titles(sent, sequence string) []string {
	var out []string
	for _, part := range strings.Split(sent, sequence)[1:] {
		out = append(out, part[:strings.IndexAny(part, "\a\x1b")])
	}
	return out
}
