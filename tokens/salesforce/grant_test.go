package salesforce

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"orgkeep/tokens"
)

func TestFamiliarHosts(t *testing.T) {
	t.Parallel()
	const asked = "https://login.acme.example"
	known := []string{asked, "https://saved.example:8443", ""}
	for raw, want := range map[string]bool{
		"https://login.acme.example": true, "https://LOGIN.acme.example:443/id/x": true, "https://saved.example:8443": true,
		"https://acme.my.salesforce.com": true, "https://acme--uat.sandbox.my.salesforce.com": true, "https://login.salesforce.com/id/x/y": true,
		"https://acme.my.site.com": true, "https://acme.my.salesforce.mil": true, "https://acme.my.sfcrmproducts.cn": true, "https://x.force.com": true,
		"https://evil.example": false, "https://login.acme.example:444": false, "https://saved.example": false, "https://saved.example:8444": false,
		"https://evilsalesforce.com": false, "https://acme.my.salesforce.com.evil.example": false, "https://salesforce.com@evil.example": false,
		"https://evil.example/.salesforce.com": false, "https://evil.example#.salesforce.com": false, "https://evil.example\\.salesforce.com": false,
		"http://acme.my.salesforce.com": false, "http://127.0.0.1:80": false, "https://localhost": false, "": false, "https://": false,
	} {
		if got := familiar(raw, asked, known); got != want {
			t.Errorf("%s: familiar %v", raw, got)
		}
	}
	for raw, want := range map[string]bool{"http://127.0.0.1:2": true, "http://[::1]:2": true, "http://localhost": true, "https://10.0.0.1": false} {
		if got := familiar(raw, "http://127.0.0.1:1", []string{"http://127.0.0.1:1"}); got != want {
			t.Errorf("%s from a loopback address: familiar %v", raw, got)
		}
	}
}

func TestStrangeHostsAreLeftOutOfAGrant(t *testing.T) {
	t.Parallel()
	const strangeID = "https://evil.example/id/00D41000000F8A0EAK/005410000031xAAAAY"
	grant := func(instance, id string) string {
		return `{"access_token":"` + testAccess + `","refresh_token":"5Aep861new","signature":"c2ln","scope":"api","issued_at":"1738348388166",` +
			`"instance_url":"` + instance + `","id":"` + id + `"}`
	}
	for name, c := range map[string]struct {
		instance, id, distrusted string
		known                    []string
	}{
		"all well":    {"https://acme.my.salesforce.com", testIdentityURL, "", nil},
		"known":       {"https://evil.example", strangeID, "", []string{"https://evil.example"}},
		"instance":    {"https://evil.example/path?x=" + testRefresh, testIdentityURL, "instance_url https://evil.example", nil},
		"id":          {"https://acme.my.salesforce.com", strangeID, "id " + strangeID, nil},
		"both":        {"https://evil.example", strangeID, "instance_url https://evil.example, id " + strangeID, nil},
		"no instance": {"", testIdentityURL, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request(serve(t, say(200, "application/json", grant(c.instance, c.id))))
			r.Known = c.known
			answer, err := newClient(t, Options{}).Refresh(t.Context(), r, nil)
			if err != nil {
				t.Fatal(err)
			}
			g := answer.Grant
			if answer.Distrusted != c.distrusted || g.AccessToken.Reveal() != testAccess || g.RefreshToken.Reveal() != "5Aep861new" || g.IssuedAt.IsZero() {
				t.Errorf("distrusted %q, grant %+v", answer.Distrusted, g)
			}
			if strange := strings.Contains(c.distrusted, "id "); strange != (g.ID == "") || strange != (g.OrgID == "") || strange != g.Signature.IsZero() {
				t.Errorf("id %q, org %q", g.ID, g.OrgID)
			}
			saved := tokens.Secrets{InstanceURL: "https://saved.my.salesforce.com"}
			want := c.instance
			if want == "" || strings.Contains(c.distrusted, "instance_url") {
				want = saved.InstanceURL
			}
			if next := saved.Next(g, time.Now()); next.InstanceURL != want {
				t.Errorf("the next access token would go to %s, want %s", next.InstanceURL, want)
			}
		})
	}
}

// Whatever an answer names: what is left of it leads to a host that is known.
func FuzzDistrust(f *testing.F) {
	f.Add("https://evil.example", "https://evil.example/id/00D41000000F8A0EAK/005410000031xAAAAY")
	f.Add("https://acme.my.salesforce.com", testIdentityURL)
	f.Add("https://x\\.salesforce.com", "https://a@.salesforce.com:1/")
	f.Fuzz(func(t *testing.T, instance, id string) {
		text, err := json.Marshal(map[string]string{"access_token": testAccess, "instance_url": instance, "id": id})
		if err != nil {
			t.Skip()
		}
		g, err := parseGrant(string(text))
		if err != nil {
			t.Skip()
		}
		said := newMask(nil).line(distrust(&g, "https://login.acme.example", nil))
		if !tokens.Printable(said) || g.AccessToken.Reveal() != testAccess {
			t.Errorf("said %q", said)
		}
		for _, raw := range []string{g.InstanceURL, g.ID} {
			if raw == "" {
				continue
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, raw, nil)
			if err != nil {
				t.Fatal(err)
			}
			host := strings.ToLower(req.URL.Hostname())
			if host != "login.acme.example" && !slices.ContainsFunc(domains, func(d string) bool { return strings.HasSuffix(host, d) }) {
				t.Errorf("%q leads to %s", raw, host)
			}
		}
	})
}
