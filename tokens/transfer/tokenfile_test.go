package transfer

import (
	"strings"
	"testing"

	"orgkeep/tokens"
)

func TestATokenFileIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"developer.json", "sandbox.json", "seconds.json", "jwt.json"} {
		first, err := ReadTokens(strings.NewReader(testdata(t, name)), name)
		if err != nil {
			t.Fatal(err)
		}
		org, secrets, err := NewOrg(first, Options{ClientID: "PlatformCLI"})
		if err != nil {
			t.Fatal(err)
		}
		secrets.ClientSecret = tokens.NewSecret("stays-here")
		text, err := FormatTokenFile(org, secrets)
		if err != nil || strings.Contains(text, "stays-here") || !strings.HasPrefix(text, "{\n  \"access_token\": ") || !strings.HasSuffix(text, "\n}\n") {
			t.Errorf("%s: %v", name, err)
		}
		again, err := ReadTokens(strings.NewReader(text), name)
		if err != nil {
			t.Fatal(err)
		}
		sameSecrets := again.AccessToken.Equal(first.AccessToken) && again.RefreshToken.Equal(first.RefreshToken) && again.Signature.Equal(first.Signature)
		if !sameSecrets || again.ID != first.ID || again.InstanceURL != first.InstanceURL || again.IssuedAtText != first.IssuedAtText ||
			!again.IssuedAt.Equal(first.IssuedAt) || strings.Join(again.Scopes, " ") != strings.Join(first.Scopes, " ") || again.Username != first.Username {
			t.Errorf("%s: read again: %+v, want %+v", name, again, first)
		}
	}
}
