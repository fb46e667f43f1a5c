package ui

import (
	"regexp"
	"strings"
	"testing"
)

func TestAnOnlineLookIsSaid(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.line("i acme-prod")
	x.says("userinfo, GET /services/oauth2/userinfo", "1 API call:", "DailyApiRequests: ", " used", "That is all the org was asked.", "orgkeep: ")
	x.saysNot("━", "╌", "●")
	if said := x.out.String(); !regexp.MustCompile(`\n  expires at: \S+ \S+ UTC, in \d+h \d+m\n`).MatchString(said) {
		t.Errorf("the end of the access token is not said as a time and as a span: %s", said)
	}
	x.line("p")
	x.line("i 1")
	x.says("That is all the org was asked.")
	x.saysNot("acme.example")
}

// What several answers of an online look mean is said with the first of them.
func TestAnOnlineLookSaysAMeaningOnce(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.model.stage = x.demo
	x.line("f5")
	x.line("i acme-prod")
	x.says("  What it means: what is said of introspection above.", "That is all the org was asked.")
	if all, again := strings.Count(x.out.String(), "  What it means: "), strings.Count(x.out.String(), "  What it means: what is said of"); all != again+1 || again == 0 {
		t.Errorf("of %d meanings %d are not said again: %s", all, again, x.out.String())
	}
}

func TestAComparisonIsSaid(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.line("=")
	x.says("= is off: mark two orgs first")
	x.line("mark acme-prod, acme-uat")
	x.line("=")
	x.says("type differs: sandbox; production", "last: none; refreshed", "the same: ", "orgkeep: ")
}

func TestTheDoctorIsSaid(t *testing.T) {
	t.Parallel()
	free := make(chan struct{})
	close(free)
	x := newSpeech(t, Options{Checks: gated(free)})
	x.line("D")
	x.says(": ok: ", "The doctor: ", "orgkeep: ")
}

func TestWatchingAndChangingInLines(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.line("w acme-prod")
	x.says("acme-prod is watched")
	x.line("acme-prod")
	x.says("watch: on, refreshed below 15m")
	x.line("n hooli")
	x.says("alias: ")
	x.line("hooli-2")
	x.says("hooli-2")
	x.line("T hooli-2")
	x.line("+eu")
	x.says("The tags of hooli-2 are changed.")
	x.line("x hooli-2")
	x.says("Forget hooli-2", "stay, and change nothing")
	x.line("")
	x.says("Nothing was changed.")
}

// What the hand-out menu copies is said where nothing can be copied.
func TestTheRefreshAsCurlAndTheLastAnswerAreHandedOut(t *testing.T) {
	t.Parallel()
	x := newSpeech(t, Options{})
	x.line("e umbrella")
	x.says("c: copy the access token (off: nothing can copy here)", "r: show the refresh as a curl command", "a: show the last answer")
	x.line("r")
	x.says("The refresh of umbrella as a curl command, without secrets:", "grant_type=refresh_token", `"$REFRESH_TOKEN"`, "That is all of it.")
	org, _ := x.model.list.current()
	kept, err := x.model.keeper.Reveal(t.Context(), org.Key)
	if err != nil || strings.Contains(x.out.String(), kept.RefreshToken.Reveal()) {
		t.Errorf("the refresh token was said, or cannot be read: %v", err)
	}
	x.line("e umbrella")
	x.line("a")
	x.says("The last answer to umbrella, without secrets:", "HTTP 400", "invalid_grant")
	x.line("e wonka")
	x.line("a")
	x.says("The last answer to wonka, without secrets:", "HTTP 200", `"access_token":"[masked]"`)
	x.line("e hooli")
	x.says("a: show the last answer, without secrets (off: it has not been refreshed since its tokens were saved")
	x.line("a")
	x.says("a is off: it has not been refreshed since its tokens were saved.")
	x.line("")

	s := newScreen(t, 120, 40)
	s.model.copied.board.clipboard, s.model.copied.whyNot = &board{}, ""
	s.goTo("umbrella")
	s.press("e")
	s.shows("show the refresh as a curl command", "show the last answer")
	s.press("a")
	s.until("the answer", func() bool { return s.model.overlay == overlayText })
	s.press("c")
	s.until("the note", func() bool {
		return strings.Contains(s.model.note, "The last answer to umbrella is copied, without secrets.")
	})

	y := newSpeech(t, Options{}) // where something can copy, it is said too
	held := &board{}
	y.model.copied.board.clipboard, y.model.copied.whyNot = held, ""
	y.line("e umbrella")
	y.line("r")
	y.says("The refresh of umbrella as a curl command, without secrets:", `"$REFRESH_TOKEN"`, "The refresh of umbrella as a curl command is copied, without secrets.")
	if text, _ := held.Read(); !strings.HasPrefix(text, "curl --request POST") {
		t.Errorf("the clipboard has %q", text)
	}
}
