package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

// encoded is an answer in the form encoding; its refresh token has no scope.
const encoded = "access_token=00D41000000F8A0%21AQEAQFsecretsecretsecretsecretx9Tf&refresh_token=" + aRenew + "&scope=api+web" +
	"&instance_url=https%3A%2F%2Facme.my.salesforce.com&issued_at=1795422190000&signature=c2ln&id=https%3A%2F%2Flogin.salesforce.com%2Fid%2F00D41000000F8A0EAK%2F005410000031xAAAAY"

// An answer is told with its times and its signature, whatever it is written in.
func TestInspectOfAnswersThatAreNoJSON(t *testing.T) {
	t.Parallel()
	for text, form := range map[string]string{encoded: "a form-encoded answer", "http://localhost:1717/OauthRedirect#" + encoded: "a URL with tokens in it"} {
		out, _ := inspectText(t, exitWell, text)
		for _, line := range []string{
			"it is:         " + form + "\n", "issued:        2026-11-23T08:23:10Z (10s ago)\n", "access token:  issued 10s ago, ~1h 59m left",
			"wrong:         a refresh token is there, and no scope that brings one: refresh_token or offline_access\n", "refresh token: 29d 23h until its idle limit",
			"access is:     00D41…!AQ…x9Tf, opaque, 50 characters of letters, digits, '!'\n", "               org 00D41000000F8A0EAK, user 005410000031xAAAAY\n",
			"host:          acme.my.salesforce.com: production", "allows:        api: ", "signature:     of the answer, an HMAC of id and issued_at: cannot be checked: its key is the client secret",
		} {
			if !strings.Contains(out, line) {
				t.Errorf("%s does not say %q:\n%s", form, line, out)
			}
		}
		if strings.Contains(out, "localhost") || strings.Contains(out, aToken) || strings.Contains(out, aRenew) {
			t.Errorf("a secret, or the app's host:\n%s", out)
		}
		out, _ = inspectText(t, exitWell, text, "--json")
		var d inspected
		if err := json.Unmarshal([]byte(out), &d); err != nil || d.Times == nil || *d.Times.AgeS != 10 || d.Anatomy.Signature == nil || "a "+string(d.Form) != form ||
			*d.Anatomy.AccessToken.OrgIDFrom != "prefix" || len(d.Anatomy.Doubts) != 1 {
			t.Errorf("%v: %s", err, out)
		}
		// As an argument it is in the list of processes.
		if _, errs := newDesk(t).run(t, exitUsage, "inspect", text); !strings.Contains(errs, "never an argument") {
			t.Errorf("%s", errs)
		}
	}
}

// What a JWT says is told where it says it, and in plain sentences.
func TestInspectOfAJWTsOrgAndTimes(t *testing.T) {
	t.Parallel()
	const header = `{"alg":"RS256","tnk":"core/prod/00D41000000F8A0EAK"}`
	for claims, want := range map[string][]string{
		`{"client_id":4,"sub":"uid:005410000031xAAAAY"}`: {
			"               of org 00D41000000F8A0EAK, by tnk in its header\n", "\n               it does not tell when it ends\n",
			"identity:      org 00D41000000F8A0EAK (named by tnk), user 005410000031xAAAAY (named by sub)\n",
		},
		`{"iat":1795422500,"exp":1795424000}`: {"wrong:         the access token's iat lies in the future, by 5m 00s\n", "by its own times it ends in 30m 00s\n"},
		`{"exp":"x"}`:                         {"\n               its exp cannot be read, so when it ends is not known\n"},
		`{"nbf":1795422100}`:                  {"\n               it does not tell when it ends\n"},
		`{"nbf":1795422500}`:                  {"by its own times it is not valid yet: it begins in 5m 00s\n"},
		`[]`:                                  {"wrong: its claims part cannot be read: it is no JSON object\n", "\n               its claims cannot be read, so when it ends is not known\n"},
	} {
		out, _ := inspectText(t, exitWell, jwtOf(header, claims))
		for _, line := range want {
			if !strings.Contains(out, line) {
				t.Errorf("%s does not say %q:\n%s", claims, line, out)
			}
		}
		if strings.Contains(out, "client id:") {
			t.Errorf("%s: a client id that is none:\n%s", claims, out)
		}
		_, _, d := verdicts(t, exitWell, jwtOf(header, claims))
		if d.ClientID != nil || d.ClientIDFrom != nil || *d.Anatomy.AccessToken.OrgIDFrom != "tnk" || *d.Anatomy.Identity.OrgID != "00D41000000F8A0EAK" {
			t.Errorf("%s: %+v", claims, d)
		}
	}
	_, _, d := verdicts(t, exitWell, jwtOf(header, `{"sub":"uid:005410000031xAAAAY"}`))
	if *d.Anatomy.Identity.From != "sub" || *d.Anatomy.Identity.OrgFrom != "tnk" {
		t.Errorf("%+v", d.Anatomy.Identity)
	}
}
