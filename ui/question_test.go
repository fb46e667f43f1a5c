package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

func TestAQuestionIsAskedOnTheScreen(t *testing.T) {
	t.Parallel()
	questions := make(chan Question)
	s := newScreenWith(t, 80, 24, Options{Demo: true, Questions: questions}, keychain.Memory())
	s.start(awaitQuestion(questions))
	ask := func() chan tokens.Secret {
		answer := make(chan tokens.Secret, 1)
		questions <- Question{Title: "Passphrase of the vault", Text: "The vault keeps the tokens.", Answer: answer}
		s.hears()
		s.shows("Passphrase of the vault", "The vault keeps the tokens.")
		return answer
	}
	answer := ask()
	s.typeText("correct ")
	s.tell(tea.PasteMsg{Content: "horse"})
	s.showsNot("correct", "horse")
	s.press("enter")
	if got := <-answer; got.Reveal() != "correct horse" {
		t.Error("the answer is not what was typed")
	}
	answer = ask()
	s.press("esc")
	if got := <-answer; !got.IsZero() {
		t.Error("giving up is no absent answer")
	}
	s.showsNot("Passphrase of the vault")
}
