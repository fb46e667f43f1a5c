package tokens

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func inUTF16(text string, big bool) string {
	var b strings.Builder
	for _, unit := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		low, high := byte(unit), byte(unit>>8)
		if big {
			low, high = high, low
		}
		b.WriteByte(low)
		b.WriteByte(high)
	}
	return b.String()
}

// A token is the same whatever stands around it where it was copied from.
func TestATokenAsItIsCopied(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"bearer " + opaque, "BEARER\t" + opaque, "OAuth " + opaque, "authorization: bearer " + opaque, `"Bearer ` + opaque + `"`, `"Authorization: Bearer ` + opaque + `"`,
		"'" + opaque + "'", "`" + opaque + "`", "“" + opaque + "”", `"` + opaque + `",`, `'` + opaque + `';`, "\n\n\t" + opaque + "\r\n", "\xef\xbb\xbf" + opaque,
		inUTF16(opaque+"\r\n", false), inUTF16(opaque, true), `["` + opaque + `"]`, "[\n \"Bearer " + opaque + "\"\n]",
	} {
		if s, err := ParseSpecimen(text); err != nil || s.Form != FormAccessToken || s.Secrets.AccessToken.Reveal() != opaque || len(s.Problems) != 0 {
			t.Errorf("%q: %s %q (%v)", text, s.Form, s.Problems, err)
		}
	}
	const url = "force://PlatformCLI::5Aep861.refresh@acme.my.salesforce.com"
	for whole, text := range map[string]string{
		opaque:      opaque[:20] + "\n" + opaque[20:40] + "\r\n   " + opaque[40:],
		vectorToken: vectorToken[:76] + "\n" + vectorToken[76:152] + "\n" + vectorToken[152:],
		url:         url[:30] + "\n  " + url[30:],
	} {
		s, err := ParseSpecimen(text)
		same := s.Secrets.AccessToken.Reveal() == whole || "force://PlatformCLI::"+s.Secrets.RefreshToken.Reveal()+"@acme.my.salesforce.com" == whole
		if err != nil || !same || len(s.Problems) != 1 || !strings.Contains(s.Problems[0], "several lines, which were joined") {
			t.Errorf("%q: %+v (%v)", text, s, err)
		}
	}
}

// What a shell or an address did to the exclamation mark is undone, and said.
func TestAnEscapedExclamationMark(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Replace(opaque, "!", `\!`, 1), strings.Replace(opaque, "!", "%21", 1)} {
		s, err := ParseSpecimen(text)
		if err != nil || s.Secrets.AccessToken.Reveal() != opaque || len(s.Problems) != 1 || !strings.Contains(s.Problems[0], "was escaped") {
			t.Errorf("%q: %+v (%v)", text, s, err)
		}
	}
	for _, text := range []string{
		`curl -H "Authorization: Bearer ` + opaque + `" https://acme.my.salesforce.com/services/data`, "curl --header 'authorization: OAuth " + opaque + "' \\\n https://acme.my.salesforce.com",
		"GET / HTTP/1.1\r\nHost: acme.my.salesforce.com\r\nAuthorization: Bearer " + opaque + "\r\n",
	} {
		s, err := ParseSpecimen(text)
		if err != nil || s.Secrets.AccessToken.Reveal() != opaque || len(s.Problems) != 1 || !strings.Contains(s.Problems[0], "passed over") {
			t.Errorf("%q: %+v (%v)", text, s, err)
		}
	}
}

func TestIDsAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		form      SpecimenForm
		org, user string
		doubt     string
	}{
		anOrg: {FormID, anOrg, "", ""}, anOrg[:15]: {FormID, anOrg, "", ""}, anUser: {FormID, "", anUser, ""},
		anOrg[:17] + "Y":      {FormID, anOrg[:17] + "Y", "", "the org id in the input: "},
		anUser[:17] + "Z":     {FormID, "", anUser[:17] + "Z", "the user id in the input: "},
		anIdentity:            {FormIdentityURL, anOrg, anUser, ""},
		anIdentity[:68] + "Z": {FormIdentityURL, anOrg, anUser[:17] + "Z", "the user id in the identity URL: "},
	} {
		s, err := ParseSpecimen(text)
		a := DissectSpecimen(s)
		if err != nil || s.Form != want.form || a.Identity.OrgID != want.org || a.Identity.UserID != want.user || !strings.HasPrefix(strings.Join(a.Doubts, "; "), want.doubt) || (want.doubt == "") != (len(a.Doubts) == 0) {
			t.Errorf("%s: %s %+v %q (%v)", text, s.Form, a.Identity, a.Doubts, err)
		}
	}
}

func TestOtherFormsOfALogin(t *testing.T) {
	t.Parallel()
	const url = "force://3MVG9.id:s3cret:5Aep861.refresh@acme.my.salesforce.com"
	for name, c := range map[string]struct {
		text                               string
		form                               SpecimenForm
		access, refresh, client, host, org string
		problem                            string
	}{
		"shell lines": {
			text: "export SF_ACCESS_TOKEN='" + opaque + "'\nexport SF_INSTANCE_URL='https://acme.my.salesforce.com'\nexport SFDX_ACCESS_TOKEN='" + opaque + "'\n",
			form: FormVariables, access: opaque, host: "https://acme.my.salesforce.com",
		},
		"a .env file": {
			text: "# acme\nSF_ACCESS_TOKEN=" + opaque + "\n\nSF_ORG_INSTANCE_URL=\"https://acme.my.salesforce.com\"\nPATH=/bin\n",
			form: FormVariables, access: opaque, host: "https://acme.my.salesforce.com", problem: "were passed over",
		},
		"PowerShell": {text: `$env:SF_ACCESS_TOKEN = "` + opaque + `"`, form: FormVariables, access: opaque},
		"cmd":        {text: "set SF_ACCESS_TOKEN=" + opaque + "\r\nset CLIENT_ID=3MVG9.id", form: FormVariables, access: opaque, client: "3MVG9.id"},
		"an auth URL in a variable": {
			text: "SFDX_AUTH_URL=" + url, form: FormVariables, refresh: "5Aep861.refresh", client: "3MVG9.id", host: "https://acme.my.salesforce.com",
		},
		"no auth URL in a variable": {text: "SFDX_AUTH_URL=later\nCLIENT_ID=x", form: FormVariables, client: "x", problem: "its SFDX_AUTH_URL is no auth URL"},
		"variables in JSON": {
			text: `{"SF_ACCESS_TOKEN":"` + opaque + `","SF_INSTANCE_URL":"https://acme.my.salesforce.com"}`,
			form: FormVariables, access: opaque, host: "https://acme.my.salesforce.com",
		},
		"sf org display": {
			text: `{"status":0,"result":{"id":"` + anOrg + `","apiVersion":"65.0","accessToken":"` + opaque + `","instanceUrl":"https://acme.my.salesforce.com","username":"ada@acme.example","clientId":"PlatformCLI","connectedStatus":"Connected","sfdxAuthUrl":"` + url + `","alias":"acme"},"warnings":[]}`,
			form: FormTokenJSON, access: opaque, refresh: "5Aep861.refresh", client: "PlatformCLI", host: "https://acme.my.salesforce.com", org: anOrg,
		},
		"sf org display, redacted": {
			text: `{"result":{"id":"` + anOrg + `","accessToken":"[REDACTED] Use 'sf org auth show-access-token' to view","instanceUrl":"https://acme.my.salesforce.com"}}`,
			form: FormTokenJSON, host: "https://acme.my.salesforce.com", org: anOrg, problem: "its accessToken is redacted",
		},
		"sf list":   {text: `{"result":[{"accessToken":"` + opaque + `"}]}`, form: FormTokenJSON, access: opaque},
		"a list":    {text: `[{"access_token":"` + opaque + `"}]`, form: FormTokenJSON, access: opaque},
		"null":      {text: `{"access_token":"` + opaque + `","refresh_token":null,"id":null}`, form: FormTokenJSON, access: opaque},
		"scopes":    {text: `{"access_token":"` + opaque + `","scope":["api","web"]}`, form: FormTokenJSON, access: opaque, problem: "its scope is a list"},
		"commas":    {text: `{"access_token":"` + opaque + `","scope":"api,web"}`, form: FormTokenJSON, access: opaque, problem: "its scope has commas"},
		"JSON cut":  {text: `{"access_token":"` + opaque + `","refresh_tok`, form: FormTokenJSON, access: opaque, problem: "its end cannot be read: the JSON ends too early"},
		"org alone": {text: `{"orgId":"nobody","access_token":"` + opaque + `"}`, form: FormTokenJSON, access: opaque, problem: "its orgId is no org id"},
		"blanks":    {text: `{"access_token":" ` + opaque + ` "}`, form: FormTokenJSON, access: opaque, problem: "white space around it"},
		// The encrypted text is one of @salesforce/core's own.
		"a file of the Salesforce CLI": {
			text: `{"accessToken":"a1b2c3d4e5f6127d8a64048e310ad2d9f32ef4b7b9:bd645dc66604f5944179ce8ce175bea6","instanceUrl":"https://acme.my.salesforce.com"}`,
			form: FormTokenJSON, host: "https://acme.my.salesforce.com", problem: "its accessToken cannot be read: it is encrypted",
		},
		"a bare encrypted token": {text: "a1b2c3d4e5f6127d8a64048e310ad2d9f32ef4b7b9:bd645dc66604f5944179ce8ce175bea6", form: FormUnknownToken, problem: "it is encrypted"},
		"the end of the user-agent flow": {
			text: "https://login.salesforce.com/services/oauth2/success#access_token=" + strings.ReplaceAll(opaque, "!", "%21") + "&refresh_token=5Aep861.refresh&instance_url=https%3A%2F%2Facme.my.salesforce.com&id=https%3A%2F%2Flogin.salesforce.com%2Fid%2F" + anOrg + "%2F" + anUser + "&issued_at=1708058728442&scope=api",
			form: FormURL, access: opaque, refresh: "5Aep861.refresh", host: "https://acme.my.salesforce.com",
		},
		"a link that opens an org": {text: "https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=" + opaque, form: FormURL, access: opaque, host: "https://acme.my.salesforce.com"},
		"https in an auth URL": {
			text: "force://PlatformCLI::5Aep861.refresh@https://acme.my.salesforce.com", form: FormAuthURL, refresh: "5Aep861.refresh", client: "PlatformCLI",
			host: "https://acme.my.salesforce.com", problem: "https:// stands before the host",
		},
		"an access token in an auth URL": {text: "force://PlatformCLI::00D41000000F8A0.AQ@acme.my.salesforce.com", form: FormAuthURL, refresh: "00D41000000F8A0.AQ", client: "PlatformCLI", host: "https://acme.my.salesforce.com", problem: "an access token stands where"},
	} {
		s, err := ParseSpecimen(c.text)
		got := [5]string{s.Secrets.AccessToken.Reveal(), s.Secrets.RefreshToken.Reveal(), s.ClientID, s.Secrets.InstanceURL, s.OrgID}
		if err != nil || s.Form != c.form || got != [5]string{c.access, c.refresh, c.client, c.host, c.org} {
			t.Errorf("%s: %s %v (%v)", name, s.Form, got, err)
		}
		if problems := strings.Join(s.Problems, "; "); !strings.Contains(problems, c.problem) || (c.problem == "") != (problems == "") || len(s.Problems) > 1 || !Printable(problems) {
			t.Errorf("%s: %q", name, problems)
		}
	}
}

// What holds no token is named for what it is.
func TestTextsThatAreNamedForWhatTheyAre(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"error":"invalid_grant","error_description":"expired access/refresh token"}`: "an endpoint's refusal: invalid_grant — expired access/refresh token",
		`{"error":"invalid_grant"}`:           "an endpoint's refusal: invalid_grant",
		`{"name":"NoOrgFound","message":"x"}`: "no field of a token answer",
		`[]`:                                  "a list of 0",
		`[{"access_token":"a"},{"access_token":"b"}]`: "a list of 2; give one of them",
		`["a","b"]`:              "a list of 2",
		`[`:                      "ends too early",
		`[[["` + opaque + `"]]]`: "no JSON object",
		"https://acme.my.salesforce.com/cb?code=aPrx.code":                          "its code is good for one exchange",
		"https://acme.my.salesforce.com/cb?error=access_denied&error_description=x": "refused: access_denied",
		"https://acme.my.salesforce.com/":                                           "a URL without a token",
		"00D41…!AQ…x9Tf":                                                            "it is masked",
		"00Dxx…!****":                                                               "it is masked",
		opaque + "\n" + opaque:                                                      "spaces or characters",
		"HOME=/x\nPATH=/bin":                                                        "spaces or characters",
		`{"sfdxAuthUrl":"force://nothing"}`:                                         "an auth URL is force://",
	} {
		s, err := ParseSpecimen(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), opaque) || strings.Contains(err.Error(), "aPrx") {
			t.Errorf("%q: %+v (%v)", text, s, err)
		}
	}
}

func TestHostsOfOtherForms(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://acme.lightning.force.com":     "acme.lightning.force.com: type unknown: the host is that of Lightning pages",
		"https://acme.my.site.com":             "type unknown: an Experience Cloud site",
		"https://acme.odd.my.salesforce.com":   "type unknown: orgkeep does not know the label odd",
		"https://acme.my.salesforce.com.":      "acme.my.salesforce.com: production, by a name",
		"https://acme.my.salesforce.com.:8443": "acme.my.salesforce.com:8443: production, by a name",
		"https://na139.salesforce.com":         "na139.salesforce.com: type unknown: the name of an instance's host, which does not tell the type of an org",
		"https://cs42.salesforce.com.":         "cs42.salesforce.com: type unknown: the name of an instance's host",
		"https://support.salesforce.com":       "type unknown: the name has none of the forms",
		"https://acme.example":                 "acme.example: type unknown: the name has none of the forms",
		"https://login.salesforce.com":         "production, by the login host that production and Developer Edition orgs share",
		"https://acme.my.salesforce.com:8443/": "acme.my.salesforce.com:8443: production, by a name",
		"":                                     "type unknown: no host is known",
	} {
		if got := ReadHost(url).Text(); !strings.Contains(got, want) {
			t.Errorf("%s: %s", url, got)
		}
	}
}
