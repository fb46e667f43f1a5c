package transfer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orgkeep/tokens"
)

func TestWhatTheCLIWroteIsExplained(t *testing.T) {
	t.Parallel()
	const redacted = "[REDACTED] Use 'sf org auth show-access-token' to view"
	for name, c := range map[string]struct {
		text  string
		want  error
		words string
	}{
		"display":       {`{"status":0,"result":{"id":"00D41000000F8A1","accessToken":"` + redacted + `","instanceUrl":"https://acme.my.salesforce.com"}}`, ErrRedacted, "show-sfdx-auth-url"},
		"access token":  {`{"status":0,"result":{"accessToken":"00D41000000F8A1!AQ.5Aep861"}}`, ErrSFOutput, "no refresh token"},
		"token file":    {`{"access_token":"` + redacted + `","refresh_token":"` + redacted + `"}`, ErrRedacted, "--from-sf"},
		"login in text": {`{"orgId":"00D","refreshToken":"5Aep861","clientId":"PlatformCLI"}`, ErrSFLogin, "--from-sf"},
		"jwt login":     {`{"orgId":"00D","privateKey":"/home/ada/key.pem"}`, ErrSFLogin, "--from-sf"},
		"redacted":      {redacted, ErrRedacted, "show-sfdx-auth-url"},
		"redacted URL":  {"force://PlatformCLI::" + redacted + "@acme.example", ErrRedacted, "show-sfdx-auth-url"},
		"another file":  {`{"accessToken":7,"orgId":"00D"}`, tokens.ErrGrant, "no access_token"},
		"no object":     {`[1]`, tokens.ErrGrant, "no object"},
	} {
		_, err := Read(strings.NewReader(c.text), name)
		refused(t, err, name, c.want, c.words)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "sf-home", ".sfdx", "*@*.json"))
	if err != nil || len(files) != 10 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, file := range files {
		_, err := ReadFile(file)
		refused(t, err, file, ErrSFLogin, "--from-sf")
	}
}

func FuzzExplain(f *testing.F) {
	for _, text := range []string{`{"accessToken":"a","orgId":"b"}`, `{"result":{"accessToken":"[REDACTED]"}}`, `{"result":null}`, `[REDACTED]`} {
		f.Add(text)
	}
	login, err := os.ReadFile(filepath.Join("testdata", "sf-home", ".sfdx", "user201@mock.example.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(login))
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Read(strings.NewReader(text), "stdin")
		if err != nil && !tokens.Printable(err.Error()) {
			t.Fatalf("%q", err)
		}
	})
}
