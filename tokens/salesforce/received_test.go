package salesforce

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

// An answer that brings tokens is kept as it was written, but for what may open something.
func TestAReceivedGrantHoldsNoSecret(t *testing.T) {
	t.Parallel()
	const (
		access, refresh, sid = "00D41000000F8A0!AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O", "5Aep861_kv5ZJr3J1TWDtkwtDDb.xHKas1VOqg6YY", "00D41000000F8A0!lightning.sid.of.a.page"
		id                   = "https://login.salesforce.com/id/00D5g00000Ab1cdEAB/0055g000001XyZaAAK"
	)
	form := url.Values{
		"access_token": {access}, "refresh_token": {refresh}, "signature": {"c2lnbmF0dXJlIG9mIGl0="}, "id": {id}, "scope": {"api web"}, "new_thing": {"opens a door"},
	}.Encode()
	for name, c := range map[string]struct{ body, want string }{
		"JSON": {
			`{"access_token":"` + access + `","refresh_token" : "` + refresh + `","signature":"c2lnbmF0dXJlIG9mIGl0=","scope":"api web", "id":"` + id + `","issued_at":"1795424000123"}`,
			`{"access_token":"[masked]","refresh_token" : "[masked]","signature":"[masked]","scope":"api web", "id":"` + id + `","issued_at":"1795424000123"}`,
		},
		"hybrid, over lines": {
			"{\n\t\"access_token\": \"" + access + "\",\n\t\"lightning_sid\": \"" + sid + "\",\n\t\"lightning_domain\": \"acme.lightning.force.com\",\n" +
				"\t\"cookie-sid_Client\": \"0000001XyZa\",\n\t\"new_thing\": {\"key\": [\"opens a door\"]},\n\t\"issued_at\": 1795424000123\n}\n",
			"{\n\t\"access_token\": \"[masked]\",\n\t\"lightning_sid\": \"[masked]\",\n\t\"lightning_domain\": \"acme.lightning.force.com\",\n" +
				"\t\"cookie-sid_Client\": \"[masked]\",\n\t\"new_thing\": \"[masked]\",\n\t\"issued_at\": 1795424000123\n}\n",
		},
		"a name that is written twice, and escaped": {
			`{"access_token":"` + access + `","access_token":"` + access + `","\u0069d_token":"short","scope":{"a":"b"},"token_type":"Bearer"}`,
			`{"access_token":"[masked]","access_token":"[masked]","\u0069d_token":"[masked]","scope":"[masked]","token_type":"Bearer"}`,
		},
		"secrets in fields that have none": {
			`{"access_token":"` + access + `","refresh_token":"` + refresh + `","token_type":"` + access + `","sfdc_site_id":"` + refresh + `"}`,
			`{"access_token":"[masked]","refresh_token":"[masked]","token_type":"[masked]","sfdc_site_id":"[masked]"}`,
		},
		"secrets told twice": {
			`{"access_token":"` + access + `","refresh_token":"first refresh","refresh_token":"` + refresh + `","csrf_token":"opensADoor","scope":"opensADoor api","token_type":"first refresh","issued_at":"7","flag":"api"}`,
			`{"access_token":"[masked]","refresh_token":"[masked]","refresh_token":"[masked]","csrf_token":"[masked]","scope":"[masked] api","token_type":"[masked]","issued_at":"7","flag":"[masked]"}`,
		},
		"URLs that say more than where": {
			`{"access_token":"` + access + `","instance_url":"https://ada:pw@acme.my.salesforce.com","sfdc_site_url":"https://acme.my.site.com/?otp=12345678","id":"` + id + `"}`,
			`{"access_token":"[masked]","instance_url":"[masked]","sfdc_site_url":"[masked]","id":"` + id + `"}`,
		},
		"form": {form, "access_token=[masked]&id=" + url.QueryEscape(id) + "&new_thing=[masked]&refresh_token=[masked]&scope=api+web&signature=[masked]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", "req-1 "+access)
				w.Header().Set("Date", "Mon, 23 Nov 2026 09:00:00 GMT")
				say(200, "application/json", c.body)(w, r)
			})
			answer, err := newClient(t, Options{}).Refresh(t.Context(), request(host), nil)
			got := answer.Received()
			if err != nil {
				t.Fatal(err)
			}
			want := tokens.Received{
				HTTPStatus: 200, ContentType: "application/json", RequestID: "req-1 [masked]",
				Date: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Body: tokens.CleanLines(c.want),
			}
			if got != want {
				t.Errorf("%+v\nwant %+v", got, want)
			}
		})
	}
}

// An answer that may hold tokens and cannot be read tells no more than one that can.
func TestAnUnreadAnswerHoldsNoSecret(t *testing.T) {
	t.Parallel()
	const (
		access = "00D41000000F8A0!AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O"
		cookie = "CvghzSopensAPage"
		whole  = `{"id":"an id","access_token":"` + access + `","cookie-sid_Client":"` + cookie + `","brand_new":"` + cookie + `","lightning_sid":{"q":"` + cookie + `"}}`
	)
	for name, c := range map[string]struct{ body, want string }{
		"an array":            {"[" + whole + "]", "[masked]"},
		"text behind it":      {whole + "\n<!-- " + cookie + " -->", `{"id":"an id","access_token":"[masked]","cookie-sid_Client":"[masked]","brand_new":"[masked]","lightning_sid":"[masked]"}[masked]`},
		"a tab within":        {strings.Replace(whole, "Cvgh", "Cvgh\t", 1), `{"id":"an id","access_token":"[masked]"[masked]`},
		"broken off":          {whole[:strings.Index(whole, "opensAPage")+4], `{"id":"an id","access_token":"[masked]"[masked]`},
		"broken off, at once": {`{"cookie-sid_Client":"` + cookie, "{[masked]"},
		"single quotes":       {strings.ReplaceAll(whole, `"`, "'"), "{[masked]"},
		"XML":                 {"<OAuth><id>x</id><access_token>" + access + "</access_token><brand_new>" + cookie + "</brand_new></OAuth>", "[masked]"},
		"a page":              {`<html><title>` + cookie + `</title><body data-x="` + cookie + `">access_token</body></html>`, "[masked]"},
		"no tokens in it":     {`<html><title>Log in to the network</title></html>`, `<html><title>Log in to the network</title></html>`},
		"escaped names":       {`{"\u0061ccess_token":7,"brand_new":"` + cookie + `"}`, `{"\u0061ccess_token":"[masked]","brand_new":"[masked]"}`},
		"too long":            {`{"access_token":"` + access + `","x":"` + strings.Repeat(cookie, 5000) + `"}`, `{"access_token":"[masked]"[masked]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := refresh(t, serve(t, say(200, "application/json", c.body)))
			if f.Body != c.want || !strings.HasPrefix(f.Problem, problemNoGrant) {
				t.Errorf("%s\n%s\nwant %s", f.Problem, f.Body, c.want)
			}
			if text := strings.Join([]string{f.Body, f.Problem, f.Code, f.Description}, "\n"); strings.Contains(text, "Cvgh") || strings.Contains(text, "opensAPage") || strings.Contains(text, "AQPt") {
				t.Errorf("a secret is in %s", text)
			}
		})
	}
}

// FuzzClosed finds no text whose closed fields come through, or whose fields change.
func FuzzClosed(f *testing.F) {
	for _, text := range []string{
		goodGrant, `{"a":1}`, `{"access_token":"x","id":"y"}`, "access_token=x&id=y", `{"id":{"a":"b"},"a":[[]],"b":null}`, `{"a\u003a":":","b" :true}`, "", "[]",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, _ := closed(text)
		var before, after map[string]json.RawMessage
		for field := range strings.SplitSeq(got, "&") {
			name, value, _ := strings.Cut(field, "=")
			if _, is := grantForm(text); is && value != "[masked]" && !openFields[strings.TrimSpace(name)] {
				t.Errorf("%q is %q in %q", name, value, got)
			}
		}
		if json.Unmarshal([]byte(text), &before) != nil || !strings.HasPrefix(strings.TrimSpace(text), "{") {
			return
		}
		if err := json.Unmarshal([]byte(got), &after); err != nil || len(before) != len(after) {
			t.Fatalf("%q has become %q: %v", text, got, err)
		}
		for name, value := range after {
			if was := before[name]; string(value) != `"[masked]"` && (!openFields[name] || string(value) != string(was)) {
				t.Errorf("%q is %s in %q", name, value, got)
			}
		}
	})
}
