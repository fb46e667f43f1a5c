package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orgkeep/keychain"
	"orgkeep/tokens"
)

// org tells whether the list has an org of that name, and which.
func (s *screen) org(alias string) (tokens.Org, bool) {
	for _, org := range s.model.list.orgs {
		if org.Alias == alias {
			return org, true
		}
	}
	return tokens.Org{}, false
}

// said waits for a note that has the words.
func (s *screen) said(words string) {
	s.t.Helper()
	s.until("the note "+words, func() bool { return strings.Contains(s.model.note, words) })
}

// clearInput empties the input of a dialog.
func (s *screen) clearInput() {
	for range s.model.dialog().input.Value() {
		s.press("backspace")
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-uat")
	s.press("n")
	s.shows("Rename acme-uat", "alias: acme-uat")
	s.clearInput()
	s.typeText("uat-of-acme")
	s.press("enter")
	s.said("acme-uat is called uat-of-acme now.")
	if _, there := s.org("uat-of-acme"); !there || s.model.currentAlias() != "uat-of-acme" {
		t.Errorf("the cursor is on %s", s.model.currentAlias())
	}
	s.press("n")
	s.clearInput()
	s.typeText("acme-prod")
	s.press("enter")
	s.shows("Rename uat-of-acme", "alias: acme-prod", "acme-prod is another org's alias.")
	s.press("2")
	s.shows("alias: acme-prod2")
	s.showsNot("another org's alias")
	s.clearInput()
	s.typeText("two words")
	s.press("enter")
	s.shows("alias: two words", "Alias cannot be used: ")
	s.press("esc")
	s.press("n", "enter")
	s.shows(nothingChanged)
	if _, there := s.org("uat-of-acme"); !there {
		t.Error("the alias was lost")
	}
}

// An alias that another process has just given away is refused by the ledger.
func TestARefusedRenameIsAskedForOnceMore(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-uat")
	org, _ := s.org("acme-uat")
	other, _ := s.org("wonka")
	if _, err := s.model.keeper.Rename(t.Context(), other, "taken"); err != nil {
		t.Fatal(err)
	}
	s.press("n")
	s.clearInput()
	s.typeText("taken")
	s.press("enter")
	s.hears()
	s.shows("Rename acme-uat", "alias: taken", "taken is another org's alias.")
	s.clearInput()
	s.typeText("free")
	s.press("enter")
	s.said("acme-uat is called free now.")
	if renamed, there := s.org("free"); !there || renamed.Key != org.Key {
		t.Error("the org has not the other alias")
	}
}

func TestTagsOfTheMarkedOrgs(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	for _, alias := range []string{"acme-uat", "acme-prod"} {
		s.goTo(alias)
		s.press("space")
	}
	s.press("T")
	s.shows("Tags of 2 orgs")
	s.typeText("+vip extra -acme")
	s.press("enter")
	s.said("The tags of 2 orgs are changed.")
	for _, alias := range []string{"acme-uat", "acme-prod"} {
		org, _ := s.org(alias)
		if !slices.Contains(org.Tags, "vip") || !slices.Contains(org.Tags, "extra") || slices.Contains(org.Tags, "acme") {
			t.Errorf("%s: %v", alias, org.Tags)
		}
	}
	s.press("T")
	s.shows("A hyphen before a tag takes it away; a plus, or nothing, gives it.")
	s.typeText("+a,b")
	s.press("enter")
	s.shows("Tags of 2 orgs", "+tag -tag: +a,b", "a,b has a space, a comma,")
}

func TestForgetOneOrg(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-uat")
	org, _ := s.org("acme-uat")
	s.press("x", "esc")
	s.shows(nothingChanged)
	s.press("x")
	s.shows("Forget acme-uat", "revoke at Salesforce, then forget")
	s.press("f")
	s.said("1 of 1 forgotten; the tokens were not revoked.")
	s.showsNot("acme-uat")
	if _, err := s.store.Get(t.Context(), string(org.Key)); err == nil {
		t.Error("the keychain still has its tokens")
	}
}

func TestWhatIsNotForgottenWithAnOrgIsSaid(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("acme-uat")
	s.press("x")
	s.showsNot("Salesforce CLI", "token file")
	s.press("esc")
	org, _ := s.org("acme-uat")
	org.Shared, org.Mirror = tokens.Shared{Mode: tokens.SharedLocked, Username: "ada@acme.example"}, "/acme.json"
	s.model.list.replace(org)
	s.press("x")
	s.shows("The Salesforce CLI has the same login of acme-uat: to revoke it ends it", "The token file of acme-uat stays on the disk")
}

func TestProductionIsForgottenByItsAliasOnly(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-prod")
	s.press("x", "f")
	s.shows("This is production. Type acme-prod to go on.")
	s.typeText("acme-uat")
	s.press("enter")
	if _, there := s.org("acme-prod"); !there || s.model.removal.busy {
		t.Fatal("another alias was enough")
	}
	s.typeText("acme-prod")
	s.press("enter")
	s.said("1 of 1 forgotten")
	if _, there := s.org("acme-prod"); there {
		t.Error("it is still in the list")
	}
}

// The type of an org is read off its host, which may have none of Salesforce's
// forms. The command has the same rule.
func TestAnOrgOfUnknownTypeIsForgottenByItsAliasOnly(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-uat")
	org, _ := s.org("acme-uat")
	org.Type = tokens.TypeUnknown
	s.model.list.replace(org)
	s.press("x", "f")
	s.shows("This may be production. Type acme-uat to go on.")
	s.press("enter")
	if _, there := s.org("acme-uat"); !there || s.model.removal.busy {
		t.Fatal("enter was enough")
	}
	s.press("x", "f")
	s.typeText("acme-uat")
	s.press("enter")
	s.said("1 of 1 forgotten")
}

// Those that cannot be revoked stay, and it is said why: one has no tokens any
// more, of the other the endpoint is down.
func TestWhatCannotBeRevokedStays(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	var sandboxes []tokens.Org
	for _, org := range s.model.list.orgs {
		if org.Type == tokens.Sandbox && len(sandboxes) < 2 {
			sandboxes = append(sandboxes, org)
		}
	}
	for _, org := range sandboxes {
		s.goTo(org.Alias)
		s.press("space")
	}
	s.demo.SetOutage(true)
	if err := s.store.Delete(t.Context(), string(sandboxes[0].Key)); err != nil {
		t.Fatal(err)
	}
	s.press("x", "r")
	s.hears()
	s.shows("2 not forgotten", "0 of 2 revoked and forgotten.", "no token is saved that could be revoked", "the tokens were not revoked and nothing was deleted")
	s.press("esc")
	for _, org := range sandboxes {
		if _, there := s.org(org.Alias); !there {
			t.Errorf("%s is gone", org.Alias)
		}
	}
	s.press("x", "f")
	s.said("2 of 2 forgotten")
	for _, org := range sandboxes {
		if _, there := s.org(org.Alias); there {
			t.Errorf("%s is still there", org.Alias)
		}
	}
}

func TestHandOutFiles(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-uat")
	secrets := s.secrets("acme-uat")
	folder := t.TempDir()
	for key, file := range map[string]string{"j": "acme.json", "u": "acme.txt"} {
		path := filepath.Join(folder, file)
		for _, want := range []string{"is written to", "it is there already"} {
			s.press("e")
			s.shows("Hand out acme-uat")
			s.press(key)
			s.clearInput()
			s.typeText(path)
			s.press("enter")
			s.said(want)
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), secrets.RefreshToken.Reveal()) {
			t.Errorf("%s: %v", file, err)
		}
	}
	s.showsNot(secrets.RefreshToken.Reveal(), secrets.AccessToken.Reveal())
}

func TestHandOutByTheClipboard(t *testing.T) {
	t.Parallel()
	b := &board{}
	s := newScreenWith(t, 120, 30, Options{Demo: true, Clipboard: b}, keychain.Memory())
	s.goTo("acme-uat")
	access := s.secrets("acme-uat").AccessToken.Reveal()
	for key, want := range map[string]string{"c": access, "v": "export SF_ACCESS_TOKEN='" + access + "'\nexport SF_INSTANCE_URL="} {
		s.press("e", key)
		s.said("acme-uat's access token is on the clipboard")
		if text, _ := b.Read(); !strings.HasPrefix(text, want) {
			t.Errorf("%s: %d bytes are on the clipboard", key, len(text))
		}
		s.pass(45)
		s.said("The clipboard was cleared")
		if text, _ := b.Read(); text != "" {
			t.Error("the clipboard was not cleared")
		}
	}
	away := newScreen(t, 120, 30)
	away.goTo("acme-uat")
	away.press("e")
	away.shows("Nothing can be copied", "copy the access token (off: nothing can copy here)", "show the refresh as a curl command")
	away.press("c")
	away.shows("c is off: nothing can copy here.", "Hand out acme-uat")
}

// In private mode no question has the real name.
func TestTheQuestionsKeepPrivateModePrivate(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 30)
	s.goTo("acme-uat")
	s.press("p")
	for _, key := range []string{"e", "x", "n", "T"} {
		s.press(key)
		if s.model.dialog() == nil {
			t.Fatalf("%s opens nothing", key)
		}
		s.showsNot("acme-uat")
		s.press("esc")
	}
	s.press("e", "j")
	s.showsNot("acme-uat")
}

func TestAMirrorIsSetAndTakenBack(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 120, 40)
	s.goTo("acme-uat")
	path := filepath.Join(t.TempDir(), "m.json")
	s.press("e", "m")
	s.typeText(path)
	s.press("enter")
	s.said("is kept in step with acme-uat.")
	if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), s.secrets("acme-uat").RefreshToken.Reveal()) {
		t.Errorf("the file was not made: %v", err)
	}
	org, _ := s.org("acme-uat")
	if org.Mirrored != org.Generation || !strings.HasSuffix(org.Mirror, "m.json") {
		t.Errorf("%q, generation %d of %d", org.Mirror, org.Mirrored, org.Generation)
	}
	s.press("e")
	s.shows("no longer keep")
	s.press("m")
	s.said("No token file is kept in step with acme-uat any more.")
}
