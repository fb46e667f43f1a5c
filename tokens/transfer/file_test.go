package transfer

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"orgkeep/tokens"
)

// testdata returns the text of a file in testdata.
func testdata(tb testing.TB, name string) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// place writes text to a file of its own and returns its path.
func place(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadTokenFile(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		org, user, host, issued string
		at                      time.Time
		scopes                  string
	}{
		"developer.json": {
			"00D5g00000Zz9xKEAR", "0055g00000Qr7YzAAJ", "https://northwind-dev-ed.my.salesforce.com",
			"1762930800123", time.UnixMilli(1762930800123), "refresh_token id",
		},
		"sandbox.json": {
			"00D7z00000Ab1CdEAJ", "0057z00000Ef2GhAAJ", "https://northwind--uat.sandbox.my.salesforce.com",
			"1762930842000", time.UnixMilli(1762930842000), "api refresh_token id web openid",
		},
		"seconds.json": {
			"00D7z00000Ab1CdEAJ", "0057z00000Ef2GhAAJ", "https://northwind--uat.sandbox.my.salesforce.com",
			"1762930842", time.UnixMilli(1762930842000), "api refresh_token id web openid",
		},
		"jwt.json": {
			"00D8k00000Mn3OpEAJ", "0058k00000St4UvAAJ", "https://tailspin.my.salesforce.com",
			"1762930900456", time.UnixMilli(1762930900456), "api refresh_token",
		},
	} {
		g, err := ReadTokenFile(filepath.Join("testdata", name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if g.OrgID != want.org || g.UserID != want.user || g.InstanceURL != want.host || g.IssuedAtText != want.issued ||
			!g.IssuedAt.Equal(want.at) || strings.Join(g.Scopes, " ") != want.scopes {
			t.Errorf("%s: got %+v, want %+v", name, g, want)
		}
		if g.AccessToken.IsZero() || !strings.HasPrefix(g.RefreshToken.Reveal(), "5Aep861") || g.Signature.IsZero() {
			t.Errorf("%s: a secret is missing", name)
		}
	}
}

func TestAFileWrittenOnWindowsReadsTheSame(t *testing.T) {
	t.Parallel()
	text := testdata(t, "developer.json")
	want, err := ReadTokens(strings.NewReader(text), "developer.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadTokenFile(place(t, "windows.json", "\xef\xbb\xbf"+strings.ReplaceAll(text, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if !got.AccessToken.Equal(want.AccessToken) || !got.RefreshToken.Equal(want.RefreshToken) || got.ID != want.ID ||
		!got.IssuedAt.Equal(want.IssuedAt) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// refused checks an error: one printable line that names the file, wraps want,
// holds the words and no token.
func refused(tb testing.TB, err error, name string, want error, words string) {
	tb.Helper()
	if err == nil {
		tb.Fatalf("%s was accepted, want %q", name, words)
	}
	text := err.Error()
	if !errors.Is(err, want) || !strings.Contains(text, tokens.Clean(name)) || !strings.Contains(text, words) {
		tb.Errorf("got %q, want %q, %q and %q in it", text, name, want, words)
	}
	if !tokens.Printable(text) {
		tb.Errorf("%q has characters that do not print", text)
	}
	for _, secret := range []string{"5Aep861", "!AQ", "eyJ"} {
		if strings.Contains(text, secret) {
			tb.Errorf("%q quotes a token", text)
		}
	}
}

func TestReadTokensRefuses(t *testing.T) {
	t.Parallel()
	good := testdata(t, "developer.json")
	change := func(from, to string) string {
		text := strings.Replace(good, from, to, 1)
		if text == good {
			t.Fatalf("%s is not in the sample", from)
		}
		return text
	}
	for name, c := range map[string]struct{ text, words string }{
		"empty":              {"", "it is empty"},
		"a mark alone":       {"\xef\xbb\xbf", "the JSON ends too early"},
		"no JSON":            {"access_token=00D5g00000Zz9xK!AQpTyGJ", "not JSON (at byte 1)"},
		"truncated":          {testdata(t, "truncated.json"), "the JSON ends too early, after 300 bytes"},
		"array":              {"[" + good + "]", "the JSON is no object (array)"},
		"null":               {"null", "it has no access_token"},
		"two objects":        {good + good, "not JSON"},
		"no UTF-8":           {change("refresh_token id", "\xff\xfe"), "not UTF-8 text"},
		"UTF-16":             {"\xff\xfe{\x00}\x00", "not UTF-8 text"},
		"redacted":           {testdata(t, "redacted.json"), "refresh_token was redacted"},
		"no access token":    {change("access_token", "accesstoken"), "it has no access_token"},
		"token is a number":  {change(`"Bearer"`, `"Bearer", "access_token": 7`), "its access_token is of the wrong type (number)"},
		"scope is a list":    {change(`"refresh_token id"`, `["refresh_token"]`), "its scope is of the wrong type (array)"},
		"time is a word":     {change(`"1762930800123"`, `"yesterday"`), "its issued_at is no time"},
		"time is negative":   {change(`"1762930800123"`, `-1`), "its issued_at is no time"},
		"time has a point":   {change(`"1762930800123"`, `1762930800.123`), "its issued_at is no time"},
		"time is an object":  {change(`"1762930800123"`, `{}`), "its issued_at is no time"},
		"escape in username": {change(`"Bearer"`, `"Bearer", "username": "a\u001b[31mb"`), `its username has control characters: a\x1b[31mb`},
		"bidi in username":   {change(`"Bearer"`, `"Bearer", "username": "a\u202eb"`), `a\u202eb`},
		"newline in token":   {change("5Aep861", `5Aep861\n`), "its refresh_token has characters"},
		"plain http":         {change("https://northwind", "http://northwind"), "plain http"},
		"another scheme":     {change("https://northwind", "file://northwind"), "its instance_url"},
		"password in URL":    {change("https://northwind", "https://u:hunter2@northwind"), "its instance_url"},
		"id of no org":       {change("/id/00D5g00000Zz9xKEAR", "/id/0015g00000Zz9xK"), "does not begin with 00D"},
		"id of no user":      {change("0055g00000Qr7YzAAJ", "me"), "user in the identity URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadTokens(strings.NewReader(c.text), "file of\x1b[2J me")
			refused(t, err, "file of\x1b[2J me", tokens.ErrGrant, c.words)
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q quotes a password", err)
			}
		})
	}
}

func TestErrorsAboutLongValuesStayShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(`\u001b`, 20000)
	for _, field := range []string{"username", "scope", "instance_url", "id"} {
		_, err := ReadTokens(strings.NewReader(`{"access_token":"a","`+field+`":"`+long+`"}`), "long")
		refused(t, err, "long", tokens.ErrGrant, field)
		if err != nil && utf8.RuneCountInString(err.Error()) > 300 {
			t.Errorf("the error about %s has %d bytes", field, len(err.Error()))
		}
	}
}

func TestUnknownFieldsArePassedOver(t *testing.T) {
	t.Parallel()
	text := strings.Replace(testdata(t, "developer.json"), "{",
		`{"id_token": "x", "access_Token2": 5, "nested": {"access_token": 3}, "custom_permissions": [1],`, 1)
	if _, err := ReadTokens(strings.NewReader(text), "unknown fields"); err != nil {
		t.Error(err)
	}
}

func TestReadTokenFileRefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, err := ReadTokenFile(folder)
	refused(t, err, folder, ErrNoFile, "it is a folder")

	missing := filepath.Join(folder, "missing\n.json")
	_, err = ReadTokenFile(missing)
	refused(t, err, missing, fs.ErrNotExist, "")
	if strings.Count(err.Error(), "missing") != 1 {
		t.Errorf("%q names the file twice", err)
	}

	_, err = ReadTokenFile(place(t, "empty.json", ""))
	refused(t, err, "empty.json", tokens.ErrGrant, "it is empty")
}

func TestBigFilesAreNotRead(t *testing.T) {
	t.Parallel()
	path := place(t, "big.json", testdata(t, "developer.json"))
	if err := os.Truncate(path, 50<<20); err != nil {
		t.Fatal(err)
	}
	_, err := ReadTokenFile(path)
	refused(t, err, path, ErrTooBig, "1 MiB")

	endless := &counter{}
	_, err = ReadTokens(endless, "endless")
	refused(t, err, "endless", ErrTooBig, "1 MiB")
	if endless.read > Limit+64<<10 {
		t.Errorf("%d bytes of an endless input were read", endless.read)
	}

	text := testdata(t, "developer.json")
	exact := text + strings.Repeat(" ", Limit-len(text))
	if _, err := ReadTokenFile(place(t, "exact.json", exact)); err != nil {
		t.Errorf("a file of exactly the limit: %v", err)
	}
	_, err = ReadTokenFile(place(t, "over.json", exact+" "))
	refused(t, err, "over.json", ErrTooBig, "1 MiB")
}

// counter is an input without end.
type counter struct{ read int }

func (c *counter) Read(p []byte) (int, error) {
	c.read += len(p)
	return copy(p, bytes.Repeat([]byte{' '}, len(p))), nil
}

func TestABrokenInputIsNamed(t *testing.T) {
	t.Parallel()
	half := io.MultiReader(strings.NewReader(`{"access_token":`), iotest.ErrReader(io.ErrUnexpectedEOF))
	_, err := ReadTokens(half, "standard input")
	refused(t, err, "standard input", io.ErrUnexpectedEOF, "")
}

func FuzzReadTokens(f *testing.F) {
	for _, name := range []string{"developer.json", "sandbox.json", "seconds.json", "jwt.json", "truncated.json", "redacted.json"} {
		f.Add([]byte(testdata(f, name)))
	}
	f.Add([]byte("\xef\xbb\xbf{}\r\n"))
	f.Add([]byte(`{"access_token":"a","username":"\u001b","issued_at":1e400}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		g, err := ReadTokens(bytes.NewReader(text), "fuzzed")
		if err != nil {
			if len(text) <= Limit && !errors.Is(err, tokens.ErrGrant) || !tokens.Printable(err.Error()) {
				t.Fatalf("got %q, want one line wrapping ErrGrant", err)
			}
			return
		}
		if g.AccessToken.IsZero() || !tokens.Printable(g.Username+g.InstanceURL+strings.Join(g.Scopes, "")+g.OrgID+g.UserID) {
			t.Fatalf("accepted %+v", g)
		}
		org, _, err := NewOrg(g, Options{ClientID: "client"})
		if err == nil && (!org.Key.Valid() || org.InstanceURL == "" || org.HasRefreshToken == g.RefreshToken.IsZero()) {
			t.Fatalf("made %+v", org)
		}
	})
}
