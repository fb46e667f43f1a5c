package tokens

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// The signature is openssl dgst -sha256 -hmac, with the key below, of the id and
// the issued_at; the SHA-256 is that of sha256sum.
func signed() Secrets {
	return Secrets{
		ClientSecret: NewSecret("1955279925675241571"), Signature: NewSecret("cfEnkH+FoNTaB5fMV4V26u9RY3FyqMJ1MCU5XhE9Jto="),
		ID: "https://login.salesforce.com/id/00D41000000F8A0EAK/005410000031xAAAAY", IssuedAtText: "1708058728442",
	}
}

func TestCheckSignature(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*Secrets)
		verdict Verdict
		says    string
	}{
		"as signed":       {func(*Secrets) {}, CheckVerified, "verified: "},
		"no padding":      {func(s *Secrets) { s.Signature = NewSecret(strings.TrimRight(s.Signature.Reveal(), "=")) }, CheckVerified, ""},
		"another time":    {func(s *Secrets) { s.IssuedAtText = "1708058728443" }, CheckMismatch, "does not match: "},
		"another id":      {func(s *Secrets) { s.ID += "x" }, CheckMismatch, ""},
		"another secret":  {func(s *Secrets) { s.ClientSecret = NewSecret("other") }, CheckMismatch, ""},
		"not Base64":      {func(s *Secrets) { s.Signature = NewSecret("***") }, CheckMismatch, "not Base64"},
		"no secret":       {func(s *Secrets) { s.ClientSecret = Secret{} }, CheckNone, "cannot be checked: its key is the client secret"},
		"no signature":    {func(s *Secrets) { s.Signature = Secret{} }, CheckNone, "cannot be checked: there is none"},
		"no id":           {func(s *Secrets) { s.ID = "" }, CheckNone, "not both there"},
		"no issued_at":    {func(s *Secrets) { s.IssuedAtText = "" }, CheckNone, "not both there"},
		"nothing at all":  {func(s *Secrets) { *s = Secrets{} }, CheckNone, ""},
		"half the answer": {func(s *Secrets) { s.Signature = NewSecret(s.Signature.Reveal()[:20]) }, CheckMismatch, ""},
	} {
		s := signed()
		c.change(&s)
		if got := CheckSignature(s); got.Verdict != c.verdict || !strings.Contains(got.Text(), c.says) {
			t.Errorf("%s: %s", name, got.Text())
		}
	}
}

func TestDissect(t *testing.T) {
	t.Parallel()
	s := signed()
	s.AccessToken, s.RefreshToken = NewSecret(opaque), NewSecret("5Aep861TSESvWeug_xvFHRBTTbf_YrTWgEyjBJrZ")
	s.InstanceURL, s.Scopes = "https://acme--uat.sandbox.my.salesforce.com", []string{"api", "id", "odd\x1b"}
	a := Dissect(s)
	if a.Access.Kind != KindOpaque || a.Access.OrgID != "00D41000000F8A0EAK" || a.Access.Prefix != "00D41000000F8A0" || a.Access.Length != len(opaque) || a.Access.Problem != "" {
		t.Errorf("access: %+v", a.Access)
	}
	if !strings.HasPrefix(a.Access.SHA256, s.AccessToken.Fingerprint()) || len(a.Access.SHA256) != 64 || a.Access.Mask != s.AccessToken.Mask() {
		t.Errorf("access: %+v", a.Access)
	}
	if a.Refresh.OrgID != "" || a.Refresh.Alphabet != "letters, digits, '_'" {
		t.Errorf("refresh: %+v", a.Refresh)
	}
	if a.Identity.OrgID != "00D41000000F8A0EAK" || a.Identity.UserID != "005410000031xAAAAY" || a.Host.Type != Sandbox || a.Signature.Verdict != CheckVerified {
		t.Errorf("%+v %+v %v", a.Identity, a.Host, a.Signature)
	}
	if a.Scopes[1].Meaning == "" || a.Scopes[2] != (Scope{Name: `odd\x1b`}) || len(a.Missing) != 1 || a.Missing[0].Scope != "web" {
		t.Errorf("scopes: %+v, missing %+v", a.Scopes, a.Missing)
	}
	for _, secret := range []Secret{s.AccessToken, s.RefreshToken, s.ClientSecret, s.Signature} {
		if LeaksAny(fmt.Sprintf("%+v", a), secret) {
			t.Error("the anatomy holds a secret")
		}
	}
}

func TestDissectToken(t *testing.T) {
	t.Parallel()
	if DissectToken(Secret{}).Present() {
		t.Error("an absent token is present")
	}
	for token, want := range map[string]Token{
		"00D!AQ":                {Problem: "the part before the exclamation mark is no org id of 15 or 18 characters", Alphabet: "letters, digits, '!'"},
		"00D41000000F8A0EAK!AQ": {OrgID: "00D41000000F8A0EAK", Prefix: "00D41000000F8A0EAK", Alphabet: "letters, digits, '!'"},
		"no!token":              {Alphabet: "letters, '!'"},
		"1234":                  {Alphabet: "digits"},
		"~._-!.5Ae":             {Alphabet: "letters, digits, '!' '-' '.' '_' '~'"},
		"a\nb":                  {Alphabet: "letters, characters that no token has"},
	} {
		got := DissectToken(NewSecret(token))
		if got.Kind != KindOpaque || got.OrgID != want.OrgID || got.Prefix != want.Prefix || got.Problem != want.Problem || got.Alphabet != want.Alphabet {
			t.Errorf("%q: %+v", token, got)
		}
	}
	if j := DissectToken(NewSecret(vectorToken)); j.Kind != KindJWT || j.JWT == nil || j.JWT.KeyID != "240" {
		t.Errorf("JWT: %+v", j)
	}
	if j := DissectToken(NewSecret("eyJ.*.*")); j.Kind != KindJWT || j.JWT != nil || j.Problem == "" {
		t.Errorf("a JWT that cannot be decoded: %+v", j)
	}
}

func TestReadHost(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]struct {
		kind Type
		how  string
	}{
		"https://acme.my.salesforce.com":              {Production, "no label"},
		"https://acme--uat.sandbox.my.salesforce.com": {Sandbox, "label sandbox"},
		"https://acme--uat.my.salesforce.com":         {Sandbox, "double hyphen"},
		"https://acme.cs42.my.salesforce.com":         {Sandbox, "instance of sandboxes"},
		"https://acme-dev-ed.my.salesforce.com":       {Developer, "-dev-ed"},
		"https://x.scratch.my.salesforce.com":         {Scratch, "label scratch"},
		"https://x.trailblaze.my.salesforce.com":      {Trailhead, "label trailblaze"},
		"https://x.my.salesforce.mil":                 {Government, "government cloud"},
		"https://x.my.sfcrmproducts.cn":               {China, "the China cloud"},
		"https://login.salesforce.com":                {Production, "login host"},
		"https://test.salesforce.com":                 {Sandbox, "login host"},
		"https://acme.example":                        {TypeUnknown, "none of the forms"},
		"":                                            {TypeUnknown, "no host"},
		"%zz":                                         {TypeUnknown, "no host"},
	} {
		if r := ReadHost(url); r.Type != want.kind || !strings.Contains(r.How, want.how) {
			t.Errorf("%s: %+v", url, r)
		}
	}
}

func TestMissingScopes(t *testing.T) {
	t.Parallel()
	for scopes, want := range map[string]string{
		"": "", "api refresh_token web": "", "full": "refresh_token", "full offline_access": "", "id": "refresh_token api web", "visualforce api refresh_token": "web",
	} {
		for _, renewable := range []bool{false, true} {
			var names []string
			for _, lack := range MissingScopes(strings.Fields(scopes), renewable) {
				names = append(names, lack.Scope)
			}
			want := want
			if renewable { // what is there outranks what the scopes say of it
				want = strings.TrimSpace(strings.Replace(want, "refresh_token", "", 1))
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%s lacks %q, want %q (refresh token: %t)", scopes, got, want, renewable)
			}
		}
	}
}

// What a missing scope means does not contradict a scope that is there.
func TestWhatIsMissingFitsWhatIsThere(t *testing.T) {
	t.Parallel()
	for scopes, want := range map[string][2]string{
		"id refresh_token":                  {"do not take the access token.", "cannot open the org in a browser"},
		"chatter_api refresh_token":         {"but for those that its scopes name", "cannot open the org in a browser"},
		"visualforce refresh_token id":      {"do not take the access token.", "opens Visualforce pages"},
		"visualforce wave_api full":         {"", ""},
		"offline_access lightning sfap_api": {"but for those that its scopes name", "cannot open"},
	} {
		got := map[string]string{}
		for _, lack := range MissingScopes(strings.Fields(scopes), true) {
			got[lack.Scope] = lack.Means
		}
		if !strings.Contains(got["api"], want[0]) || !strings.Contains(got["web"], want[1]) || (want[0] == "") != (got["api"] == "") {
			t.Errorf("%s: %v", scopes, got)
		}
	}
	a := Dissect(Secrets{RefreshToken: NewSecret("5Aep861.refresh"), Scopes: []string{"api", "api", "web"}})
	if len(a.Missing) != 0 || len(a.Scopes) != 2 {
		t.Errorf("%+v %+v", a.Missing, a.Scopes)
	}
}

func TestParseSpecimen(t *testing.T) {
	t.Parallel()
	idToken := parts(`{"alg":"RS256"}`, `{"aud":"3MVG9","at_hash":"x","exp":1795424000}`).Reveal()
	const url = "force://PlatformCLI::5Aep861.refresh@acme.my.salesforce.com"
	for text, want := range map[string]struct {
		form    SpecimenForm
		problem string
	}{
		opaque:                                 {FormAccessToken, ""},
		"Authorization: Bearer " + opaque:      {FormAccessToken, ""},
		"\xef\xbb\xbf  \"" + opaque + "\"\r\n": {FormAccessToken, ""},
		vectorToken:                            {FormAccessToken, ""},
		idToken:                                {FormIDToken, ""},
		"5Aep861.refresh":                      {FormRefreshToken, ""},
		"3MVG9.key":                            {FormConsumerKey, ""},
		"whatever0123456789~whatever":          {FormUnknownToken, ""},
		url:                                    {FormAuthURL, ""},
		url + "/more":                          {FormAuthURL, "behind the host"},
		"force://:5Aep861.refresh@acme.my.salesforce.com":                                    {FormAuthURL, "no client id"},
		"force://5Aep861.refresh@acme.my.salesforce.com":                                     {FormAuthURL, "no client id"},
		`{"result":{"sfdxAuthUrl":"` + url + `"}}`:                                           {FormAuthURL, ""},
		`{"status":0,"result":{"accessToken":"` + opaque + `","instanceUrl":"https://a.b"}}`: {FormTokenJSON, ""},
		`{"access_token":7}`: {FormTokenJSON, "access_token is no string"},
		`{"access_token":"a b","issued_at":"soon","instance_url":"ftp://x","id":3}`: {FormTokenJSON, "characters that no token has"},
	} {
		s, err := ParseSpecimen(text)
		if err != nil || s.Form != want.form || !strings.Contains(strings.Join(s.Problems, "; "), want.problem) || want.problem == "" && len(s.Problems) > 0 {
			t.Errorf("%q: %s, %v (%v)", text, s.Form, s.Problems, err)
		}
	}
	s, err := ParseSpecimen("force://3MVG9.id:s3cret:5Aep861.refresh@localhost:8443")
	if err != nil || s.ClientID != "3MVG9.id" || s.Secrets.ClientSecret.Reveal() != "s3cret" || s.Secrets.RefreshToken.Reveal() != "5Aep861.refresh" || s.Secrets.InstanceURL != "https://localhost:8443" {
		t.Errorf("%+v %v", s, err)
	}
	s, err = ParseSpecimen(`{"access_token":"` + vectorToken + `","id":"/id/00D41000000F8A0/005410000031xAA","issued_at":1708058728442,"client_id":"x","scope":""}`)
	if err != nil || !slices.Equal(DissectSpecimen(s).Scopes, []Scope{{"api", ScopeMeaning("api")}, {"refresh_token", ScopeMeaning("refresh_token")}}) || !s.Secrets.IssuedAt.Equal(time.UnixMilli(1708058728442)) || s.ClientID != "x" {
		t.Errorf("%+v %v", s, err)
	}
}

func TestTextsThatAreNoSpecimen(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "  \n", "two words", "force://", "force://a:b", "{", `{"a":1}`, `{}`, "tok\x1ben", "é", `{"result":{"result":{}}}`,
		strings.Repeat("x", SpecimenLimit+1), `{"result":` + strings.Repeat(`{"result":`, 20000) + `1`,
	} {
		if s, err := ParseSpecimen(text); !errors.Is(err, ErrSpecimen) || len(err.Error()) > 200 || !Printable(err.Error()) {
			t.Errorf("%.40q: %+v (%v)", text, s, err)
		}
	}
}

func FuzzParseSpecimen(f *testing.F) {
	f.Add("force://PlatformCLI::5Aep861.refresh@acme.my.salesforce.com")
	f.Add(`{"access_token":"00D41000000F8A0!AQ","issued_at":"1","id_token":"eyJ.eyJ.x","scope":"api"}`)
	f.Add(vectorToken)
	f.Add(encodedAnswer.Encode())
	f.Add("https://a.b/#access_token=a&access_token=%zz&error=x")
	f.Add("export SF_ACCESS_TOKEN='" + opaque + "'\nSFDX_AUTH_URL=force://a:b:c@d")
	f.Add("https://a.my.salesforce.com/x#access_token=" + opaque + "&id=" + anIdentity)
	f.Add(`{"result":{"id":"` + anOrg + `","accessToken":"` + vectorToken + `","sfdxAuthUrl":"force://a::b@c"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSpecimen(text)
		if err != nil {
			if !errors.Is(err, ErrSpecimen) || !Printable(err.Error()) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if !Printable(strings.Join(s.Problems, "")) || !Printable(s.ClientID) {
			t.Errorf("%q: %v %q", text, s.Problems, s.ClientID)
		}
		a := DissectSpecimen(s)
		all := a.Access.Mask + a.Access.Problem + a.Identity.URL + a.Identity.Problem + a.Host.Text() + a.Note + strings.Join(append(a.Doubts, a.Against(Org{OrgID: anOrg, UserID: anUser, ClientID: "x"})...), "")
		if !Printable(all) || a.Signature.Verdict == "" {
			t.Errorf("%q: %+v", text, a)
		}
	})
}
