package ui

import (
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"orgkeep/keychain"
	"orgkeep/ui/settings"
)

// outside is a clipboard that must not be touched.
type outside struct{ t *testing.T }

func (o outside) Read() (string, error) {
	o.t.Error("the clipboard of the machine was read")
	return "", errors.New("not for the demo")
}

func (o outside) Write(string) error {
	o.t.Error("the clipboard of the machine was written")
	return errors.New("not for the demo")
}

// newEnclosed is a screen as the demo has it, on a machine that could copy in
// every way.
func newEnclosed(t *testing.T, w, h int) *screen {
	t.Helper()
	return newScreenWith(t, w, h, Options{
		Demo: true, Enclosed: true, Clipboard: outside{t}, Settings: allowing(settings.OSC52Always), Environ: []string{"SSH_TTY=/dev/pts/1"},
	}, keychain.Memory())
}

// own is what the screen's own clipboard has.
func (s *screen) own() string {
	s.t.Helper()
	text, err := s.model.copied.board.clipboard.Read()
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

func TestTheDemoCopiesToAClipboardOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newEnclosed(t, 140, 30)
	s.goTo("acme-prod")
	s.press("c")
	s.until("the copy", func() bool { return s.model.copied.left > 0 })
	s.shows("acme-prod's access token is on the demo's own clipboard, cleared in 45 s; nothing can be pasted elsewhere.", "token on clipboard 45 s")
	if s.own() != s.secrets("acme-prod").AccessToken.Reveal() {
		t.Error("the demo's clipboard has not the access token")
	}
	s.pass(45)
	s.until("the clearing", func() bool { return strings.Contains(s.model.note, "The demo's own clipboard was cleared") })
	if s.own() != "" {
		t.Error("the token is still there")
	}
	s.press("e", "v")
	s.until("the lines for a shell", func() bool { return s.model.copied.left > 0 })
	if !strings.Contains(s.own(), "SF_ACCESS_TOKEN") {
		t.Errorf("the clipboard has %q", s.own())
	}
	s.goTo("globex")
	s.press("r")
	s.settle()
	s.press("y")
	s.until("the report", func() bool { return strings.Contains(s.own(), "invalid_grant") })
	s.shows("The demo has a clipboard of its own.")
	var out strings.Builder
	if s.model.copied.end(&out); strings.Contains(out.String(), ansi.ResetSystemClipboard) {
		t.Error("the terminal was told to clear its clipboard")
	}
}

func TestTheDemoWritesNoFile(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newEnclosed(t, size.w, size.h)
		s.goTo("acme-prod")
		s.press("e")
		s.fits()
		s.shows("write a token file")
		if size.h > MinHeight { // else the text scrolls
			s.shows("Files are off: the demo writes no file.")
		}
		for _, key := range []string{"j", "u", "m"} {
			s.press(key)
			s.shows(key+" is off: the demo writes no file.", "Hand out acme-prod")
		}
		s.press("esc")
		s.shows(nothingChanged)
	}
	// Where files are written, none of it is off.
	s := newScreen(t, 120, 40)
	s.goTo("acme-prod")
	s.press("e")
	s.showsNot("the demo writes no file")
	s.press("j")
	s.shows("A token file of acme-prod")
}

// In lines a report of the demo is said, since nothing could paste it.
func TestTheDemoInLines(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{Enclosed: true, Clipboard: outside{t}})
	x.line("e wonka")
	x.says("Files are off: the demo writes no file.", "(off: the demo writes no file)")
	x.line("j")
	x.says("j is off: the demo writes no file.")
	x.line("")
	x.line("c wonka")
	x.says("the demo's own clipboard")
	x.line("y umbrella")
	x.says("The report on umbrella, without secrets:", "End of the report.")
}
