package salesforce

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

const (
	goodOrganization = `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Organization"},"Name":"Acme","InstanceName":"EU42",` +
		`"IsSandbox":true,"TrialExpirationDate":"2026-12-01T08:00:00.000+0000","NamespacePrefix":null,"OrganizationType":"Enterprise Edition"}]}`
	goodKeys = `{"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"240","e":"AQAB","n":"19OUoPqsqCDD7wbeq9mb7aBeTkwfV1FetEU3gSSGdHcDcW4s8v9_q-6vzvpD9WYIiXrpccvOMHZVfavA0YeBgMhpsN_s-Kf0bNqxd1mtJwJDijbe2eO3sx8X1gtdC22_uGrBN5hiOsczy_v-IpXfsc14gQiecNss5YBMKoAqz6OXg1ejAM8let_qMFrNMQ6Ikl1Yw1tnlAJGFdJpMdmBhLwOsVWEVR9LvPKEBolvuVIfz4TenLKeqiAgiphurMde2bICNf3AOaO1Qt0xDc01ystU2DveIoD0KwkZhc_H7_wI12Nt59uw_2qxyYXz0PUd7TSdalb2eLXGsdVYgLA3iw"}]}`
)

func TestOrganization(t *testing.T) {
	t.Parallel()
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/services/data/v65.0/query" || r.FormValue("q") != organizationQuery || r.Header.Get("Authorization") != "Bearer "+testAccess {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		w.Header().Set("Sforce-Limit-Info", "api-usage=18/5000")
		say(200, "application/json", goodOrganization)(w, r)
	})
	o, err := newClient(t, Options{}).Organization(t.Context(), host, "65.0", tokens.NewSecret(testAccess))
	if err != nil {
		t.Fatal(err)
	}
	if o.Name != "Acme" || o.Instance != "EU42" || o.Type != "Enterprise Edition" || o.Prefix != "" || o.APIUsed != 18 || o.APIMax != 5000 ||
		!o.TrialEnd.Equal(time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)) || o.Kind() != "scratch org" {
		t.Errorf("%+v", o)
	}
	end := o.TrialEnd
	for want, o := range map[string]Organization{"sandbox": {Sandbox: true}, "trial": {TrialEnd: end}, "no sandbox": {}} {
		if o.Kind() != want {
			t.Errorf("%+v is %s", o, o.Kind())
		}
	}
}

func TestRecordsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`[]`, `{}`, `{"records":[]}`, `{"records":[{},{}]}`, `{"records":[{"Name":"x"}]}`, `{"records":[{"IsSandbox":true,"TrialExpirationDate":"soon"}]}`, `<html>`,
	} {
		_, err := newClient(t, Options{}).Organization(t.Context(), serve(t, say(200, "application/json", body)), "65.0", tokens.NewSecret(testAccess))
		if f := failureOf(t, err); f.Problem != problemNoOrganization || !Explain(f).Known {
			t.Errorf("%s: %+v", body, f)
		}
	}
	for _, version := range []string{"", "../x", "65", "65.0/x"} {
		_, err := newClient(t, Options{}).Organization(t.Context(), "https://127.0.0.1:1", version, tokens.NewSecret(testAccess))
		if f := failureOf(t, err); f.Problem != problemNoVersion || !Explain(f).Known || f.Kind != tokens.FailedLocal {
			t.Errorf("%s: %+v", version, f)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	v, err := newClient(t, Options{}).Versions(t.Context(), at(t, say(500, "text/plain", "")))
	if err != nil || v.Newest != "65.0" || v.HTTPStatus != 200 {
		t.Errorf("%+v %v", v, err)
	}
	if _, err := newClient(t, Options{}).Versions(t.Context(), "ftp://x"); failureOf(t, err).Kind != tokens.FailedLocal {
		t.Error(err)
	}
}

// published serves a discovery document that names a place for the keys.
func published(t *testing.T, place func(host string) string, keys string) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a token was sent along")
		}
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			say(200, "application/json", `{"jwks_uri":"`+place("http://"+r.Host)+`"}`)(w, r)
		case "/id/keys":
			say(200, "application/json", keys)(w, r)
		default:
			t.Errorf("%s %s", r.Method, r.URL)
		}
	})
}

func TestKeys(t *testing.T) {
	t.Parallel()
	own := func(host string) string { return host + "/id/keys" }
	keys, err := newClient(t, Options{}).Keys(t.Context(), published(t, own, goodKeys))
	if err != nil || keys.Len() != 1 || keys.Path != "/id/keys" || keys.HTTPStatus != 200 {
		t.Errorf("%+v %v", keys, err)
	}
	_, err = newClient(t, Options{}).Keys(t.Context(), published(t, own, `{"keys":[]}`))
	if f := failureOf(t, err); f.Problem != problemNoKeys || !Explain(f).Known {
		t.Errorf("%+v", f)
	}
	for _, place := range []string{"https://elsewhere.example/id/keys", "%zz", "/id/keys", "http://127.0.0.1:1"} {
		_, err := newClient(t, Options{}).Keys(t.Context(), published(t, func(string) string { return place }, goodKeys))
		if f := failureOf(t, err); f.Problem != problemKeysElsewhere || !Explain(f).Known {
			t.Errorf("%s: %+v", place, f)
		}
	}
	for _, body := range []string{`{}`, `[]`, `<html>`} {
		_, err := newClient(t, Options{}).Keys(t.Context(), serve(t, say(200, "text/html", body)))
		if f := failureOf(t, err); f.Problem != problemNoKeys {
			t.Errorf("%s: %+v", body, f)
		}
	}
}

func TestEnded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status           int
		body             string
		ended, notExpiry bool
	}{
		"userinfo":    {403, `Bad_OAuth_Token`, true, false},
		"REST":        {401, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, true, false},
		"bare 401":    {401, ``, false, false},
		"not REST":    {401, `[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]`, false, true},
		"agent":       {401, `[{"message":"Connected app is not attached to Agent","errorCode":"INVALID_SESSION_ID"}]`, false, true},
		"disabled":    {403, `[{"message":"The REST API is not enabled for this Organization","errorCode":"API_CURRENTLY_DISABLED"}]`, false, false},
		"scope":       {403, `Invalid_Scope`, false, false},
		"maintenance": {503, `<html>`, false, false},
	} {
		_, err := newClient(t, Options{}).Userinfo(t.Context(), serve(t, say(c.status, "text/plain", c.body)), tokens.NewSecret(testAccess))
		f := failureOf(t, err)
		if Ended(f) != c.ended || NotExpiry(f) != c.notExpiry {
			t.Errorf("%s: ended %t, no expiry %t: %+v", name, Ended(f), NotExpiry(f), f)
		}
	}
	if Ended(nil) || NotExpiry(nil) || Ended(&tokens.Failure{Kind: tokens.FailedTransport}) {
		t.Error("what is no answer has ended a token")
	}
}

func FuzzParseOrganization(f *testing.F) {
	f.Add(goodOrganization)
	f.Fuzz(func(t *testing.T, text string) {
		o, err := parseOrganization(text, newMask(nil))
		if err == nil && !tokens.Printable(strings.Join([]string{o.Name, o.Type, o.Instance, o.Prefix}, "")) {
			t.Errorf("%q: %+v", text, o)
		}
	})
}

// A limit whose figures can be none is counted, not passed over.
func TestLimitsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	const body = `{"DailyApiRequests":{"Max":100,"Remaining":75},"Overdrawn":{"Max":10,"Remaining":-2},` +
		`"A":{"Max":-1,"Remaining":0},"B":{"Max":"5","Remaining":1},"C":{"Max":5},"D":{"Max":1e20,"Remaining":1},"E":7,"F":{"Max":9223372036854775807,"Remaining":-1}}`
	l, err := newClient(t, Options{}).LimitsAt(t.Context(), serve(t, say(200, "application/json", body)), "65.0", tokens.NewSecret(testAccess))
	if err != nil || len(l.List) != 2 || l.Unread != 6 {
		t.Errorf("%+v %v", l, err)
	}
}

// The issuer that is published is the host that was asked; another host of
// Salesforce's is worth a line, and somebody else's keys are refused.
func TestTheIssuerThatIsPublished(t *testing.T) {
	t.Parallel()
	for issuer, want := range map[string]string{ // what is noted; foreign where the keys are refused
		"HOST": "", "HOST/": "", "": "",
		"https://login.salesforce.com":     "The published issuer is https://login.salesforce.com, and http://127.0.0.1:",
		"https://acme.my.salesforce.com":   "The published issuer is https://acme.my.salesforce.com, and ",
		"https://evil.example":             "foreign",
		"https://salesforce.com.evil.test": "foreign",
		"acme":                             "foreign",
	} {
		host := serve(t, func(w http.ResponseWriter, r *http.Request) {
			own := "http://" + r.Host
			if r.URL.Path == "/id/keys" {
				say(200, "application/json", goodKeys)(w, r)
				return
			}
			say(200, "application/json", `{"issuer":"`+strings.ReplaceAll(issuer, "HOST", own)+`","jwks_uri":"`+own+`/id/keys"}`)(w, r)
		})
		keys, err := newClient(t, Options{}).Keys(t.Context(), host)
		if want == "foreign" {
			if f := failureOf(t, err); !strings.HasPrefix(f.Problem, problemIssuerElsewhere+": ") || !Explain(f).Known || keys.Len() != 0 {
				t.Errorf("%s: %+v", issuer, f)
			}
			continue
		}
		if err != nil || keys.Len() != 1 || !strings.HasPrefix(keys.Note, want) || (keys.Note == "") != (want == "") {
			t.Errorf("%s: %q %v", issuer, keys.Note, err)
		}
	}
}

func TestOnlyALimitThatIsUsedUpIsFull(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit          Limit
		percent, cells int
		spent          int64
	}{
		{Limit{Max: 15000, Remaining: 15000}, 0, 0, 0},
		{Limit{Max: 15000, Remaining: 10}, 99, 11, 14990},
		{Limit{Max: 15000, Remaining: 0}, 100, 12, 15000},
		{Limit{Max: 15000, Remaining: -3}, 100, 12, 15003},
		{Limit{Max: 15000, Remaining: 7500}, 50, 6, 7500},
		{Limit{Max: 10, Remaining: 1 << 62}, 0, 0, 0},
		{Limit{Max: 0, Remaining: 0}, 0, 0, 0},
		{Limit{Max: 1<<63 - 1, Remaining: 0}, 100, 12, 1<<63 - 1},
	} {
		if l := c.limit; l.Percent() != c.percent || l.Cells(12) != c.cells || l.Spent() != c.spent {
			t.Errorf("%+v: %d %%, %d cells, %d spent", l, l.Percent(), l.Cells(12), l.Spent())
		}
	}
}
