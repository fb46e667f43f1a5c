package tokens

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const answer = `{"access_token":"` + opaque + `","refresh_token":"5Aep861refresh","signature":"c2ln","scope":"api  refresh_token",` +
	`"instance_url":"https://Acme.my.salesforce.com/","id":"https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY",` +
	`"token_type":"Bearer","issued_at":"1738348388166","username":"ana@acme.example"}`

func TestParseGrant(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain": answer,
		"BOM":   "\xef\xbb\xbf" + answer,
		"CRLF":  strings.ReplaceAll(answer, ",", ",\r\n") + "\r\n",
	} {
		g, err := ParseGrant([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if g.AccessToken.Reveal() != opaque || g.RefreshToken.Reveal() != "5Aep861refresh" || g.Signature.Reveal() != "c2ln" {
			t.Errorf("%s: the secrets differ", name)
		}
		if g.OrgID != "00D41000000F8A0EAK" || g.UserID != "005410000031xAAAAY" || g.Username != "ana@acme.example" ||
			g.InstanceURL != "https://acme.my.salesforce.com" || strings.Join(g.Scopes, "+") != "api+refresh_token" {
			t.Errorf("%s: got %+v", name, g)
		}
		if !g.IssuedAt.Equal(time.UnixMilli(1738348388166)) || g.IssuedAtText != "1738348388166" {
			t.Errorf("%s: issued at %v, %q", name, g.IssuedAt, g.IssuedAtText)
		}
	}
}

func TestParseGrantKeepsTheIdentityURLAsReceived(t *testing.T) {
	t.Parallel()
	const id = "https://LOGIN.salesforce.com/id/00D41000000F8A0/005410000031xAA/"
	g, err := ParseGrant([]byte(`{"access_token":"a","id":"` + id + `"}`))
	if err != nil || g.ID != id || g.OrgID != "00D41000000F8A0EAK" {
		t.Errorf("got %q and %q (%v), want the URL unchanged: the signature covers it", g.ID, g.OrgID, err)
	}
}

func TestIssuedAt(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]time.Time{
		`"1738348388166"`: time.UnixMilli(1738348388166),
		`1738348388166`:   time.UnixMilli(1738348388166),
		`"1738348388"`:    time.Unix(1738348388, 0),
		`1738348388`:      time.Unix(1738348388, 0),
		`99999999999`:     time.Unix(99999999999, 0),
		`100000000001`:    time.UnixMilli(100000000001),
		`null`:            {},
		`""`:              {},
	} {
		g, err := ParseGrant([]byte(`{"access_token":"a","issued_at":` + raw + `}`))
		if err != nil || !g.IssuedAt.Equal(want) || g.IssuedAtText != strings.Trim(raw, ` "nul`) {
			t.Errorf("issued_at %s is %v, %q (%v), want %v", raw, g.IssuedAt, g.IssuedAtText, err, want)
		}
	}
	for _, raw := range []string{`"soon"`, `-5`, `1.5`, `1e12`, `[]`, `{}`, `true`, `"1 2"`, `99999999999999999999`, `"\u001b"`} {
		if g, err := ParseGrant([]byte(`{"access_token":"a","issued_at":` + raw + `}`)); !errors.Is(err, ErrGrant) || !g.IssuedAt.IsZero() {
			t.Errorf("issued_at %s is %v (%v), want ErrGrant", raw, g.IssuedAt, err)
		}
	}
}

func TestParseGrantSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, words := range map[string]string{
		``:                                   "the JSON ends too early",
		`{"access_token": "x`:                "the JSON ends too early",
		`<html>`:                             "not JSON (at byte 1)",
		`[1]`:                                "the JSON is no object (array)",
		`"text"`:                             "the JSON is no object (string)",
		`{}`:                                 "it has no access_token",
		`{"access_token":7}`:                 "its access_token is of the wrong type (number)",
		`{"access_token":"a b"}`:             "its access_token has characters that no token has",
		"{\"access_token\":\"\xff\"}":        "not UTF-8 text",
		`{"access_token":"a","scope":"a é"}`: "its scope has characters that no scope has: é",
		`{"access_token":"a","refresh_token":"[REDACTED] x"}`:    "its refresh_token was redacted",
		`{"access_token":"[REDACTED]","refresh_token":"a\nb"}`:   "its access_token was redacted",
		`{"access_token":"a","username":"\u202e"}`:               `its username has control characters: \u202e`,
		`{"access_token":"a","instance_url":"http://h.example"}`: "its instance_url is not a usable URL",
		`{"access_token":"a","id":"https://h/id/x/y"}`:           "its id: org in the identity URL: not a Salesforce id",
	} {
		_, err := ParseGrant([]byte(text))
		if !errors.Is(err, ErrGrant) || !strings.Contains(err.Error(), words) {
			t.Errorf("ParseGrant(%s) says %v, want %q", text, err, words)
		}
	}
}

func FuzzParseGrant(f *testing.F) {
	f.Add([]byte(answer))
	f.Add([]byte(`{"access_token":"a","issued_at":1738348388,"scope":"a b"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		g, err := ParseGrant(text)
		if err != nil {
			if !errors.Is(err, ErrGrant) || !Printable(err.Error()) {
				t.Fatalf("ParseGrant says %q", err)
			}
			return
		}
		if g.AccessToken.IsZero() || !Printable(g.Username+g.InstanceURL+strings.Join(g.Scopes, "")) || (g.ID == "") != (g.OrgID == "") {
			t.Fatalf("accepted %+v", g)
		}
	})
}
