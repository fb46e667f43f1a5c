package ui

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orgkeep/keychain"
	"orgkeep/tokens"
	"orgkeep/ui/settings"
)

func stripped(text string) string { return ansi.Strip(text) }

// board is a clipboard in memory.
type board struct {
	mu    sync.Mutex
	text  string
	err   error // of reading
	fails error // of writing
}

func (b *board) Read() (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text, b.err
}

func (b *board) Write(text string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails == nil {
		b.text = text
	}
	return b.fails
}

// copying is a screen that has copied acme-prod's access token.
func copying(t *testing.T, o Options) (*screen, tokens.Secrets) {
	t.Helper()
	o.Demo = true
	s := newScreenWith(t, 140, 30, o, keychain.Memory())
	s.goTo("acme-prod")
	s.press("c")
	s.until("the copy", func() bool { return s.model.copied.left > 0 || s.model.noteBad })
	return s, s.secrets("acme-prod")
}

// pass lets the seconds of the countdown pass.
func (s *screen) pass(seconds int) {
	for range seconds {
		s.tell(copyTickedMsg{asked: s.model.copied.asked})
	}
}

func TestACopiedTokenIsClearedInTime(t *testing.T) {
	t.Parallel()
	b := &board{}
	s, secrets := copying(t, Options{Clipboard: b})
	if b.text != secrets.AccessToken.Reveal() {
		t.Fatal("the clipboard has not the access token")
	}
	s.shows("acme-prod's access token is on the clipboard; cleared in 45 s.", "token on clipboard 45 s")
	s.pass(44)
	s.shows("token on clipboard 1 s")
	if b.text == "" {
		t.Error("it was cleared too early")
	}
	s.pass(1)
	s.until("the clearing", func() bool { return strings.Contains(s.model.note, "was cleared") })
	s.showsNot("token on clipboard")
	if b.text != "" {
		t.Error("it was not cleared")
	}
}

func TestWhatWasCopiedSinceIsLeftAlone(t *testing.T) {
	t.Parallel()
	b := &board{}
	s, _ := copying(t, Options{Clipboard: b})
	_ = b.Write("a shopping list")
	s.pass(45)
	s.until("the look", func() bool { return strings.Contains(s.model.note, "left alone") })
	s.model.copied.end(nil)
	if b.text != "a shopping list" {
		t.Error("somebody else's text was cleared")
	}
}

func TestAnotherCopyBeginsAnotherCountdown(t *testing.T) {
	t.Parallel()
	b := &board{}
	s, _ := copying(t, Options{Clipboard: b})
	s.pass(40)
	s.goTo("hooli")
	first := s.model.copied.asked
	s.press("c")
	s.until("the second copy", func() bool { return s.model.copied.alias == "hooli" })
	for range 45 {
		s.tell(copyTickedMsg{asked: first})
	}
	s.shows("token on clipboard 45 s")
	if b.text != s.secrets("hooli").AccessToken.Reveal() {
		t.Error("the first countdown cleared the second token")
	}
}

func TestAClipboardThatCannotBeReadIsToldOf(t *testing.T) {
	t.Parallel()
	b := &board{}
	s, secrets := copying(t, Options{Clipboard: b})
	b.err = errors.New("no display")
	s.pass(45)
	s.until("the failure", func() bool { return s.model.noteBad })
	s.shows("The clipboard could not be cleared of acme-prod's access token: no display.")
	b.err = nil
	s.model.copied.end(nil) // the last try
	if b.text == secrets.AccessToken.Reveal() {
		t.Error("the token is still there after the program's end")
	}
}

func TestTheEndOfTheProgramClearsTheClipboard(t *testing.T) {
	t.Parallel()
	b := &board{}
	s, secrets := copying(t, Options{Clipboard: b})
	s.model.copied.end(nil)
	if b.text != "" {
		t.Error("the token is still there")
	}
	if err := s.model.copied.board.put(secrets.AccessToken); !errors.Is(err, errLeaving) || b.text != "" {
		t.Errorf("a copy after the end: %v", err)
	}
}

func TestWhereATokenCanBeCopied(t *testing.T) {
	t.Parallel()
	ssh, forwarded := []string{"SSH_TTY=/dev/pts/1"}, []string{"SSH_TTY=/dev/pts/1", "DISPLAY=localhost:10.0"}
	for name, c := range map[string]struct {
		o        Options
		terminal bool
		why      string
	}{
		"a desktop":             {o: Options{Clipboard: &board{}}},
		"a desktop, always":     {o: Options{Clipboard: &board{}, Settings: allowing(settings.OSC52Always)}},
		"nothing":               {why: "--clipboard-osc52 always"},
		"nothing, ssh":          {o: Options{Settings: allowing(settings.OSC52SSH)}, why: "--clipboard-osc52 always"},
		"nothing, always":       {o: Options{Settings: allowing(settings.OSC52Always)}, terminal: true},
		"over ssh":              {o: Options{Clipboard: &board{}, Environ: ssh}, why: "--clipboard-osc52 ssh"},
		"over ssh, never":       {o: Options{Environ: ssh, Settings: allowing(settings.OSC52Never)}, why: "--clipboard-osc52 ssh"},
		"over ssh, ssh":         {o: Options{Clipboard: &board{}, Environ: ssh, Settings: allowing(settings.OSC52SSH)}, terminal: true},
		"over ssh with display": {o: Options{Clipboard: &board{}, Environ: forwarded, Settings: allowing(settings.OSC52SSH)}},
	} {
		got := newCopied(c.o, c.o.Settings.OrDefault())
		if got.terminal != c.terminal || !strings.Contains(got.whyNot, c.why) || (got.whyNot == "") != (c.why == "") {
			t.Errorf("%s: by the terminal %v, %q", name, got.terminal, got.whyNot)
		}
	}
	s := newScreen(t, 120, 30)
	s.press("c")
	s.shows("c is off: no clipboard program was found", "--clipboard-osc52 always lets the terminal copy.")
}

func TestTheTerminalCopiesWhereItIsAllowed(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 120, 30, Options{Demo: true, Settings: allowing(settings.OSC52Always)}, keychain.Memory())
	s.goTo("acme-prod")
	org, _ := s.model.list.current()
	s.press("c")
	answer := copyToken(t.Context(), s.model.keeper, nil, org, s.model.copied.asked, true)()
	batch, is := answer.(tea.BatchMsg)
	if !is || len(batch) != 2 || fmt.Sprint(batch[0]()) != s.secrets("acme-prod").AccessToken.Reveal() {
		t.Fatalf("the terminal is not told to copy")
	}
	s.tell(batch[1]())
	s.shows("acme-prod's access token was sent to the terminal's clipboard, which is cleared in 45 s whatever it holds then.")
	var out strings.Builder
	s.model.copied.end(&out)
	if out.String() != ansi.ResetSystemClipboard {
		t.Errorf("at the end the terminal is sent %q", out.String())
	}
	s.pass(45)
	out.Reset()
	if s.model.copied.end(&out); out.Len() > 0 {
		t.Errorf("after the clearing the terminal is sent %q", out.String())
	}
}

// allowing are the settings that let the terminal copy.
func allowing(osc52 string) settings.Settings {
	s := settings.Default()
	s.ClipboardOSC52 = osc52
	return s
}
