package transfer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// sfHome is a copy of the home that the Salesforce CLI 2.150.6 has written.
func sfHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	if err := os.CopyFS(home, os.DirFS(filepath.Join("testdata", "sf-home"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(home, ".sfdx", sfKeyFile), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// put writes a file of the CLI.
func put(t *testing.T, home, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(home, ".sfdx", name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, home string, keyring SFKeyring) SFContent {
	t.Helper()
	h, err := OpenSFHome(home, keyring)
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantLogin is a login of the fixture home: its number is in all of its values.
func wantLogin(t *testing.T, folder, n, username, alias string) SFLogin {
	t.Helper()
	key, err := tokens.UnknownKey("00D000000000"+n, strings.ToLower(username), "PlatformCLI")
	if err != nil {
		t.Fatal(err)
	}
	return SFLogin{
		Username: username, Alias: alias,
		Org: tokens.Org{
			Key: key, OrgID: "00D000000000" + n + "EAA", Username: username, Type: tokens.Developer,
			InstanceURL: "https://127.0.0.1:18443", ClientID: "PlatformCLI", HasRefreshToken: true,
			Rotates: tokens.RotationUnknown, Shared: tokens.Shared{Home: folder, Username: username},
		},
		Secrets: tokens.Secrets{InstanceURL: "https://127.0.0.1:18443", Rotates: tokens.RotationUnknown},
	}
}

// check compares a login in every field; the tokens as the
// mock endpoint made them of the org's number.
func check(t *testing.T, got, want SFLogin, secret string) {
	t.Helper()
	s := got.Secrets
	if s.RefreshToken.Reveal() != "rt."+want.Org.OrgID[12:15] || !strings.HasPrefix(s.AccessToken.Reveal(), want.Org.OrgID+"!AQ.") ||
		s.ClientSecret.Reveal() != secret {
		t.Errorf("%s: tokens %q, %q, %q", got.Name(), s.RefreshToken.Reveal(), s.AccessToken.Reveal(), s.ClientSecret.Reveal())
	}
	want.Secrets.RefreshToken, want.Secrets.AccessToken, want.Secrets.ClientSecret = s.RefreshToken, s.AccessToken, s.ClientSecret
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestEveryLoginOfARealHome(t *testing.T) {
	t.Parallel()
	home := sfHome(t)
	folder := filepath.Join(home, ".sfdx")
	c := content(t, home, nil)
	if len(c.Warnings) != 0 {
		t.Errorf("%q", c.Warnings)
	}
	odd := wantLogin(t, folder, "210", "dev+uat.o'neil@mock.example", "")
	scratch := wantLogin(t, folder, "203", "test-abc123xyz@example.com", "scratch1")
	scratch.Org.Type, scratch.Ends = tokens.Scratch, time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC)
	hub, uat := wantLogin(t, folder, "202", "user202@mock.example", "hub"), wantLogin(t, folder, "204", "user204@mock.example", "uat")
	hub.DevHub, uat.Org.Type = true, tokens.Sandbox
	prod := wantLogin(t, folder, "201", "user201@mock.example", "prod")
	app := wantLogin(t, folder, "201", "user201@mock.example", "prod")
	app.App, app.Org.Shared.App, app.Org.ClientID = "myapp", "myapp", "3MVG9fakeLinkedApp"
	custom := wantLogin(t, folder, "205", "user205@mock.example", "customapp")
	custom.Org.ClientID = "3MVG9fakeConsumerKey.205"
	two := wantLogin(t, folder, "209", "user209@mock.example", "two")
	two.Others = []string{"second"}
	for _, l := range []*SFLogin{&app, &custom} {
		l.Org.Key, _ = tokens.UnknownKey(l.Org.OrgID, l.Username, l.Org.ClientID)
	}
	want := []SFLogin{
		odd, scratch, prod, app,
		hub, uat, custom,
		{Username: "user206@mock.example", Alias: "tokenonly", Skip: errSFAccess.Error()},
		{Username: "user207@mock.example", Alias: "jwtorg", Skip: errSFJWT.Error()},
		wantLogin(t, folder, "208", "user208@mock.example", "weborg"), two,
	}
	if len(c.Logins) != len(want) {
		t.Fatalf("%d logins, want %d", len(c.Logins), len(want))
	}
	for i, l := range c.Logins {
		if want[i].Skip != "" {
			if len(l.Others) == 0 {
				l.Others = nil
			}
			if !reflect.DeepEqual(l, want[i]) {
				t.Errorf("got  %+v\nwant %+v", l, want[i])
			}
			continue
		}
		if len(l.Others) == 0 {
			l.Others = nil
		}
		check(t, l, want[i], map[string]string{"customapp": "FAKESECRET205", "prod (app myapp)": "LINKEDSECRET"}[l.Name()])
	}
}

func TestTheKeyInTheKeychain(t *testing.T) {
	t.Parallel()
	home := sfHome(t)
	keyFile := filepath.Join(home, ".sfdx", sfKeyFile)
	asked := 0
	keyring := func(context.Context) (tokens.Secret, error) {
		asked++
		return tokens.NewSecret("516111c271c11b9120db1c6d962d6f4c"), nil
	}
	content(t, home, keyring)
	if asked != 0 {
		t.Error("the keychain was asked although the key beside the files fits")
	}
	put(t, home, sfKeyFile, `{"key":"`+firstKey+`"}`) // one of another time
	if c := content(t, home, keyring); c.Logins[0].Skip != "" || asked != 1 {
		t.Errorf("%s, asked %d times", c.Logins[0].Skip, asked)
	}
	if err := os.Remove(keyFile); err != nil {
		t.Fatal(err)
	}
	if c := content(t, home, keyring); c.Logins[0].Skip != "" || asked != 2 {
		t.Errorf("%s, asked %d times", c.Logins[0].Skip, asked)
	}
	broken := func(context.Context) (tokens.Secret, error) {
		return tokens.Secret{}, errors.New("the keyring is locked")
	}
	if c := content(t, home, broken); !strings.Contains(c.Logins[0].Skip, "the keyring is locked") {
		t.Errorf("%q", c.Logins[0].Skip)
	}
	if c := content(t, home, nil); !strings.Contains(c.Logins[0].Skip, "refresh token cannot be read: "+ErrSFKey.Error()) {
		t.Errorf("%q", c.Logins[0].Skip)
	}
}

func TestOddFiles(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".sfdx"), 0o700); err != nil {
		t.Fatal(err)
	}
	const rest = `"orgId":"00D000000000201","instanceUrl":"https://ACME.my.salesforce.com/","clientId":"c"`
	put(t, home, sfKeyFile, `{"key":"`+secondKey+`"}`)
	put(t, home, sfAliasFile, `{"nothing":{}}`)
	put(t, home, "a@x.example.json", `{"refreshToken":"`+secondSealed+`",`+rest+`,"userId":"005000000000201","loginUrl":"https://login.salesforce.com"}`)
	put(t, home, "b@x.example.json", `{"refreshToken":"5Aep.plain","accessToken":"[REDACTED] Use x",`+rest+`,"loginUrl":"https://acme.example/x"}`)
	put(t, home, "c@x.example.json", `{"refreshToken":"[REDACTED] Use x","accessToken":"00D!x",`+rest+`}`)
	put(t, home, "d@x.example.json", `{"refreshToken":`)
	put(t, home, "e@x.example.json", `{"refreshToken":"5Aep","instanceUrl":"http://acme.example","orgId":"00D000000000201","clientId":"c"}`)
	put(t, home, "f@x.example.json", `{"refreshToken":"5Aep","orgId":"me","clientId":"c"}`)
	put(t, home, "g@x.example.json", `{"refreshToken":"5Aep","orgId":"me"}`)
	put(t, home, "h@x.example.json", `{"refreshToken":"5Aep\u001b",`+rest+`}`)
	put(t, home, "i@x.example.json", `{}`)
	for _, name := range []string{".hidden@x.example.json", "00D000000000201.sandbox.json", "nodomain@x.json", "sfdx-config.json"} {
		put(t, home, name, `{"refreshToken":"5Aep",`+rest+`}`)
	}
	c := content(t, home, nil)
	if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "aliases") {
		t.Errorf("%q", c.Warnings)
	}
	words := []string{
		"", "", "redacted", "not the JSON", "instanceUrl", "orgId", "no client id", "characters", "no refresh token",
	}
	if len(c.Logins) != len(words) {
		t.Fatalf("%d logins", len(c.Logins))
	}
	for i, l := range c.Logins {
		if (l.Skip == "") != (words[i] == "") || !strings.Contains(l.Skip, words[i]) || !tokens.Printable(l.Skip) {
			t.Errorf("%s: %q, want %q", l.Username, l.Skip, words[i])
		}
	}
	a, b := c.Logins[0], c.Logins[1]
	if a.Secrets.RefreshToken.Reveal() != "5Aep861.REFRESH" || a.Org.UserID[:15] != "005000000000201" || a.Org.Key.Unknown() ||
		a.Org.LoginURL != "" || a.Org.InstanceURL != "https://acme.my.salesforce.com" || a.Org.Type != tokens.Production || a.Org.Username != "a@x.example" {
		t.Errorf("%+v", a)
	}
	if b.Secrets.RefreshToken.Reveal() != "5Aep.plain" || !b.Secrets.AccessToken.IsZero() || b.Org.LoginURL != "https://acme.example" {
		t.Errorf("%+v", b)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for name, mode := range map[string]os.FileMode{sfKeyFile: 0o644, "a@x.example.json": 0o666} {
		if err := os.Chmod(filepath.Join(home, ".sfdx", name), mode); err != nil {
			t.Fatal(err)
		}
	}
	if c := content(t, home, nil); len(c.Warnings) != 3 {
		t.Errorf("%q", c.Warnings)
	}
}

func TestWhatIsNoHome(t *testing.T) {
	t.Parallel()
	if _, err := OpenSFHome(t.TempDir(), nil); !errors.Is(err, ErrNoSFHome) {
		t.Errorf("%v", err)
	}
	if _, err := OpenSFHome(filepath.Join(t.TempDir(), "x"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	home := sfHome(t)
	h, err := OpenSFHome(filepath.Join(home, ".sfdx"), nil)
	if err != nil || h.Folder() != filepath.Join(home, ".sfdx") {
		t.Errorf("%v, %v", h, err)
	}
}
