package salesforce

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// The identity URL's own host gets nothing: an answer may have named it.
func TestIdentityGoesToTheHostThatTheCallerNames(t *testing.T) {
	t.Parallel()
	strange := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the identity URL's host was asked") })
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/id/00D41000000F8A0EAK/005410000031xAAAAY" {
			t.Errorf("path %s", r.URL.Path)
		}
		say(200, "application/json", `{"user_id":"005410000031xAAAAY","organization_id":"00D41000000F8A0EAK","username":"ada@acme.example",`+
			`"display_name":"Ada\u202e","email":"ada@acme.example","active":true,"user_type":"STANDARD","language":"en_US","locale":"en_GB","photos":{}}`)(w, r)
	})
	id, err := newClient(t, Options{}).Identity(t.Context(), host, strange+"/id/00D41000000F8A0/005410000031xAA?x=/../y", tokens.NewSecret(testAccess))
	if err != nil {
		t.Fatal(err)
	}
	id.Head = Head{}
	if want := (Identity{
		UserID: "005410000031xAAAAY", OrgID: "00D41000000F8A0EAK", Username: "ada@acme.example", Name: `Ada\u202e`,
		Email: "ada@acme.example", Active: true, UserType: "STANDARD", Language: "en_US", Locale: "en_GB",
	}); id != want {
		t.Errorf("got %+v", id)
	}
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if r.PostForm.Get("client_id") != "3MVG" || r.PostForm.Get("client_secret") != testSecret || r.PostForm.Get("token_type_hint") != "access_token" || len(r.PostForm) != 4 {
			t.Errorf("form: %v", r.PostForm)
		}
		w.Header().Set("X-Request-Id", "req-2")
		say(200, "application/json", `{"active":true,"scope":"api refresh_token","client_id":"3MVG","username":"ada@acme.example","sub":"`+testIdentityURL+
			`","token_type":"access_token","exp":1795430400,"iat":"1795423200","nbf":1795423200.5}`)(w, r)
	})
	got, err := newClient(t, Options{}).Introspect(t.Context(), IntrospectRequest{
		Host: host, ClientID: "3MVG", ClientSecret: tokens.NewSecret(testSecret), Token: tokens.NewSecret(testAccess), Hint: HintAccess,
	})
	if err != nil {
		t.Fatal(err)
	}
	issued := time.Unix(1795423200, 0)
	if !got.Active || strings.Join(got.Scopes, " ") != "api refresh_token" || got.ClientID != "3MVG" || got.Username != "ada@acme.example" ||
		got.Subject != testIdentityURL || got.TokenType != "access_token" || got.RequestID != "req-2" ||
		!got.ExpiresAt.Equal(time.Unix(1795430400, 0)) || !got.IssuedAt.Equal(issued) || !got.NotBefore.Equal(issued) {
		t.Errorf("got %+v", got)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	host := at(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Sforce-Limit-Info", "api-usage=10018/100000; per-app-api-usage=17/250(appName=x\x9b)")
		say(200, "application/json", `{"Later":{"Of":"another form"},"DailyApiRequests":{"Max":15000,"Remaining":14998,"Ant":{"Max":0,"Remaining":0}},`+
			`"\u001bActive":{"Max":5,"Remaining":-1},"Big":{"Max":99999999999999999999,"Remaining":1},"Text":"x"}`)(w, r)
	})
	l, err := newClient(t, Options{}).Limits(t.Context(), host, tokens.NewSecret(testAccess))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.List) != 2 || l.List[0] != (Limit{"DailyApiRequests", 15000, 14998}) || l.List[1] != (Limit{`\x1bActive`, 5, -1}) {
		t.Errorf("list: %+v", l.List)
	}
	if l.Version != "65.0" || l.APIUsed != 10018 || l.APIMax != 100000 || l.Usage != `api-usage=10018/100000; per-app-api-usage=17/250(appName=x\x9b)` {
		t.Errorf("got %+v", l)
	}
}

func TestAPIUsage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string][2]int64{
		"": {}, "api-usage=1/2": {1, 2}, " api-usage=1/2 ": {1, 2}, "per-app-api-usage=3/4(appName=x)": {}, "api-usage=1": {},
		"api-usage=-1/2": {}, "per-app-api-usage=3/4(appName=x), api-usage=1/2": {1, 2}, "api-usage=9999999999999999999/1": {},
	} {
		if used, most := apiUsage(header); used != want[0] || most != want[1] {
			t.Errorf("%q: %d of %d", header, used, most)
		}
	}
}

func FuzzAsides(f *testing.F) {
	for _, a := range asides() {
		f.Add([]byte(a.good), "api-usage=1/2")
	}
	f.Add([]byte(versions), "")
	f.Add([]byte(`{"active":true,"scope":"\u001b a","exp":1e99}`), "\x9b")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		m := newMask([]tokens.Secret{tokens.NewSecret(testRefresh)})
		text := decode(body)
		var said []string
		if told, err := parseIntrospection(text, m); err == nil {
			said = append(said, told.Scopes...)
			said = append(said, told.ClientID, told.Username, told.Subject, told.TokenType, told.ExpiresAt.String())
		}
		if id, err := parseIdentity(text, m); err == nil {
			said = append(said, id.UserID, id.OrgID, id.Username, id.Name, id.Email, id.UserType, id.Language, id.Locale)
		}
		if info, err := parseUserinfo(text, m); err == nil {
			said = append(said, info.UserID, info.OrgID, info.Username, info.Name, info.Email)
		}
		if list, _, err := parseLimits(text, m); err == nil {
			for _, l := range list {
				said = append(said, l.Name)
			}
		}
		if version, err := parseVersions(text); err == nil && !versionForm.MatchString(version) {
			t.Errorf("version %q", version)
		}
		if used, most := apiUsage(header); used < 0 || most < 0 {
			t.Errorf("usage %d of %d", used, most)
		}
		for _, text := range said {
			if !tokens.Printable(text) || strings.Contains(text, testRefresh) {
				t.Errorf("not clean: %q", text)
			}
		}
	})
}
