package tokens

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// Keys are the public RSA keys that an org publishes (a JWK set, RFC 7517).
type Keys struct {
	keys []publicKey
}

type publicKey struct {
	id  string
	key *rsa.PublicKey
}

// Len is how many keys can be used.
func (k Keys) Len() int { return len(k.keys) }

// Limits of a key set. Salesforce publishes a few keys of 2048 bits.
const (
	keysMost     = 100
	rsaLeastBits = 2048 // RFC 7518 section 3.3
	rsaMostBits  = 8192 // a larger one only costs time
)

// ErrKeys marks a text that is no JWK set with a usable RSA key.
var ErrKeys = errors.New("no usable key set")

// ParseKeys reads a JWK set (RFC 7517 section 5). Keys of another type, for
// another use or of an odd size are passed over. Errors wrap ErrKeys. It is safe
// for concurrent use.
func ParseKeys(text []byte) (Keys, error) {
	var set struct {
		Keys []struct {
			Type      string `json:"kty"`
			Use       string `json:"use"`
			Algorithm string `json:"alg"`
			ID        string `json:"kid"`
			N         string `json:"n"`
			E         string `json:"e"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return Keys{}, fmt.Errorf("%w: %s", ErrKeys, jsonProblem(err))
	}
	if len(set.Keys) > keysMost {
		return Keys{}, fmt.Errorf("%w: it has %d keys, more than %d", ErrKeys, len(set.Keys), keysMost)
	}
	var keys Keys
	for _, k := range set.Keys {
		if k.Type != "RSA" || k.Use != "" && k.Use != "sig" || k.Algorithm != "" && k.Algorithm != "RS256" {
			continue
		}
		if key := rsaKey(k.N, k.E); key != nil {
			keys.keys = append(keys.keys, publicKey{k.ID, key})
		}
	}
	if len(keys.keys) == 0 {
		return Keys{}, fmt.Errorf("%w: it has no RSA key of %d to %d bits for RS256", ErrKeys, rsaLeastBits, rsaMostBits)
	}
	return keys, nil
}

// rsaKey is nil for what is no key to trust a signature to.
func rsaKey(n, e string) *rsa.PublicKey {
	const longest = rsaMostBits / 8 * 2 // characters, generously
	if len(n) > longest || len(e) > 8 {
		return nil
	}
	modulus, err := base64.RawURLEncoding.DecodeString(n)
	if err != nil {
		return nil
	}
	exponent, err := base64.RawURLEncoding.DecodeString(e)
	if err != nil {
		return nil
	}
	power := new(big.Int).SetBytes(exponent)
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(modulus)}
	const mostExponent = 1<<31 - 1
	if !power.IsInt64() || power.Int64() < 3 || power.Int64() > mostExponent || power.Bit(0) == 0 {
		return nil
	}
	key.E = int(power.Int64())
	if bits := key.N.BitLen(); bits < rsaLeastBits || bits > rsaMostBits || key.N.Bit(0) == 0 {
		return nil
	}
	return key
}

// Verify tells whether one of the published keys signed the token with RS256 (RFC
// 7518 section 3.3). No other algorithm is accepted, whatever the header says:
// one that takes the public key for a shared secret would accept what anybody
// can write. It says nothing of the token's times and audience. Of a Checkable
// token the Why ends so that "of" and who publishes the keys may follow.
func (j JWT) Verify(keys Keys) Check {
	if j.unsound == "" && j.Algorithm == "RS256" && len(j.signature) == 0 {
		return Check{CheckMismatch, "the token has no signature that can be read"}
	}
	if why := j.uncheckable(); why != "" {
		return Check{CheckNone, why}
	}
	digest := sha256.Sum256([]byte(j.signed))
	tried := 0
	for _, k := range keys.keys {
		if j.KeyID != k.id && j.KeyID != "" {
			continue
		}
		tried++
		if rsa.VerifyPKCS1v15(k.key, crypto.SHA256, digest[:], j.signature) == nil {
			return Check{CheckVerified, "signed with RS256 by the published key" + named(k.id)}
		}
	}
	switch {
	case tried == 0:
		return Check{CheckNone, "no key" + named(j.KeyID) + " is among the published keys"}
	case j.KeyID == "":
		return Check{CheckMismatch, "the signature is of none of the published keys"}
	}
	return Check{CheckMismatch, "the signature is not of the published key" + named(j.KeyID)}
}

// named is the id of a key behind the word; a key need not have one (RFC 7517
// section 4.5).
func named(id string) string {
	if id == "" {
		return ""
	}
	return " " + brief(id)
}
