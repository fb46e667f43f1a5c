package ui

import (
	"strings"
	"testing"

	"orgkeep/tokens"
)

func TestPrivateModeHidesWhatAnAnswerTells(t *testing.T) {
	t.Parallel()
	for _, alias := range []string{"wonka", "acme-prod"} {
		s := newScreen(t, 140, 160)
		s.goTo(alias)
		s.press("p")
		s.look()
		s.nameless("i")
		hiddenFacts := map[string]bool{}
		for _, f := range s.model.looking.found {
			for _, fact := range f.Facts {
				if tellsNobody[fact.Name] || fact.Text == publicClient {
					continue
				}
				hiddenFacts[fact.Name] = true
				label := strings.ReplaceAll(fact.Name, "_", " ") + " "
				for line := range strings.Lines(s.text()) {
					if strings.Contains(line, " "+label) && strings.Contains(line, fact.Text) {
						t.Errorf("%s: %s shows as %q", alias, fact.Name, line)
					}
				}
			}
		}
		for _, name := range []string{"name", "username", "user_id", "org_id", "instance"} {
			if !hiddenFacts[name] {
				t.Errorf("%s: no answer told %s, so nothing was hidden", alias, name)
			}
		}
		s.showsNot("violet", "Demo of")
		s.shows("user-", "newest", "edition", "is sandbox")
	}
}

func TestVeilFact(t *testing.T) {
	t.Parallel()
	m := &model{}
	app := "3MVG9" + strings.Repeat("a", 40)
	m.private.on = true
	m.private.learn([]tokens.Org{{Key: "00Daaaaaaaaaaaaaaa.005aaaaaaaaaaaaaaa.00000000", Alias: "acme", Username: "ada@acme.example", ClientID: app}}, 1)
	for _, c := range []struct{ name, text, want string }{
		{"name", "Ada Lovelace", hidden},
		{"given_name", "Ada", hidden},
		{"nickname", "ada1", hidden},
		{"instance", "EU42", hidden},
		{"a_fact_of_tomorrow", "Globex", hidden},
		{"username", "ada@acme.example", "user-01"},
		{"username", "eve@acme.example", hidden},
		{"client_id", app, hidden},
		{"client_id", publicClient, publicClient},
		{"active", "yes", "yes"},
		{"scopes", "api refresh_token", "api refresh_token"},
		{"scopes", "api ada@acme.example", "api user-01"},
		{"name", "", ""},
	} {
		if got := m.veilFact(c.name, c.text); got != c.want {
			t.Errorf("%s %q shows as %q, want %q", c.name, c.text, got, c.want)
		}
	}
	if got := m.veil("the app is " + app); got != "the app is "+hidden {
		t.Errorf("a client id in a sentence shows as %q", got)
	}
	m.private.on = false
	if got := m.veilFact("name", "Ada Lovelace"); got != "Ada Lovelace" {
		t.Errorf("without the mode it shows %q", got)
	}
}
