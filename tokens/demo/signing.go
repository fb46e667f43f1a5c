package demo

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"sync"
)

// The primes of the key that signs the JWTs of every demo, so that a check of
// them holds. They are known to everybody, and nothing real is signed with them.
const primeP, primeQ = "ed259194a4ce569a04f3fd793d1c46fe23db74ce77132920f9613b050e6a5d33" +
	"40a6d7cac924c57fdae3c5194c0ca2dd57e83baba3c50139cd2c45680ce7c587" +
	"55bbc9bafeb255f368a7a0cc61e11b85690d48680559e6dd4fc0598d2eeb5d26" +
	"8c98d4fb2e44c1d9629f1bb9b9b4aa12e9309853fbc5f6fc2a8899d8ecac12cf",
	"b557c7f3f9daccd8a72e1d4a4b2f939934abd7cd6f8a6ed7f0a2137536cdcdce" +
		"54b5452b4d97cb3aa2c997e5022a6926bbb058869c48757716f21046d120c815" +
		"bf90058f7e2c16bacc0f0d4dc1cddc1df0e7bda540ea102bbf3bbd7abed21152" +
		"5c7e4e3bcd291589853ca303e00505cf1633c7b47284f33925114943ad03adbf"

const (
	keyID     = "demo"
	keysPath  = "/id/keys" // where Salesforce has them too
	discovery = "/.well-known/openid-configuration"
)

var errPrimes = errors.New("the primes of the demo make no key")

// signingKey makes the key once: to check it takes a moment.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) {
	p, isP := new(big.Int).SetString(primeP, 16)
	q, isQ := new(big.Int).SetString(primeQ, 16)
	if !isP || !isQ {
		return nil, errPrimes
	}
	const exponent = 65537
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
		D:         new(big.Int).ModInverse(big.NewInt(exponent), phi), Primes: []*big.Int{p, q},
	}
	if err := key.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", errPrimes, err)
	}
	key.Precompute()
	return key, nil
})

// signJWT returns the signature of a JWT's first two parts with RS256 (RFC 7518
// section 3.3), which is the same on every run.
func signJWT(signed string) (string, error) {
	key, err := signingKey()
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(signature), nil
}

// servePublished answers the questions for the published keys: the discovery
// document (OpenID Connect Discovery 1.0, section 4) and the key set (RFC 7517).
// It reports whether the path is one of those.
func servePublished(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case discovery:
		writeJSON(w, map[string]string{"issuer": "https://" + r.Host, "jwks_uri": "https://" + r.Host + keysPath})
	case keysPath:
		key, err := signingKey()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return true
		}
		writeJSON(w, map[string]any{"keys": []map[string]string{{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
			"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
		}}})
	default:
		return false
	}
	return true
}
