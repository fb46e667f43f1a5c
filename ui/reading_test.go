package ui

import (
	"strings"
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// opensText opens the curl command or the last answer of umbrella.
func (s *screen) opensText(key string) {
	s.t.Helper()
	s.goTo("umbrella")
	s.press("e", key)
	s.until("the text", func() bool { return s.model.overlay == overlayText })
	s.fits()
}

// The demo shows the refresh and the last answer too, and copies them to its own
// clipboard, in the smallest window as well.
func TestTheDemoShowsTheRefreshAndTheLastAnswer(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newEnclosed(t, size.w, size.h)
		s.opensText("r")
		s.shows("curl --request POST \\", "grant_type=refresh_token", "esc close", "c copy")
		s.press("c")
		s.until("the copy", func() bool { return s.own() != "" })
		s.said("The refresh of umbrella as a curl command is copied, without secrets.")
		if s.own() != s.model.reading.text || !strings.Contains(s.own(), " \\\n  --data-urlencode 'grant_type=refresh_token' \\\n") {
			t.Errorf("%dx%d: the clipboard has\n%s", size.w, size.h, s.own())
		}
		s.press("x") // nothing below may be changed
		s.shows("x works in the list; esc goes back to it.")
		s.press("esc")
		s.showsNot("curl --request")
		s.opensText("a")
		s.shows("HTTP 400")
		s.press("esc")
		if s.model.overlay != overlayNone {
			t.Error("the answer does not close")
		}
	}
	s := newScreen(t, 60, 15)
	s.opensText("a")
	s.tell(reportedMsg{orgs: []tokens.Org{{Alias: "umbrella"}}, what: "The last answer to umbrella", text: "first\n" + strings.Repeat("line\n", 30) + "last\n"})
	for key, at := range map[string]string{"G": "lines 22–32 of 32", "pgdown": "lines 11–21 of 32", "j": "lines 2–12 of 32"} {
		s.press(key)
		s.shows(at)
		s.press("g")
		s.shows("first", "lines 1–11 of 32")
	}
	s.press("esc") // two texts are one thing to leave
	if s.model.overlay != overlayNone {
		t.Error("the answer does not close")
	}
}

// The lines of a command stay whole: what is not in the window comes with l.
func TestALongCommandGoesSideways(t *testing.T) {
	t.Parallel()
	s := newEnclosed(t, 60, 15)
	s.opensText("r")
	s.shows("h/l sideways", `--data-urlencode "refresh_token@"<(printf %s "$REFRES…`)
	s.press("l", "right")
	s.fits()
	s.shows(`"$REFRESH_TOKEN")`)
	s.showsNot("--data-urlencode")
	s.press("h", "left", "h")
	s.shows("--data-urlencode")
	s.press("?")
	s.shows("Keys")
	s.press("esc")
	s.shows("curl --request")

	wide := newEnclosed(t, 200, 50)
	wide.opensText("r")
	wide.showsNot("sideways")
	wide.press("l")
	wide.shows("No line is longer than the window is wide.", "curl --request")
}

// A text that was opened from the open org goes back to it; private mode hides the
// names in it, and says that the copy has them.
func TestATextKeepsWhatItLiesOverAndPrivateMode(t *testing.T) {
	t.Parallel()
	s := newEnclosed(t, 80, 24)
	s.goTo("umbrella")
	s.press("enter", "p", "e", "a")
	s.until("the text", func() bool { return s.model.overlay == overlayText })
	s.shows("HTTP 400")
	s.nameless("e a")
	s.press("c")
	s.until("the copy", func() bool { return s.own() != "" })
	s.shows("is copied, without secrets but with the real names.", "The demo has a clipboard of its own.")
	s.press("esc")
	if s.model.overlay != overlayDetail {
		t.Error("the org is not open any more")
	}
}

func TestNoTextIsShownWhereThereIsNone(t *testing.T) {
	t.Parallel()
	s := newScreenWith(t, 80, 24, Options{Demo: true}, keychain.Memory())
	s.goTo("wonka")
	s.tell(reportedMsg{orgs: []tokens.Org{{Alias: "wonka"}}, what: "The last answer to wonka", err: errNoAnswer})
	s.shows("is not kept")
	if s.model.overlay != overlayNone {
		t.Error("an empty text is shown")
	}
}
