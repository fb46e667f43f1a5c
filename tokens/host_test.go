package tokens

import (
	"errors"
	"strings"
	"testing"
)

func TestTypeOf(t *testing.T) {
	t.Parallel()
	for instance, want := range map[string]Type{
		"https://acme.my.salesforce.com":                   Production,
		"https://ACME.My.Salesforce.com":                   Production,
		"https://acme--uat.sandbox.my.salesforce.com":      Sandbox,
		"https://acme--uat.cs99.my.salesforce.com":         Sandbox,
		"https://acme--uat.my.salesforce.com":              Sandbox,
		"https://x-dev-ed.scratch.my.salesforce.com":       Scratch,
		"https://x-dev-ed.develop.my.salesforce.com":       Developer,
		"https://x-dev-ed.my.salesforce.com":               Developer,
		"https://x.free.my.salesforce.com":                 TypeUnknown,
		"https://x.trailblaze.my.salesforce.com":           Trailhead,
		"https://x.demo.my.salesforce.com":                 DemoOrg,
		"https://x.patch.my.salesforce.com":                Patch,
		"https://x.sfctest.my.salesforce.com":              TypeUnknown,
		"https://acme.my.salesforce.mil":                   Government,
		"https://acme.lightning.crmforce.mil":              Government,
		"https://acme.my.sfcrmproducts.cn":                 China,
		"https://acme.lightning.sfcrmapps.cn":              China,
		"https://acme.my.salesforce.com.":                  Production,
		"https://acme--uat.sandbox.my.salesforce.com.:443": Sandbox,
		"https://login.salesforce.com":                     Production,
		"https://test.salesforce.com":                      Sandbox,
		"https://acme.my.salesforce.com.example":           TypeUnknown,
		"https://evil.example/acme.my.salesforce.com":      TypeUnknown,
		"http://127.0.0.1:8080":                            TypeUnknown,
		"":                                                 TypeUnknown,
		"https://a b":                                      TypeUnknown,
	} {
		if got := TypeOf(instance); got != want {
			t.Errorf("TypeOf(%q) is %s, want %s", instance, got, want)
		}
	}
}

func TestCheckURLAccepts(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://acme.my.salesforce.com":            "https://acme.my.salesforce.com",
		"HTTPS://Acme.My.Salesforce.com/":           "https://acme.my.salesforce.com",
		"https://acme.my.salesforce.com:8443/a?b#c": "https://acme.my.salesforce.com:8443",
		"http://127.0.0.1:8080":                     "http://127.0.0.1:8080",
		"http://[::1]:8080/x":                       "http://[::1]:8080",
		"http://localhost":                          "http://localhost",
		"http://LOCALHOST:1":                        "http://localhost:1",
	} {
		got, err := CheckURL(raw)
		if err != nil || got != want {
			t.Errorf("CheckURL(%q) is %q (%v), want %q", raw, got, err, want)
		}
	}
}

func TestCheckURLRefuses(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", "acme.my.salesforce.com", "https://", "https:///path", "https://:443", "ftp://host", "//host", "file:///etc/passwd",
		"http://acme.my.salesforce.com", "http://127.0.0.1.example", "http://localhost.example", "http://10.0.0.1",
		"http://0.0.0.0", "http://2130706433", "https://host\n", "https://ho\u202est", "https://\x00", "https://a b",
		"https://u:hunter2@host", "https://hunter2@host", "http://u:hunter2@127.0.0.1", "https://u:hunter2@ho st",
		"http://acme.example/secur/frontdoor.jsp?sid=hunter2", "ftp://host/hunter2?sid=hunter2", "force://id::hunter2@host",
		"http://" + strings.Repeat("a", 9999) + ".example",
	} {
		got, err := CheckURL(raw)
		if !errors.Is(err, ErrURL) || got != "" {
			t.Errorf("CheckURL(%q) is %q (%v), want ErrURL", raw, got, err)
			continue
		}
		if text := err.Error(); strings.Contains(text, "hunter2") || !Printable(text) || len(text) > 300 {
			t.Errorf("CheckURL(%q) says %q", raw, text)
		}
	}
}

func TestAliasFromURL(t *testing.T) {
	t.Parallel()
	for instance, want := range map[string]string{
		"https://acme.my.salesforce.com":              "acme",
		"https://Acme--UAT.sandbox.my.salesforce.com": "acme-uat",
		"http://127.0.0.1:8080":                       "127.0.0.1",
		"http://[::1]:8080":                           "1",
		"http://[2001:db8::2]":                        "2001-db8--2",
		"http://localhost:1":                          "localhost",
		"":                                            "org",
		"https://":                                    "org",
	} {
		got := AliasFromURL(instance)
		if got != want || CheckAlias(got) != nil {
			t.Errorf("AliasFromURL(%q) is %q (%v), want %q", instance, got, CheckAlias(got), want)
		}
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, seed := range []string{"https://acme.my.salesforce.com/x?y#z", "http://[::1]:80", "http://localhost", "https://u:p@h", "https://%41", "https://%80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := CheckURL(raw)
		if err != nil {
			if !errors.Is(err, ErrURL) || !Printable(err.Error()) {
				t.Fatalf("CheckURL(%q) says %q", raw, err)
			}
			return
		}
		if !strings.HasPrefix(got, "https://") && !strings.HasPrefix(got, "http://") || !Printable(got) {
			t.Fatalf("CheckURL(%q) is %q", raw, got)
		}
		if again, err := CheckURL(got); err != nil || again != got {
			t.Errorf("CheckURL(%q) is %q, and of that %q (%v)", raw, got, again, err)
		}
		_, _ = TypeOf(raw), AliasFromURL(raw)
	})
}
