package demo

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"sync"
)

// keyID is the kid of the demo's one key.
const keyID = "demo"

// signingKey is the key that the demo's JWTs are signed with. It is the same on
// every machine and anybody can work it out: it protects nothing. crypto/rsa makes
// no key from a seed, so its primes are those that come first above two seeded
// numbers, at distances that were counted once.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	const aboveP, aboveQ, exponent = 122, 190, 65537
	p, q, one := primeAbove("p", aboveP), primeAbove("q", aboveQ), big.NewInt(1)
	totient := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
		D:         new(big.Int).ModInverse(big.NewInt(exponent), totient),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	return key
})

// primeAbove is a number of 1024 bits.
func primeAbove(label string, distance int64) *big.Int {
	const size = 128 // bytes
	seeded := source(0).bytes(size, "key", label)
	seeded[0] |= 0xc0 // so that the product of two has 2048 bits
	seeded[size-1] |= 1
	return new(big.Int).Add(new(big.Int).SetBytes(seeded), big.NewInt(distance))
}

// signJWT returns the signature of a JWT, RS256 (RFC 7518 section 3.3).
func signJWT(signed string) (string, error) {
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, signingKey(), crypto.SHA256, digest[:])
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(signature), nil
}

// servePublished answers where the keys are (OpenID Connect Discovery 1.0 section
// 4) and what they are (RFC 7517). It reports whether the path is one of those.
func servePublished(w http.ResponseWriter, r *http.Request) bool {
	const keysPath = "/id/keys"
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		host := "https://" + r.Host
		writeJSON(w, map[string]string{"issuer": host, "jwks_uri": host + keysPath})
	case keysPath:
		key := signingKey()
		writeJSON(w, map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
			"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
		}}})
	default:
		return false
	}
	return true
}
