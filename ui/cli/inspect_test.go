package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"orgkeep/tokens"
)

// inspectText runs orgkeep inspect - with text on the standard input.
func inspectText(t *testing.T, code int, text string, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	p := newDesk(t).program(&o, &e)
	p.In, p.Clock = strings.NewReader(text), tokens.StillClock(time.Unix(1795422200, 0))
	if got := p.Run(t.Context(), append([]string{"inspect", "-"}, args...)); got != code {
		t.Fatalf("exit %d, want %d\nstdout: %s\nstderr: %s", got, code, o.String(), e.String())
	}
	return o.String(), e.String()
}

func jwtOf(header, claims string) string {
	e := base64.RawURLEncoding
	return e.EncodeToString([]byte(header)) + "." + e.EncodeToString([]byte(claims)) + "." + e.EncodeToString([]byte("signature"))
}

const (
	aToken  = "00D41000000F8A0!AQEAQFsecretsecretsecretsecretx9Tf"
	aRenew  = "5Aep861TSESvWeug_secret_xvFHRBTTbf"
	aSecret = "1955279925675241571"
)

// What an answer lacks is said, and what was cut off is not said to be missing.
func TestInspectSaysWhatIsNotThere(t *testing.T) {
	t.Parallel()
	const token = `"access_token":"00D41000000F8A0!AQEAQAx7Rr2KJ0b6PxmwS3mxJ7Qw9Kx9Tf"`
	d := newDesk(t)
	for text, says := range map[string][]string{
		`{` + token + `}`: {"access token:  its age is not known, nor is its time left", "refresh token: none is in it", "scope:         none is in it"},
		`{` + token + `,"scope":"api","refresh_token":"5Aep861","issued_at":"946684800000"}`: {"expired", "an estimate", "its idle limit is over, unless it was used since"},
		`{` + token + `,"issued_at":"946684800","expires_in":7200}`:                          {"by its expires_in it ended"},
		`{` + token + `,"expires_in":"60"}`:                                                  {"it lasts 1m 00s from its issue on"},
		`{` + token + `,"expires_in":"soon"}`:                                                {"its expires_in is no number of seconds"},
		`{` + token + `,"refresh_tok`: {
			"refresh token: not known: the end cannot be read", "scope:         not known", "identity:      not known: the end cannot be read", "it is not known whether there is one",
		},
	} {
		path := filepath.Join(t.TempDir(), "answer.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := d.run(t, 0, "inspect", path)
		for _, want := range says {
			if !strings.Contains(out, want) {
				t.Errorf("%s does not say %q:\n%s", text, want, out)
			}
		}
	}
}

func TestInspectOfWhatIsNoTokenAndOfNoApp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	run := func(code int, text string, args ...string) string {
		path := filepath.Join(t.TempDir(), "text")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, errs := d.run(t, code, append([]string{"inspect", path}, args...)...)
		return out + errs
	}
	for _, word := range []string{"hello", "<html>hi</html>", "001000000000000AAA"} {
		if out := run(1, word); !strings.Contains(out, "it is no token") {
			t.Errorf("%s: %s", word, out)
		}
	}
	for text, want := range map[string]string{
		"force://:5Aep861.refresh@acme.my.salesforce.com": "client secret: not known: it names no app",
		"00D41000000F8A0!AQEAQAx7Rr2KJ0b6PxmwS3mxJ7Qw9Kx": "nobody was asked: there is no JWT",
	} {
		if out := run(0, text, "--online"); !strings.Contains(out, want) {
			t.Errorf("%s: %s", text, out)
		}
	}
}

func TestInspectPrints(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Bearer " + aToken + "\n": {
			"it is:         an access token\n", "access is:     00D41…!AQ…x9Tf, opaque, 50 characters of letters, digits, '!'\n",
			"               SHA-256 ", "               of org 00D41000000F8A0EAK, as 00D41000000F8A0 before the exclamation mark\n",
		},
		"force://PlatformCLI::" + aRenew + "@acme--uat.sandbox.my.salesforce.com": {
			"it is:         an auth URL\n", "client id:     PlatformCLI\n", "client secret: none: the app is a public client\n", "refresh is:    5Aep8…TTbf",
			"host:          acme--uat.sandbox.my.salesforce.com: sandbox, by the label sandbox before my.salesforce.com\n",
		},
		`{"access_token":"` + aToken + `","scope":"api odd","issued_at":"1795422190000","instance_url":"https://acme.my.salesforce.com","id_token":"` +
			jwtOf(`{"alg":"RS256"}`, `{"exp":1795424000,"at_hash":"x"}`) + `"}`: {
			"it is:         token JSON\n", "issued:        2026-11-23T08:23:10Z (10s ago)\n", "allows:        api: Use the org's APIs",
			"               odd: orgkeep has no words for this scope.\n", "lacks:         refresh_token: These scopes bring no refresh token", "signature:     of the answer, an HMAC of id and issued_at: cannot be checked: there is none\n",
			"id token:      eyJhb…", "               claim exp = 1795424000 (2026-11-23T08:53:20Z, in 30m 00s)\n", "identity:      there is no identity URL\n",
		},
		jwtOf(`{"alg":"none"}`, `{"exp":1795422100,"scp":"api"}`): {"a JWT", "header alg = none\n", "(2026-11-23T08:21:40Z, 1m ago)", "wrong: its alg is none", "allows:        api: "},
		"3MVG9consumerkey":         {"it is:         a consumer key\n", "client id:     3MVG9consumerkey\n"},
		"whateverwhateverwhatever": {"it is:         a token of no known kind\n", "opaque, 24 characters of letters\n"},
	} {
		out, errs := inspectText(t, 0, text)
		for _, line := range want {
			if !strings.Contains(out, line) {
				t.Errorf("%.30q does not say %q:\n%s", text, line, out)
			}
		}
		for _, secret := range []string{aToken, aRenew, "whateverwhateverwhatever"} {
			if strings.Contains(out, secret) || errs != "" {
				t.Errorf("%.30q: a secret, or words beside the answer:\n%s%s", text, out, errs)
			}
		}
	}
}

func TestInspectJSON(t *testing.T) {
	t.Parallel()
	out, _ := inspectText(t, 0, jwtOf(`{"alg":"RS256","kid":"240"}`, `{"exp":1795424000,"aud":["https://acme.my.salesforce.com"]}`), "--json")
	var d struct {
		Version int
		Form    string
		Anatomy struct {
			AccessToken struct {
				Mask, Kind, SHA256 string
				JWT                struct {
					KeyID     string   `json:"key_id"`
					Audience  []string `json:"audience"`
					ExpiresAt string   `json:"expires_at"`
					LeftS     int64    `json:"left_s"`
					Claims    []struct{ Name, Value, At string }
					Problems  []string
					Signature struct{ Verdict, Why string }
				}
			} `json:"access_token"`
			RefreshToken *struct{} `json:"refresh_token"`
			Signature    *struct{} `json:"signature"`
		}
	}
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	j := d.Anatomy.AccessToken.JWT
	if d.Version != 1 || d.Form != "access token" || d.Anatomy.AccessToken.Kind != "jwt" || len(d.Anatomy.AccessToken.SHA256) != 64 || j.KeyID != "240" ||
		j.ExpiresAt != "2026-11-23T08:53:20Z" || j.LeftS != 1800 || j.Claims[0].At != j.ExpiresAt || j.Audience[0] != "https://acme.my.salesforce.com" ||
		len(j.Problems) != 0 || d.Anatomy.RefreshToken != nil || d.Anatomy.Signature != nil || j.Signature.Verdict != "unchecked" || !strings.Contains(j.Signature.Why, "RS256") {
		t.Errorf("%s", out)
	}
}

// The clocks of an answer are told to scripts as they are to people.
func TestInspectJSONHasTheTimesOfAnAnswer(t *testing.T) {
	t.Parallel()
	const head = `{"access_token":"` + aToken + `","refresh_token":"` + aRenew + `"`
	for text, want := range map[string]string{
		head + `,"issued_at":"1795422190000"}`:                                                      `{"age_s":10,"left_s":7190,"left_source":"estimate","expires_in_s":null,"idle_left_s":2591990}`,
		head + `,"issued_at":"1795422190000","expires_in":"3600"}`:                                  `{"age_s":10,"left_s":3590,"left_source":"expires_in","expires_in_s":3600,"idle_left_s":2591990}`,
		head + `,"expires_in":60}`:                                                                  `{"age_s":null,"left_s":null,"left_source":"unknown","expires_in_s":60,"idle_left_s":null}`,
		`{"access_token":"` + jwtOf(`{"alg":"RS256"}`, `{"exp":1795424000}`) + `","expires_in":60}`: `{"age_s":null,"left_s":1800,"left_source":"jwt","expires_in_s":60,"idle_left_s":null}`,
		aToken: `null`,
	} {
		out, _ := inspectText(t, 0, text, "--json")
		var d struct{ Times json.RawMessage }
		var got bytes.Buffer
		if err := json.Unmarshal([]byte(out), &d); err != nil || json.Compact(&got, d.Times) != nil || got.String() != want {
			t.Errorf("%s\n%s\nwant %s", text, got.String(), want)
		}
	}
}

// A token that is pasted as an argument is not said back.
func TestInspectRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, token := range []string{aToken, aRenew, "force://PlatformCLI::" + aRenew + "@acme.my.salesforce.com", jwtOf(`{"alg":"RS256"}`, `{}`), strings.Repeat("x", 100), `{"access_token":"` + aToken + `"}`} {
		out, errs := d.run(t, exitUsage, "inspect", token)
		if out != "" || strings.Contains(errs, token) || !strings.Contains(errs, "never an argument") {
			t.Errorf("%s%s", out, errs)
		}
	}
	d.run(t, exitUsage, "inspect")
	if _, errs := d.run(t, exitFailed, "inspect", filepath.Join(d.home, "none.json")); !strings.Contains(errs, "none.json") {
		t.Errorf("a file that is not there: %s", errs)
	}
	for _, text := range []string{"", "two " + aToken, `{"` + aToken + `":1}`, strings.Repeat("x", tokens.SpecimenLimit+1)} {
		if out, errs := inspectText(t, exitFailed, text); out != "" || strings.Contains(errs, aToken) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%.20q: %s%s", text, out, errs)
		}
	}
}

func TestInspectReadsAFileAndSavesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	out, _ := d.run(t, exitWell, "inspect", d.file(t, 1, "https://acme.my.salesforce.com"))
	if !strings.Contains(out, "it is:         token JSON") || !strings.Contains(out, "org 00D41000000F8A1EAK") {
		t.Errorf("%s", out)
	}
	if entries, err := os.ReadDir(d.home); err != nil || len(entries) != 0 {
		t.Errorf("something was saved: %v %v", entries, err)
	}
}

// consulted answers an online look at the logins of a desk.
func consulted(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, body := range map[string]string{
		"/services/oauth2/userinfo":   `{"user_id":"005410000031xA1","organization_id":"00D41000000F8A1","preferred_username":"ada@acme.example"}`,
		"/services/oauth2/introspect": fmt.Sprintf(`{"active":true,"exp":%d}`, time.Now().Add(90*time.Minute).Unix()),
		"/services/data/{$}":          `[{"version":"65.0"}]`,
		"/services/data/v65.0/query":  `{"records":[{"Name":"Acme","IsSandbox":true,"InstanceName":"EU42"}]}`,
		"/services/data/v65.0/limits": `{"DailyApiRequests":{"Max":100,"Remaining":75},"Full":{"Max":10,"Remaining":0},"Unused":{"Max":5,"Remaining":5}}`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body))
		})
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestShowOnline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.load(t, consulted(t).URL)
	out, errs := d.run(t, exitWell, "show", "one", "--online")
	for _, line := range []string{
		"access is:     00D41", "introspection: it needs the app's client secret", "userinfo:      GET /services/oauth2/userinfo: ", ", 1 API call\n",
		"username ada@acme.example\n", "versions:      GET /services/data/: ", ", 0 API calls\n", "kind sandbox\n", "instance EU42\n",
		"DailyApiRequests ━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  25%  25 of 100 used\n", "Full             ━━━━━━━━━━━━━━━━━━━━ 100%  10 of 10 used\n", "and 1 more that nothing was used of\n",
		"keys:          the access token is no JWT",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("show --online does not say %q:\n%s%s", line, out, errs)
		}
	}
	var document struct {
		Org    struct{ Username string }
		Online []struct {
			Part     string
			APICalls *int `json:"api_calls"`
			Facts    map[string]string
			Skipped  *string
		}
		Anatomy *struct{} `json:"anatomy"`
	}
	out, _ = d.run(t, exitWell, "show", "one", "--online", "--json")
	if err := json.Unmarshal([]byte(out), &document); err != nil || len(document.Online) != 6 || document.Org.Username != "ada@acme.example" || document.Anatomy == nil ||
		document.Online[1].Facts["username"] != "ada@acme.example" || *document.Online[1].APICalls != 1 || document.Online[0].Skipped == nil {
		t.Errorf("%v: %s", err, out)
	}
}

// What introspection tells is the exact time left, in this answer and from then on.
func TestShowOnlineIntrospects(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var o, e bytes.Buffer
	p := d.program(&o, &e)
	p.In = strings.NewReader(aSecret + "\n")
	if code := p.Run(t.Context(), []string{"import", "--client-id", "3MVG9", "--client-secret-stdin", "--alias", "one", d.file(t, 1, consulted(t).URL)}); code != exitWell {
		t.Fatal(code, e.String())
	}
	out, _ := d.run(t, exitWell, "show", "one", "--online")
	if !strings.Contains(out, "Salesforce does not say whether it counts as an API call\n") || !strings.Contains(out, " left; the endpoint told its end\n") || !strings.Contains(out, "active yes\n") {
		t.Errorf("%s", out)
	}
	if out, _ = d.run(t, exitWell, "list", "--json"); !strings.Contains(out, `"left_source":"introspection"`) {
		t.Errorf("%s", out)
	}
	if out, _ = d.run(t, exitWell, "show", "one", "--curl"); !strings.Contains(out, `client_secret@"<(printf %s "$CLIENT_SECRET")`) || strings.Contains(out, aSecret) {
		t.Errorf("%s", out)
	}
}

func TestShowOnlineOfADeadToken(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("Bad_OAuth_Token"))
	}))
	t.Cleanup(s.Close)
	d := newDesk(t)
	d.load(t, s.URL)
	out, _ := d.run(t, exitFailed, "show", "one", "--online")
	if !strings.Contains(out, "This answer shows that the access token has ended.") || !strings.Contains(out, "not asked: userinfo showed that the access token has ended") {
		t.Errorf("%s", out)
	}
	if !strings.Contains(out, "expired just now; an answer showed that it has ended") {
		t.Errorf("the end is not shown:\n%s", out)
	}
	// From then on nobody takes it for a good one.
	if out, _ = d.run(t, exitWell, "list", "--json"); !strings.Contains(out, `"left_source":"answer"`) || !strings.Contains(out, `"health":"expired"`) {
		t.Errorf("the list has %s", out)
	}
	if out, _ = d.run(t, exitWell, "show", "one"); !strings.Contains(out, "an answer showed that it has ended") {
		t.Errorf("%s", out)
	}
	if out, _ = d.run(t, exitFailed, "check", "--within", "1m"); !strings.Contains(out, "an answer") {
		t.Errorf("check leaves it out: %s", out)
	}
	if out, errs := d.run(t, exitFailed, "refresh", "--expired"); !strings.Contains(out+errs, "one") {
		t.Errorf("a refresh of the expired leaves it out: %s%s", out, errs)
	}
	if out, _ = d.run(t, exitFailed, "token", "one"); out != "" {
		t.Error("the dead token is handed out")
	}
}

func TestShowCurl(t *testing.T) {
	t.Parallel()
	var well atomic.Bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if well.Load() {
			_, _ = w.Write([]byte(`{"access_token":"00D000000000001!new.access","refresh_token":"5Aep8.new.refresh","instance_url":"https://acme.my.salesforce.com","token_type":"Bearer"}`))
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"expired access/refresh token"}`))
	}))
	t.Cleanup(s.Close)
	d := newDesk(t)
	d.load(t, s.URL)
	out, _ := d.run(t, exitWell, "show", "one", "--curl")
	if !strings.Contains(out, "curl --request POST \\\n  '"+s.URL+"/services/oauth2/token'") || !strings.Contains(out, "# No answer is kept: it has not been refreshed since its tokens were saved.\n") || strings.Contains(out, "5Aep8.refresh") {
		t.Errorf("%s", out)
	}
	d.run(t, exitSignIn, "refresh", "one")
	out, _ = d.run(t, exitWell, "show", "one", "--curl")
	if !strings.Contains(out, "# HTTP 400\n# Content-Type: application/json\n") || !strings.Contains(out, "#\n# {\"error\":\"invalid_grant\"") {
		t.Errorf("%s", out)
	}
	well.Store(true)
	d.run(t, exitWell, "refresh", "one")
	out, _ = d.run(t, exitWell, "show", "one", "--curl")
	if !strings.Contains(out, "# HTTP 200\n# Content-Type: application/json\n") || !strings.Contains(out, `# {"access_token":"[masked]","refresh_token":"[masked]"`) || strings.Contains(out, "5Aep8.new") {
		t.Errorf("%s", out)
	}
	asJSON, _ := d.run(t, exitWell, "show", "one", "--json")
	var document struct {
		LastAnswer *string `json:"last_answer"`
	}
	if err := json.Unmarshal([]byte(asJSON), &document); err != nil || document.LastAnswer == nil || !strings.HasPrefix(*document.LastAnswer, "HTTP 200\n") || !strings.Contains(*document.LastAnswer, `{"access_token":"[masked]"`) {
		t.Errorf("%v %s", err, asJSON)
	}
	for _, wrong := range []string{"--json", "--report", "--online"} {
		d.run(t, exitUsage, "show", "one", "--curl", wrong)
	}
	d.run(t, exitUsage, "show", "one", "--online", "--no-tokens")
	if out, _ := d.run(t, exitWell, "show", "one", "--no-tokens"); !strings.Contains(out, "tokens:        not read: --no-tokens was given") {
		t.Errorf("%s", out)
	}
}

// Every way to know the time left has its own words.
func TestAccessTextSaysHowItIsKnown(t *testing.T) {
	t.Parallel()
	now := time.Now()
	seen := map[string]bool{}
	for source, want := range map[tokens.LeftSource]string{
		tokens.LeftFromJWT: "the token itself tells its end", tokens.LeftFromIntrospection: "the endpoint told its end", tokens.LeftConfigured: "by the life that was set",
		tokens.LeftFromAnswer: "an answer showed that it has ended", tokens.LeftEstimated: "an estimate", tokens.LeftUnknown: "nor is its time left",
	} {
		limits, org := tokens.DefaultLimits(), tokens.Org{IssuedAt: now}
		switch source {
		case tokens.LeftFromJWT, tokens.LeftFromIntrospection, tokens.LeftFromAnswer:
			org.ExpiresAt, org.ExpirySource = now.Add(time.Hour), source
		case tokens.LeftConfigured:
			limits.LifeSource = source
		case tokens.LeftUnknown:
			org.IssuedAt = time.Time{}
		case tokens.LeftEstimated:
		}
		text := accessText(org.Clocks(now, limits))
		if !strings.Contains(text, want) || seen[text] {
			t.Errorf("%s: %s", source, text)
		}
		seen[text] = true
	}
}

// Without a refresh token there is no command; the last answer is told all the same.
func TestCurlWithoutARefreshToken(t *testing.T) {
	t.Parallel()
	org := tokens.Org{Alias: "hooli", InstanceURL: "https://hooli.my.salesforce.com", ClientID: "PlatformCLI"}
	if text := curlLines(org, reading{}); text != "# No refresh token of hooli is saved, so there is no refresh to send.\n" {
		t.Errorf("%s", text)
	}
	org.HasRefreshToken = true
	if text := curlLines(org, reading{}); !strings.Contains(text, "curl --request POST") {
		t.Errorf("%s", text)
	}
	d := newDesk(t)
	d.importText(t, `{"access_token":"00D000000000001!x.y","instance_url":"https://hooli.my.salesforce.com","id":"https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA"}`, "--alias", "hooli")
	out, _ := d.run(t, exitWell, "show", "hooli", "--curl")
	if !strings.HasPrefix(out, "# No refresh token of hooli is saved") || strings.Contains(out, "curl ") || !strings.Contains(out, "# No answer is kept") {
		t.Errorf("%s", out)
	}
	asJSON, _ := d.run(t, exitWell, "show", "hooli", "--json")
	if !strings.Contains(asJSON, `"last_answer":null`) {
		t.Errorf("%s", asJSON)
	}
}
