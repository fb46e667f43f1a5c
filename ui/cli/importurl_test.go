package cli

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnAuthURLIsRefreshedOnceToLearnWhoseItIs(t *testing.T) {
	t.Parallel()
	posts := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posts++
		w.Header().Set("Content-Type", "application/json")
		if r.PostFormValue("refresh_token") != "5Aep8.first" || r.PostFormValue("client_id") != "app" || r.PostFormValue("client_secret") != "hush" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"error":"invalid_grant","error_description":"expired access/refresh token"}`)
			return
		}
		_, _ = fmt.Fprint(w, strings.Replace(grant(1, "https://"+r.Host), "5Aep8.refresh.1", "5Aep8.second", 1))
	}))
	t.Cleanup(server.Close)
	d := newDesk(t)
	ca := filepath.Join(d.home, "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(server.URL, "https://")
	url := "force://app:hush:5Aep8.first@" + host

	// No client id is wanted, and a dry run sends nothing.
	out, errs := d.run(t, 0, "import", url, "--dry-run")
	if posts != 0 || !strings.Contains(out, "needs one refresh to learn whose it is") || !strings.Contains(errs, "history of the shell") {
		t.Errorf("%d posts\n%s%s", posts, out, errs)
	}
	if strings.Contains(out+errs, "5Aep8") || strings.Contains(out+errs, "hush") {
		t.Errorf("a secret is printed: %s%s", out, errs)
	}

	var o, e bytes.Buffer
	p := d.program(&o, &e)
	p.In = strings.NewReader(`{"status":0,"result":{"sfdxAuthUrl":"` + url + `"}}`)
	if code := p.Run(t.Context(), []string{"import", "-", "--alias", "acme", "--json", "--ca-file", ca}); code != 0 {
		t.Fatalf("%d\n%s%s", code, o.String(), e.String())
	}
	if posts != 1 || !strings.Contains(o.String(), `"result":"new","alias":"acme"`) {
		t.Errorf("%d posts, %s", posts, o.String())
	}
	list, _ := d.run(t, 0, "list", "--json")
	if !strings.Contains(list, `"org_id":"00D41000000F8A1`) || !strings.Contains(list, `"rotates":"yes"`) {
		t.Errorf("%s", list)
	}
	// The first refresh token was rotated out: it is not sent again.
	out, _ = d.run(t, 0, "import", url, "--ca-file", ca)
	if posts != 1 || !strings.Contains(out, "acme: kept") {
		t.Errorf("%d posts, %s", posts, out)
	}

	// Nor when its org is here no more, unless that is said.
	d.run(t, 0, "forget", "acme", "--yes")
	if _, errs = d.run(t, 1, "import", url, "--ca-file", ca); posts != 1 || !strings.Contains(errs, "has been rotated since") {
		t.Errorf("%d posts, %s", posts, errs)
	}
	if d.run(t, 0, "import", url, "--ca-file", ca, "--anyway", "--alias", "acme"); posts != 2 {
		t.Errorf("%d posts", posts)
	}

	// What the endpoint refuses is not kept.
	file := filepath.Join(d.home, "auth.txt")
	if err := os.WriteFile(file, []byte("force://app::5Aep8.dead@"+host+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs = d.run(t, 2, "import", file, "--ca-file", ca)
	if posts != 2 || !strings.Contains(errs, "new, or another login of acme: known once it is refreshed") ||
		!strings.Contains(errs, "--yes says to refresh 1 login that may be of saved orgs") {
		t.Errorf("%d posts, %s", posts, errs)
	}
	_, errs = d.run(t, 1, "import", file, "--ca-file", ca, "--yes")
	if !strings.Contains(errs, "invalid_grant") || !strings.Contains(errs, "it was not kept") || strings.Contains(errs, "5Aep8") {
		t.Errorf("%s", errs)
	}
	if list, _ := d.run(t, 0, "list", "--json"); strings.Count(list, `"alias"`) != 1 {
		t.Errorf("%s", list)
	}
	if _, errs := d.run(t, 1, "import", "force://:5Aep8.x@"+host); !strings.Contains(errs, "it has no client id") || strings.Contains(errs, "5Aep8") {
		t.Errorf("%s", errs)
	}
}
