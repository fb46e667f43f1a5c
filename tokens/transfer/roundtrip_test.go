package transfer

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"orgkeep/tokens"
)

// everyLogin is what the test files have of logins that can be saved: token files,
// and a Salesforce CLI home whose logins have no user ids.
func everyLogin(t *testing.T) map[string]SFLogin {
	t.Helper()
	all := map[string]SFLogin{}
	for _, l := range content(t, filepath.Join("testdata", "sf-home"), nil).Logins {
		if l.Skip == "" {
			all[l.Name()] = l
		}
	}
	for _, name := range []string{"developer.json", "sandbox.json", "seconds.json", "jwt.json"} {
		o := Options{ClientID: "3MVG9.own", ClientSecret: tokens.NewSecret("own secret"), LoginURL: "https://acme.my.salesforce.com"}
		org, secrets, err := NewOrg(grant(t, name), o)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = SFLogin{Org: org, Secrets: secrets}
	}
	if len(all) < 13 {
		t.Fatalf("only %d logins", len(all))
	}
	return all
}

// What a token file is made of comes back from it, but the client secret, which is
// given beside it.
func TestEveryLoginComesBackFromItsTokenFile(t *testing.T) {
	t.Parallel()
	for name, l := range everyLogin(t) {
		text, err := FormatTokenFile(l.Org, l.Secrets)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if l.Secrets.ClientSecret.Reveal() != "" && strings.Contains(text, l.Secrets.ClientSecret.Reveal()) {
			t.Errorf("%s: the client secret is in the file", name)
		}
		login, err := Read(strings.NewReader(text), name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		org, secrets, err := login.NewOrg(Options{ClientSecret: l.Secrets.ClientSecret})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := l.Org
		want.Shared = tokens.Shared{}               // the file is nobody's
		want.Type = tokens.TypeOf(want.InstanceURL) // the Salesforce CLI's files alone tell more
		if !reflect.DeepEqual(org, want) {
			t.Errorf("%s: got  %+v\nwant %+v", name, org, want)
		}
		if len(secrets.Scopes) == 0 {
			secrets.Scopes = nil
		}
		if !reflect.DeepEqual(secrets, l.Secrets) {
			t.Errorf("%s: other secrets came back", name)
		}
	}
}

// An auth URL has no more than what a refresh needs.
func TestEveryLoginComesBackFromItsAuthURL(t *testing.T) {
	t.Parallel()
	for name, l := range everyLogin(t) {
		if l.Secrets.ClientSecret.Reveal() == "own secret" {
			l.Secrets.ClientSecret = tokens.NewSecret("own.secret") // of what the form can hold
		}
		url, err := FormatAuthURL(l.Org, l.Secrets)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		u, err := ParseAuthURL(url.Reveal())
		if err != nil || u.ClientID != l.Org.ClientID || u.InstanceURL != l.Org.InstanceURL ||
			!u.RefreshToken.Equal(l.Secrets.RefreshToken) || !u.ClientSecret.Equal(l.Secrets.ClientSecret) {
			t.Errorf("%s: %v, client id %s, host %s", name, err, u.ClientID, u.InstanceURL)
		}
	}
}

func TestATokenFileHasAnIDOnceTheUserIsKnown(t *testing.T) {
	t.Parallel()
	l := everyLogin(t)["prod"]
	if text, err := FormatTokenFile(l.Org, l.Secrets); err != nil || strings.Contains(text, `"id"`) {
		t.Errorf("an id came from nowhere (%v)", err)
	}
	l.Org.UserID = "005410000031xAAAAY"
	text, err := FormatTokenFile(l.Org, l.Secrets)
	if want := `"id": "` + l.Org.InstanceURL + "/id/" + l.Org.OrgID + `/005410000031xAAAAY"`; err != nil || !strings.Contains(text, want) {
		t.Errorf("no %s (%v)", want, err)
	}
}

func TestNoTokenFileOfHalfALogin(t *testing.T) {
	t.Parallel()
	l := everyLogin(t)["prod"]
	for name, change := range map[string]func(*tokens.Secrets){
		"no access token":  func(s *tokens.Secrets) { s.AccessToken = tokens.Secret{} },
		"no refresh token": func(s *tokens.Secrets) { s.RefreshToken = tokens.Secret{} },
	} {
		s := l.Secrets
		change(&s)
		if _, err := FormatTokenFile(l.Org, s); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a file says of the app beside the answer is read where it can be used.
func TestTheAppOfAFile(t *testing.T) {
	t.Parallel()
	read := func(more string) Login {
		t.Helper()
		l, err := Read(strings.NewReader(strings.Replace(testdata(t, "developer.json"), "{", "{"+more+",", 1)), "x")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := read(`"client_id":"3MVG9.file","client_secret":"file secret","login_url":"https://LOGIN.example/x"`)
	if l.ClientID != "3MVG9.file" || l.ClientSecret.Reveal() != "file secret" || l.LoginURL != "https://login.example" {
		t.Errorf("%s, %s", l.ClientID, l.LoginURL)
	}
	if _, s, err := l.NewOrg(Options{}); err != nil || s.ClientSecret.Reveal() != "file secret" {
		t.Errorf("the file's secret is not taken (%v)", err)
	}
	if org, s, err := l.NewOrg(Options{ClientID: "3MVG9.flag"}); err != nil || org.ClientID != "3MVG9.flag" || !s.ClientSecret.IsZero() {
		t.Errorf("another app's secret is taken: %s, %v", org.ClientID, err)
	}
	if l := read(`"client_id":7,"client_secret":"[REDACTED] see sf","login_url":"ftp://x"`); !reflect.DeepEqual(l.App, App{}) {
		t.Errorf("%s, %s", l.ClientID, l.LoginURL)
	}
}
