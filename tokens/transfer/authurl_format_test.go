package transfer

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"orgkeep/tokens"
)

// cliParser is the expression that the Salesforce CLI reads an auth URL with
// (@salesforce/core 9.4.0).
var cliParser = regexp.MustCompile(`^force:\/\/([a-zA-Z0-9._-]+={0,2}):([a-zA-Z0-9._-]*={0,2}):([a-zA-Z0-9._-]+={0,2})@([a-zA-Z0-9:._-]+)`)

func loginOf(instance, clientID, clientSecret, refresh string) (tokens.Org, tokens.Secrets) {
	return tokens.Org{InstanceURL: instance, ClientID: clientID},
		tokens.Secrets{ClientSecret: tokens.NewSecret(clientSecret), RefreshToken: tokens.NewSecret(refresh)}
}

func TestFormatAuthURL(t *testing.T) {
	t.Parallel()
	for want, c := range map[string][4]string{
		"force://PlatformCLI::5Aep861._-x@acme.my.salesforce.com":  {"https://acme.my.salesforce.com", "PlatformCLI", "", "5Aep861._-x"},
		"force://3MVG9.a:5F2A:5Aep861==@acme--uat.example.com:844": {"https://acme--uat.example.com:844", "3MVG9.a", "5F2A", "5Aep861=="},
	} {
		got, err := FormatAuthURL(loginOf(c[0], c[1], c[2], c[3]))
		if err != nil || got.Reveal() != want {
			t.Errorf("%q, %v, want %q", got.Reveal(), err, want)
		}
	}
	const host, id, refresh = "https://acme.my.salesforce.com", "PlatformCLI", "5Aep861.secret-one"
	for part, c := range map[string][4]string{
		"client id":        {host, "a:b", "", refresh},
		"client secret":    {host, id, "s3cr+t/", refresh},
		"refresh token":    {host, id, "", refresh + "+x"},
		"no refresh token": {host, id, "", ""},
		"https hosts only": {"http://127.0.0.1:8080", id, "", refresh},
		"its host":         {"https://[::1]", id, "", refresh},
	} {
		got, err := FormatAuthURL(loginOf(c[0], c[1], c[2], c[3]))
		if !errors.Is(err, ErrAuthURLPart) || !got.IsZero() || !strings.Contains(err.Error(), part) ||
			strings.Contains(err.Error(), "5Aep") || strings.Contains(err.Error(), "s3cr") {
			t.Errorf("%s: %v", part, err)
		}
	}
}

// Whatever is written, the CLI reads the same parts out of it.
func FuzzFormatAuthURL(f *testing.F) {
	f.Add("https://acme.my.salesforce.com", "PlatformCLI", "", "5Aep861")
	f.Add("https://a:1", "x=", "y==", "z===")
	f.Add("https://a\n", "x\n", "y@", "z:z")
	f.Fuzz(func(t *testing.T, instance, id, secret, refresh string) {
		got, err := FormatAuthURL(loginOf(instance, id, secret, refresh))
		if err != nil {
			return
		}
		parts := cliParser.FindStringSubmatch(got.Reveal())
		if parts == nil || parts[0] != got.Reveal() || parts[1] != id || parts[2] != secret || parts[3] != refresh || "https://"+parts[4] != instance {
			t.Fatalf("the CLI reads %q out of %q", parts, got.Reveal())
		}
	})
}
