package tokens

import (
	"slices"
	"strings"
	"testing"
)

const (
	anOrg, anUser   = "00D41000000F8A0EAK", "005410000031xAAAAY"
	anIdentity      = "https://login.salesforce.com/id/" + anOrg + "/" + anUser
	otherOrg        = "00DKS00000ZzYyX2AV"
	accessOfAnOrg   = "00D41000000F8A0!AQ.access"
	accessOfAnOther = "00DKS00000ZzYyX!AQ.access"
)

func accessJWT(claims string) string { return parts(`{"alg":"RS256","kid":"1"}`, claims).Reveal() }

// Each contradiction is said once, and nothing is said of what fits.
func TestDoubts(t *testing.T) {
	t.Parallel()
	wrongOrg, wrongUser := anOrg[:17]+"Y", anUser[:17]+"Z"
	for name, c := range map[string]struct {
		specimen string
		want     []string
	}{
		"all fits":      {`{"access_token":"` + accessOfAnOrg + `","id":"` + anIdentity + `"}`, nil},
		"short ids fit": {`{"access_token":"00D41000000F8A0EAK!AQ","id":"/id/00D41000000F8A0/005410000031xAA"}`, nil},
		"wrong check of the org": {
			`{"access_token":"` + accessOfAnOrg + `","id":"/id/` + wrongOrg + `/` + anUser + `"}`,
			[]string{"the org id in the identity URL: " + wrongOrg + " has the check characters EAY, and its first 15 characters give EAK"},
		},
		"wrong check of the user": {
			`{"access_token":"` + accessOfAnOrg + `","id":"/id/` + anOrg + `/` + wrongUser + `"}`,
			[]string{"the user id in the identity URL: " + wrongUser + " has the check characters AAZ, and its first 15 characters give AAY"},
		},
		"wrong check in the prefix": {`{"access_token":"` + wrongOrg + `!AQ"}`, []string{"the org id in the access token: " + wrongOrg}},
		"another org in the prefix": {
			`{"access_token":"` + accessOfAnOther + `","id":"` + anIdentity + `"}`,
			[]string{"the access token is of org " + otherOrg + ", and the identity URL names org " + anOrg + ": they are not of one login"},
		},
		"sf: its id is the org's": {`{"result":{"id":"` + anOrg + `","accessToken":"` + accessOfAnOrg + `"}}`, nil},
		"sf: another org": {
			`{"result":{"id":"` + anOrg + `","accessToken":"` + accessOfAnOther + `"}}`,
			[]string{"the access token is of org " + otherOrg + ", and the field id names org " + anOrg},
		},
		"sf: wrong check": {`{"orgId":"` + wrongOrg + `","accessToken":"` + accessOfAnOrg + `"}`, []string{"the org id in the field orgId: " + wrongOrg}},
		"another user in the JWT": {
			`{"access_token":"` + accessJWT(`{"sub":"uid:0055g000009QrStAAK"}`) + `","id":"` + anIdentity + `"}`,
			[]string{"the access token is of user 0055g000009QrStAAK, and the identity URL names user " + anUser},
		},
		"another user in the id token": {
			`{"access_token":"x","id":"` + anIdentity + `","id_token":"` + accessJWT(`{"sub":"/id/`+otherOrg+`/`+anUser+`"}`) + `"}`,
			[]string{"the id token is of org " + otherOrg},
		},
		"a JWT alone": {accessJWT(`{"sub":"uid:` + wrongUser + `"}`), []string{"the user id in the token's sub: " + wrongUser}},
		"another host": {
			`{"access_token":"` + accessJWT(`{"iss":"https://beta.my.salesforce.com"}`) + `","instance_url":"https://acme.my.salesforce.com"}`,
			[]string{"the access token was issued by beta.my.salesforce.com, and instance_url names acme.my.salesforce.com"},
		},
		"another app": {
			`{"access_token":"` + accessJWT(`{"client_id":"one"}`) + `","client_id":"two"}`,
			[]string{"the access token was issued to the app one, and the client id is two"},
		},
		"other scopes": {
			`{"access_token":"` + accessJWT(`{"scp":"api web"}`) + `","scope":"api id"}`,
			[]string{"the access token's own scopes have web, and the answer's scope has not", "the answer's scope has id, and"},
		},
		"the same scopes in another order": {`{"access_token":"` + accessJWT(`{"scp":"api web"}`) + `","scope":"web api"}`, nil},
	} {
		s, err := ParseSpecimen(c.specimen)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := DissectSpecimen(s).Doubts
		if len(got) != len(c.want) {
			t.Errorf("%s: %q", name, got)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], c.want[i]) || !Printable(got[i]) {
				t.Errorf("%s: %q, want %q", name, got[i], c.want[i])
			}
		}
	}
}

func TestAnIdentityURLAtAForeignHost(t *testing.T) {
	t.Parallel()
	for host, doubts := range map[string]int{"evil.com": 1, "login.salesforce.com": 0, "acme.my.salesforce.com": 0, "127.0.0.1:80": 0, "org.example": 0, "salesforce.com.evil.com": 1} {
		a := Dissect(Secrets{AccessToken: NewSecret(accessOfAnOrg), InstanceURL: "https://org.example", ID: "https://" + host + "/id/" + anOrg + "/" + anUser})
		if len(a.Doubts) != doubts {
			t.Errorf("%s: %q", host, a.Doubts)
		}
	}
}

// A scope that the token or the answer has is not missing.
func TestScopesOfTheTokenAndTheAnswer(t *testing.T) {
	t.Parallel()
	s, err := ParseSpecimen(`{"access_token":"` + accessJWT(`{"scp":"api web"}`) + `","scope":"api refresh_token"}`)
	a := DissectSpecimen(s)
	if err != nil || len(a.Missing) != 0 || len(a.Scopes) != 3 || a.Note == "" {
		t.Errorf("%+v %+v %q (%v)", a.Scopes, a.Missing, a.Note, err)
	}
	if a := Dissect(Secrets{AccessToken: NewSecret(opaque), Scopes: []string{"api"}}); a.Note != "" {
		t.Errorf("of an opaque token: %s", a.Note)
	}
}

func TestAgainstTheSavedOrg(t *testing.T) {
	t.Parallel()
	org := Org{OrgID: anOrg, UserID: anUser, ClientID: "PlatformCLI"}
	wrong := anOrg[:17] + "Y"
	for name, c := range map[string]struct {
		change  func(*Org)
		secrets Secrets
		want    []string
	}{
		"all fits":             {func(*Org) {}, Secrets{AccessToken: NewSecret(accessOfAnOrg), ID: anIdentity}, nil},
		"tokens not read":      {func(*Org) {}, Secrets{}, nil},
		"nothing saved":        {func(o *Org) { *o = Org{} }, Secrets{AccessToken: NewSecret(accessOfAnOrg), ID: anIdentity}, nil},
		"wrong check":          {func(o *Org) { o.OrgID = wrong }, Secrets{AccessToken: NewSecret(accessOfAnOrg)}, []string{"the saved org id: " + wrong}},
		"wrong check, as told": {func(o *Org) { o.OrgID = wrong }, Secrets{ID: strings.Replace(anIdentity, anOrg, wrong, 1)}, nil},
		"another prefix":       {func(*Org) {}, Secrets{AccessToken: NewSecret(accessOfAnOther)}, []string{"the access token is of org " + otherOrg + ", and the saved org id is " + anOrg}},
		"another identity":     {func(o *Org) { o.OrgID = otherOrg }, Secrets{ID: anIdentity}, []string{"the saved org id is " + otherOrg + ", and the identity URL names " + anOrg}},
		"another app":          {func(*Org) {}, Secrets{AccessToken: NewSecret(accessJWT(`{"client_id":"one"}`))}, []string{"the access token was issued to the app one, and the saved client id is PlatformCLI"}},
		"the same app":         {func(*Org) {}, Secrets{AccessToken: NewSecret(accessJWT(`{"client_id":"PlatformCLI"}`))}, nil},
	} {
		org := org
		c.change(&org)
		got := Dissect(c.secrets).Against(org)
		if len(got) != len(c.want) || len(got) == 1 && !strings.HasPrefix(got[0], c.want[0]) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What a JWT tells where nothing else does.
func TestAJWTAlone(t *testing.T) {
	t.Parallel()
	s, err := ParseSpecimen(vectorToken)
	a := DissectSpecimen(s)
	if err != nil || a.Identity != (Identity{OrgID: anOrg, UserID: anUser, From: "sub", OrgFrom: "tnk"}) || a.Host.Host != "acme.my.salesforce.com" || a.Host.From != "iss" || a.Host.Type != Production ||
		s.ClientID != "PlatformCLI" || s.ClientIDFrom != "client_id" || len(a.Scopes) != 2 || len(a.Doubts) != 0 {
		t.Errorf("%+v %+v %+v %v", s, a.Identity, a.Host, err)
	}
	for claims, want := range map[string][4]string{ // user, host, where from, client
		`{"aud":["x","https://acme--uat.sandbox.my.salesforce.com"],"iss":"acme"}`: {"", "acme--uat.sandbox.my.salesforce.com", "aud", ""},
		`{"aud":"https://login.salesforce.com","azp":"app"}`:                       {"", "login.salesforce.com", "aud", "app"},
		`{"azp":"app","client_id":"other"}`:                                        {"", "", "", "other"},
		`{"client_id":"other","azp":"app"}`:                                        {"", "", "", "other"},
		`{"sub":"` + anIdentity + `"}`:                                             {anUser, "", "", ""},
		`{"sub":"uid:short","iss":7,"client_id":8}`:                                {"", "", "", ""},
		`{"sub":"somebody","iss":"ftp://x","aud":"https://a b"}`:                   {"", "", "", ""},
	} {
		s, err := ParseSpecimen(accessJWT(claims))
		a := DissectSpecimen(s)
		if err != nil || a.Identity.UserID != want[0] || a.Host.Host != want[1] || a.Host.From != want[2] || s.ClientID != want[3] {
			t.Errorf("%s: %+v %+v %s", claims, a.Identity, a.Host, s.ClientID)
		}
	}
	j, err := ParseJWT(parts(`{"alg":"RS256"}`, `{"scp":["api","web"],"scope":"id"}`))
	if err != nil || !slices.Equal(j.Scopes, []string{"api", "web"}) {
		t.Errorf("%v %v", j.Scopes, err)
	}
}

// Only Salesforce's hosts are asked for keys, since anybody can write an issuer.
func TestKeysAt(t *testing.T) {
	t.Parallel()
	for iss, want := range map[string]string{
		`"https://acme.my.salesforce.com"`: "https://acme.my.salesforce.com", `"https://LOGIN.salesforce.com/"`: "https://login.salesforce.com",
		`"https://acme.my.site.com"`: "https://acme.my.site.com", `"http://127.0.0.1:8080"`: "http://127.0.0.1:8080",
		`"https://evil.example"`: "", `"https://salesforce.com.evil.example"`: "", `"https://mysalesforce.com"`: "", `"http://acme.my.salesforce.com"`: "",
		`"https://169.254.169.254"`: "", `"https://u:p@acme.my.salesforce.com"`: "", `"acme"`: "", `7`: "", `""`: "",
	} {
		j, err := ParseJWT(parts(`{"alg":"RS256"}`, `{"iss":`+iss+`}`))
		base, why := j.KeysAt()
		if err != nil || base != want || (base == "") == (why == "") || !Printable(why) {
			t.Errorf("%s: %q %q (%v)", iss, base, why, err)
		}
	}
}

func TestOtherThan(t *testing.T) {
	t.Parallel()
	org := Org{OrgID: "00D41000000F8A0EAK", UserID: "005410000031xAAAAY"}
	for _, c := range []struct{ orgID, userID, want string }{
		{"00D41000000F8A0EAK", "005410000031xAAAAY", ""},
		{"00D41000000F8A0", "005410000031xAA", ""},
		{"", "", ""},
		{Masked + "EAK", Masked, ""},
		{"00D41000000F8A0EAK", "005410000031xABAAY", "the saved user id is 005410000031xAAAAY, and userinfo names 005410000031xABAAY"},
		{"00D41000000F8A1EAK", "", "the saved org id is 00D41000000F8A0EAK, and userinfo names 00D41000000F8A1EAK"},
	} {
		if got := strings.Join(org.OtherThan("userinfo", c.orgID, c.userID), "; "); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.orgID, c.userID, got, c.want)
		}
	}
	if (Org{}).OtherThan("userinfo", "00D41000000F8A1EAK", "005410000031xAAAAY") != nil {
		t.Error("ids that are not known yet are contradicted")
	}
}
