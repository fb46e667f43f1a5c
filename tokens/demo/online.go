package demo

import (
	"net/http"
	"strings"

	"orgkeep/tokens"
)

// What the demo's orgs say of themselves where no real org is asked.
const (
	apiVersion  = "65.0"
	apiMost     = 15000
	apiUsed     = 2412
	storageMost = 1073
	storageUsed = 300
)

// serveOnline answers what an online look asks beside userinfo. It reports
// whether the path is one of those.
func (e *endpoint) serveOnline(w http.ResponseWriter, r *http.Request) bool {
	const api = "/services/data/v" + apiVersion
	switch r.URL.Path {
	case "/services/oauth2/introspect":
		e.serveIntrospect(w, r)
	case "/services/data/":
		writeJSON(w, []map[string]string{{"label": "demo", "url": api, "version": apiVersion}})
	case api + "/query", api + "/limits":
		e.serveREST(w, r)
	default:
		return servePublished(w, r)
	}
	return true
}

// serveIntrospect tells about an access token to the app that it was issued to.
func (e *endpoint) serveIntrospect(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if r.Method != http.MethodPost || r.ParseForm() != nil {
		malformed.write(w)
		return
	}
	e.mu.Lock()
	s, known := e.byAccess[r.PostForm.Get("token")]
	e.mu.Unlock()
	l, alive := e.alive(r.PostForm.Get("token"))
	if known && (s.login.role.app.id != r.PostForm.Get("client_id") || s.login.clientSecret != r.PostForm.Get("client_secret")) {
		badCredentials.write(w)
		return
	}
	if !alive {
		writeJSON(w, map[string]bool{"active": false})
		return
	}
	writeJSON(w, map[string]any{
		"active": true, "scope": strings.Join(l.org.Scopes, " "), "client_id": l.org.ClientID, "username": l.org.Username,
		"sub": l.identityURL(), "token_type": "access_token", "exp": s.ends.Unix(),
	})
}

// serveREST answers the query for the org's own record, and its limits.
func (e *endpoint) serveREST(w http.ResponseWriter, r *http.Request) {
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	l, alive := e.alive(token)
	if !alive {
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`))
		return
	}
	w.Header().Set("Sforce-Limit-Info", "api-usage=2412/15000")
	if strings.HasSuffix(r.URL.Path, "/limits") {
		writeJSON(w, map[string]any{
			"DailyApiRequests": map[string]int{"Max": apiMost, "Remaining": apiMost - apiUsed},
			"DataStorageMB":    map[string]int{"Max": storageMost, "Remaining": storageMost - storageUsed},
			"MassEmail":        map[string]int{"Max": 5000, "Remaining": 5000},
		})
		return
	}
	kind := tokens.TypeOf(l.org.InstanceURL)
	edition := "Developer Edition"
	if kind == tokens.Production || kind == tokens.Sandbox {
		edition = "Enterprise Edition"
	}
	record := map[string]any{
		"Name": "Demo of " + l.role.alias, "InstanceName": "DEMO1", "OrganizationType": edition,
		"IsSandbox": kind == tokens.Sandbox || kind == tokens.Scratch, "NamespacePrefix": nil, "TrialExpirationDate": nil,
	}
	if kind == tokens.Scratch {
		const week = 7
		record["TrialExpirationDate"] = e.clock.Now().UTC().AddDate(0, 0, week).Format("2006-01-02T15:04:05.000-0700")
	}
	writeJSON(w, map[string]any{"totalSize": 1, "done": true, "records": []any{record}})
}
