package ui

import (
	"strings"
	"testing"

	"orgkeep/tokens"
	"orgkeep/tokens/keeper"
)

const otherUserID = "005410000031xBBAAY"

// What an answer contradicts stands in the tab, in lines too, and names nobody in
// private mode.
func TestAnAnswerOfAnotherLoginIsSeen(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 400, 160)
	s.goTo("acme-prod")
	s.look()
	s.showsNot("wrong: ")
	for i := range s.model.looking.found {
		switch f := &s.model.looking.found[i]; f.Part {
		case keeper.PartUserinfo:
			f.Other, f.Wrong = true, []string{"the saved user id is 005410000031xAAAAY, and userinfo names " + otherUserID}
			f.Notes = []string{"Nothing of this answer was taken over."}
			if said := strings.Join(s.model.findingWords(f), "\n"); !strings.Contains(said, "  wrong: the saved user id") || !strings.Contains(said, "  Nothing of this answer") {
				t.Errorf("in lines: %s", said)
			}
		case keeper.PartLimits:
			f.LimitsUnread = 3
			if said := strings.Join(s.model.findingWords(f), "\n"); !strings.Contains(said, "  and 3 that cannot be read") {
				t.Errorf("in lines: %s", said)
			}
		case keeper.PartTokens, keeper.PartIntrospection, keeper.PartVersions, keeper.PartOrganization, keeper.PartKeys:
		}
	}
	s.press("tab", "2")
	s.shows("wrong: the saved user id is 005410000031xAAAAY", otherUserID, "Nothing of this answer was taken over.", "and 3 that cannot be read", "✗ userinfo")
	s.press("p")
	s.shows("wrong: the saved user id is")
	s.showsNot(otherUserID)
}

// A row learns the type that the org's record told, and keeps one that it has.
func TestARowLearnsItsType(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("acme-prod")
	org, _ := s.model.list.current()
	told := org
	told.Type = tokens.Sandbox
	for _, take := range []func(tokens.Org){s.model.takeTold, s.model.learned} {
		org.Type = tokens.TypeUnknown
		s.model.list.replace(org)
		take(told)
		if now, _ := s.model.list.current(); now.Type != tokens.Sandbox {
			t.Errorf("an unknown type became %s", now.Type)
		}
		org.Type = tokens.Production
		s.model.list.replace(org)
		take(told)
		if now, _ := s.model.list.current(); now.Type != tokens.Production {
			t.Errorf("a known type became %s", now.Type)
		}
	}
}

func TestATestOfAnotherLoginsTokenIsSaid(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 200, 40)
	s.goTo("acme-prod")
	org, _ := s.model.list.current()
	s.tell(accessTestedMsg{org: org, err: &tokens.Failure{
		Kind: tokens.FailedAnswer, HTTPStatus: 200, Problem: tokens.ProblemOtherLogin + ": the saved user id is 005410000031xAAAAY, and userinfo names " + otherUserID,
	}})
	s.shows("acme-prod accepts the access token, which is of another login: the saved user id is 005410000031xAAAAY")
}
