package tokens

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// A JWT and its key, made with openssl genrsa 2048 and openssl dgst -sha256 -sign
// over the two parts before it; n is openssl rsa -modulus.
const (
	vectorHeader    = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjI0MCIsInR0eSI6InNmZGMtY29yZS10b2tlbiIsInRuayI6ImNvcmUvcHJvZC8wMEQ0MTAwMDAwMEY4QTBFQUsiLCJ2ZXIiOiIxLjAifQ"
	vectorClaims    = "eyJzY3AiOiJhcGkgcmVmcmVzaF90b2tlbiIsImF1ZCI6WyJodHRwczovL2FjbWUubXkuc2FsZXNmb3JjZS5jb20iXSwic3ViIjoidWlkOjAwNTQxMDAwMDAzMXhBQUFBWSIsIm5iZiI6MTc5NTQyMjE4NSwibXR5Ijoib2F1dGgiLCJpc3MiOiJodHRwczovL2FjbWUubXkuc2FsZXNmb3JjZS5jb20iLCJoc2MiOmZhbHNlLCJleHAiOjE3OTU0MjQwMDAsImlhdCI6MTc5NTQyMjIwMCwiY2xpZW50X2lkIjoiUGxhdGZvcm1DTEkifQ"
	vectorSignature = "oIUwwULJbTKQafwUN70l8RZbwcMJbExk0NdAMJnC0WvZKvqaxrUMmFDAKFDMraRNEjKbDnaoRDNDqkHqi3ZnvJS2o1pESfHZvWI_-bzspPChFEYp-lGRWcDjEtQUO30t1WpVBLO4ebrYIm1jJrsUtMUFkbpYw1m8Kv3brk_U2e2d6JRM3S7rz3sz0AGUYEpOEoFmpg-xlDfyJ8xh8mZoDuiyOySRj40BysMH0E_OHkNioxsc2qTZUpJAWvHpZ6fZRWwcWUP1ri9vUb0cJExLE9EAFxt4-zJioKgx4W6CAjJXbc8g9MTGugzjjJqdyN6HiIgLQvBf2vx2CfHN9l_0fA"
	vectorN         = "19OUoPqsqCDD7wbeq9mb7aBeTkwfV1FetEU3gSSGdHcDcW4s8v9_q-6vzvpD9WYIiXrpccvOMHZVfavA0YeBgMhpsN_s-Kf0bNqxd1mtJwJDijbe2eO3sx8X1gtdC22_uGrBN5hiOsczy_v-IpXfsc14gQiecNss5YBMKoAqz6OXg1ejAM8let_qMFrNMQ6Ikl1Yw1tnlAJGFdJpMdmBhLwOsVWEVR9LvPKEBolvuVIfz4TenLKeqiAgiphurMde2bICNf3AOaO1Qt0xDc01ystU2DveIoD0KwkZhc_H7_wI12Nt59uw_2qxyYXz0PUd7TSdalb2eLXGsdVYgLA3iw"
	vectorToken     = vectorHeader + "." + vectorClaims + "." + vectorSignature
	vectorKeys      = `{"keys":[{"kty":"RSA","n":"` + vectorN + `","e":"AQAB","alg":"RS256","use":"sig","kid":"240"}]}`
)

func parts(header, claims string) Secret {
	e := base64.RawURLEncoding
	return NewSecret(e.EncodeToString([]byte(header)) + "." + e.EncodeToString([]byte(claims)) + ".c2ln")
}

func TestParseJWT(t *testing.T) {
	t.Parallel()
	j, err := ParseJWT(NewSecret(vectorToken))
	if err != nil || len(j.Problems) != 0 || j.Algorithm != "RS256" || j.KeyID != "240" || !slices.Equal(j.Audience, []string{"https://acme.my.salesforce.com"}) {
		t.Fatalf("%+v (%v)", j, err)
	}
	if !j.ExpiresAt.Equal(time.Unix(1795424000, 0)) || !j.IssuedAt.Equal(time.Unix(1795422200, 0)) || !j.NotBefore.Equal(time.Unix(1795422185, 0)) {
		t.Errorf("times: %v %v %v", j.ExpiresAt, j.IssuedAt, j.NotBefore)
	}
	if j.Header[2] != (Claim{Name: "kid", Value: "240"}) || len(j.Claims) != 10 || j.Claims[6] != (Claim{Name: "hsc", Value: "false"}) || j.Claims[7].Value != "1795424000" {
		t.Errorf("members: %+v %+v", j.Header, j.Claims)
	}
}

func TestJWTsThatAreOdd(t *testing.T) {
	t.Parallel()
	const good = `{"alg":"RS256","kid":"1"}`
	for name, odd := range map[string]struct{ header, claims, says string }{
		"alg none":         {`{"alg":"nOnE"}`, `{}`, "nobody signed it"},
		"alg HS256":        {`{"alg":"HS256"}`, `{}`, "RS256 alone"},
		"no alg":           {`{}`, `{}`, "names no alg"},
		"alg a number":     {`{"alg":7}`, `{}`, "alg is no string"},
		"kid an array":     {`{"alg":"RS256","kid":[]}`, `{}`, "kid is no string"},
		"crit":             {`{"alg":"RS256","crit":["x"]}`, `{}`, "crit"},
		"exp a string":     {good, `{"exp":"1795424000"}`, "its exp is a string"},
		"exp huge":         {good, `{"exp":1e400}`, "its exp is no time"},
		"exp past 3000":    {good, `{"exp":32503680000}`, "its exp is no time"},
		"exp negative":     {good, `{"exp":-5}`, "its exp is no time"},
		"iat an object":    {good, `{"iat":{"a":1}}`, "its iat is no number"},
		"exp twice":        {good, `{"exp":1,"exp":2}`, "exp more than once"},
		"aud of numbers":   {good, `{"aud":[1]}`, "its aud is neither"},
		"aud null":         {good, `{"aud":null}`, "its aud is neither"},
		"control sequence": {"{\"alg\":\"\\u001b[31m\"}", `{}`, `\x1b[31m`},
	} {
		j, err := ParseJWT(parts(odd.header, odd.claims))
		all := strings.Join(j.Problems, "\n")
		if err != nil || !strings.Contains(all, odd.says) || !Printable(strings.ReplaceAll(all, "\n", " ")) {
			t.Errorf("%s: %v, %s", name, err, all)
		}
		if j.ExpiresAt.Year() > 3000 {
			t.Errorf("%s: %v", name, j.ExpiresAt)
		}
	}
}

func TestJWTsThatCannotBeDecoded(t *testing.T) {
	t.Parallel()
	const good = `{"alg":"RS256"}`
	for name, bad := range map[string]struct {
		token Secret
		says  string
	}{
		"2 MB":           {NewSecret("eyJ" + strings.Repeat("A", 2<<20) + ".e30.c2ln"), "2097164 bytes"},
		"deep nesting":   {parts(good, `{"a":`+strings.Repeat("[", 50000)+strings.Repeat("]", 50000)+`}`), "claims"},
		"many members":   {parts(good, "{"+strings.TrimSuffix(strings.Repeat(`"a":1,`, 500), ",")+"}"), "more than 200"},
		"two parts":      {NewSecret("eyJhbGciOiJSUzI1NiJ9.e30"), "2 parts"},
		"not base64":     {NewSecret("eyJ*.e30.c2ln"), "header is not base64url"},
		"an array":       {parts(good, `[1]`), "no JSON object"},
		"cut":            {parts(good, `{"a":1`), "too early"},
		"behind":         {parts(good, `{}{}`), "behind"},
		"not UTF-8":      {parts(good, "{\"a\":\"\xff\"}"), "UTF-8"},
		"a bare word":    {parts(good, `{"a":nope}`), "not JSON"},
		"nothing at all": {Secret{}, "1 parts"},
	} {
		_, err := ParseJWT(bad.token)
		if !errors.Is(err, ErrJWT) || !strings.Contains(err.Error(), bad.says) || len(err.Error()) > 200 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAClaimThatIsLongIsCut(t *testing.T) {
	t.Parallel()
	j, err := ParseJWT(parts(`{"alg":"RS256"}`, `{"x":"`+strings.Repeat("y", 5000)+`","n":null}`))
	if err != nil || len([]rune(j.Claims[0].Value)) != claimMost+1 || j.Claims[1].Value != "null" {
		t.Errorf("%v %d", err, len(j.Claims[0].Value))
	}
}

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
		"as signed":        {vectorToken, vectorKeys, CheckVerified, "key 240"},
		"other claims":     {vectorHeader + "." + tampered + "." + vectorSignature, vectorKeys, CheckMismatch, "key 240"},
		"no such key":      {vectorToken, other, CheckNone, "no key 240"},
		"no kid, tried":    {nameless + "." + vectorClaims + "." + vectorSignature, vectorKeys, CheckMismatch, ""},
		"HS256":            {hs + "." + vectorClaims + "." + vectorSignature, vectorKeys, CheckNone, "HS256, and RS256 alone"},
		"none":             {none + "." + vectorClaims + ".", vectorKeys, CheckNone, "none, and RS256 alone"},
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

func FuzzParseJWT(f *testing.F) {
	f.Add(vectorToken)
	f.Add(parts(`{"alg":"none"}`, `{"exp":1e99,"exp":"x","aud":[[]]}`).Reveal())
	f.Add("eyJ.eyJ.eyJ")
	keys, err := ParseKeys([]byte(vectorKeys))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		j, err := ParseJWT(NewSecret(text))
		if err != nil {
			if !errors.Is(err, ErrJWT) || !Printable(err.Error()) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		for _, c := range slices.Concat(j.Header, j.Claims) {
			if !Printable(c.Name) || !Printable(c.Value) || c.At.Year() > 3000 {
				t.Errorf("%q: %+v", text, c)
			}
		}
		if !Printable(strings.Join(j.Problems, "")) || !Printable(j.Verify(keys).Text()) || j.Verify(keys).Verdict == CheckVerified && !strings.HasPrefix(text, vectorHeader+"."+vectorClaims) {
			t.Errorf("%q: %v %v", text, j.Problems, j.Verify(keys))
		}
	})
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
