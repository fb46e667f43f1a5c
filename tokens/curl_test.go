package tokens

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The shell reads the command as it was meant: a function in curl's place prints
// what curl would get.
func TestRefreshCurlInAShell(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here: the command is for shells that are")
	}
	o := Org{InstanceURL: "https://acme.my.salesforce.com", ClientID: `it's $HOME`}
	script := `curl() { for a in "$@"; do case "$a" in *@/*) printf '%s=%s\n' "${a%%@*}" "$(cat "${a#*@}")";; *) printf '%s\n' "$a";; esac; done; }` + "\n" + RefreshCurl(o, true)
	command := exec.CommandContext(t.Context(), bash, "-c", script)
	command.Env = []string{"PATH=/usr/bin:/bin", "REFRESH_TOKEN=5Aep8 a&b", "CLIENT_SECRET=s3cret"}
	out, err := command.Output()
	const d = "--data-urlencode\n"
	want := "--request\nPOST\nhttps://acme.my.salesforce.com/services/oauth2/token\n--header\nAccept: application/json\n" +
		d + "grant_type=refresh_token\n" + d + "client_id=it's $HOME\n" + d + "refresh_token=5Aep8 a&b\n" + d + "client_secret=s3cret\n"
	if err != nil || string(out) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out, want)
	}
	if strings.Contains(RefreshCurl(o, false), "client_secret") {
		t.Error("a client secret is sent that is not there")
	}
}

func TestLastAnswer(t *testing.T) {
	t.Parallel()
	o := Org{Last: &Attempt{
		Outcome: OutcomeFailed, Date: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		Failure: &Failure{HTTPStatus: 400, ContentType: "application/json", RequestID: "r-1", Body: `{"error":"invalid_grant"}`, BodyCut: true},
	}}
	const want = "HTTP 400\nContent-Type: application/json\nDate: Mon, 23 Nov 2026 09:00:00 GMT\nX-Request-Id: r-1\n\n" +
		"{\"error\":\"invalid_grant\"}\n… the body went on, or broke off here\n"
	if got := LastAnswer(o); got != want {
		t.Errorf("%s", got)
	}
	for _, o := range []Org{{}, {Last: &Attempt{}}, {Last: &Attempt{Failure: &Failure{Kind: FailedTransport}}}} {
		if LastAnswer(o) != "" {
			t.Errorf("%+v has an answer", o)
		}
	}
}
