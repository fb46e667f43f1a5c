package tokens

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
)

// Key names one login: one user of one org through one app. It is the account
// of the keychain item and the primary key of the ledger:
// <18-character org id>.<user id>.<8 hex digits of the client id's SHA-256>.
// It holds [A-Za-z0-9._-] only, because on macOS other characters would reach
// a command parser.
type Key string

var keyForm = regexp.MustCompile(`^00D[A-Za-z0-9]{15}\.[A-Za-z0-9]{18}\.[0-9a-f]{8}$`)

// NewKey makes the Key of a login from ids of 15 or 18 characters. Errors wrap
// ErrID.
func NewKey(orgID, userID, clientID string) (Key, error) {
	org, err := ID18(orgID)
	if err != nil {
		return "", fmt.Errorf("org: %w", err)
	}
	user, err := ID18(userID)
	if err != nil {
		return "", fmt.Errorf("user: %w", err)
	}
	sum := sha256.Sum256([]byte(clientID))
	key := Key(org + "." + user + "." + hex.EncodeToString(sum[:4]))
	if !key.Valid() {
		return "", fmt.Errorf("%w: %s", ErrID, org)
	}
	return key, nil
}

// Valid reports whether the Key has the form that NewKey makes.
func (k Key) Valid() bool { return keyForm.MatchString(string(k)) }
