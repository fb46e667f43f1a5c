package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// With nobody at the host, each question says what broke, and none speaks of a
// refresh: no refresh token was to leave.
func TestShowOnlineWithoutANetwork(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	d := newDesk(t)
	d.load(t, s.URL)
	before, _ := d.run(t, exitWell, "show", "one")
	out, errs := d.run(t, exitFailed, "show", "one", "--online")
	online, found := strings.CutPrefix(out, before)
	if !found || !strings.Contains(online, "Nothing accepts connections at this host and port. The saved tokens are kept.") {
		t.Fatalf("%s%s", out, errs)
	}
	if strings.Count(online, "Nothing accepts connections") != 1 || strings.Count(online, "It means what is said of userinfo above.") != 1 {
		t.Errorf("what it means is not said once:\n%s", online)
	}
	for _, words := range []string{"refresh", "import again", " 1 api call"} {
		if strings.Contains(strings.ToLower(online), words) {
			t.Errorf("it speaks of %q:\n%s", words, online)
		}
	}
}
