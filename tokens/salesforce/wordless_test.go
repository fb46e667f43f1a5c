package salesforce

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"orgkeep/tokens"
)

// packed is what answers with a body that says it is packed with gzip.
func packed(status int, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", itoa(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPackedAnswerIsRead(t *testing.T) {
	t.Parallel()
	f := refresh(t, serve(t, packed(400, zipped(t, `{"error":"invalid_grant","error_description":"inactive user"}`))))
	if f.Code != "invalid_grant" || f.Description != "inactive user" || f.BodyCut {
		t.Errorf("%+v", f)
	}
	if f := refresh(t, serve(t, packed(400, nil))); f.Problem != problemEmpty || f.BodyCut {
		t.Errorf("of an empty answer: %+v", f)
	}
	answer, err := newClient(t, Options{}).Refresh(t.Context(), request(serve(t, packed(200, zipped(t, goodGrant)))), nil)
	if err != nil || answer.Grant.AccessToken.Reveal() != testAccess {
		t.Errorf("%v %+v", err, answer)
	}
}

// A body that came whole and is no gzip has not broken off.
func TestAnAnswerThatCannotBeUnpackedSaysSo(t *testing.T) {
	t.Parallel()
	whole := zipped(t, `{"page":"`+strings.Repeat("down for a while ", 40)+`","error":"invalid_grant"}`)
	changed := bytes.Clone(whole)
	for i := len(changed) / 2; i < len(changed); i++ {
		changed[i] ^= 0x5a
	}
	for name, body := range map[string][]byte{"half": whole[:len(whole)/2], "changed": changed, "none": []byte("no gzip"), "its head alone": whole[:5]} {
		f := refresh(t, serve(t, packed(400, body)))
		if f.Kind != tokens.FailedAnswer || f.Problem != problemGzip || Undecided(f) {
			t.Errorf("%s: %+v", name, f)
		}
		if e := Explain(f); !strings.Contains(e.Meaning, "no error that could be read: it is packed") || strings.Contains(e.Remedy, "own words") {
			t.Errorf("%s: %+v", name, e)
		}
		if f := refresh(t, serve(t, packed(200, body))); f.Kind != tokens.FailedTransport || f.Problem != problemGzip || !Undecided(f) {
			t.Errorf("%s with success: %+v", name, f)
		}
	}
	short := fmt.Sprintf("HTTP/1.1 400 Bad Request\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(whole), whole[:len(whole)/2])
	if f := refresh(t, answering(t, short, false)); !strings.HasPrefix(f.Problem, problemBrokeOff+": "+problemClosed) {
		t.Errorf("a connection that was closed: %+v", f)
	}
}

func TestTheErrorOfALongAnswerIsRead(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", bodyLimit)
	for name, c := range map[string]struct{ body, code, description, problem string }{
		"before":       {`{"error":"invalid_grant","n":{"error":"inner"},"error_description":"inactive user","page":"` + long + `"}`, "invalid_grant", "inactive user", ""},
		"code before":  {`{"error":"inactive_user","error_description":"` + long + `"}`, "inactive_user", "", ""},
		"in an array":  {`[{"message":"off","errorCode":"API_CURRENTLY_DISABLED","page":"` + long + `"}]`, "API_CURRENTLY_DISABLED", "off", ""},
		"behind":       {`{"page":"` + long + `","error":"invalid_grant"}`, "", "", problemTooLong},
		"inside alone": {`{"page":{"error":"invalid_grant","x":"` + long + `"}}`, "", "", problemTooLong},
	} {
		f := refresh(t, serve(t, say(400, "application/json", c.body)))
		if f.Code != c.code || f.Description != c.description || f.Problem != c.problem || !f.BodyCut || !Explain(f).Known {
			f.Body = ""
			t.Errorf("%s: %+v", name, f)
		}
	}
	// With success, the tokens may stand behind the cut.
	f := refresh(t, serve(t, say(200, "application/json", `{"error":"invalid_grant","page":"`+long+`"}`)))
	if f.Code != "" || !Undecided(f) || !strings.HasPrefix(f.Problem, problemNoGrant) {
		t.Errorf("with success: %q %q", f.Code, f.Problem)
	}
}

func TestAPageOfMaintenanceWithSuccessIsNamed(t *testing.T) {
	t.Parallel()
	f := refresh(t, serve(t, say(200, "text/html", "<html><title>Scheduled Maintenance</title><body>We are down for maintenance.</body></html>")))
	e := Explain(f)
	if !Undecided(f) || !strings.Contains(f.Problem, "Scheduled Maintenance") || !strings.Contains(e.Causes[0], "down for maintenance") || e.Do != tokens.DoTest {
		t.Errorf("%+v\n%+v", f, e)
	}
}

func TestARefreshIsExplainedAsARefresh(t *testing.T) {
	t.Parallel()
	for body, not := range map[string]string{
		`{"error":"unsupported_token_type","error_description":"x"}`:                           "Connected Apps OAuth Usage",
		`{"error":"invalid_grant","error_description":"expired authorization code"}`:           "sign-in",
		`{"error":"invalid_grant","error_description":"Expired Authorization Code, 15 min ."}`: "15 minutes",
	} {
		f := refresh(t, serve(t, say(400, "application/json", body)))
		e := Explain(f)
		if text := e.Meaning + e.Remedy + strings.Join(e.Causes, " "); !e.Known || strings.Contains(text, not) {
			t.Errorf("%s: %s", body, text)
		}
	}
}

// A fault of the endpoint's own is one thing, whichever way it is said.
func TestFaultsOfTheEndpointAreOne(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", `{"error":"server_error"}`, "<h1>Internal Server Error</h1>"} {
		f := refresh(t, serve(t, say(500, "application/json", body)))
		if !Faulty(f) || Transient(f) || Undecided(f) || !Explain(f).Retry {
			t.Errorf("%q: faulty %v, transient %v, undecided %v", body, Faulty(f), Transient(f), Undecided(f))
		}
	}
	if f := refresh(t, serve(t, say(503, "text/plain", ""))); Faulty(f) || !Transient(f) {
		t.Error("a 503 is turned away at the door")
	}
}
