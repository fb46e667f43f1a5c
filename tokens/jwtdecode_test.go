package tokens

import (
	"encoding/base64"
	"errors"
	"fmt"
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
		"alg a number":     {`{"alg":7}`, `{}`, "its alg is a number, not a string"},
		"kid an array":     {`{"alg":"RS256","kid":[]}`, `{}`, "its kid is an array, not a string"},
		"crit":             {`{"alg":"RS256","crit":["x"]}`, `{}`, "crit"},
		"exp a string":     {good, `{"exp":"1795424000"}`, "its exp is a string, not"},
		"exp huge":         {good, `{"exp":1e400}`, "its exp is no time"},
		"exp past 3000":    {good, `{"exp":32503680000}`, "its exp is no time"},
		"exp negative":     {good, `{"exp":-5}`, "its exp is no time"},
		"iat an object":    {good, `{"iat":{"a":1}}`, "its iat is an object, not"},
		"exp twice":        {good, `{"exp":1,"exp":2}`, "exp more than once"},
		"aud of numbers":   {good, `{"aud":[1]}`, "its aud is neither"},
		"aud null":         {good, `{"aud":null}`, "its aud is neither"},
		"alg null":         {`{"alg":null}`, `{}`, "its alg is null, not a string"},
		"alg empty":        {`{"alg":""}`, `{}`, "its alg is empty"},
		"alg NONE":         {`{"alg":"NONE"}`, `{}`, "its alg is NONE: nobody signed it"},
		"kid empty":        {`{"alg":"RS256","kid":""}`, `{}`, "its kid is empty"},
		"exp 1e300":        {good, `{"exp":1e300}`, "its exp is no time"},
		"exp true":         {good, `{"exp":true}`, "its exp is true or false, not a number"},
		"exp null":         {good, `{"exp":null}`, "its exp is null, not a number"},
		"exp in ms":        {good, `{"exp":1795424000000}`, "in milliseconds it would be 2026-11-23T08:53:20Z"},
		"nbf a string":     {good, `{"nbf":"soon"}`, "its nbf is a string, not"},
		"exp before iat":   {good, `{"exp":10,"iat":20}`, "its exp is not after its iat"},
		"exp before nbf":   {good, `{"exp":10,"nbf":10}`, "its exp is not after its nbf"},
		"exp three times":  {good, `{"exp":1,"exp":2,"exp":3}`, "exp more than once"},
		"sub a number":     {good, `{"sub":5}`, "its sub is a number"},
		"iss an object":    {good, `{"iss":{}}`, "its iss is an object"},
		"scp a number":     {good, `{"scp":7}`, "its scp is neither"},
		"control sequence": {"{\"alg\":\"\\u001b[31m\"}", `{}`, `\x1b[31m`},
	} {
		j, err := ParseJWT(parts(odd.header, odd.claims))
		all := strings.Join(j.Problems, "\n")
		if err != nil || !strings.Contains(all, odd.says) || !Printable(strings.ReplaceAll(all, "\n", " ")) {
			t.Errorf("%s: %v, %s", name, err, all)
		}
		if len(j.Problems) != 1 {
			t.Errorf("%s says more than one thing: %s", name, all)
		}
		if j.ExpiresAt.Year() > 3000 {
			t.Errorf("%s: %v", name, j.ExpiresAt)
		}
	}
}

// What can be decoded is, and what is wrong is said in one sentence.
func TestJWTsThatAreDecodedInPart(t *testing.T) {
	t.Parallel()
	const good = `{"alg":"RS256","kid":"1"}`
	e := base64.RawURLEncoding
	head := e.EncodeToString([]byte(good))
	text := func(claims string) string { return parts(good, claims).Reveal() }
	for name, odd := range map[string]struct {
		token   string
		claims  int
		says    string
		verdict string // what is known of the signature
	}{
		"2 MB of claims":  {head + "." + strings.Repeat("A", 2<<20) + ".c2ln", 0, "its claims part has 2097152 characters, more than the 262144", "RS256"},
		"nested too deep": {text(`{"a":1,"b":` + strings.Repeat("[", 50000) + strings.Repeat("]", 50000) + `}`), 1, "nested more than 10,000 deep", "RS256"},
		"many members":    {text("{" + manyMembers(500) + "}"), 200, "more than 200", "RS256"},
		"two parts":       {head + ".e30", 0, "it has 2 parts, where a signed JWT has 3", "not the parts"},
		"four parts":      {head + ".e30.c2ln.x", 0, "it has 4 parts, where a signed JWT has 3", "not the parts"},
		"nine parts":      {head + ".e30.x.x.x.x.x.x.x", 0, "it has more than 5 parts", "not the parts"},
		"claims empty":    {head + "..c2ln", 0, "its claims part is empty", "RS256"},
		"claims not b64":  {head + ".*.c2ln", 0, "its claims part is not base64url", "RS256"},
		"an array":        {text(`[1]`), 0, "its claims part cannot be read: it is no JSON object", "RS256"},
		"cut":             {text(`{"a":1`), 1, "too early", "RS256"},
		"cut in a value":  {text(`{"a":1,"b":"x`), 1, "too early", "RS256"},
		"behind":          {text(`{"a":1}{}`), 1, "behind", "RS256"},
		"not UTF-8":       {text("{\"a\":\"\xff\"}"), 0, "UTF-8", "RS256"},
		"a bare word":     {text(`{"a":nope}`), 0, "not JSON", "RS256"},
		"no signature":    {head + ".e30.", 0, "its signature is empty", "RS256"},
		"signature odd":   {head + ".e30.*", 0, "its signature is not base64url", "RS256"},
		"padded":          {head + "." + base64.URLEncoding.EncodeToString([]byte(`{"a":1}`)) + ".c2ln", 1, "its claims part has base64 padding", "RS256"},
		"plus and slash":  {head + "." + base64.RawStdEncoding.EncodeToString([]byte(`{"a":"?>?~??>"}`)) + ".c2ln", 1, "with + and /", "RS256"},
		"header cut":      {e.EncodeToString([]byte(`{"alg":"RS256"`)) + ".e30.c2ln", 0, "its header part cannot be read to its end: the JSON ends too early", "RS256"},
		"header bad":      {"eyJ*.eyJhIjoxfQ.c2ln", 1, "its header part is not base64url", "no alg that can be read"},
	} {
		j, err := ParseJWT(NewSecret(odd.token))
		if err != nil || len(j.Problems) != 1 || !strings.Contains(j.Problems[0], odd.says) || len(j.Problems[0]) > 200 || len(j.Claims) != odd.claims {
			t.Errorf("%s: %v, %d claims, %.300s", name, err, len(j.Claims), j.Problems)
		}
		if j.Signature.Verdict != CheckNone || !strings.Contains(j.Signature.Why, odd.verdict) || !IsJWT(NewSecret(odd.token)) && j.Checkable() {
			t.Errorf("%s: %+v", name, j.Signature)
		}
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"m%d":1`, i)
	}
	return b.String()[1:]
}

func TestJWTsThatCannotBeDecoded(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct{ token, says string }{
		"2 MB":           {"eyJ" + strings.Repeat("A", 2<<20) + "." + strings.Repeat("A", 2<<20) + ".c2ln", "its header part has 2097155 characters"},
		"not base64":     {"eyJ*.*.c2ln", "its header part is not base64url; its claims part is not base64url"},
		"only dots":      {"..", "its header part is empty"},
		"nothing at all": {"", "1 part"},
	} {
		_, err := ParseJWT(NewSecret(bad.token))
		if !errors.Is(err, ErrJWT) || !strings.Contains(err.Error(), bad.says) || len(err.Error()) > 250 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A JWE has five parts, and its header alone is for everybody (RFC 7516 appendix A.1).
func TestAnEncryptedJWT(t *testing.T) {
	t.Parallel()
	token := NewSecret("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ")
	got := DissectToken(token)
	if got.Kind != KindJWE || got.JWT == nil || !got.JWT.Encrypted || len(got.JWT.Problems) != 0 || got.JWT.Header[1] != (Claim{Name: "enc", Value: "A256GCM"}) ||
		!strings.Contains(got.JWT.Signature.Why, "encrypted") || got.JWT.Standing(time.Now()) != "its claims are encrypted, so when it ends is not known" {
		t.Errorf("%+v %+v", got, got.JWT)
	}
	if IsJWT(token) {
		t.Error("it is taken for a signed JWT")
	}
}

// A header may have white space, and then does not begin with eyJ.
func TestAHeaderWithWhiteSpace(t *testing.T) {
	t.Parallel()
	for _, header := range []string{`{"alg":"RS256"}`, ` {"alg":"RS256"}`, "\n\t{ \"alg\" :\n \"RS256\" }", `{ "alg":"RS256"}`} {
		token := parts(header, `{ "exp" : 1795424000 , "a": { "b" : [ 1 ] } }`)
		at, source := JWTExpiry(token)
		if !IsJWT(token) || source != LeftFromJWT || at.Unix() != 1795424000 {
			t.Errorf("%q: %v %s", header, at, source)
		}
		if j, err := ParseJWT(token); err != nil || len(j.Problems) != 0 || j.Claims[1].Value != `{"b":[1]}` {
			t.Errorf("%q: %+v %v", header, j, err)
		}
	}
	for _, other := range []string{"a.b.c", "5Aep861.x.y", "00D41000000F8A0!AQ.a.b", "..", ""} {
		if IsJWT(NewSecret(other)) {
			t.Errorf("%q is taken for a JWT", other)
		}
	}
}

// The clock of the access token and its anatomy tell one time.
func TestJWTExpiryIsThatOfTheAnatomy(t *testing.T) {
	t.Parallel()
	for claims, want := range map[string]int64{
		`{"exp":5,"EXP":7}`: 5, `{"exp":5,"exp":6}`: 6, `{"exp":5.9}`: 5, `{"exp":"5"}`: 0, `{"exp":-1}`: 0, `{"exp":0}`: 0, `{"exp":1e300}`: 0, `{"EXP":7}`: 0, `{"exp":8,"a":`: 8,
	} {
		at, source := JWTExpiry(parts(`{"alg":"RS256"}`, claims))
		if want == 0 && (source != "" || !at.IsZero()) || want != 0 && at.Unix() != want {
			t.Errorf("%s: %v %s", claims, at, source)
		}
	}
}

// Claims that were not read may have told anything.
func TestStandingOfClaimsThatWereNotRead(t *testing.T) {
	t.Parallel()
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`))
	long := base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1,"x":"` + strings.Repeat("x", partLimit) + `"}`))
	for _, claims := range []string{"!!!", "W10", "bnVsbA", "_____w", long, base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"x","ex`))} {
		j, err := ParseJWT(NewSecret(header + "." + claims + ".AAAA"))
		if got := j.Standing(time.Now()); err != nil || got != "its claims cannot be read, so when it ends is not known" {
			t.Errorf("%.20s: %s (%v)", claims, got, err)
		}
	}
	j, err := ParseJWT(NewSecret(header + ".e30."))
	if err != nil || j.Checkable() || strings.Contains(j.Signature.Why, "signed with RS256") {
		t.Errorf("no signature: %s (%v)", j.Signature.Why, err)
	}
	if got := DissectToken(NewSecret("e30.e30.AAAA")); got.Kind != KindJWT {
		t.Errorf("an empty header: %s", got.Kind)
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	for claims, want := range map[string]string{
		`{}`: "it does not tell when it ends", `{"exp":"x"}`: "its exp cannot be read, so when it ends is not known", `{"nbf":1030}`: "it is not valid yet: it begins in 30s", `{"exp":940}`: "it ended 1m ago", `{"exp":1000}`: "it ended just now",
		`{"exp":1030}`: "it ends in 30s", `{"exp":2000,"nbf":1030}`: "it is not valid yet: it begins in 30s", `{"exp":1030,"nbf":1000}`: "it ends in 30s",
	} {
		if j, err := ParseJWT(parts(`{"alg":"RS256"}`, claims)); err != nil || j.Standing(now) != want {
			t.Errorf("%s: %s (%v)", claims, j.Standing(now), err)
		}
	}
}

// A long claim is whole for a program, and a line for a person.
func TestALongClaimIsShortOnTheScreen(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	j, err := ParseJWT(parts(`{"alg":"RS256"}`, `{"x":"`+strings.Repeat("y", 5000)+`","n":null,"d":`+deep+`,"`+strings.Repeat("k", 300)+`":1}`))
	if err != nil || len(j.Claims[0].Value) != 5000 || j.Claims[1].Value != "null" || j.Claims[2].Value != deep || len(j.Claims[3].Name) != 300 {
		t.Fatalf("%v %d", err, len(j.Claims[0].Value))
	}
	for _, c := range j.Claims {
		if name, value := c.Short(); len(name)+len(value) > 350 || len(c.Value) == 5000 && !strings.HasSuffix(value, "y… and 4840 characters more") {
			t.Errorf("%s = %s", name, value)
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
