package salesforce

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"orgkeep/tokens"
)

var upperEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

func itoa(n int) string { return strconv.Itoa(n) }

// planted are texts that must not be found in a failure, and the marks of the
// tokens that were never sent by us.
var planted = []string{
	testRefresh, url.QueryEscape(testRefresh), upperEscape.ReplaceAllStringFunc(url.QueryEscape(testRefresh), strings.ToLower),
	testSecret, url.QueryEscape(testSecret), "ient/sec+ret", "ient%2Fsec",
	base64.StdEncoding.EncodeToString([]byte(testRefresh))[:24],
	"AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA", "kv5ZJr3J1TWDtkwtDDb", "c2lnbmF0dXJlIG9mIGl0", "eyJzdWIiOiIxMjM0",
}

func searchSecrets(t *testing.T, f *tokens.Failure) {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.Join([]string{
		string(text), f.Body, f.Code, f.Description, f.Problem, f.ContentType, f.RequestID, f.Error(), fmt.Sprintf("%+v", f), fmt.Sprintf("%#v", *f),
	}, "\n")
	report := tokens.Report(tokens.Org{Alias: "acme"}, tokens.Attempt{Outcome: tokens.OutcomeFailed, Failure: f}, Explain(f), "1.2.3", time.Now())
	if tokens.LeaksAny(report+plain, tokens.NewSecret(testRefresh), tokens.NewSecret(testSecret)) {
		t.Errorf("a secret is in %s", report)
	}
	plain += report
	for _, secret := range planted {
		if strings.Contains(plain, secret) {
			t.Errorf("%q is in %s", secret, plain)
		}
	}
}

func TestEchoedSecretsAreMasked(t *testing.T) {
	t.Parallel()
	quoted := func(text string) string {
		out, _ := json.Marshal(text)
		return string(out)
	}
	basic := base64.StdEncoding.EncodeToString([]byte("PlatformCLI:" + testSecret))
	bodies := []string{
		`{"error":"invalid_grant","error_description":` + quoted("bad token "+testRefresh+" and "+testSecret) + `}`,
		`{"error":` + quoted(testRefresh) + `}`,
		"error=invalid_grant&error_description=" + url.QueryEscape(testRefresh+" "+testSecret),
		"error=invalid_grant&error_description=" + upperEscape.ReplaceAllStringFunc(url.QueryEscape(testRefresh), strings.ToLower),
		"<html><title>" + testRefresh + "</title>" + testSecret + "</html>",
		"refresh_token=" + url.QueryEscape(testRefresh) + "&client_secret=" + url.QueryEscape(testSecret) + "&grant_type=refresh_token",
		"it was " + base64.StdEncoding.EncodeToString([]byte(testRefresh)) + " or Basic " + basic,
		"x" + base64.StdEncoding.EncodeToString([]byte("a"+testRefresh)) + " " + base64.URLEncoding.EncodeToString([]byte("ab"+testRefresh)),
		`{"access_token":"` + testAccess + `","refresh_token":"5Aep861_kv5ZJr3J1TWDtkwtDDb.xHKas1VOqg6YY","signature":"c2lnbmF0dXJlIG9mIGl0=","id_token":"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln"}`,
		"access_token=" + url.QueryEscape(testAccess) + "&signature=c2lnbmF0dXJlIG9mIGl0%3D",
		`"{\"access_token\":\"` + testAccess + `\",\"signature\":\"c2lnbmF0dXJlIG9mIGl0\"}"`,
		`{"error":"x","error_description":"\u0035Aep861_kv5ZJr3J1TWDtkwtDDb.xHKas1VOqg6YY","a":["\u0030\u0030D41000000F8A0\u0021AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA"]}`,
		`{"error":"x","detail":{"\u0061ccess_token":"short-kv5ZJr3J1TWDtkwtDDb"}}`,
		"the session 00D41000000F8A0!AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O of 5Aep861_kv5ZJr3J1TWDtkwtDDb and eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln",
		"\x1b[31m00D41000000F8A0!AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O x5Aep861_kv5ZJr3J1TWDtkwtDDb meyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln",
		"<OAuth><access_token>kv5ZJr3J1TWDtkwtDDb</access_token></OAuth>",
	}
	for _, body := range bodies {
		for _, status := range []int{200, 400} {
			if _, err := parseGrant(body); err == nil && status == 200 {
				continue // an answer as it should be
			}
			f := refresh(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", testRefresh)
				say(status, "text/plain; x="+url.QueryEscape(testSecret), body)(w, r)
			}))
			searchSecrets(t, f)
			if !strings.Contains(f.Body, masked) {
				t.Errorf("nothing masked in %s", f.Body)
			}
		}
	}
}

func TestSecretsAtTheCutAreMasked(t *testing.T) {
	t.Parallel()
	for _, shown := range []int{8, 20, len(testRefresh) - 1} {
		body := strings.Repeat(" ", bodyLimit-shown) + testRefresh + " and more"
		f := refresh(t, serve(t, say(400, "text/plain", body)))
		if strings.Contains(f.Body, testRefresh[:8]) || !f.BodyCut {
			t.Errorf("%d characters of the token: %q", shown, strings.TrimSpace(f.Body))
		}
	}
}

// Parts of what was sent are as good as the whole to whoever finds the rest.
func TestEchoedPartsOfSecretsAreMasked(t *testing.T) {
	t.Parallel()
	const sent = "5Aep861_kv5ZJr3J1TWDtkwtDDb.xHKas1VOqg6YYZYn9ZhyiA4uoRg"
	letters := []byte(sent)
	slices.Reverse(letters)
	backwards := string(letters)
	for _, part := range []string{
		sent[10:], sent[4:30], backwards, backwards[3:40], strings.ToLower(sent), strings.ToUpper(sent[10:]),
		base64.StdEncoding.EncodeToString([]byte(sent[10:])), hex.EncodeToString([]byte(sent[10:])), url.QueryEscape(url.QueryEscape(sent[10:])),
	} {
		body := fmt.Sprintf(`{"error":"invalid_grant","error_description":"unknown token %s"}`, part)
		ask := request(serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Request-Id", part)
			say(400, "application/json; x="+part, body)(w, r)
		}))
		ask.RefreshToken = tokens.NewSecret(sent)
		_, err := newClient(t, Options{}).Refresh(t.Context(), ask, nil)
		f := failureOf(t, err)
		text := fmt.Sprintf("%+v %v %s", *f, err, f.RequestID)
		if strings.Contains(text, part) || strings.Contains(text, part[4:20]) || !strings.HasPrefix(f.Description, "unknown token ") || !strings.Contains(f.Description, masked) {
			t.Errorf("%s is in %s", part, text)
		}
	}
}

func TestOrdinaryWordsAreNotMasked(t *testing.T) {
	t.Parallel()
	m := newMask([]tokens.Secret{tokens.NewSecret(testRefresh), tokens.NewSecret("abc")})
	for _, text := range []string{
		"expired access/refresh token", "Bearer authentication required", "authentication failure - Invalid Password",
		"org 00D41000000F8A0EAK, user 005410000031xAAAAY, abc", `{"error":"invalid_grant","error_description":"a b"}`, "5Aep", "unsupported_token_type=x",
	} {
		if got := m.text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// The texts are those that Salesforce is known to send. A part of a secret is
// taken for one from twelve characters in a row on, so secrets that have every
// eleven characters of a text in them change nothing of it.
func TestWordsThatSecretsHaveInThemAreNotMasked(t *testing.T) {
	t.Parallel()
	const least, user = 12, "ana.of.sales@acme.example.com"
	texts := []string{"user " + user + " is inactive", `{"error":"inactive_user","error_description":"` + user + `: IP 192.0.2.17 restricted"}`}
	for _, s := range known() {
		texts = append(texts, s.body, s.description, url.QueryEscape(s.body))
	}
	encode := base64.RawURLEncoding.EncodeToString
	jwt := encode([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + encode([]byte(`{"sub":"`+user+`","iss":"https://login.salesforce.com"}`)) + ".c2lnbmF0dXJlIG9mIGl0"
	secrets := []tokens.Secret{
		tokens.NewSecret(testRefresh), tokens.NewSecret(testSecret), tokens.NewSecret(jwt), tokens.NewSecret("00D41000000F8A0!AQPtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O76"),
		tokens.NewSecret("1955279925675241571"), tokens.NewSecret("0A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F9"), tokens.NewSecret("5Aep861_" + user[:least-1] + "~^~"),
	}
	for _, text := range texts {
		own, bare := secrets, strings.Join(strings.Fields(text), "")
		for offset := range min(least-1, len(bare)) {
			var b strings.Builder
			for part := range slices.Chunk([]byte(bare[offset:]), least-1) {
				b.WriteString("~^~" + string(part))
			}
			own = append(slices.Clip(own), tokens.NewSecret(b.String()+"~^~~^~~^~~^~"))
		}
		if got := newMask(own).text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
		if len(bare) > least {
			m := newMask([]tokens.Secret{tokens.NewSecret("~^~~^~~^~7" + bare[1:least] + "~^~")})
			if got := m.text("it was 7" + bare[1:least]); got != "it was "+masked {
				t.Errorf("%d characters of a secret are left: %q", least, got)
			}
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("x " + testRefresh + " y")
	f.Add(`{"error_description":"\u0035Aep861_old` + `"}`)
	f.Add("x 5\x10ep\xff\xff\x7f\xffold+refresh/token=")
	f.Fuzz(func(t *testing.T, text string) {
		m := newMask([]tokens.Secret{tokens.NewSecret(testRefresh), tokens.NewSecret(testSecret)})
		got := tokens.CleanLines(m.text(text + testSecret + text))
		got += tokens.CleanLines(m.text(text + testRefresh[4:30] + " " + text))
		if strings.Contains(got, testRefresh[4:26]) || strings.Contains(got, testSecret) || strings.Contains(got, testRefresh) || !utf8.ValidString(got) {
			t.Errorf("%q", got)
		}
		// Words alone, without a digit, are taken for part of a secret only beside more
		// of it: where the text has them by itself they stay.
		if strings.Contains(got, testRefresh[8:26]) && !strings.Contains(text, testRefresh[8:26]) {
			t.Errorf("a part is left: %q", got)
		}
	})
}
