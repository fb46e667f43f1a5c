package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"orgkeep/tokens"
)

// answer is what the token endpoint says to one refresh.
type answer struct {
	status int
	body   string
}

// endpoint is a token endpoint on loopback that remembers what it was sent.
type endpoint struct {
	*httptest.Server
	ahead atomic.Int64 // how many seconds its Date is ahead

	mu    sync.Mutex
	forms []url.Values
}

// startEndpoint answers each refresh with what reply makes of its form.
func startEndpoint(t testing.TB, reply func(url.Values) answer) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/services/oauth2/token" || r.ParseForm() != nil || r.URL.RawQuery != "" {
			http.Error(w, "not a refresh", http.StatusNotFound)
			return
		}
		e.mu.Lock()
		e.forms = append(e.forms, r.PostForm)
		e.mu.Unlock()
		a := reply(r.PostForm)
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		ahead := time.Duration(e.ahead.Load()) * time.Second
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.body))
	}))
	t.Cleanup(e.Close)
	return e
}

// sent returns the forms that have come, oldest first.
func (e *endpoint) sent() []url.Values {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]url.Values(nil), e.forms...)
}

// login is a made-up login with the text of its tokens.
type login struct {
	name, orgID, userID string
	instance            string
	access, refresh     string
	signature           string
	issued              time.Time
}

// newLogin makes the n-th login of a test; its tokens occur nowhere else.
func newLogin(t testing.TB, n int, instance string) login {
	t.Helper()
	id18 := func(id string) string {
		long, err := tokens.ID18(id)
		if err != nil {
			t.Fatal(err)
		}
		return long
	}
	digit := strings.ToUpper(strconv.FormatInt(int64(n), 36)) // one, up to the 35th
	short := "00D41000000F8A" + digit
	return login{
		name: fmt.Sprintf("login%d", n), orgID: id18(short), userID: id18("005410000031xA" + digit), instance: instance,
		access:    fmt.Sprintf("%s!AQ%dtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O76UMFxFkM_R5Kjp1vRt.%d", short, n, n),
		refresh:   fmt.Sprintf("5Aep8%d1_kv5ZJr3J1TWDtkwtDDb.xHKas1VOqg6YYZYn9ZhyiA4uoRgnatmUdjAWtGSU8po.%d", n, n),
		signature: fmt.Sprintf("BNV7IpkIR90I5qGWIomD9bNt4DcnJOeQJi6iffk%dtxA=", n),
		issued:    time.Now().Add(-3 * time.Hour).UTC().Truncate(time.Millisecond),
	}
}

// renewed is the login after a refresh: its access token is new, and where the
// app rotates them so is its refresh token.
func (l login) renewed(rotate bool) login {
	l.access += "new"
	l.issued = time.Now().UTC().Truncate(time.Millisecond)
	if rotate {
		l.refresh += "new"
	}
	return l
}

// json is the endpoint's answer for the login.
func (l login) json(t testing.TB, withRefresh bool) string {
	t.Helper()
	fields := map[string]string{
		"access_token": l.access, "signature": l.signature, "scope": "refresh_token api", "token_type": "Bearer",
		"instance_url": l.instance, "id": "https://login.salesforce.com/id/" + l.orgID + "/" + l.userID,
		"issued_at": strconv.FormatInt(l.issued.UnixMilli(), 10),
	}
	if withRefresh {
		fields["refresh_token"] = l.refresh
	}
	text, err := json.MarshalIndent(fields, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// file saves the login as a token file and returns its path.
func (l login) file(t testing.TB) string {
	t.Helper()
	return writeFile(t, l.name+".json", l.json(t, true))
}

func writeFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// renewing answers as an endpoint that knows the logins; those in rotating get a
// new refresh token each time.
func renewing(t testing.TB, rotating string, logins ...login) func(url.Values) answer {
	t.Helper()
	var mu sync.Mutex
	return func(form url.Values) answer {
		mu.Lock()
		defer mu.Unlock()
		for i, l := range logins {
			if form.Get("grant_type") == "refresh_token" && form.Get("refresh_token") == l.refresh {
				rotate := strings.Contains(rotating, l.name)
				logins[i] = l.renewed(rotate)
				return answer{http.StatusOK, logins[i].json(t, rotate)}
			}
		}
		return grantExpired
	}
}

// grantExpired is Salesforce's catch-all for a login that is over.
var grantExpired = answer{http.StatusBadRequest, `{"error":"invalid_grant","error_description":"expired access/refresh token"}`}
