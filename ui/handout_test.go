package ui

import (
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// What cannot be handed out is shown with the reason, stays unchosen, and the
// other entries are as they were.
func TestWhatCannotBeHandedOutSaysWhy(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		s := newScreen(t, size.w, size.h)
		s.goTo("hooli") // it has no refresh token and was never refreshed
		s.press("e")
		s.fits()
		s.shows("esc  stay")
		for key, why := range map[string]string{
			"c": "nothing can copy here", "r": "no refresh token is saved", "u": "no refresh token is saved", "a": "it has not been refreshed since its tokens were saved",
		} {
			s.press(key)
			if want := key + " is off: " + why + "."; s.model.note != want || s.model.dialog() == nil {
				t.Errorf("%dx%d: %q, want %q", size.w, size.h, s.model.note, want)
			}
		}
		s.press("esc")
		s.shows(nothingChanged)
	}
}

func TestWhyThereIsNoLastAnswer(t *testing.T) {
	t.Parallel()
	if got := noAnswerOff(tokens.Org{Last: &tokens.Attempt{Outcome: tokens.OutcomeRefreshed}}); got != "" {
		t.Errorf("after a refresh that went well: %q", got)
	}
	failed := func(f tokens.Failure) tokens.Org {
		return tokens.Org{Last: &tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: &f}}
	}
	for want, org := range map[string]tokens.Org{
		"it has not been refreshed since its tokens were saved": {},
		"the last refresh got no answer":                        failed(tokens.Failure{Kind: tokens.FailedTransport}),
		"":                                                      failed(tokens.Failure{Kind: tokens.FailedAnswer, HTTPStatus: 400}),
	} {
		if got := noAnswerOff(org); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The curl command and the last answer are shown, without secrets, where nothing can
// copy as where something can.
func TestTheRefreshAndTheLastAnswerAreShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ org, key, title, text string }{
		{"umbrella", "r", "The refresh of umbrella", `--data-urlencode "refresh_token@"<(printf %s "$REFRESH_TOKEN")`},
		{"umbrella", "a", "The last answer to umbrella", "HTTP 400"},
		{"wonka", "a", "The last answer to wonka", `"access_token":"[masked]"`},
	} {
		s := newScreenWith(t, 120, 40, Options{Demo: true}, keychain.Memory())
		s.goTo(c.org)
		secrets := s.secrets(c.org)
		s.press("e", c.key)
		s.until("the text", func() bool { return s.model.overlay == overlayText })
		s.shows(c.title, c.text)
		s.fits()
		if s.leaks(secrets.AccessToken, secrets.RefreshToken) {
			t.Error("a token is on the screen")
		}
		s.press("c")
		s.shows("Nothing can copy here; no clipboard program was found")
		s.press("esc")
		if s.model.overlay != overlayNone || s.model.note != "" {
			t.Errorf("the text does not close: %s", s.model.note)
		}
	}
}
