package transfer

import (
	"errors"
	"strings"
	"testing"

	"orgkeep/tokens"
)

func TestParseAuthURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][4]string{
		"force://PlatformCLI::5Aep861.x@acme.my.salesforce.com":      {"PlatformCLI", "", "5Aep861.x", "https://acme.my.salesforce.com"},
		"force://3MVG9._-a==:SEC==:5Aep861.x=@ACME.example:8443/x?y": {"3MVG9._-a==", "SEC==", "5Aep861.x=", "https://acme.example:8443"},
		"force://c::5Aep861.x@https://acme.my.salesforce.com/":       {"c", "", "5Aep861.x", "https://acme.my.salesforce.com"},
		"force://c::5Aep861.x@HTTPS://acme.example:8443":             {"c", "", "5Aep861.x", "https://acme.example:8443"},
		"force://c::5Aep861.x@http://127.0.0.1:18080":                {"c", "", "5Aep861.x", "http://127.0.0.1:18080"},
	} {
		u, err := ParseAuthURL(" " + text + "\r\n")
		got := [4]string{u.ClientID, u.ClientSecret.Reveal(), u.RefreshToken.Reveal(), u.InstanceURL}
		if err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestParseAuthURLRefuses(t *testing.T) {
	t.Parallel()
	for text, words := range map[string]string{
		"":                                                        "not an sfdx auth URL",
		"https://acme.my.salesforce.com":                          "not an sfdx auth URL",
		"force://:5Aep861hunter2@acme":                            "it has no client id",
		"force://5Aep861hunter2@acme":                             "not an sfdx auth URL",
		"force://c::@acme":                                        "not an sfdx auth URL",
		"force://c::5Aep861hunter2@":                              "not an sfdx auth URL",
		"force://c::5Aep861hunter2@:1:2":                          "its host",
		"force://c::5Aep861hunter2@http://acme.example":           "plain http",
		"force://c::5Aep861hunter2@ftp://acme.example":            "its host",
		"force://c::5Aep861hunter2@http:":                         "its host",
		"force://c::5Aep861hunter2@http:/127.0.0.1":               "its host",
		"force://c::5Aep861hunter2@https://":                      "its host",
		"force://c::5Aep861hunter2@http:acme":                     "its host",
		"force://c:a b:5Aep861hunter2@acme":                       "not an sfdx auth URL",
		"[REDACTED] Use 'sf org auth show-sfdx-auth-url' to view": "were redacted",
	} {
		u, err := ParseAuthURL(text)
		if !errors.Is(err, ErrAuthURL) || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, want %q", text, err, words)
		}
		if u != (AuthURL{}) {
			t.Errorf("%q: something came with the error", text)
		}
	}
}

func FuzzParseAuthURL(f *testing.F) {
	f.Add("force://PlatformCLI::5Aep861.x@acme.my.salesforce.com")
	f.Add("force://a==:b=:c@h:1")
	f.Add("force://c::r@http://127.0.0.1:18080")
	f.Add("[REDACTED]")
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseAuthURL(text)
		if err != nil {
			if !errors.Is(err, ErrAuthURL) || !tokens.Printable(err.Error()) {
				t.Fatalf("%q", err)
			}
			return
		}
		if strings.HasSuffix(u.InstanceURL, ":") {
			t.Fatalf("%q", u.InstanceURL)
		}
		if strings.HasPrefix(u.InstanceURL, "http://") {
			return // of a loopback address; the CLI takes https alone
		}
		written, err := FormatAuthURL(loginOf(u.InstanceURL, u.ClientID, u.ClientSecret.Reveal(), u.RefreshToken.Reveal()))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseAuthURL(written.Reveal()); err != nil || back.InstanceURL != u.InstanceURL || !back.RefreshToken.Equal(u.RefreshToken) {
			t.Fatalf("%+v, %v", back, err)
		}
	})
}

func TestFormsOfAFile(t *testing.T) {
	t.Parallel()
	const url = "force://c:s:5Aep861@acme.example"
	for name, text := range map[string]string{
		"text":   "\xef\xbb\xbf" + url + "\r\n",
		"top":    `{"sfdxAuthUrl":"` + url + `","username":"a"}`,
		"result": `{"status":0,"result":{"sfdxAuthUrl":"` + url + `"},"warnings":[]}`,
	} {
		l, err := ReadFile(place(t, name, text))
		if err != nil || !l.IsURL || l.URL.ClientID != "c" || l.URL.ClientSecret.Reveal() != "s" {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
		org, secrets, err := l.NewOrg(Options{Alias: "acme"})
		if err != nil || !org.Key.Unknown() || org.OrgID != "" || org.UserID != "" || org.ClientID != "c" || org.Alias != "acme" ||
			org.InstanceURL != "https://acme.example" || !org.IssuedAt.IsZero() || secrets.RefreshToken.Reveal() != "5Aep861" ||
			secrets.ClientSecret.Reveal() != "s" || !secrets.AccessToken.IsZero() || !org.RefreshUsedAt.IsZero() {
			t.Errorf("%s: %+v, %+v, %v", name, org, secrets, err)
		}
	}
	l, err := ReadFile("testdata/developer.json")
	if err != nil || l.IsURL || l.Grant.AccessToken.IsZero() {
		t.Errorf("%+v, %v", l, err)
	}
	_, err = Read(strings.NewReader(`{"result":{"sfdxAuthUrl":"[REDACTED] Use x"}}`), "stdin")
	refused(t, err, "stdin", ErrRedacted, "--from-sf")
	_, err = Read(strings.NewReader(`{"result":{}}`), "stdin")
	refused(t, err, "stdin", tokens.ErrGrant, "no access_token")
}
