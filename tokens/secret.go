package tokens

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
)

// Secret is a token, a client secret or anything else that opens a door. It
// prints as a mask in every way Go can print a value (fmt with any verb, JSON, XML,
// slog, inside structs, errors and panics); only Reveal gives the text. The zero Secret
// is absent. A Secret does not change and is safe for concurrent use.
type Secret struct {
	// A pointer, because fmt prints the unexported string fields of a struct
	// without asking its methods, and a pointer inside a struct as an address.
	text *string
}

// NewSecret wraps text; an empty text gives the absent Secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text itself, empty when the Secret is absent. Call it only
// where the text leaves for the token endpoint, the keychain or the user.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether the Secret is absent.
func (s Secret) IsZero() bool { return s.text == nil }

// Equal reports whether two Secrets hold the same text, in a time that does not
// tell where they differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// Fingerprint returns the first 8 hex digits of the text's SHA-256: enough to
// tell two tokens apart in the history, nothing to guess one from. It is empty
// when the Secret is absent.
func (s Secret) Fingerprint() string {
	return s.fingerprint(4)
}

// LongFingerprint returns the first 16 hex digits of the text's SHA-256: enough to
// know a token again among many, nothing to guess one from. It begins with the
// Fingerprint, and is empty when the Secret is absent.
func (s Secret) LongFingerprint() string { return s.fingerprint(8) }

func (s Secret) fingerprint(bytes int) string {
	if s.IsZero() {
		return ""
	}
	sum := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(sum[:bytes])
}

// The prefixes of tokens that say nothing secret (see salesforce-oauth facts:
// opaque access tokens carry the org id before the exclamation mark, refresh
// tokens begin with 5Aep8).
const (
	maskShort = 24 // characters; a shorter secret shows nothing of itself
	maskHead  = 5
	maskTail  = 4
)

// Mask returns the secret as it may be shown: recognisable, not usable.
// "00D41…!AQ…x9Tf" for an opaque access token, "5Aep8…cAUs" for other long
// secrets, "••••" for short ones, and "" when it is absent.
func (s Secret) Mask() string {
	text := s.Reveal()
	switch {
	case text == "":
		return ""
	case len(text) < maskShort:
		return "••••"
	}
	head, tail := text[:maskHead], text[len(text)-maskTail:]
	if org, rest, opaque := strings.Cut(text, "!"); opaque && strings.HasPrefix(org, "00D") && len(rest) >= maskShort {
		return head + "…!" + rest[:2] + "…" + tail
	}
	return head + "…" + tail
}

const redacted = "[redacted]"

// String returns a fixed mask, never the text.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString returns a fixed mask, never the text.
func (s Secret) GoString() string { return "tokens.Secret(" + s.String() + ")" }

// Format writes the mask whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText writes the mask, for JSON, also as a key of it, for XML and for
// whatever else knows encoding.TextMarshaler. What is stored goes through
// Secrets.Line. There is no way back: nothing reads a Secret from a mask. The gob
// encoder takes none at all, because a Secret has no field that it sees.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns the mask for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
