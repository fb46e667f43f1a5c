package tokens

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	keys, err := ParseKeys([]byte(vectorKeys))
	if err != nil || keys.Len() != 1 {
		t.Fatal(err)
	}
	other := strings.Replace(vectorKeys, `"240"`, `"241"`, 1)
	nameless := strings.Replace(vectorHeader, vectorHeader, base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)), 1)
	hs := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"240"}`))
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"240"}`))
	tampered := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"uid:somebody"}`))
	for name, v := range map[string]struct {
		token, keys string
		verdict     Verdict
		says        string
	}{
		"as signed":        {vectorToken, vectorKeys, CheckVerified, "signed with RS256 by the published key 240"},
		"other claims":     {vectorHeader + "." + tampered + "." + vectorSignature, vectorKeys, CheckMismatch, "key 240"},
		"no such key":      {vectorToken, other, CheckNone, "no key 240 is among the published keys"},
		"no kid, tried":    {nameless + "." + vectorClaims + "." + vectorSignature, vectorKeys, CheckMismatch, "of none of the published keys"},
		"HS256":            {hs + "." + vectorClaims + "." + vectorSignature, vectorKeys, CheckNone, "HS256, and RS256 alone"},
		"none":             {none + "." + vectorClaims + ".", vectorKeys, CheckNone, "its alg is none: nobody signed it"},
		"signature gone":   {vectorHeader + "." + vectorClaims + ".", vectorKeys, CheckMismatch, "no signature"},
		"signature broken": {vectorHeader + "." + vectorClaims + "." + vectorSignature[:40], vectorKeys, CheckMismatch, "key 240"},
	} {
		j, err := ParseJWT(NewSecret(v.token))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		set, err := ParseKeys([]byte(v.keys))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c := j.Verify(set); c.Verdict != v.verdict || !strings.Contains(c.Text(), v.says) {
			t.Errorf("%s: %s", name, c.Text())
		}
	}
}

// A kid that two keys share tries both.
func TestVerifyTriesEachKeyOfAName(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e := base64.RawURLEncoding
	signed := e.EncodeToString([]byte(`{"alg":"RS256","kid":"240"}`)) + "." + e.EncodeToString([]byte(`{}`))
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	mine := map[string]string{"kty": "RSA", "kid": "240", "n": e.EncodeToString(key.N.Bytes()), "e": e.EncodeToString(big.NewInt(int64(key.E)).Bytes())}
	text, err := json.Marshal(map[string]any{"keys": []any{map[string]string{"kty": "RSA", "kid": "240", "n": vectorN, "e": "AQAB"}, mine}})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ParseKeys(text)
	if err != nil || keys.Len() != 2 {
		t.Fatal(keys.Len(), err)
	}
	j, err := ParseJWT(NewSecret(signed + "." + e.EncodeToString(signature)))
	if err != nil || j.Verify(keys).Verdict != CheckVerified {
		t.Errorf("%v %v", err, j.Verify(keys))
	}
}

func TestKeysThatAreNotUsed(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": ``, "no object": `[]`, "no keys": `{"keys":[]}`, "keys a string": `{"keys":"x"}`,
		"elliptic":      `{"keys":[{"kty":"EC","n":"` + vectorN + `","e":"AQAB"}]}`,
		"encryption":    `{"keys":[{"kty":"RSA","use":"enc","n":"` + vectorN + `","e":"AQAB"}]}`,
		"RS512":         `{"keys":[{"kty":"RSA","alg":"RS512","n":"` + vectorN + `","e":"AQAB"}]}`,
		"short":         `{"keys":[{"kty":"RSA","n":"` + vectorN[:160] + `","e":"AQAB"}]}`,
		"long":          `{"keys":[{"kty":"RSA","n":"` + strings.Repeat("_", 2000) + `","e":"AQAB"}]}`,
		"longest":       `{"keys":[{"kty":"RSA","n":"` + strings.Repeat("_", 1<<20) + `","e":"AQAB"}]}`,
		"exponent one":  `{"keys":[{"kty":"RSA","n":"` + vectorN + `","e":"AQ"}]}`,
		"exponent even": `{"keys":[{"kty":"RSA","n":"` + vectorN + `","e":"AQAA"}]}`,
		"exponent huge": `{"keys":[{"kty":"RSA","n":"` + vectorN + `","e":"________"}]}`,
		"exponent odd":  `{"keys":[{"kty":"RSA","n":"` + vectorN + `","e":"*"}]}`,
		"modulus odd":   `{"keys":[{"kty":"RSA","n":"*","e":"AQAB"}]}`,
		"many":          `{"keys":[` + strings.TrimSuffix(strings.Repeat(`{"kty":"RSA"},`, 200), ",") + `]}`,
	} {
		if keys, err := ParseKeys([]byte(text)); !errors.Is(err, ErrKeys) || keys.Len() != 0 {
			t.Errorf("%s: %d keys, %v", name, keys.Len(), err)
		}
	}
}

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(vectorKeys))
	f.Fuzz(func(t *testing.T, text []byte) {
		keys, err := ParseKeys(text)
		if (err == nil) != (keys.Len() > 0) || err != nil && !errors.Is(err, ErrKeys) {
			t.Errorf("%q: %d, %v", text, keys.Len(), err)
		}
	})
}

// Who does not understand what crit names must not accept the token, though its
// signature is good (RFC 7515 section 4.1.11).
func TestAJWTWithCritIsNotVerified(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e := base64.RawURLEncoding
	keys, err := ParseKeys(fmt.Appendf(nil, `{"keys":[{"kty":"RSA","kid":"240","n":%q,"e":"AQAB"}]}`, e.EncodeToString(key.N.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]Verdict{
		``: CheckVerified, `,"crit":["b64"]`: CheckNone, `,"crit":["exp"]`: CheckNone, `,"crit":"x"`: CheckNone, `,"crit":["x"],"crit":null`: CheckNone,
	} {
		signed := e.EncodeToString([]byte(`{"alg":"RS256","kid":"240"`+header+`}`)) + "." + e.EncodeToString([]byte(`{}`))
		digest := sha256.Sum256([]byte(signed))
		signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		j, err := ParseJWT(NewSecret(signed + "." + e.EncodeToString(signature)))
		check := j.Verify(keys)
		if err != nil || check.Verdict != want || (want == CheckNone) != strings.Contains(check.Why, "crit") || j.Checkable() != (want == CheckVerified) {
			t.Errorf("%s: %v %v", header, err, check)
		}
	}
}
