package tokens

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func allSecrets() Secrets {
	return Secrets{
		Generation: 41, AccessToken: NewSecret(opaque), RefreshToken: NewSecret("5Aep861refresh"),
		ClientSecret: NewSecret("client <secret> \u2028 \"q\""), Signature: NewSecret("c2ln"),
		ID:          "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY",
		InstanceURL: "https://acme.my.salesforce.com", Scopes: []string{"api", "web"},
		IssuedAt: time.UnixMilli(1738348388166).UTC(), IssuedAtText: "1738348388166",
		Rotates: RotationYes, RefreshUsedAt: time.UnixMilli(1738348388999).UTC(),
		Replaced: "0a1b2c3d",
	}
}

func TestSecretsComeBackFromTheirLine(t *testing.T) {
	t.Parallel()
	for _, want := range []Secrets{allSecrets(), {}} {
		text, err := want.Line()
		if err != nil || strings.ContainsAny(text, "\r\n") || !Printable(text) {
			t.Fatalf("the line is %q (%v)", text, err)
		}
		got, err := ParseSecrets(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v (%v)\nwant %+v", got, err, want)
		}
	}
}

func TestEveryFieldIsInTheLine(t *testing.T) {
	t.Parallel()
	fields := reflect.ValueOf(allSecrets())
	for i := range fields.NumField() {
		if strings.HasPrefix(strings.ToLower(fields.Type().Field(i).Name), "parts") {
			continue // set only where the line has parts beside it: parts_test.go
		}
		if fields.Field(i).IsZero() {
			t.Errorf("allSecrets leaves %s empty, so that no test sees it kept", fields.Type().Field(i).Name)
		}
	}
}

func TestParseSecretsRefuses(t *testing.T) {
	t.Parallel()
	for text, words := range map[string]string{
		"":                              "ends too early",
		"hunter2":                       "not JSON",
		`{"v":1,"access_token":"hunter`: "ends too early",
		`{"access_token":"hunter2"}`:    "it is of version 0, this orgkeep knows version 1",
		`{"v":2}`:                       "it is of version 2",
		`{"v":1,"access_token":5}`:      "its access_token is of the wrong type",
		`["hunter2"]`:                   "the JSON is no object",
	} {
		got, err := ParseSecrets(text)
		if !errors.Is(err, ErrSecrets) || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "hunter") {
			t.Errorf("ParseSecrets(%q) says %v, want %q", text, err, words)
		}
		if !reflect.DeepEqual(got, Secrets{}) {
			t.Errorf("ParseSecrets(%q) returned something with its error", text)
		}
	}
}

func FuzzParseSecrets(f *testing.F) {
	line, err := allSecrets().Line()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add(`{"v":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSecrets(text)
		if err != nil {
			if !errors.Is(err, ErrSecrets) || !Printable(err.Error()) {
				t.Fatalf("ParseSecrets says %q", err)
			}
			return
		}
		again, err := s.Line()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParseSecrets(again); err != nil || !got.AccessToken.Equal(s.AccessToken) || got.Generation != s.Generation {
			t.Errorf("%q does not come back from %q (%v)", text, again, err)
		}
	})
}

func TestNextKeepsTheOldRefreshTokenOnlyWithoutANewOne(t *testing.T) {
	t.Parallel()
	old, now := allSecrets(), time.UnixMilli(1738350000000).UTC()
	g := Grant{AccessToken: NewSecret("new access"), Signature: NewSecret("new signature"), IssuedAt: now, IssuedAtText: "1738350000000"}

	want := old
	want.Generation, want.AccessToken, want.Signature = 42, g.AccessToken, Secret{} // there is no id that it would be of
	want.IssuedAt, want.IssuedAtText, want.RefreshUsedAt, want.Rotates = now, g.IssuedAtText, now, RotationNo
	if got := old.Next(g, now); !reflect.DeepEqual(got, want) {
		t.Errorf("without a refresh token: got %+v, want %+v", got, want)
	}

	g.RefreshToken, g.ID, g.InstanceURL, g.Scopes = NewSecret("new refresh"), "id", "https://moved.example", []string{"full"}
	want.RefreshToken, want.ID, want.InstanceURL, want.Scopes = g.RefreshToken, g.ID, g.InstanceURL, g.Scopes
	want.Signature = g.Signature
	want.Rotates, want.Replaced = RotationYes, old.RefreshToken.Fingerprint()
	if got := old.Next(g, now); !reflect.DeepEqual(got, want) || !got.RefreshToken.Equal(g.RefreshToken) {
		t.Errorf("with a refresh token: got %+v, want %+v", got, want)
	}
	if !reflect.DeepEqual(old, allSecrets()) {
		t.Error("Next changed the secrets it was asked of")
	}
}

func TestHolding(t *testing.T) {
	t.Parallel()
	s := allSecrets()
	org := Org{
		Key: "k", Alias: "acme", Username: "ana", Tags: []string{"eu"}, LoginURL: "https://l.example", ClientID: "c",
		Type: Sandbox, ExpiresAt: time.UnixMilli(1), ExpirySource: LeftFromJWT, Last: &Attempt{},
	}
	want := org
	want.Generation, want.IssuedAt, want.RefreshUsedAt = 41, s.IssuedAt, s.RefreshUsedAt
	want.HasRefreshToken, want.Rotates, want.Scopes = true, RotationYes, s.Scopes
	want.InstanceURL, want.Type = s.InstanceURL, Production
	want.ExpiresAt, want.ExpirySource = time.Time{}, ""
	want.OrgID, want.UserID = "00D41000000F8A0EAK", "005410000031xAAAAY" // not known before
	if got := org.Holding(s); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}

	for source, kept := range map[LeftSource]bool{LeftFromAnswer: true, LeftFromIntrospection: true, LeftFromJWT: false} {
		told := want
		told.ExpiresAt, told.ExpirySource = time.UnixMilli(1), source
		if got := told.Holding(s); (got.ExpirySource == source) != kept || got.ExpiresAt.IsZero() == kept {
			t.Errorf("the end by %s, of the same tokens: %s %s", source, got.ExpiresAt, got.ExpirySource)
		}
		if told.Generation--; told.Holding(s).ExpirySource != "" {
			t.Errorf("the end by %s of earlier tokens is kept", source)
		}
	}

	got := want.Holding(Secrets{})
	if got.InstanceURL != want.InstanceURL || got.Type != Production || len(got.Scopes) != 2 || got.Rotates != RotationUnknown || got.HasRefreshToken {
		t.Errorf("bare secrets make %+v", got)
	}
}
