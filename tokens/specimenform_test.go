package tokens

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// encodedAnswer is an answer for format=urlencoded; the signature is that of signed.
var encodedAnswer = url.Values{
	"access_token": {opaque}, "refresh_token": {"5Aep861.refresh"}, "scope": {"api refresh_token"}, "instance_url": {"https://acme.my.salesforce.com"},
	"id": {signed().ID}, "issued_at": {signed().IssuedAtText}, "signature": {signed().Signature.Reveal()}, "token_type": {"Bearer"},
}

// An answer tells the same in the form encoding and behind the hash of a URL as in
// JSON.
func TestAnAnswerThatIsNoJSON(t *testing.T) {
	t.Parallel()
	body := encodedAnswer.Encode()
	for text, form := range map[string]SpecimenForm{
		body: FormEncoded, "  " + body + "\r\n": FormEncoded, "'" + body + "'": FormEncoded, "#" + body: FormEncoded,
		"http://localhost:1717/OauthRedirect#" + body: FormURL, "https://login.salesforce.com/services/oauth2/success#" + body: FormURL,
	} {
		s, err := ParseSpecimen(text)
		if err != nil || s.Form != form || !s.Answer() || len(s.Problems) != 0 {
			t.Fatalf("%s: %s %q (%v)", text, s.Form, s.Problems, err)
		}
		got := s.Secrets
		if got.AccessToken.Reveal() != opaque || got.RefreshToken.Reveal() != "5Aep861.refresh" || got.InstanceURL != "https://acme.my.salesforce.com" ||
			!slices.Equal(got.Scopes, []string{"api", "refresh_token"}) || got.IssuedAt.UnixMilli() != 1708058728442 {
			t.Errorf("%s: %+v", form, got)
		}
		s.Secrets.ClientSecret = signed().ClientSecret
		if a := DissectSpecimen(s); a.Signature.Verdict != CheckVerified || a.Host.Host != "acme.my.salesforce.com" {
			t.Errorf("%s: %s %+v", form, a.Signature.Text(), a.Host)
		}
	}
}

func TestFormsThatAreNotWhole(t *testing.T) {
	t.Parallel()
	token := url.QueryEscape(opaque)
	for text, want := range map[string]struct {
		form    SpecimenForm
		problem string
	}{
		"access_token=" + token:                             {FormEncoded, ""},
		"access_token=" + token + "&x=%zz":                  {FormEncoded, "some of its escapes cannot be read"},
		"access_token=" + token + "&scope=":                 {FormEncoded, ""},
		"access_token=x&access_token=" + token:              {FormEncoded, "its access_token is there more than once"},
		"grant_type=refresh_token&refresh_token=5Aep861.re": {FormEncoded, ""},
		"access_token=" + opaque:                            {FormVariables, ""},
		"SF_ACCESS_TOKEN=" + opaque + "\nA=b&c=d":           {FormVariables, "were passed over"},
	} {
		s, err := ParseSpecimen(text)
		problems := strings.Join(s.Problems, "; ")
		if err != nil || s.Form != want.form || !strings.Contains(problems, want.problem) || (want.problem == "") != (problems == "") {
			t.Errorf("%s: %s %q (%v)", text, s.Form, problems, err)
		}
		if access := s.Secrets.AccessToken; !access.IsZero() && access.Reveal() != opaque {
			t.Errorf("%s: another access token", text)
		}
	}
	for text, want := range map[string]string{
		"error=invalid_grant&error_description=expired%20access%2Frefresh%20token": "an endpoint's refusal: invalid_grant — expired access/refresh token",
		"a=b&c=d": "it is a word",
	} {
		if s, err := ParseSpecimen(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v (%v)", text, s, err)
		}
	}
}

// The address that an answer was sent to is the app's, and tells nothing of the org.
func TestTheHostOfACallbackIsNotTheOrgs(t *testing.T) {
	t.Parallel()
	token := url.QueryEscape(opaque)
	for text, host := range map[string]string{
		"http://localhost:1717/OauthRedirect#access_token=" + token:                                                          "",
		"https://app.example/callback#access_token=" + token + "&issued_at=1708058728442":                                    "",
		"https://login.salesforce.com/services/oauth2/success#access_token=" + token:                                         "",
		"http://localhost:1717/OauthRedirect#instance_url=https%3A%2F%2Facme.my.salesforce.com&access_token=" + token:        "acme.my.salesforce.com",
		"https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=" + token:                                                    "acme.my.salesforce.com",
		"http://127.0.0.1:8080/secur/frontdoor.jsp?sid=" + token:                                                             "",
		"https://evil.example/secur/frontdoor.jsp?sid=" + token:                                                              "",
		"https://acme.my.salesforce.com/secur/frontdoor.jsp?instance_url=https%3A%2F%2Fb.my.salesforce.com&sid=" + token:     "b.my.salesforce.com",
		"http://localhost:1717/OauthRedirect#access_token=" + accessJWT(`{"iss":"https://beta.my.salesforce.com","scp":""}`): "beta.my.salesforce.com",
	} {
		s, err := ParseSpecimen(text)
		if a := DissectSpecimen(s); err != nil || a.Host.Host != host {
			t.Errorf("%s: %+v (%v)", text, a.Host, err)
		}
	}
}

// A field that is there twice is told, since another reader may take the other one.
func TestFieldsThatAreThereTwice(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"access_token":"a","access_token":"` + opaque + `"}`:                                                                  "access_token",
		`{"access_token":"` + opaque + `","refresh_token":"5Aep861.a","refresh_token":"5Aep861.b","refresh_token":"5Aep861.c"}`: "refresh_token",
		`{"access_token":"` + opaque + `","x":1,"x":2}`:                                                                         "",
		`{"access_token":"` + opaque + `","accessToken":"` + opaque + `"}`:                                                      "",
		`https://acme.my.salesforce.com/#access_token=a&access_token=` + strings.ToLower(opaque) + `&b`:                         "access_token",
	} {
		s, err := ParseSpecimen(text)
		switch {
		case err != nil, want == "" && len(s.Problems) != 0,
			want != "" && (len(s.Problems) != 1 || s.Problems[0] != "its "+want+" is there more than once; the last one is taken here, another reader may take the first"):
			t.Errorf("%s: %q (%v)", text, s.Problems, err)
		}
	}
}
