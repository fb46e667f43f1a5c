package tokens

import (
	"encoding/base64"
	"testing"
	"time"
)

func jwt(payload string) string {
	return "eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
}

func TestJWTExpiry(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]int64{
		jwt(`{"exp":1795425800,"iat":1}`): 1795425800,
		jwt(`{"exp":1795425800.75}`):      1795425800,
		jwt(`{"exp":1.7954258e9}`):        1795425800,
		jwt(`{"exp":"1795425800"}`):       0,
		jwt(`{"exp":0}`):                  0,
		jwt(`{"exp":-1}`):                 0,
		jwt(`{"exp":1e300}`):              0,
		jwt(`{"iat":1795425800}`):         0,
		jwt(`not JSON`):                   0,
		jwt(`{"exp":1795425800}`) + ".x":  0,
		"eyJhbGciOiJSUzI1NiJ9.*.c2ln":     0,
		"a.b.c":                           0,
		opaque:                            0,
		"":                                0,
	} {
		at, source := JWTExpiry(NewSecret(token))
		if want == 0 && (!at.IsZero() || source != "") || want != 0 && (!at.Equal(time.Unix(want, 0)) || source != LeftFromJWT) {
			t.Errorf("JWTExpiry(%q) is %v by %q, want %d", token, at, source, want)
		}
	}
}

func FuzzJWTExpiry(f *testing.F) {
	f.Add(jwt(`{"exp":1795425800}`))
	f.Add(opaque)
	f.Fuzz(func(t *testing.T, token string) {
		at, source := JWTExpiry(NewSecret(token))
		if at.IsZero() != (source == "") || at.Year() > 3000 {
			t.Errorf("JWTExpiry(%q) is %v by %q", token, at, source)
		}
	})
}
