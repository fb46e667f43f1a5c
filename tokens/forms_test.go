package tokens

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var upperEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

const odd = `5Aep861_a+b/c=d"e\f&g<h~i%j`

// planted are texts that carry a secret, each in another form.
func planted(secret string) map[string]string {
	quoted, _ := json.Marshal(secret) //nolint:errchkjson // a string is always written
	inner := string(quoted[1 : len(quoted)-1])
	query := url.QueryEscape(secret)
	out := map[string]string{
		"plain": secret, "query": query, "path": url.PathEscape(secret), "lower case": upperEscape.ReplaceAllStringFunc(query, strings.ToLower),
		"twice": url.QueryEscape(query), "JSON": inner, "JSON with slashes": strings.ReplaceAll(inner, "/", `\/`),
		"hex": hex.EncodeToString([]byte(secret)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"wrapped": base64.StdEncoding.EncodeToString([]byte(secret))[:16] + "\r\n  " + base64.StdEncoding.EncodeToString([]byte(secret))[16:],
	}
	for name, e := range map[string]*base64.Encoding{"std": base64.StdEncoding, "raw": base64.RawStdEncoding, "url": base64.URLEncoding} {
		for pad := range 3 {
			out["base64 "+name+strings.Repeat("+", pad)] = e.EncodeToString([]byte("pad"[:pad] + secret + "behind"))
		}
	}
	return out
}

func TestLeaksAnyFindsEveryForm(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{odd, opaque, strings.Repeat("A", 30), "päßwörd-of-a-person"} {
		for form, text := range planted(secret) {
			if !LeaksAny("before "+text+" after", NewSecret("another secret"), NewSecret(secret)) {
				t.Errorf("%s is not found as %s: %s", secret, form, text)
			}
			if LeaksAny("before "+text+" after", NewSecret("another secret"), Secret{}) {
				t.Errorf("another secret is found in %s", text)
			}
		}
	}
}

func TestLeaksAnyPassesByWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	s := NewSecret(opaque)
	for _, text := range []string{"", s.Mask(), s.Fingerprint(), s.String(), opaque[:15], opaque[:16], "abc", opaque[16:27]} {
		if LeaksAny(text, s, Secret{}, NewSecret("abc")) {
			t.Errorf("a secret is found in %q", text)
		}
	}
	if LeaksAny(opaque) {
		t.Error("a secret is found where there is none to find")
	}
}

func TestShortSecretsHaveNoForms(t *testing.T) {
	t.Parallel()
	if forms("") != nil || forms("abc") != nil || !slices.Contains(forms("abcd"), form{text: "abcd"}) {
		t.Error("forms of short secrets")
	}
	for _, f := range forms("abcd")[1:] {
		if len(f.text) < shortForm {
			t.Errorf("%q occurs by chance", f.text)
		}
	}
}

func FuzzLeaksAny(f *testing.F) {
	f.Add(odd, "before", "after")
	f.Add("five!", "", "\xff")
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		const limit = 4 << 10
		// Secrets are printable ASCII: ParseGrant takes no others.
		if len(secret) < 12 || len(secret)+len(before)+len(after) > limit || !printableASCII(secret) {
			t.Skip()
		}
		s := NewSecret(secret)
		whole := before + secret + after
		for _, text := range []string{
			whole, url.QueryEscape(whole), url.PathEscape(whole), hex.EncodeToString([]byte(whole)),
			base64.StdEncoding.EncodeToString([]byte(whole)), base64.RawURLEncoding.EncodeToString([]byte(whole)),
		} {
			if !LeaksAny(text, s) {
				t.Errorf("%q is not found in %q", secret, text)
			}
		}
		if strings.ToValidUTF8(whole, "") == whole {
			quoted, _ := json.Marshal(whole) //nolint:errchkjson // a string is always written
			if !LeaksAny(string(quoted), s) {
				t.Errorf("%q is not found in %q", secret, quoted)
			}
		}
	})
}
