package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// asked is a desk with the logins one and two, of which userinfo, the org's record and
// its limits answer so.
func asked(t *testing.T, userinfo, record, limits string) *desk {
	t.Helper()
	mux := http.NewServeMux()
	for path, body := range map[string]string{
		"/services/oauth2/userinfo": userinfo, "/services/data/{$}": `[{"version":"65.0"}]`,
		"/services/data/v65.0/query": `{"records":[` + record + `]}`, "/services/data/v65.0/limits": limits,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body))
		})
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	d := newDesk(t)
	d.load(t, s.URL)
	return d
}

const (
	anyRecord = `{"Name":"Acme","IsSandbox":false,"TrialExpirationDate":null,"OrganizationType":"Enterprise Edition","InstanceName":"EU42"}`
	anyLimits = `{"DailyApiRequests":{"Max":100,"Remaining":75},"Odd":{"Max":-1,"Remaining":0},"Text":{"Max":"x","Remaining":1}}`
)

// What userinfo tells of another user is not taken over, and the command says so.
func TestShowOnlineOfAnotherUser(t *testing.T) {
	t.Parallel()
	d := asked(t, `{"user_id":"005410000031xBB","organization_id":"00D41000000F8A1","preferred_username":"eve@acme.example"}`, anyRecord, anyLimits)
	const wrong = "the saved user id is 005410000031xA1AAI, and userinfo names 005410000031xBB"
	out, _ := d.run(t, exitFailed, "show", "one", "--online")
	if !strings.Contains(out, "\nwrong:         "+wrong+"\n") || !strings.Contains(out, "               Nothing of this answer was taken over.\n") {
		t.Errorf("%s", out)
	}
	out, _ = d.run(t, exitFailed, "show", "one", "--online", "--json")
	var document struct {
		Org    struct{ Username, Type *string }
		Doubts []string
		Online []struct {
			Part  string
			Wrong []string
		}
	}
	if err := json.Unmarshal([]byte(out), &document); err != nil || !slices.Contains(document.Doubts, wrong) || document.Org.Username != nil {
		t.Errorf("%v %s", err, out)
	}
	for _, f := range document.Online {
		if (f.Part == "userinfo") != slices.Contains(f.Wrong, wrong) {
			t.Errorf("%+v", f)
		}
	}
	if out, _ = d.run(t, exitWell, "show", "one"); !strings.Contains(out, "username:      not known\n") || !strings.Contains(out, "type:          unknown\n") {
		t.Errorf("%s", out)
	}
}

// The type that the record tells stays, and limits that cannot be read are counted.
func TestShowOnlineLearnsTheType(t *testing.T) {
	t.Parallel()
	d := asked(t, `{"user_id":"005410000031xA1","organization_id":"00D41000000F8A1","preferred_username":"ada@acme.example"}`, anyRecord, anyLimits)
	out, _ := d.run(t, exitWell, "show", "one", "--online")
	if !strings.Contains(out, "Its type was not known, and is production by this record.\n") || !strings.Contains(out, "               and 2 that cannot be read\n") || strings.Contains(out, "wrong:") {
		t.Errorf("%s", out)
	}
	if out, _ = d.run(t, exitWell, "show", "one"); !strings.Contains(out, "type:          production\n") || !strings.Contains(out, "username:      ada@acme.example\n") {
		t.Errorf("%s", out)
	}
	if out, _ = d.run(t, exitWell, "show", "one", "--online", "--json"); !strings.Contains(out, `"limits_unread":2`) || !strings.Contains(out, `"type":"production"`) {
		t.Errorf("%s", out)
	}
}

// However often the end changes, it is printed once and last; and not at all where it
// is as it was.
func TestShowOnlinePrintsTheEndOnce(t *testing.T) {
	t.Parallel()
	d := asked(t, "{}", anyRecord, anyLimits)
	well, _ := d.run(t, exitFailed, "show", "one", "--online")
	if strings.Count(well, "\naccess token:") != 1 {
		t.Errorf("an end that is as it was is printed again:\n%s", well)
	}
	twice := endsTwice(t)
	out, _ := twice.run(t, exitFailed, "show", "one", "--online")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if strings.Count(out, "\naccess token:") != 2 || !strings.HasPrefix(lines[len(lines)-1], "access token:") || !strings.Contains(lines[len(lines)-1], "an answer showed that it has ended") {
		t.Errorf("%s", out)
	}
}

// endsTwice is a desk whose org tells an end by introspection, and then that the token
// has ended.
func endsTwice(t *testing.T) *desk {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/services/oauth2/introspect", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"active":true,"exp":%d}`, time.Now().Add(time.Hour).Unix())
	})
	mux.HandleFunc("/services/oauth2/userinfo", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("Bad_OAuth_Token"))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	d := newDesk(t)
	var o, e bytes.Buffer
	p := d.program(&o, &e)
	p.In = strings.NewReader(aSecret + "\n")
	if code := p.Run(t.Context(), []string{"import", "--client-id", "3MVG9", "--client-secret-stdin", "--alias", "one", d.file(t, 1, s.URL)}); code != exitWell {
		t.Fatal(code, e.String())
	}
	return d
}

// Why nobody was asked for keys is said.
func TestInspectOnlineSaysWhyNobodyWasAsked(t *testing.T) {
	t.Parallel()
	for token, why := range map[string]string{
		jwtOf(`{"alg":"none"}`, `{"iss":"https://acme.my.salesforce.com"}`):               "its alg is none: nobody signed it",
		jwtOf(`{"alg":"HS256"}`, `{"iss":"https://acme.my.salesforce.com"}`):              "its algorithm is HS256, and RS256 alone is accepted",
		jwtOf(`{"alg":"RS256"}`, `{"iss":"https://evil.example"}`):                        "its issuer evil.example is no host of Salesforce's",
		jwtOf(`{"alg":"RS256","crit":["x"]}`, `{"iss":"https://acme.my.salesforce.com"}`): "its header has crit",
	} {
		if out, _ := inspectText(t, exitWell, token, "--online"); !strings.Contains(out, "\nkeys:          nobody was asked for the access token: "+why) {
			t.Errorf("%s", out)
		}
	}
}
