package transfer

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

var now = time.Date(2025, 11, 12, 9, 0, 0, 0, time.UTC)

func grant(t *testing.T, name string) tokens.Grant {
	t.Helper()
	g, err := ReadTokenFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestNewOrg(t *testing.T) {
	t.Parallel()
	g := grant(t, "sandbox.json")
	secret := tokens.NewSecret("client secret")
	org, secrets, err := NewOrg(g, Options{
		Alias: "uat", ClientID: "PlatformCLI", ClientSecret: secret, LoginURL: "https://LOGIN.example/path",
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := tokens.NewKey("00D7z00000Ab1CdEAJ", "0057z00000Ef2GhAAJ", "PlatformCLI")
	if err != nil {
		t.Fatal(err)
	}
	issued := time.UnixMilli(1762930842000).UTC()
	scopes := []string{"api", "refresh_token", "id", "web", "openid"}
	const host = "https://northwind--uat.sandbox.my.salesforce.com"
	wantOrg := tokens.Org{
		Key: key, Alias: "uat", OrgID: "00D7z00000Ab1CdEAJ", UserID: "0057z00000Ef2GhAAJ", Type: tokens.Sandbox,
		LoginURL: "https://login.example", InstanceURL: host, ClientID: "PlatformCLI", Scopes: scopes,
		IssuedAt: issued, RefreshUsedAt: issued, HasRefreshToken: true, Rotates: tokens.RotationUnknown,
	}
	if !reflect.DeepEqual(org, wantOrg) {
		t.Errorf("got  %+v\nwant %+v", org, wantOrg)
	}
	wantSecrets := tokens.Secrets{
		AccessToken: g.AccessToken, RefreshToken: g.RefreshToken, ClientSecret: secret, Signature: g.Signature,
		ID: g.ID, InstanceURL: host, Scopes: scopes, IssuedAt: issued, IssuedAtText: "1762930842000",
		Rotates: tokens.RotationUnknown, RefreshUsedAt: issued,
	}
	if !reflect.DeepEqual(secrets, wantSecrets) {
		t.Errorf("got  %+v\nwant %+v", secrets, wantSecrets)
	}
}

func TestNewOrgReadsTheExpiryOfJWTs(t *testing.T) {
	t.Parallel()
	org, _, err := NewOrg(grant(t, "jwt.json"), Options{ClientID: "c"})
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Unix(1762932700, 0); !org.ExpiresAt.Equal(want) || org.ExpirySource != tokens.LeftFromJWT {
		t.Errorf("the token ends at %v by %q, want %v by jwt", org.ExpiresAt, org.ExpirySource, want)
	}
}

func TestNewOrgGuessesNoAge(t *testing.T) {
	t.Parallel()
	text := strings.Replace(testdata(t, "developer.json"), "issued_at", "unknown", 1)
	g, err := ReadTokens(strings.NewReader(text), "no issued_at")
	if err != nil {
		t.Fatal(err)
	}
	org, _, err := NewOrg(g, Options{ClientID: "c"})
	if err != nil {
		t.Fatal(err)
	}
	clocks := org.Clocks(now, tokens.DefaultLimits())
	if clocks.AgeKnown || clocks.LeftSource != tokens.LeftUnknown || !org.ExpiresAt.IsZero() {
		t.Errorf("an age came from nowhere: %+v", clocks)
	}
	if clocks.IdleKnown || !org.RefreshUsedAt.IsZero() {
		t.Errorf("an import is no use, and yet the idle clock starts at %v", org.RefreshUsedAt)
	}
}

func TestALoginWithoutARefreshTokenIsKept(t *testing.T) {
	t.Parallel()
	g := grant(t, "no-refresh-token.json")
	org, secrets, err := NewOrg(g, Options{ClientID: "c"})
	if err != nil || org.HasRefreshToken || !org.RefreshUsedAt.IsZero() || org.IssuedAt.IsZero() ||
		!secrets.RefreshToken.IsZero() || !secrets.AccessToken.Equal(g.AccessToken) || !org.Key.Valid() {
		t.Errorf("%+v, %+v, %v", org, secrets, err)
	}
}

func TestNewOrgRefuses(t *testing.T) {
	t.Parallel()
	good, fine := grant(t, "developer.json"), Options{ClientID: "c"}
	change := func(do func(*tokens.Grant)) tokens.Grant {
		g := good
		do(&g)
		return g
	}
	for name, c := range map[string]struct {
		grant   tokens.Grant
		options Options
		want    error
	}{
		"nothing":          {tokens.Grant{}, fine, tokens.ErrGrant},
		"no id":            {change(func(g *tokens.Grant) { g.ID, g.Username = "", "" }), fine, tokens.ErrGrant},
		"id not valid":     {change(func(g *tokens.Grant) { g.ID, g.Username, g.IDProblem = "", "", "wrong" }), fine, tokens.ErrGrant},
		"no org in token":  {change(func(g *tokens.Grant) { g.ID, g.Username, g.AccessToken = "", "a@b.c", tokens.NewSecret("x") }), fine, tokens.ErrGrant},
		"no instance URL":  {change(func(g *tokens.Grant) { g.InstanceURL = "" }), fine, tokens.ErrGrant},
		"ids not read":     {change(func(g *tokens.Grant) { g.OrgID = "" }), fine, tokens.ErrGrant},
		"no client id":     {good, Options{}, ErrClientID},
		"odd client id":    {good, Options{ClientID: "a\x1bb"}, ErrClientID},
		"bad alias":        {good, Options{ClientID: "c", Alias: "-x"}, tokens.ErrAlias},
		"plain http login": {good, Options{ClientID: "c", LoginURL: "http://login.example"}, tokens.ErrURL},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org, secrets, err := NewOrg(c.grant, c.options)
			if !errors.Is(err, c.want) || !tokens.Printable(err.Error()) {
				t.Errorf("got %v, want one line wrapping %v", err, c.want)
			}
			if !reflect.DeepEqual(org, tokens.Org{}) || !reflect.DeepEqual(secrets, tokens.Secrets{}) {
				t.Error("something came with the error")
			}
		})
	}
}
