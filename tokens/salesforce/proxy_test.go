package salesforce

import (
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"orgkeep/tokens"
)

// proxy is a CONNECT proxy on a loopback port that leads every host name to one
// address, and remembers who was asked for.
type proxy struct {
	url string
	to  string

	mu     sync.Mutex
	asked  []string
	logins []string
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	p := &proxy{to: to}
	p.url = serve(t, p.connect)
	return p
}

func (p *proxy) connect(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.Host)
	p.logins = append(p.logins, r.Header.Get("Proxy-Authorization"))
	p.mu.Unlock()
	if r.Method != http.MethodConnect {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	up, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", p.to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = up.Close() }()
	w.WriteHeader(http.StatusOK)
	down, begun, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = down.Close() }()
	go func() {
		_, _ = io.Copy(up, begun) // the server may have read a little already
		_ = up.Close()
	}()
	_, _ = io.Copy(down, up)
}

// .invalid is never resolved (RFC 6761), so only the proxy can lead there.
const proxied = "acme.orgkeep.invalid"

// Go reads the proxy variables once a process, and passes loopback addresses by:
// each case runs this test binary again with its own variables.
func TestProxiesByTheUsualVariables(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	var refreshes atomic.Int32
	target := tlsNamed(t, ca, proxied, func(w http.ResponseWriter, r *http.Request) {
		if r.ParseForm() == nil && r.PostForm.Get("refresh_token") == testRefresh && r.ProtoMajor == 2 {
			refreshes.Add(1)
		}
		say(200, "application/json", goodGrant)(w, r)
	})
	for _, c := range []struct {
		name, variable, login, no string
		through                   bool
	}{
		{"upper case", "HTTPS_PROXY", "", "", true},
		{"lower case", "https_proxy", "", "", true},
		{"with a login", "HTTPS_PROXY", "ada:s3cr3t-pr0xy@", "", true},
		{"only for http", "HTTP_PROXY", "", "", false},
		{"passed by", "HTTPS_PROXY", "", "orgkeep.invalid", false},
	} {
		p := newProxy(t, strings.TrimPrefix(target, "https://"))
		before := refreshes.Load()
		out := again(t, "TestRefreshInAChild", ca.file,
			c.variable+"="+strings.Replace(p.url, "http://", "http://"+c.login, 1), "NO_PROXY="+c.no)
		got := refreshes.Load() - before
		if (got == 1) != c.through || c.through && (len(p.asked) != 1 || p.asked[0] != "CONNECT "+proxied+":443") || !c.through && len(p.asked) != 0 {
			t.Errorf("%s: %d refreshes, the proxy saw %v\n%s", c.name, got, p.asked, out)
		}
		if c.login != "" && p.logins[0] != "Basic "+base64.StdEncoding.EncodeToString([]byte("ada:s3cr3t-pr0xy")) {
			t.Errorf("%s: login %q", c.name, p.logins)
		}
	}
}

// again runs one test of this binary in a process with other variables.
func again(t *testing.T, test, caFile string, env ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.v")
	cmd.Env = slices.Concat(env, []string{"ORGKEEP_TEST_CA=" + caFile, "HOME=" + t.TempDir(), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT")})
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	return string(out)
}

func TestRefreshInAChild(t *testing.T) {
	t.Parallel()
	caFile := os.Getenv("ORGKEEP_TEST_CA")
	if caFile == "" {
		t.Skip("the child of TestProxiesByTheUsualVariables")
	}
	config, err := TLSConfig(caFile, "", "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = newClient(t, Options{TLS: config}).Refresh(t.Context(), request("https://"+proxied), nil)
	if err == nil {
		t.Log("refreshed")
		return
	}
	if f := failureOf(t, err); f.Kind != tokens.FailedTransport || f.Sent || strings.Contains(f.Problem, "s3cr3t") {
		t.Errorf("failure: %+v", f)
	}
	t.Log(err)
}

// tlsNamed is a server with HTTP/2 whose certificate has a name of its own.
func tlsNamed(t *testing.T, ca authority, name string, h http.HandlerFunc) string {
	t.Helper()
	return tlsServer(t, h, configOf(t, ca, name)).URL
}
