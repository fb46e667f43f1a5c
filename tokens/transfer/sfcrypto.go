package transfer

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"orgkeep/tokens"
)

// ErrSFKey marks a key that the Salesforce CLI's tokens do not open with.
var ErrSFKey = errors.New("it does not open with the Salesforce CLI's key")

// sfKey is the key of a Salesforce CLI home (@salesforce/core 9.4.0,
// crypto/crypto.js): AES-256-GCM without additional data, in one of two forms
// that the length of the key tells apart.
type sfKey struct {
	aead cipher.AEAD
	// ivText is whether the IV is the 12 characters of its hex text (the first
	// form), and not the 12 bytes that 24 of them stand for (the second).
	ivText bool
}

// The lengths of a key's hex text.
const (
	sfKeyFirst  = 32 // used as it is written, as 32 bytes of ASCII
	sfKeySecond = 64 // decoded to 32 bytes
	sfTag       = 32 // hex digits of the tag after the colon
	sfNonce     = 12 // bytes
)

// newSFKey makes the key of its hex text. Errors wrap ErrSFKey.
func newSFKey(text tokens.Secret) (*sfKey, error) {
	raw, ivText := []byte(text.Reveal()), true
	switch len(raw) {
	case sfKeyFirst:
	case sfKeySecond:
		decoded, err := hex.DecodeString(text.Reveal())
		if err != nil {
			return nil, fmt.Errorf("%w: the key is not hex", ErrSFKey)
		}
		raw, ivText = decoded, false
	default:
		return nil, fmt.Errorf("%w: the key has %d characters, not %d or %d", ErrSFKey, len(raw), sfKeyFirst, sfKeySecond)
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSFKey, err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSFKey, err)
	}
	return &sfKey{aead: aead, ivText: ivText}, nil
}

// ivLength is how many characters of a stored text are its IV.
func (k *sfKey) ivLength() int {
	if k.ivText {
		return sfNonce
	}
	return 2 * sfNonce
}

// sfSealed reports whether a stored text looks encrypted; the CLI takes others as
// they are (crypto.isEncrypted).
func sfSealed(stored string) bool {
	body, tag, found := strings.Cut(stored, ":")
	return found && len(tag) == sfTag && len(body) >= sfNonce && isHex(body) && isHex(tag)
}

func isHex(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'f') && (r < 'A' || r > 'F')
	}) < 0
}

// open decrypts a stored text for which sfSealed is true. Errors wrap ErrSFKey.
func (k *sfKey) open(stored string) (tokens.Secret, error) {
	body, tag, _ := strings.Cut(stored, ":")
	if len(body) < k.ivLength() {
		return tokens.Secret{}, fmt.Errorf("%w: it is too short", ErrSFKey)
	}
	head, rest := body[:k.ivLength()], body[k.ivLength():]
	iv := []byte(head)
	sealed, err := hex.DecodeString(rest + tag)
	if err == nil && !k.ivText {
		iv, err = hex.DecodeString(head)
	}
	if err != nil {
		return tokens.Secret{}, fmt.Errorf("%w: it is not hex", ErrSFKey)
	}
	plain, err := k.aead.Open(nil, iv, sealed, nil)
	if err != nil {
		return tokens.Secret{}, ErrSFKey
	}
	return tokens.NewSecret(string(plain)), nil
}

// seal encrypts a text as the CLI does, with an IV of its own.
func (k *sfKey) seal(plain tokens.Secret) string {
	random := make([]byte, k.ivLength()/2)
	_, _ = rand.Read(random) // it never fails (crypto/rand)
	head := hex.EncodeToString(random)
	iv := []byte(head)
	if !k.ivText {
		iv = random
	}
	sealed := k.aead.Seal(nil, iv, []byte(plain.Reveal()), nil)
	end := len(sealed) - sfTag/2
	return head + hex.EncodeToString(sealed[:end]) + ":" + hex.EncodeToString(sealed[end:])
}
