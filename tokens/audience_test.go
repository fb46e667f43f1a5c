package tokens

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// doubtsOfText are the doubts of a specimen.
func doubtsOfText(t *testing.T, text string) []string {
	t.Helper()
	s, err := ParseSpecimen(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return DissectSpecimen(s).Doubts
}

// Hosts are of two orgs for certain where both have names of their own that differ.
func TestWhomAnAccessTokenIsFor(t *testing.T) {
	t.Parallel()
	const acme = `"https://acme.my.salesforce.com"`
	for name, c := range map[string]struct{ claims, instance, want string }{
		"the same":                {`{"iss":` + acme + `,"aud":[` + acme + `]}`, acme, ""},
		"a login host":            {`{"iss":` + acme + `,"aud":"https://login.salesforce.com"}`, acme, ""},
		"issued by a login host":  {`{"iss":"https://login.salesforce.com","aud":` + acme + `}`, acme, ""},
		"a dot behind":            {`{"iss":"https://acme.my.salesforce.com.","aud":"https://ACME.my.salesforce.com./"}`, acme, ""},
		"with a partition":        {`{"iss":` + acme + `,"aud":"https://acme.develop.my.salesforce.com"}`, acme, ""},
		"no URL":                  {`{"iss":` + acme + `,"aud":"3MVG9"}`, acme, ""},
		"a site":                  {`{"iss":` + acme + `,"aud":"https://shop.my.site.com"}`, acme, ""},
		"one of two":              {`{"iss":` + acme + `,"aud":["https://beta.my.salesforce.com",` + acme + `]}`, acme, ""},
		"another than issued":     {`{"iss":` + acme + `,"aud":"https://beta.my.salesforce.com"}`, `""`, "the access token is for beta.my.salesforce.com, by its aud, and it was issued by acme.my.salesforce.com"},
		"another than the answer": {`{"aud":["https://beta.my.salesforce.com"]}`, acme, "the access token is for beta.my.salesforce.com, by its aud, and instance_url names acme.my.salesforce.com"},
		"one that fits the other": {`{"iss":"https://beta.my.salesforce.com","aud":"https://beta.my.salesforce.com"}`, acme, "the access token was issued by beta.my.salesforce.com, and instance_url names acme.my.salesforce.com"},
	} {
		field := `,"instance_url":` + c.instance
		if c.instance == `""` {
			field = ""
		}
		got := doubtsOfText(t, `{"access_token":"`+accessJWT(c.claims)+`"`+field+`}`)
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// The audience of an id token holds the app; a consumer key is longer than a line.
func TestWhomAnIDTokenIsFor(t *testing.T) {
	t.Parallel()
	app, other := "3MVG9"+strings.Repeat("a", 80)+"1", "3MVG9"+strings.Repeat("a", 80)+"2"
	idToken := func(claims string) string { return `"id_token":"` + accessJWT(`{"at_hash":"x",`+claims+`}`) + `"` }
	for name, c := range map[string]struct{ text, want string }{
		"the app":      {`{"access_token":"x","client_id":"` + app + `",` + idToken(`"aud":"`+app+`"`) + `}`, ""},
		"one of two":   {`{"access_token":"x","client_id":"` + app + `",` + idToken(`"aud":["y","`+app+`"]`) + `}`, ""},
		"no app known": {`{"access_token":"x",` + idToken(`"aud":"`+app+`"`) + `}`, ""},
		"another":      {`{"access_token":"x","client_id":"` + app + `",` + idToken(`"aud":["`+other+`"]`) + `}`, "the id token is for 3MVG9"},
		"another than the access token's": {
			`{"access_token":"` + accessJWT(`{"client_id":"`+app+`"}`) + `",` + idToken(`"aud":"y"`) + `}`, "the id token is for y, by its aud, and the access token was issued to the app 3MVG9",
		},
		"told once":         {`{"access_token":"x","client_id":"a",` + idToken(`"azp":"b","aud":"b"`) + `}`, "the id token was issued to the app b, and the client id is a"},
		"a long app itself": {`{"access_token":"` + accessJWT(`{"client_id":"`+app+`"}`) + `","client_id":"` + app + `"}`, ""},
	} {
		got := doubtsOfText(t, c.text)
		if len(got) > 1 || (c.want == "") != (len(got) == 0) || !strings.HasPrefix(strings.Join(got, ""), c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A refresh token beside scopes that bring none is no lack, and fits them not.
func TestARefreshTokenThatNoScopeBrings(t *testing.T) {
	t.Parallel()
	for text, doubts := range map[string]int{
		`{"access_token":"x","refresh_token":"5Aep861.a","scope":"api full"}`:                                                   1,
		`{"access_token":"x","refresh_token":"5Aep861.a","scope":"api refresh_token"}`:                                          0,
		`{"access_token":"x","refresh_token":"5Aep861.a","scope":"offline_access"}`:                                             0,
		`{"access_token":"x","refresh_token":"5Aep861.a"}`:                                                                      0,
		`{"access_token":"x","scope":"api"}`:                                                                                    0,
		`{"access_token":"` + accessJWT(`{"scp":"api"}`) + `","refresh_token":"5Aep861.a"}`:                                     0,
		`{"access_token":"` + accessJWT(`{"scp":"api refresh_token"}`) + `","refresh_token":"5Aep861.a","scope":"api"}`:         1, // the scopes differ
		`access_token=` + strings.ReplaceAll(accessOfAnOrg, "!", "%21") + `&refresh_token=5Aep861.a&scope=api+web&instance_url`: 1,
	} {
		if got := doubtsOfText(t, text); len(got) != doubts {
			t.Errorf("%s: %q", text, got)
		}
	}
	if got := Dissect(Secrets{RefreshToken: NewSecret("5Aep861.a"), Scopes: []string{"api"}}).Doubts; !slices.Equal(got, []string{"a refresh token is there, and no scope that brings one: refresh_token or offline_access"}) {
		t.Errorf("%q", got)
	}
}

// tenantJWT is an access token whose header names a tenant.
func tenantJWT(tenant, claims string) string {
	return parts(`{"alg":"RS256","tnk":"`+tenant+`"}`, claims).Reveal()
}

// The tenant key of a JWT tells the org as the prefix of an opaque token does.
func TestTheOrgOfATenantKey(t *testing.T) {
	t.Parallel()
	const claims = `{"sub":"uid:` + anUser + `"}`
	for tenant, want := range map[string]Token{
		"core/prod/" + anOrg:      {OrgID: anOrg, Prefix: anOrg, OrgFrom: FromTenant},
		"core/prod/" + anOrg[:15]: {OrgID: anOrg, Prefix: anOrg[:15], OrgFrom: FromTenant},
		anOrg:                     {OrgID: anOrg, Prefix: anOrg, OrgFrom: FromTenant},
		"core/prod/" + anUser:     {},
		"core/prod/00D":           {},
		"":                        {},
	} {
		s, err := ParseSpecimen(tenantJWT(tenant, claims))
		a := DissectSpecimen(s)
		if err != nil || a.Access.OrgID != want.OrgID || a.Access.Prefix != want.Prefix || a.Access.OrgFrom != want.OrgFrom || len(a.Doubts) != 0 {
			t.Errorf("%s: %+v %q (%v)", tenant, a.Access, a.Doubts, err)
		}
		ids := "user " + anUser + " (named by sub)"
		if want.OrgID != "" {
			ids = "org " + anOrg + " (named by tnk), " + ids
		}
		if a.Identity.IDs() != ids || a.Identity.Problem != "" {
			t.Errorf("%s: %s", tenant, a.Identity.IDs())
		}
	}
	s, err := ParseSpecimen(tenantJWT(anOrg, `{"scp":"api"}`))
	if got := DissectSpecimen(s).Identity; err != nil || got.IDs() != "org "+anOrg+" (named by tnk)" || got.Problem != "" {
		t.Errorf("without a sub: %+v (%v)", got, err)
	}
}

func TestATenantKeyThatDoesNotFit(t *testing.T) {
	t.Parallel()
	wrong := anOrg[:17] + "Y"
	other := tenantJWT("core/prod/"+otherOrg, `{"scp":"api"}`)
	idToken := `"id_token":"` + accessJWT(`{"at_hash":"x","sub":"`+anIdentity+`"}`) + `"`
	for name, c := range map[string]struct{ text, want string }{
		"wrong check":      {tenantJWT(wrong, `{}`), "the org id in the access token's tnk: " + wrong + " has the check characters EAY"},
		"another identity": {`{"access_token":"` + other + `","id":"` + anIdentity + `"}`, "the access token is of org " + otherOrg + ", and the identity URL names org " + anOrg},
		"another field":    {`{"accessToken":"` + other + `","orgId":"` + anOrg + `"}`, "the access token is of org " + otherOrg + ", and the field orgId names org " + anOrg},
		"another id token": {`{"access_token":"` + tenantJWT(otherOrg, `{"sub":"uid:`+anUser+`"}`) + `",` + idToken + `}`, "the id token is of org " + anOrg + ", and the token's tnk names org " + otherOrg},
		"the same":         {`{"access_token":"` + tenantJWT(anOrg, `{}`) + `","id":"` + anIdentity + `"}`, ""},
	} {
		got := doubtsOfText(t, c.text)
		if len(got) > 1 || (c.want == "") != (len(got) == 0) || !strings.HasPrefix(strings.Join(got, ""), c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	a := Dissect(Secrets{AccessToken: NewSecret(other)})
	if got := a.Against(Org{OrgID: anOrg}); len(got) != 1 || got[0] != "the access token is of org "+otherOrg+", and the saved org id is "+anOrg {
		t.Errorf("%q", got)
	}
	if got := a.Against(Org{OrgID: otherOrg}); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// Clocks differ by a little; more than that is told.
func TestAJWTFromTheFuture(t *testing.T) {
	t.Parallel()
	now := time.Unix(1795422200, 0)
	a := Dissect(Secrets{AccessToken: NewSecret(accessJWT(`{"iat":1795422500}`))})
	if got := a.Ahead(Org{}, now); len(got) != 1 || got[0] != "the access token's iat lies in the future, by 5m 00s" {
		t.Errorf("%q", got)
	}
	for _, late := range []time.Duration{4 * time.Minute, time.Hour} {
		if got := a.Ahead(Org{}, now.Add(late)); len(got) != 0 {
			t.Errorf("%s later: %q", late, got)
		}
	}
	// This machine's clock is known to be behind the org's.
	if got := a.Ahead(Org{Last: &Attempt{Skew: 5 * time.Minute}}, now); len(got) != 0 {
		t.Errorf("%q", got)
	}
	id := DissectSpecimen(Specimen{Form: FormIDToken, IDToken: NewSecret(accessJWT(`{"iat":1795422500,"at_hash":"x"}`))})
	if got := id.Ahead(Org{}, now); len(got) != 1 || !strings.HasPrefix(got[0], "the id token's iat") {
		t.Errorf("%q", got)
	}
}

// A claim that is no client id names no client.
func TestAClientIDThatIsNone(t *testing.T) {
	t.Parallel()
	for claims, want := range map[string][2]string{
		`{"client_id":4}`: {}, `{"client_id":""}`: {}, `{"azp":[]}`: {}, `{"client_id":null,"azp":"app"}`: {"app", "azp"}, `{"azp":"app","client_id":4}`: {"app", "azp"},
		`{"client_id":"app","azp":4}`: {"app", "client_id"},
	} {
		s, err := ParseSpecimen(accessJWT(claims))
		if err != nil || s.ClientID != want[0] || s.ClientIDFrom != want[1] {
			t.Errorf("%s: %q from %q (%v)", claims, s.ClientID, s.ClientIDFrom, err)
		}
	}
}
